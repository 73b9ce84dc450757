// Many lamps and many plugs: nothing is ever left behind.
import { describe, expect, it } from 'vitest'
import { SIGNALS, type Signal } from '../../../agent/core/signals.ts'
import { Blink1Double } from '../../fakes/hid-lamps.ts'
import { lampBench } from '../../fakes/lamp-bench.ts'
import { COLOURS } from '../../fakes/lamp-looks.ts'
import { until } from '../../fakes/pty.ts'

describe('64 lamps in a storm of plugs', () => {
  it('leave no handle, no timer and no watcher, and all show what they should in the end', {
    timeout: 60_000,
  }, async () => {
    const { system, open, now, close, clock, family } = lampBench()
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
