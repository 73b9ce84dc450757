// What goes wrong with HID lamps: plugs, hangs, wrong products, relays that do not follow; and nothing is ever left behind.
import { describe, expect, it } from 'vitest'
import { bayId } from '../../../agent/core/ids.ts'
import { LAMP_TABLES, SIGNALS, type Signal } from '../../../agent/core/signals.ts'
import { isStationError } from '../../../agent/fault.ts'
import type { ButtonHealth, ButtonReport, Lamp } from '../../../agent/ports.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { usbPlaceOf } from '../../../drivers/io/hid-place.ts'
import { buttonOf, findLamp, openLamp, openLampFamily } from '../../../drivers/lamp/index.ts'
import { countedClock } from '../../fakes/counted-clock.ts'
import { HidDouble } from '../../fakes/hid-double.ts'
import {
  Blink1Double,
  EmbravaDouble,
  ForeignDouble,
  LuxaforDouble,
  NeUsbDouble,
  RelayDouble,
} from '../../fakes/hid-lamps.ts'
import { COLOURS, LINEAR_COLOURS, ON_OFF } from '../../fakes/lamp-looks.ts'
import { until } from '../../fakes/pty.ts'

function bench() {
  const clock = countedClock(systemClock())
  const system = new HidDouble()
  const family = openLampFamily({ clock, system })
  const lamps: Lamp[] = []
  const open = (url: string, touch = false): Lamp => {
    const write = () => undefined
    const context = { bay: bayId('1'), tables: LAMP_TABLES, write, hasColour: false, family, touch }
    const lamp = openLamp(url, context)
    lamps.push(lamp)
    return lamp
  }
  const now = () => clock.mono()
  const close = async () => {
    await Promise.all(lamps.map((lamp) => lamp.close()))
    system.release()
    await until('all is let go', () => system.openNow === 0)
    expect([system.watchers, family.metronome.size, clock.waiting]).toEqual([0, 0, 0])
  }
  return { clock, system, family, open, now, close }
}

const faultOf = async (work: Promise<unknown>): Promise<unknown> => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  return isStationError(error) ? error.code : error
}

describe('who a lamp is', () => {
  it('is its serial number, whatever node it has, also after both were replugged', async () => {
    const { system, open, now, close } = bench()
    const [one, two] = [new Blink1Double(now, '2000AAAA'), new Blink1Double(now, '3000BBBB')]
    system.plug(two)
    system.plug(one)
    const [first, second] = [open('blink1:2000AAAA'), open('blink1:3000bbbb')]
    await Promise.all([first.show('done'), second.show('failed')])
    expect([one.look(), two.look()]).toEqual([COLOURS.done, COLOURS.failed])
    for (const lamp of [one, two]) system.unplug(lamp)
    for (const lamp of [two, one]) system.plug(lamp)
    await until('both are back', () => one.look() !== 'dark' && two.look() !== 'dark')
    expect([one.look(), two.look()]).toEqual([COLOURS.done, COLOURS.failed])
    await close()
  })

  it.for(['1-2.4', 'pci-0000:00:14.0-usb-0:2.4', 'pci-0000:00:14.0-usb-0:2.4:1.0'])(
    'is its USB port %s when it has no serial number',
    async (port) => {
      const { system, open, now, close } = bench()
      const [other, mine] = [
        new EmbravaDouble(now, '', '1-2.3'),
        new EmbravaDouble(now, '', '1-2.4'),
      ]
      system.plug(other)
      system.plug(mine)
      await open(`embrava:${port}`).show('done')
      expect([other.look(), mine.look()]).toEqual(['dark', LINEAR_COLOURS.done])
      await close()
    },
  )

  it('is what the board itself says, for relays; two that look alike are told apart', async () => {
    const { system, open, close } = bench()
    const [one, two] = [
      new RelayDouble('AAAAA', ['lamp'], '1-1'),
      new RelayDouble('BBBBB', ['lamp'], '1-2'),
    ]
    system.plug(two)
    system.plug(one)
    await Promise.all([open('relay:AAAAA').show('done'), open('relay:BBBBB').show('waiting')])
    expect([one.look(), two.look()]).toEqual([ON_OFF.done, ON_OFF.waiting])
    await close()
  })

  it('is never guessed: of two that fit one must be named', async () => {
    const { system, open, now, close } = bench()
    system.plug(new EmbravaDouble(now, '', '1-2.3'))
    const other = new EmbravaDouble(now, '', '1-2.4')
    system.plug(other)
    const lamp = open('embrava:')
    expect(await faultOf(lamp.show('done'))).toBe('STATION_LAMP_GONE')
    system.unplug(other)
    await until('it is plain now', async () => (await faultOf(lamp.show('done'))) === null)
    await close()
  })

  it('is refused when another product stands under the shared id, or at the address', async () => {
    const { system, open, now, close } = bench()
    const foreign = new ForeignDouble(now, '', '1-2.3')
    system.plug(foreign)
    expect(await faultOf(open('luxafor:1-2.3').show('done'))).toBe('STATION_HID_WRONG')
    expect(await faultOf(open('blink1:1-2.3').show('done'))).toBe('STATION_HID_WRONG')
    expect(await faultOf(open('relay:').show('done'))).toBe('STATION_LAMP_GONE')
    expect([foreign.taken, system.opens]).toEqual([0, 0])
    await close()
  })

  it('belongs to one part of the config only', async () => {
    const { system, open, now, close } = bench()
    system.plug(new Blink1Double(now, '2000AAAA'))
    const [first, second] = [open('blink1:2000AAAA'), open('blink1:2000AAAA')]
    await first.show('done')
    expect(await faultOf(second.show('done'))).toBe('STATION_HID_BUSY')
    await close()
  })

  it('is read from the path in sysfs as udev names it', () => {
    const pci = '/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2.3/1-2.3:1.0/0003:27B8:01ED.0001'
    expect(usbPlaceOf(pci)).toEqual({ usbPath: '1-2.3', byPath: 'pci-0000:00:14.0-usb-0:2.3' })
    const bridged =
      '/sys/devices/platform/scb/fd500000.pcie/pci0000:00/0000:00:00.0/0000:01:00.0/usb1/1-1/1-1.3/1-1.3:1.0/0003:27B8:01ED.0002'
    expect(usbPlaceOf(bridged)?.byPath).toBe('platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.3')
    const soc = '/sys/devices/platform/soc/fe980000.usb/usb1/1-1/1-1:1.0/0003:27B8:01ED.0003'
    expect(usbPlaceOf(soc)?.byPath).toBe('platform-fe980000.usb-usb-0:1')
    expect(usbPlaceOf('/sys/devices/virtual/misc/uhid/0003:27B8:01ED.0004')).toBeNull()
    expect(usbPlaceOf('')).toBeNull()
  })
})

describe('a lamp in trouble', () => {
  it('that is pulled in the middle of its bytes is gone, and whole again afterwards', async () => {
    const { system, open, now, close } = bench()
    const double = new Blink1Double(now, '2000AAAA')
    const trouble = system.plug(double)
    const lamp = open('blink1:2000AAAA')
    await lamp.show('done')
    for (let after = 0; after < 10; after++) {
      trouble.unplugAfter = after
      // `hold` takes ten transfers: each of them is the last one once.
      expect(await faultOf(lamp.show('hold'))).toBe('STATION_LAMP_GONE')
      Object.assign(trouble, { unplugAfter: undefined })
      system.plug(double, trouble)
      await until('it is back', async () => (await faultOf(lamp.show('hold'))) === null)
      expect(double.lines[7]).toEqual({ rgb: [0, 0, 0], ms: 1380 })
      await lamp.show('done')
      expect(double.look()).toBe(COLOURS.done)
    }
    await close()
  })

  it('that hangs is given up after a second, holds up no other lamp, and is left alone', async () => {
    const { system, open, now, close } = bench()
    const [sick, well] = [new Blink1Double(now, '2000AAAA'), new Blink1Double(now, '2000BBBB')]
    const trouble = system.plug(sick)
    system.plug(well)
    const [ill, good] = [open('blink1:2000AAAA'), open('blink1:2000BBBB')]
    await Promise.all([ill.show('done'), good.show('done')])
    trouble.hangs = true
    const begun = performance.now()
    const hung = faultOf(ill.show('failed'))
    const slowest = { ms: 0 }
    for (let n = 0; n < 20; n++) {
      const from = performance.now()
      await good.show(n % 2 === 0 ? 'failed' : 'done')
      slowest.ms = Math.max(slowest.ms, performance.now() - from)
    }
    expect(slowest.ms).toBeLessThan(300)
    expect(await hung).toBe('STATION_LAMP_GONE')
    expect(performance.now() - begun).toBeLessThan(2000)
    // Its handle is still with the kernel; a second one is not opened meanwhile.
    const before = system.opens
    for (const lamp of [new EmbravaDouble(now)]) {
      system.plug(lamp)
      system.unplug(lamp)
    }
    expect(await faultOf(ill.show('done'))).toBe('STATION_LAMP_GONE')
    expect(system.opens).toBe(before)
    await close()
  })

  it('whose rights are not set yet is denied, and lit once udev came by', async () => {
    const { system, open, now, close } = bench()
    const double = new Blink1Double(now, '2000AAAA')
    const trouble = system.plug(double, { denied: true })
    const lamp = open('blink1:2000AAAA')
    expect(await faultOf(lamp.show('done'))).toBe('STATION_HID_DENIED')
    trouble.denied = false
    const nudge = new EmbravaDouble(now)
    system.plug(nudge)
    await until('it is lit', () => double.look() === COLOURS.done)
    await close()
  })

  it('that is a relay and does not follow is told so, twice tried', async () => {
    const { system, open, close } = bench()
    const double = new RelayDouble('HURTM', ['red', 'yellow', 'green'])
    system.plug(double)
    const lamp = open('relay:HURTM?map=red,yellow,green')
    await lamp.show('done')
    double.stuck = 0b100
    expect(await faultOf(lamp.show('failed'))).toBe('STATION_LAMP_STUCK')
    expect(double.look()).toBe('red+green')
    await close()
  })

  it('that is a relay with a short answer is not believed', async () => {
    const { system, open, close } = bench()
    const double = new RelayDouble('HURTM', ['lamp'])
    system.plug(double)
    const lamp = open('relay:HURTM')
    await lamp.show('done')
    for (const length of [0, 1, 7]) {
      double.answerLength = length
      expect(await faultOf(lamp.show('failed')), `${length} bytes`).toBe('STATION_LAMP_GONE')
    }
    await close()
  })

  it('says so to whoever watches, once, and again when it is back', async () => {
    const { system, open, now, close } = bench()
    const double = new LuxaforDouble(now)
    const lamp = open('luxafor:1-2.3')
    const told: string[] = []
    const end = new AbortController()
    const watching = (async () => {
      for await (const { health, code } of lamp.watch?.(end.signal) ?? [])
        told.push(`${health} ${code ?? ''}`.trim())
    })()
    expect(await faultOf(lamp.show('done'))).toBe('STATION_LAMP_GONE')
    for (const signal of ['failed', 'you', 'done'] as const)
      expect(await faultOf(lamp.show(signal))).toBe('STATION_LAMP_GONE')
    system.plug(double)
    await until('ok', () => told.at(-1) === 'ok')
    expect([told, double.look()]).toEqual([['gone STATION_LAMP_GONE', 'ok'], LINEAR_COLOURS.done])
    end.abort()
    await watching
    await close()
  })
})

describe('the touch sensor of an NE-USB', () => {
  it('is a button with short and long presses, while the light goes on', {
    timeout: 15_000,
  }, async () => {
    const { system, open, now, close } = bench()
    const double = new NeUsbDouble(now)
    double.answer = (bytes) => system.send(double, bytes)
    system.plug(double)
    const lamp = open('patlite:1-2.3', true)
    const button = buttonOf(lamp)
    if (button === null) throw new Error('no button')
    const heard: (ButtonReport | ButtonHealth)[] = []
    const end = new AbortController()
    const watching = (async () => {
      for await (const fact of button.watch(end.signal)) heard.push(fact)
    })()
    await lamp.show('you')
    await until('it is there', () => heard.some((one) => 'health' in one && one.health === 'ok'))
    const presses = () => heard.flatMap((one) => ('press' in one ? [one.press] : []))
    double.isTouched = true
    await until('the touch is seen', () => system.busy === 0)
    await new Promise((resolve) => setTimeout(resolve, 200))
    double.isTouched = false
    await until('a short press', () => presses().length === 1)
    double.isTouched = true
    await until('a long press', () => presses().length === 2)
    await lamp.show('done')
    expect(double.look()).toBe('green')
    double.isTouched = false
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(presses()).toEqual(['short', 'long'])
    system.unplug(double)
    await until('it is gone', () => {
      const last = heard.at(-1)
      return last !== undefined && 'health' in last && last.health === 'gone'
    })
    end.abort()
    await watching
    await close()
  })

  it('is not there in a lamp that was not opened for it', async () => {
    const { open, close } = bench()
    expect([buttonOf(open('patlite:1-2.3')), buttonOf(open('blink1:1', true))]).toEqual([
      null,
      null,
    ])
    await close()
  })
})

describe('64 lamps in a storm of plugs', () => {
  it('leave no handle, no timer and no watcher, and all show what they should in the end', {
    timeout: 60_000,
  }, async () => {
    const { system, open, now, close, clock, family } = bench()
    const doubles = Array.from(
      { length: 64 },
      (_, at) => new Blink1Double(now, `2000${String(at).padStart(4, '0')}`),
    )
    for (const double of doubles) system.plug(double)
    const lamps = doubles.map((double) => open(`blink1:${double.serial}`))
    let seed = 1
    const draw = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return seed % below
    }
    const signals = SIGNALS.filter((signal) => signal !== 'test')
    const wanted = new Map<number, Signal>()
    const out = new Set<number>()
    for (let round = 0; round < 1500; round++) {
      const at = draw(64)
      const [double, lamp] = [doubles[at], lamps[at]]
      if (double === undefined || lamp === undefined) throw new Error('no lamp')
      if (draw(3) === 0) {
        if (out.delete(at)) system.plug(double)
        else {
          out.add(at)
          system.unplug(double)
        }
      }
      const signal = signals[draw(signals.length)] ?? 'empty'
      wanted.set(at, signal)
      void lamp.show(signal).catch(() => undefined)
      if (draw(8) === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    for (const at of out) {
      const double = doubles[at]
      if (double !== undefined) system.plug(double)
    }
    const colour = (at: number) => COLOURS[wanted.get(at) ?? 'empty']
    const fits = (at: number) => {
      const look = doubles[at]?.look()
      // A blinking one may be in its dark half.
      return look === colour(at) || (look === 'dark' && colour(at) !== 'dark')
    }
    await until('all show what they should', () => doubles.every((_, at) => fits(at)), 20_000)
    for (const [at, double] of doubles.entries())
      await until(`lamp ${at} is ${colour(at)}`, () => double.look() === colour(at), 4000)
    expect([system.openNow, family.hid.openHandles]).toEqual([64, 64])
    expect(system.busyMax).toBeLessThanOrEqual(3)
    // One timer for all lamps, one at most for the bus, and those that bound a call under way.
    expect(clock.waiting).toBeLessThanOrEqual(2 + system.busyMax)
    await close()
  })
})

describe('looking for a lamp, as the doctor does', () => {
  it('finds it without lighting it, and says what stands there instead', async () => {
    const { system, family, now, close } = bench()
    const double = new RelayDouble('HURTM', ['lamp'])
    system.plug(double)
    const foreign = new ForeignDouble(now, '', '1-2.5')
    system.plug(foreign)
    // The double's node is in no /dev: it was found, and only then its rights are asked for.
    expect(await faultOf(findLamp('relay:HURTM', family))).toBe('STATION_HID_DENIED')
    expect(await faultOf(findLamp('relay:OTHER', family))).toBe('STATION_LAMP_GONE')
    expect(await faultOf(findLamp('luxafor:1-2.5', family))).toBe('STATION_HID_WRONG')
    expect(await faultOf(findLamp('blink1:', family))).toBe('STATION_LAMP_GONE')
    expect([double.taken, foreign.taken]).toEqual([0, 0])
    expect(await findLamp('command:/bin/true', family)).toBe('command:/bin/true')
    expect(await faultOf(findLamp('tower:/dev/no-such-tower', family))).toBe('STATION_PORT_GONE')
    await close()
  })
})
