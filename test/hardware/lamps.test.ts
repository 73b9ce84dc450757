// HID lamps through node-hid, hidraw and the kernel's HID core: what they show is held against the signals page.
import { afterEach, describe, expect, test } from 'vitest'
import { bayId } from '../../agent/core/ids.ts'
import { LAMP_TABLES, type Signal } from '../../agent/core/signals.ts'
import type { Lamp } from '../../agent/ports.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { type LampFamily, openLamp, openLampFamily } from '../../drivers/lamp/index.ts'
import { lampContract } from '../contracts/lamp.contract.ts'
import {
  BlinkStickDouble,
  BusylightDouble,
  EmbravaDouble,
  LuxaforDouble,
  type SeenLamp,
} from '../fakes/hid-lamps.ts'
import { Lr6UsbDouble, NeUsbDouble, RelayDouble } from '../fakes/hid-towers.ts'
import {
  COLOURS,
  LINEAR_COLOURS,
  NAMED,
  ON_OFF,
  PERCENT_COLOURS,
  TOWERS,
} from '../fakes/lamp-looks.ts'
import { until } from '../fakes/pty.ts'
import { KernelBlink1 } from './guest/kernel-blink1.ts'
import { proved } from './guest/runner.ts'
import { UhidPlug } from './guest/uhid.ts'

const clock = systemClock()
const now = () => clock.mono()

interface Model {
  readonly url: string
  readonly build: () => SeenLamp
  readonly looks: Readonly<Record<Signal, string>>
}

const MODELS: readonly Model[] = [
  { url: 'blink1:2000ABCD', build: () => new KernelBlink1(now, '2000ABCD'), looks: COLOURS },
  { url: 'luxafor:LUX1', build: () => new LuxaforDouble(now, 'LUX1'), looks: LINEAR_COLOURS },
  {
    url: 'blinkstick:BS000001-3.0',
    build: () => new BlinkStickDouble(now, 'BS000001-3.0'),
    looks: LINEAR_COLOURS,
  },
  {
    url: 'busylight:KUANDO1',
    build: () => new BusylightDouble(now, 'KUANDO1'),
    looks: PERCENT_COLOURS,
  },
  { url: 'embrava:EMB1', build: () => new EmbravaDouble(now, 'EMB1'), looks: LINEAR_COLOURS },
  { url: 'patlite:NE1', build: () => new NeUsbDouble(now, 'NE1'), looks: NAMED },
  { url: 'patlite:LR1?mute=1', build: () => new Lr6UsbDouble(now, 'LR1'), looks: TOWERS },
  { url: 'relay:HURTM', build: () => new RelayDouble('HURTM', ['lamp']), looks: ON_OFF },
]

const open = (url: string, family: LampFamily): Lamp =>
  openLamp(url, {
    bay: bayId('1'),
    tables: LAMP_TABLES,
    write: () => undefined,
    hasColour: false,
    family,
  })

for (const { url, build, looks } of MODELS) {
  lampContract(`${url} on hidraw`, async () => {
    const double = build()
    const plug = new UhidPlug(double)
    await plug.plug()
    return {
      lamp: open(url, openLampFamily({ clock })),
      look: () => double.look(),
      lookOf: (signal) => looks[signal],
      dark: 'dark',
      news: () => double.taken,
      plug: { out: () => plug.unplug(), in: () => plug.plug() },
      close: async () => {
        await plug.unplug()
        if ('odd' in double && Array.isArray(double.odd)) expect(double.odd).toEqual([])
      },
    }
  })
}

describe('a bench of lamps on hidraw', () => {
  const plugs: UhidPlug[] = []
  const lamps: Lamp[] = []
  afterEach(async () => {
    for (const lamp of lamps.splice(0)) await lamp.close()
    for (const plug of plugs.splice(0)) await plug.unplug()
  })

  const rig = (serials: readonly string[]) => {
    const family = openLampFamily({ clock })
    return serials.map((serial) => {
      const double = new KernelBlink1(now, serial)
      const plug = new UhidPlug(double)
      const lamp = open(`blink1:${serial}`, family)
      plugs.push(plug)
      lamps.push(lamp)
      return { double, plug, lamp }
    })
  }

  /** A lamp that was not found yet keeps the signal, and shows it when it is. */
  const asked = (lamp: Lamp, signal: Signal) => lamp.show(signal).catch(() => undefined)

  test('each lamp is known by its serial number, whatever hidraw number the kernel gives it', async () => {
    const bays = rig(['20000001', '20000002', '20000003', '20000004', '20000005', '20000006'])
    const signals: readonly Signal[] = ['you', 'done', 'failed', 'working', 'waiting', 'station']
    const numbers = () => bays.map(({ plug }) => plug.node)
    // A signal that blinks is dark at times: each lamp is waited for by itself.
    const settled = async () => {
      for (const [i, { double }] of bays.entries()) {
        const signal = signals[i] ?? 'test'
        await until(`${signal} at bay ${i}`, () => double.look() === COLOURS[signal], 30_000)
      }
    }
    for (const { plug } of bays) await plug.plug()
    const before = numbers()
    await Promise.all(bays.map(({ lamp }, i) => asked(lamp, signals[i] ?? 'test')))
    await settled()
    for (const { plug } of bays) await plug.unplug()
    await until('all are gone', () => numbers().every((node) => node === null), 30_000)
    for (const { plug } of [...bays].reverse()) await plug.plug()
    const after = numbers()
    expect(after).not.toEqual(before)
    await settled()
    proved(
      'six lamps at once, all pulled and plugged in again in another order: each by serial number',
    )
  })

  test('an unplugged lamp is its own trouble: the others take their next signal at once', async () => {
    const [first, second] = rig(['20000001', '20000002'])
    if (first === undefined || second === undefined) throw new Error('no lamps')
    await first.plug.plug()
    await second.plug.plug()
    await asked(first.lamp, 'working')
    await asked(second.lamp, 'working')
    await until(
      'both show it',
      () => [first, second].every(({ double }) => double.look() === COLOURS['working']),
      30_000,
    )
    await first.plug.unplug()
    await expect(first.lamp.show('you')).rejects.toMatchObject({ code: 'STATION_LAMP_GONE' })
    await second.lamp.show('done')
    await until('the other shows it', () => second.double.look() === COLOURS['done'], 30_000)
    await first.plug.plug()
    await until(
      'it has its present signal back',
      () => first.double.look() === COLOURS['you'],
      30_000,
    )
    proved('a lamp that was pulled gets its present signal back on its return; the others went on')
  })
})

test('all models keep the lamp contract', () => {
  proved(
    `lamps on hidraw through node-hid: ${MODELS.map(({ url }) => url.split(':')[0]).join(', ')}`,
  )
})
