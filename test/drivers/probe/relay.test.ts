// The relay between a station that asks and a probe that polls: order, replays, patience and ends.
import { describe, expect, it } from 'vitest'
import { StationError } from '../../../agent/fault.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import type { Frame } from '../../../drivers/probe/frame.ts'
import { type Next, Relay } from '../../../drivers/probe/relay.ts'

const GET_RANDOM = Uint8Array.from(Buffer.from('80010000000c0000017b0008', 'hex'))
const READY: Frame = { number: 0, payload: new Uint8Array() }
const answer = (number: number, last = 0): Frame => ({
  number,
  payload: Uint8Array.of(0x80, 1, 0, 0, 0, 11, 0, 0, 0, 0, last),
})
const never = new AbortController().signal
const open = () => new Relay(systemClock(), 'bay 01')
const isFrame = (next: Next): next is Frame => typeof next === 'object'

describe('a relay', () => {
  it('hands a command to the next question and its answer back, one after the other', async () => {
    const relay = open()
    let number = 0
    let polled = relay.exchange(READY, 5000, never)
    for (let round = 1; round <= 5; round += 1) {
      const asked = relay.send(GET_RANDOM, never)
      const next = await polled
      if (!isFrame(next)) throw new Error('no command')
      expect(next.payload).toEqual(GET_RANDOM)
      expect(next.number).toBe(number + 1)
      number = next.number
      polled = relay.exchange(answer(number, round), 5000, never)
      expect((await asked)[10]).toBe(round)
    }
    relay.close(new StationError('DEVICE_PROBE_GONE', 'done'))
    expect(await polled).toBe('over')
  })

  it('says "nothing yet" after the wait, and takes the same question again', async () => {
    const relay = open()
    expect(await relay.exchange(READY, 5, never)).toBe('nothing')
    expect(await relay.exchange(READY, 5, never)).toBe('nothing')
  })

  it('refuses a second question at once, an answer to nothing, and an answer twice', async () => {
    const relay = open()
    await expect(relay.exchange(answer(1), 5, never)).rejects.toThrow('DEVICE_PROBE_REPLAY')
    const polled = relay.exchange(READY, 5000, never)
    await expect(relay.exchange(READY, 5, never)).rejects.toThrow('DEVICE_PROBE_REPLAY')
    const asked = relay.send(GET_RANDOM, never)
    await polled
    // "Ready" while a command is out would let a thief of the token see it twice.
    await expect(relay.exchange(READY, 5, never)).rejects.toThrow('DEVICE_PROBE_REPLAY')
    expect(await relay.exchange(answer(1, 9), 5, never)).toBe('nothing')
    expect((await asked)[10]).toBe(9)
    await expect(relay.exchange(answer(1, 8), 5, never)).rejects.toThrow('DEVICE_PROBE_REPLAY')
  })

  it('never takes a late answer for that of the next command', async () => {
    const relay = open()
    const patience = new AbortController()
    const polled = relay.exchange(READY, 5000, never)
    const first = relay.send(GET_RANDOM, patience.signal)
    await polled
    patience.abort(new Error('too long'))
    await expect(first).rejects.toThrow('too long')
    const second = relay.send(GET_RANDOM, never)
    const next = await relay.exchange(answer(1, 1), 5000, never)
    expect(next).toMatchObject({ number: 2 })
    void relay.exchange(answer(2, 2), 5, never)
    expect((await second)[10]).toBe(2)
  })

  it('has one command in flight, gives what the device refused as a fault, and ends all with itself', async () => {
    const relay = open()
    const polled = relay.exchange(READY, 5000, never)
    const asked = relay.send(GET_RANDOM, never)
    await expect(relay.send(GET_RANDOM, never)).rejects.toThrow('BACKEND_BUSY')
    await polled
    const refused = { number: 1, payload: Uint8Array.of(0x80, 0x28, 0x04, 0x00) }
    void relay.exchange(refused, 5, never)
    await expect(asked).rejects.toThrow('Windows blocks this command')
    const last = relay.send(GET_RANDOM, never)
    relay.close(new StationError('DEVICE_PROBE_GONE', 'its run is over'))
    await expect(last).rejects.toThrow('DEVICE_PROBE_GONE')
    await expect(relay.send(GET_RANDOM, never)).rejects.toThrow('DEVICE_PROBE_GONE')
    expect(await relay.exchange(READY, 5000, never)).toBe('over')
  })

  it('keeps a command for the next question when the one that waited went away', async () => {
    const relay = open()
    const gone = new AbortController()
    const polled = relay.exchange(READY, 5000, gone.signal)
    gone.abort()
    expect(await polled).toBe('nothing')
    void relay.send(GET_RANDOM, never).catch(() => undefined)
    expect(await relay.exchange(READY, 5000, never)).toMatchObject({ number: 1 })
  })
})
