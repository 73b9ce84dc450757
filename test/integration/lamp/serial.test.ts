// The contract of lamps on serial towers, relays and fit-statUSB, over pseudo terminals whose plug can be pulled.
import { describe, expect, it } from 'vitest'
import { bayId } from '../../../agent/core/ids.ts'
import { LAMP_TABLES, type Signal } from '../../../agent/core/signals.ts'
import { isStationError } from '../../../agent/fault.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { openLamp, openLampFamily } from '../../../drivers/lamp/index.ts'
import { lampContract } from '../../contracts/lamp.contract.ts'
import { HidDouble } from '../../fakes/hid-double.ts'
import { LINEAR_COLOURS, ON_OFF, TOWERS } from '../../fakes/lamp-looks.ts'
import { until } from '../../fakes/pty.ts'
import {
  fitstatDouble,
  lcusDouble,
  type SerialLamp,
  towerDouble,
} from '../../fakes/serial-lamps.ts'

const open = (url: string) =>
  openLamp(url, {
    bay: bayId('1'),
    tables: LAMP_TABLES,
    write: () => undefined,
    hasColour: false,
    family: openLampFamily({ clock: systemClock(), system: new HidDouble() }),
  })

const SERIAL: readonly (readonly [
  string,
  () => Promise<SerialLamp>,
  (path: string) => string,
  Readonly<Record<Signal, string>>,
])[] = [
  ['tower:', () => towerDouble(), (path) => `tower:${path}?mute=1`, TOWERS],
  ['lcus: one lamp', () => lcusDouble(['lamp']), (path) => `lcus:${path}`, ON_OFF],
  [
    'lcus: tower',
    () => lcusDouble(['red', 'yellow', 'green']),
    (path) => `lcus:${path}?map=red,yellow,green`,
    TOWERS,
  ],
  ['fitstat:', fitstatDouble, (path) => `fitstat:${path}`, LINEAR_COLOURS],
]

for (const [name, build, urlOf, looks] of SERIAL) {
  lampContract(name, async () => {
    const double = await build()
    return {
      lamp: open(urlOf(double.pty.path)),
      look: double.look,
      lookOf: (signal) => looks[signal],
      dark: 'dark',
      news: double.taken,
      plug: { out: () => double.pty.unplug(), in: () => double.pty.plug() },
      close: async () => {
        await double.pty.close()
        expect(double.odd).toEqual([])
      },
    }
  })
}

describe('a serial tower', () => {
  it('is put out first: what an agent that died left lit does not stay', async () => {
    const double = await towerDouble(0x0f)
    expect(double.look()).toBe('red+yellow+green+buzzer')
    const lamp = open(`tower:${double.pty.path}`)
    await until('it is dark, before any signal', () => double.look() === 'dark')
    await lamp.close()
    await double.pty.close()
  })

  it('sounds its buzzer for the alarm until the signal goes, and not at all when it is mute', async () => {
    const double = await towerDouble()
    const loud = open(`tower:${double.pty.path}`)
    await loud.show('alarm')
    await until('it buzzes', () => double.look().includes('buzzer'))
    await loud.show('closed')
    await until('it is still', () => double.look() === 'dark')
    await loud.close()
    const mute = open(`tower:${double.pty.path}?mute=1`)
    await mute.show('alarm')
    await until('it is red', () => double.look() === 'red')
    await mute.close()
    await double.pty.close()
  })

  it('whose port another program holds says so, and is lit when it is let go', async () => {
    const double = await towerDouble()
    const first = open(`tower:${double.pty.path}`)
    await first.show('done')
    const second = open(`tower:${double.pty.path}`)
    const error: unknown = await second.show('failed').then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(isStationError(error) && error.code).toBe('STATION_PORT_BUSY')
    await first.close()
    await until('the second has it', () => double.look() === 'red', 8000)
    await second.close()
    await double.pty.close()
  })
})
