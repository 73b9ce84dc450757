// The rhythms of the signals on a stepped clock: as the page has them on every lamp, never over 3 flashes a second.
import { describe, expect, it } from 'vitest'
import { bayId } from '../../../agent/core/ids.ts'
import { LAMP_TABLES, SIGNALS, type Signal } from '../../../agent/core/signals.ts'
import { openLamp, openLampFamily } from '../../../drivers/lamp/index.ts'
import { Metronome } from '../../../drivers/lamp/metronome.ts'
import { SteppedClock } from '../../../drivers/virtual/index.ts'
import { HidDouble } from '../../fakes/hid-double.ts'
import {
  Blink1Double,
  BusylightDouble,
  LuxaforDouble,
  type SeenLamp,
} from '../../fakes/hid-lamps.ts'
import { Lr6UsbDouble, NeUsbDouble, RelayDouble } from '../../fakes/hid-towers.ts'

/** Everything that an onlooker sees for `ms`, looked at every 10 ms; changes only, with their times. */
async function watched(
  clock: SteppedClock,
  double: SeenLamp,
  ms: number,
  look: () => string = () => double.look(),
): Promise<readonly (readonly [number, string])[]> {
  const begun = clock.mono()
  const seen: [number, string][] = []
  for (let at = 0; at <= ms; at += 10) {
    await stepTo(clock, begun + at)
    const now = look()
    if (seen.at(-1)?.[1] !== now) seen.push([at, now])
  }
  return seen
}

async function stepTo(clock: SteppedClock, at: number): Promise<void> {
  let isThere = false
  clock.after(Math.max(0, at - clock.mono()), () => {
    isThere = true
  })
  await clock.run(() => isThere, 100_000)
  // What was set off at this very moment.
  for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve))
}

/** A clock whose timers stand still while the agent does: a hung event loop, a suspended PC. */
function stallable(clock: SteppedClock) {
  let isStalled = false
  const late: (() => void)[] = []
  return {
    clock: {
      now: () => clock.now(),
      mono: () => clock.mono(),
      sleep: clock.sleep.bind(clock),
      rate: 1,
      after: (ms: number, fn: () => void) =>
        clock.after(ms, () => {
          if (isStalled) late.push(fn)
          else fn()
        }),
    },
    stall: () => {
      isStalled = true
    },
    goOn: () => {
      isStalled = false
      for (const fn of late.splice(0)) fn()
    },
  }
}

async function lit(url: string, build: (now: () => number) => SeenLamp) {
  const clock = new SteppedClock()
  const system = new HidDouble(() => clock.hold())
  const agent = stallable(clock)
  const double = build(() => clock.mono())
  system.plug(double)
  const family = openLampFamily({ clock: agent.clock, system })
  const context = { bay: bayId('1'), tables: LAMP_TABLES, write: () => undefined, hasColour: false }
  const lamp = openLamp(url, { ...context, family })
  const show = async (signal: Signal) => {
    const done = Promise.allSettled([lamp.show(signal)])
    await stepTo(clock, clock.mono())
    const [shown] = await done
    if (shown.status === 'rejected') throw shown.reason
  }
  return { clock, system, double, family, lamp, show, agent }
}

const HID: readonly (readonly [string, (now: () => number) => SeenLamp])[] = [
  ['blink1:', (now) => new Blink1Double(now, '2000ABCD')],
  ['busylight:', (now) => new BusylightDouble(now)],
  ['luxafor:', (now) => new LuxaforDouble(now)],
  ['patlite:', (now) => new NeUsbDouble(now)],
  ['patlite:?mute=1', (now) => new Lr6UsbDouble(now)],
  [
    'relay:?map=red,yellow,green,-&mute=1',
    () => new RelayDouble('HURTM', ['red', 'yellow', 'green']),
  ],
]

const isDark = (look: string) => look === 'dark'
const flashesIn = (seen: readonly (readonly [number, string])[]) =>
  seen.filter(([, look], at) => !isDark(look) && isDark(seen[at - 1]?.[1] ?? '')).map(([at]) => at)

describe.for(HID)('%s', ([url, build]) => {
  it('never flashes more than three times in any second, whatever it shows', async () => {
    const { clock, double, show, lamp } = await lit(url, build)
    for (const signal of SIGNALS) {
      await show(signal)
      const flashes = flashesIn(await watched(clock, double, 7000))
      for (const [at, first] of flashes.entries()) {
        const third = flashes[at + 3]
        if (third !== undefined) expect(third - first, signal).toBeGreaterThanOrEqual(1000)
      }
    }
    const closing = lamp.close()
    await stepTo(clock, clock.mono() + 1000)
    await closing
  })

  it('blinks evenly once a second for a person, and 2.5 times for the alarm', async () => {
    const { clock, double, show } = await lit(url, build)
    await show('you')
    const you = await watched(clock, double, 4000)
    expect(flashesIn(you)).toHaveLength(4)
    await show('alarm')
    const alarm = flashesIn(await watched(clock, double, 4000))
    expect(alarm.length).toBeGreaterThanOrEqual(9)
    expect(alarm.length).toBeLessThanOrEqual(10)
  })

  it('stands still for what is steady, and asks for nothing', async () => {
    const { clock, double, show } = await lit(url, build)
    for (const signal of ['done', 'failed', 'waiting', 'empty', 'closed'] as const) {
      await show(signal)
      expect(await watched(clock, double, 20_000), signal).toHaveLength(1)
    }
  })
})

it('a tower blinks as a tower, also when the signal was there before the lamp was found', async () => {
  const { clock, double, show } = await lit('patlite:?mute=1', (now) => new Lr6UsbDouble(now))
  await show('station')
  // Once a second, where a lamp of one colour flashes every three.
  expect(flashesIn(await watched(clock, double, 4000))).toHaveLength(4)
})

describe('dead-man lamps', () => {
  it.for([
    ['blink1:', (now: () => number) => new Blink1Double(now, '2000ABCD'), 6000],
    ['busylight:', (now: () => number) => new BusylightDouble(now), 15_000],
  ] as const)(
    '%s: green stands for hours, and is dark soon after the agent stands still',
    async ([url, build, deadMs]) => {
      const { clock, double, show, agent } = await lit(url, build)
      await show('done')
      const green = double.look()
      for (let minute = 0; minute < 180; minute++) {
        await stepTo(clock, clock.mono() + 60_000)
        expect(double.look()).toBe(green)
      }
      agent.stall()
      await stepTo(clock, clock.mono() + deadMs + 100)
      expect(double.look()).toBe('dark')
      // It goes on: what should be seen is seen again, without a new signal.
      agent.goOn()
      await stepTo(clock, clock.mono() + 50)
      expect(double.look()).toBe(green)
    },
  )

  it('a rhythm that the lamp keeps by itself ends with the agent too', async () => {
    const { clock, double, show, agent } = await lit(
      'blink1:',
      (now) => new Blink1Double(now, '2000ABCD'),
    )
    await show('you')
    agent.stall()
    await stepTo(clock, clock.mono() + 6100)
    expect(await watched(clock, double, 5000)).toEqual([[0, 'dark']])
  })

  it('a blink(1) says goodbye to its watchdog when the agent stops well', async () => {
    const { clock, double, show, lamp } = await lit(
      'blink1:',
      (now) => new Blink1Double(now, '2000ABCD'),
    )
    await show('you')
    const closing = lamp.close()
    await stepTo(clock, clock.mono() + 1000)
    await closing
    expect(double.look()).toBe('dark')
    // The next program's colour stands.
    double.feature(Uint8Array.from([1, 0x6e, 1, 2, 3, 0, 0, 0]))
    await stepTo(clock, clock.mono() + 20_000)
    expect(double.look()).toBe('#010203')
  })
})

describe('sounds', () => {
  const buzzes = async (signal: Signal, ms: number) => {
    const { clock, double, show } = await lit('patlite:', (now) => new NeUsbDouble(now))
    await show(signal)
    const ne = double as NeUsbDouble
    return (
      await watched(clock, double, ms, () => (ne.buzz === 0 ? 'off' : `${ne.volume}`))
    ).filter(([, look]) => look !== 'off')
  }
  it('one soft tone for a person, once more after a minute', async () => {
    expect(await buzzes('you', 200_000)).toEqual([
      [0, '4'],
      [60_350, '4'],
    ])
  })
  it('a rising pair is two beeps, a low one is one, the alarm has no end', async () => {
    expect(await buzzes('done', 3000)).toHaveLength(2)
    expect(await buzzes('failed', 3000)).toHaveLength(1)
    expect(await buzzes('alarm', 10_000)).toHaveLength(11)
    expect(await buzzes('working', 3000)).toHaveLength(0)
  })
  it('a new signal ends the alarm at once', async () => {
    const { clock, double, show } = await lit('patlite:', (now) => new NeUsbDouble(now))
    await show('alarm')
    await stepTo(clock, clock.mono() + 100)
    expect((double as NeUsbDouble).buzz).not.toBe(0)
    await show('closed')
    expect((double as NeUsbDouble).buzz).toBe(0)
  })
  it('none of them when it is mute', async () => {
    const { double, show } = await lit('patlite:?mute=1', (now) => new NeUsbDouble(now))
    await show('alarm')
    expect((double as NeUsbDouble).buzz).toBe(0)
  })
})

describe('the metronome', () => {
  it('runs no timer when nothing blinks, and one for all that do', async () => {
    const clock = new SteppedClock()
    const armed = new Set<object>()
    const counted = {
      now: () => clock.now(),
      mono: () => clock.mono(),
      sleep: clock.sleep.bind(clock),
      rate: 1,
      after: (ms: number, fn: () => void) => {
        const timer = {}
        armed.add(timer)
        const cancel = clock.after(ms, () => {
          armed.delete(timer)
          fn()
        })
        return () => {
          armed.delete(timer)
          cancel()
        }
      },
    }
    const metronome = new Metronome(counted)
    expect(armed.size).toBe(0)
    const beats: number[] = []
    const stops = Array.from({ length: 64 }, (_, at) =>
      metronome.loop([500, 500], () => beats.push(at)),
    )
    expect(armed.size).toBe(1)
    await stepTo(clock, 10_050)
    expect(beats).toHaveLength(64 * 20)
    expect(armed.size).toBe(1)
    for (const stop of stops) stop()
    expect([metronome.size, armed.size]).toEqual([0, 0])
  })

  it('that was held up skips what is over instead of flashing it fast', () => {
    let mono = 0
    let due: (() => void) | null = null
    const metronome = new Metronome({
      now: () => mono,
      mono: () => mono,
      rate: 1,
      sleep: () => Promise.resolve(),
      after: (_, fn) => {
        due = fn
        return () => {
          due = null
        }
      },
    })
    const beats: number[] = []
    metronome.loop([200, 200], () => beats.push(mono))
    mono = 5000
    for (let n = 0; n < 20 && due !== null; n++) {
      const fire: () => void = due
      due = null
      fire()
    }
    // One beat for the whole stall, the next one 200 ms later.
    expect(beats).toHaveLength(1)
  })
})
