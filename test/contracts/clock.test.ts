// What every clock and every source of ids must keep: waits are never short, aborts are prompt, ids sort by time.
import { describe, expect, it } from 'vitest'
import type { Clock } from '../../agent/ports.ts'
import { scaledClock, systemClock } from '../../drivers/host/clock.ts'
import { randomIds, seededIds } from '../../drivers/host/ids.ts'
import { pauseFrom } from '../../drivers/io/pace.ts'
import { SteppedClock } from '../../drivers/virtual/stepped-clock.ts'

const START = Date.UTC(2026, 10, 23, 8)

function clockContract(name: string, make: () => Clock): void {
  describe(`the ${name} clock`, () => {
    it('never wakes early, for short and for broken lengths', async () => {
      const clock = make()
      const lengths = [0, 0.3, 1, 1.7, 5, 20, 33.3, -5, Number.NaN]
      const waits = await Promise.all(
        lengths.map(async (ms) => {
          const from = clock.mono()
          await clock.sleep(ms)
          return clock.mono() - from
        }),
      )
      for (const [i, waited] of waits.entries()) {
        expect(waited).toBeGreaterThanOrEqual(Math.max(0, lengths[i] || 0))
        expect(waited / clock.rate).toBeLessThan(1000)
      }
    })

    it('ends a sleep at once when the signal aborts, before or during it', async () => {
      const clock = make()
      const stop = new AbortController()
      const from = clock.mono()
      const sleeping = Promise.all([
        clock.sleep(3_600_000 * clock.rate, stop.signal),
        clock.sleep(Number.POSITIVE_INFINITY, stop.signal),
      ])
      stop.abort()
      await sleeping
      await clock.sleep(3_600_000 * clock.rate, stop.signal)
      expect((clock.mono() - from) / clock.rate).toBeLessThan(1000)
    })

    it('leaves no listener behind on a signal that outlives the sleep', async () => {
      const clock = make()
      const stop = new AbortController()
      let listeners = 0
      const { addEventListener, removeEventListener } = stop.signal
      stop.signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
        listeners++
        addEventListener.apply(stop.signal, args)
      }
      stop.signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
        listeners--
        removeEventListener.apply(stop.signal, args)
      }
      for (let i = 0; i < 20; i++) await clock.sleep(1, stop.signal)
      expect(listeners).toBe(0)
    })

    it('runs a timer once, in order of length, and not at all when cancelled', async () => {
      const clock = make()
      const ran: string[] = []
      const cancel = clock.after(5 * clock.rate, () => ran.push('cancelled'))
      clock.after(30 * clock.rate, () => ran.push('late'))
      clock.after(2 * clock.rate, () => ran.push('early'))
      cancel()
      cancel()
      await clock.sleep(60 * clock.rate)
      expect(ran).toEqual(['early', 'late'])
    })

    it('does not take a wait of months for a wait of one ms', async () => {
      const clock = make()
      let fired = false
      const cancel = clock.after(2 ** 33 * clock.rate, () => {
        fired = true
      })
      await clock.sleep(20 * clock.rate)
      cancel()
      expect(fired).toBe(false)
    })

    it('gives whole ms for the wall clock, which moves with the monotonic one', async () => {
      const clock = make()
      const [now, mono] = [clock.now(), clock.mono()]
      await clock.sleep(20 * clock.rate)
      expect(Number.isInteger(now)).toBe(true)
      const drift = clock.now() - now - (clock.mono() - mono)
      expect(Math.abs(drift) / clock.rate).toBeLessThan(5)
    })
  })
}

clockContract('system', systemClock)
clockContract('60 times as fast', () => scaledClock(60, START))
clockContract('half as fast', () => scaledClock(0.5, START))

describe('an exact moment', () => {
  it('is never early on the clock of the PC, and turns of the event loop go on meanwhile', async () => {
    const clock = systemClock()
    const lengths = [0, 0.2, 0.9, 1.5, 2.4, 7.3, 20.1, 33.35, -5, Number.NaN]
    const from = clock.mono()
    let turns = 0
    const beat = setInterval(() => turns++, 1)
    const waits = await Promise.all(
      lengths.map(async (ms) => {
        await clock.until?.(from + ms)
        return clock.mono() - from
      }),
    )
    clearInterval(beat)
    for (const [i, waited] of waits.entries()) {
      expect(waited).toBeGreaterThanOrEqual(Math.max(0, lengths[i] || 0))
      expect(waited).toBeLessThan(1000)
    }
    expect(turns).toBeGreaterThan(2)
  })

  it('ends at once when its signal aborts, before, far from and close to it', async () => {
    const clock = systemClock()
    const stop = new AbortController()
    const from = clock.mono()
    const far = clock.until?.(Number.POSITIVE_INFINITY, stop.signal)
    const close = clock.until?.(from + 1.5, stop.signal)
    stop.abort()
    await Promise.all([far, close, clock.until?.(from + 3_600_000, stop.signal)])
    expect(clock.mono() - from).toBeLessThan(1000)
  })

  it('is kept for a pause by the clock of the PC only: others sleep', async () => {
    for (const clock of [systemClock(), scaledClock(60, START)]) {
      const from = clock.mono()
      await pauseFrom(clock, from, 12.5 * clock.rate)
      expect(clock.mono() - from).toBeGreaterThanOrEqual(12.5 * clock.rate)
    }
    expect(scaledClock(60, START).until).toBe(undefined)
    expect('until' in new SteppedClock()).toBe(false)
  })
})

describe('a scaled clock', () => {
  it('starts where it is told and passes as fast as it is told', async () => {
    const clock = scaledClock(1000, START)
    const real = systemClock()
    expect(clock.now() - START).toBeLessThan(1000 * 100)
    const [from, realFrom] = [clock.mono(), real.mono()]
    await real.sleep(50)
    const ratio = (clock.mono() - from) / (real.mono() - realFrom)
    expect(ratio).toBeGreaterThan(990)
    expect(ratio).toBeLessThan(1010)
  })

  it('refuses a rate that is no speed', () => {
    for (const rate of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => scaledClock(rate, START)).toThrow(RangeError)
    }
  })
})

describe('ids', () => {
  it('are 26 characters, all different, sorted as drawn, within one ms and over many', () => {
    for (const ids of [randomIds(), seededIds(7)]) {
      const drawn = Array.from({ length: 5000 }, (_, i) => ids.next(START + Math.floor(i / 100)))
      for (const id of drawn) expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
      expect(new Set(drawn).size).toBe(drawn.length)
      expect([...drawn].sort()).toEqual(drawn)
    }
  })

  it('carry the time as the ULID specification writes it', () => {
    // The example of the specification: 1469918176385 is 01ARYZ6S41.
    expect(randomIds().next(1_469_918_176_385).slice(0, 10)).toBe('01ARYZ6S41')
    expect(
      seededIds(1)
        .next(2 ** 48 - 1)
        .slice(0, 10),
    ).toBe('7ZZZZZZZZZ')
    for (const broken of [-1, Number.NaN]) expect(seededIds(1).next(broken)).toMatch(/^0{10}/)
    expect(seededIds(1).next(Number.POSITIVE_INFINITY)).toMatch(/^7Z{9}/)
  })

  it('come again from the same seed, and differ between seeds and stations', () => {
    const draw = (seed: number) => {
      const ids = seededIds(seed)
      return Array.from({ length: 50 }, (_, i) => ids.next(START + i))
    }
    expect(draw(7)).toEqual(draw(7))
    const all = Array.from({ length: 50 }, (_, seed) => draw(seed)).flat()
    expect(new Set(all).size).toBe(all.length)
    expect(randomIds().next(START)).not.toBe(randomIds().next(START))
  })

  it('stay different when the wall clock was set back', () => {
    const ids = randomIds()
    const drawn = Array.from({ length: 1000 }, (_, i) => ids.next(START + (i % 2)))
    expect(new Set(drawn).size).toBe(drawn.length)
  })
})
