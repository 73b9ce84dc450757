// The stepped clock is what makes a simulation repeat itself: order, holds and drains are held here.
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Random } from '../../../drivers/virtual/random.ts'
import { SteppedClock, VIRTUAL_START } from '../../../drivers/virtual/stepped-clock.ts'

const forEver = () => false

describe('the stepped clock', () => {
  it('fires in the order of time, then of asking', async () => {
    const clock = new SteppedClock()
    const seen: string[] = []
    clock.after(20, () => seen.push(`c${clock.mono()}`))
    clock.after(10, () => seen.push(`a${clock.mono()}`))
    clock.after(10, () => seen.push(`b${clock.mono()}`))
    expect(await clock.run(forEver, 100)).toBe('idle')
    expect(seen).toEqual(['a10', 'b10', 'c20'])
    expect(clock.now()).toBe(VIRTUAL_START + 20)
  })

  it('keeps the heap in order over many random events and cancels', async () => {
    const clock = new SteppedClock()
    const random = new Random(3, 'heap')
    const seen: number[] = []
    const cancels: (() => void)[] = []
    for (let n = 0; n < 20_000; n++)
      cancels.push(clock.after(random.int(0, 5000), () => seen.push(clock.mono())))
    const dropped = cancels.filter(() => random.chance(0.7))
    for (const cancel of dropped) cancel()
    for (const cancel of dropped) cancel()
    expect(await clock.run(forEver, 100_000)).toBe('idle')
    expect(seen.length).toBe(20_000 - dropped.length)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  })

  it('drains every microtask before the next event, however long the chain', async () => {
    const clock = new SteppedClock()
    const seen: string[] = []
    clock.after(1, () => {
      void (async () => {
        for (let n = 0; n < 500; n++) await null
        seen.push('chain')
      })()
    })
    clock.after(1, () => seen.push('next'))
    await clock.run(forEver, 10)
    expect(seen).toEqual(['chain', 'next'])
  })

  it('stands still while something is held, and goes on after', async () => {
    const clock = new SteppedClock()
    const seen: string[] = []
    clock.after(1, () => {
      void clock.track(
        (async () => {
          for (let n = 0; n < 50; n++) await turn()
          seen.push('outside')
        })(),
      )
    })
    clock.after(2, () => seen.push('next'))
    await clock.run(forEver, 10)
    expect(seen).toEqual(['outside', 'next'])
  })

  it('ends a sleep at once by its signal and never rejects', async () => {
    const clock = new SteppedClock()
    const stop = new AbortController()
    const ends: number[] = []
    void clock.sleep(1000, stop.signal).then(() => ends.push(clock.mono()))
    void clock.sleep(1000).then(() => ends.push(clock.mono()))
    clock.after(10, () => stop.abort())
    await clock.run(forEver, 10)
    expect(ends).toEqual([10, 1000])
    await clock.sleep(5, stop.signal)
  })

  it('ends by its condition and by its bound, and hands on what an event throws', async () => {
    const clock = new SteppedClock()
    let n = 0
    const again = () => {
      n++
      clock.after(1, again)
    }
    again()
    expect(await clock.run(() => n >= 10, 1000)).toBe('until')
    expect(n).toBe(10)
    expect(await clock.run(forEver, 7)).toBe('max')
    expect(n).toBe(17)
    clock.after(0, () => {
      throw new Error('from an event')
    })
    await expect(clock.run(forEver, 10)).rejects.toThrow('from an event')
  })

  it('refuses a wait without an end', () => {
    expect(() => new SteppedClock().after(Number.POSITIVE_INFINITY, () => {})).toThrow(RangeError)
  })
})

describe('named streams', () => {
  it('repeat for the same seed and name and do not shift one another', () => {
    const one = new Random(7, 'bench')
    const other = new Random(7, 'bench')
    const early = one.stream('device-3')
    for (let n = 0; n < 100; n++) other.next()
    const late = other.stream('device-3')
    const draw = (random: Random) => Array.from({ length: 50 }, () => random.bits())
    expect(draw(early)).toEqual(draw(late))
    expect(draw(one.stream('device-3'))).not.toEqual(draw(one.stream('device-4')))
    expect(new Random(8, 'bench').next()).not.toBe(new Random(7, 'bench').next())
  })

  it('are even enough for weights and ranges', () => {
    const random = new Random(1, 'even')
    const counts = [0, 0, 0, 0]
    for (let n = 0; n < 40_000; n++) counts[random.int(0, 3)]!++
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
    let rare = 0
    for (let n = 0; n < 40_000; n++)
      if (
        random.weighted([
          [9, 'a'],
          [1, 'b'],
        ]) === 'b'
      )
        rare++
    expect(Math.abs(rare - 4000)).toBeLessThan(400)
  })
})
