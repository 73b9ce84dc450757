// Turns and channels carry every driver's promises: alone, in order, bounded, and over when the signal says so.
import { describe, expect, test } from 'vitest'
import { Channel } from '../../drivers/io/channel.ts'
import { Turn } from '../../drivers/io/turn.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('a turn', () => {
  test('is taken by one at a time, in order', async () => {
    const turn = new Turn()
    const log: string[] = []
    const work = (name: string) => async () => {
      log.push(`${name} in`)
      await settle()
      log.push(`${name} out`)
      return name
    }
    const all = await Promise.all([
      turn.take(work('a')),
      turn.take(work('b')),
      turn.take(work('c')),
    ])
    expect(all).toEqual(['a', 'b', 'c'])
    expect(log).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
  })

  test('is passed on when the work throws, and left by who gave up', async () => {
    const turn = new Turn()
    const gate = Promise.withResolvers<void>()
    const first = turn.take(() => gate.promise)
    const stop = new AbortController()
    const gaveUp = turn.take(async () => 'never', stop.signal)
    const last = turn.take(async () => 'last')
    stop.abort()
    expect(await gaveUp).toBeNull()
    gate.reject(new Error('boom'))
    await expect(first).rejects.toThrow('boom')
    expect(await last).toBe('last')
  })

  test('turns away who comes when too many wait', async () => {
    const turn = new Turn()
    const gate = Promise.withResolvers<void>()
    const waiting = [turn.take(() => gate.promise)]
    for (let n = 0; n < 16; n++) waiting.push(turn.take(async () => undefined))
    expect(await turn.take(async () => 'too many')).toBeNull()
    gate.resolve()
    await Promise.all(waiting)
    expect(await turn.take(async () => 'again')).toBe('again')
  })
})

describe('a channel', () => {
  test('gives the present state, then what follows, to each watcher', async () => {
    let level = 1
    const channel = new Channel(() => [level])
    const stop = new AbortController()
    const seen: number[] = []
    const watching = (async () => {
      for await (const fact of channel.watch(stop.signal)) seen.push(fact)
    })()
    await settle()
    for (level = 2; level <= 3; level++) channel.push(level)
    await settle()
    stop.abort()
    await watching
    channel.push(4)
    expect(seen).toEqual([1, 2, 3])
  })

  test('keeps the newest 64 facts for a watcher that does not take them', async () => {
    const channel = new Channel<number>(() => [0])
    const facts = channel.watch(new AbortController().signal)
    expect((await facts.next()).value).toBe(0)
    for (let n = 1; n <= 200; n++) channel.push(n)
    const left: number[] = []
    for (let n = 0; n < 64; n++) left.push(Number((await facts.next()).value))
    expect(left).toEqual(Array.from({ length: 64 }, (_, n) => 137 + n))
    channel.close()
    expect((await facts.next()).done).toBe(true)
  })
})
