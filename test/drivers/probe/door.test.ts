// The door of the intake against a crowd from many addresses and against slow talkers, on this PC's loopback alone.
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { bayId } from '../../../agent/core/ids.ts'
import type { Clock } from '../../../agent/ports.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { CONNECTIONS_MAX, openDoor } from '../../../drivers/probe/door.ts'
import { openIntake } from '../../../drivers/probe/index.ts'
import { networkKey, Refusals } from '../../../drivers/probe/limits.ts'

const HOST = '127.0.0.1'
const sockets: Socket[] = []
const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const end of ends.splice(0)) await end()
})

/** Resolves when the connection stands, or is refused. */
function from(localAddress: string, port: number): Promise<Socket> {
  const socket = connect({ host: HOST, port, localAddress })
  sockets.push(socket)
  socket.on('error', () => undefined)
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(socket))
    socket.once('close', () => resolve(socket))
  })
}
const until = async (what: string, holds: () => boolean) => {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (holds()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`not in time: ${what}`)
}
/** Time passes so many times faster than on the wall. */
const faster = (rate: number): Clock => {
  const real = systemClock()
  return { ...real, after: (ms, fn) => real.after(ms / rate, fn) }
}

describe('the door', () => {
  async function door(known: readonly string[] = []) {
    const inside = new Set<string>()
    const told: string[] = []
    const opened = await openDoor(HOST, 0, {
      clock: systemClock(),
      refusals: new Refusals(10_000, (address, why) => void told.push(`${address} ${why}`)),
      isKnown: (address) => known.includes(address),
      enter: (socket) => {
        const name = `${socket.remoteAddress} ${socket.remotePort}`
        inside.add(name)
        socket.once('close', () => inside.delete(name))
        socket.resume()
      },
    })
    ends.push(() => opened.close())
    return { inside, told, port: opened.port }
  }

  it('holds 256 of a crowd of 1,000 half-open connections; the known stay, a newcomer gets in', async () => {
    const { inside, told, port } = await door(['127.0.9.9'])
    const probe = await from('127.0.9.9', port)
    const before = process.memoryUsage().rss
    // 8 of each of 125 addresses, in 13 networks.
    const crowd = Array.from(
      { length: 1000 },
      (_, index) => `127.1.${Math.floor(index / 80)}.${1 + (Math.floor(index / 8) % 10)}`,
    )
    // As many at a time as the kernel keeps for the door.
    for (let at = 0; at < crowd.length; at += 200)
      await Promise.all(crowd.slice(at, at + 200).map((address) => from(address, port)))
    await until('the crowd was looked at', () => inside.size === CONNECTIONS_MAX)
    const newcomer = await from('127.2.0.1', port)
    await until('the newcomer is in', () => [...inside].some((one) => one.startsWith('127.2.0.1 ')))
    await until('the oldest is gone', () => inside.size <= CONNECTIONS_MAX)
    expect(probe.readyState).toBe('open')
    expect([...inside].filter((one) => one.startsWith('127.0.9.9 '))).toHaveLength(1)
    expect(newcomer.readyState).toBe('open')
    expect(told.join('\n')).toContain('the oldest of too many connections')
    // Fifty lines at once, then two a second with what stayed untold.
    expect(told.length).toBeLessThan(80)
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(64)
  })

  it('lets the strangers of one network in at their pace, and those with a session whatever the others do', async () => {
    const { inside, told, port } = await door(['127.3.0.200'])
    for (let index = 0; index < 130; index += 1) {
      const socket = await from(`127.3.0.${1 + (index % 26)}`, port)
      socket.destroy()
    }
    await until('refused', () => told.some((one) => one.includes('from this network')))
    await from('127.3.0.200', port)
    await until('let in', () => [...inside].some((one) => one.startsWith('127.3.0.200 ')))
    const elsewhere = await from('127.4.0.1', port)
    await until('let in', () => [...inside].some((one) => one.startsWith('127.4.0.1 ')))
    expect(elsewhere.readyState).toBe('open')
    expect(networkKey('10.1.2.3')).toBe('10.1.2.0/24')
    expect(networkKey('fd00:1:2:3::/64')).toBe('fd00:1:2:3::/64')
  })

  it('fills no log: fifty lines at once, the rest in one', () => {
    const told: [string, number][] = []
    const refusals = new Refusals(
      10_000,
      (address, _why, times) => void told.push([address, times]),
    )
    for (let index = 0; index < 1000; index += 1) refusals.add(`10.0.${index}`, 'no', 0)
    expect(told).toHaveLength(50)
    refusals.add('last', 'no', 1000)
    expect(told.slice(50)).toEqual([
      ['many addresses', 950],
      ['last', 1],
    ])
    // What differs only in its numbers is one kind.
    const kinds: string[] = []
    const counting = new Refusals(10_000, (_, why) => void kinds.push(why))
    for (let index = 0; index < 40; index += 1)
      counting.add('a', `report ${index} again`, 0, 'again')
    expect(kinds).toEqual(['report 0 again'])
  })
})

describe('slow talkers', () => {
  it.each<[string, (socket: Socket) => NodeJS.Timeout, string]>([
    // A handshake that comes byte by byte: each is a sign of life, together they never are one.
    [
      'in the handshake',
      (socket) => drip(socket, [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc]),
      'too slow to ask',
    ],
    [
      'in the head',
      (socket) => drip(socket, Buffer.from('POST /device/v1/hello HTTP/1.1\r\nx: aaaa')),
      'too slow to ask',
    ],
    [
      'in the body',
      (socket) => {
        socket.write('POST /device/v1/hello HTTP/1.1\r\nhost: a\r\ncontent-length: 60\r\n\r\n')
        return drip(socket, Buffer.from('a'))
      },
      'too slow to send',
    ],
  ])('%s are ended within their seconds', async (where, talk, why) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'reseal-door-'))
    const told: string[] = []
    // Ten times as fast: 5 s to ask are 500 ms, 10 s to send are 1 s.
    const intake = await openIntake({
      host: HOST,
      port: 0,
      dataDir,
      clock: faster(10),
      desk: { runOf: () => 'run', report: async () => undefined, relayed: async () => undefined },
      note: (_, fields) => void told.push(`${(fields as { why?: string }).why}`),
    })
    ends.push(async () => {
      await intake.close()
      rmSync(dataDir, { recursive: true })
    })
    intake.issue(bayId('01'))
    const port = Number(new URL(intake.url).port)
    const began = performance.now()
    const raw = connect({ host: HOST, port })
    const socket =
      where === 'in the handshake' ? raw : connectTls({ socket: raw, rejectUnauthorized: false })
    sockets.push(raw)
    raw.on('error', () => undefined)
    socket.on('error', () => undefined)
    const ended = new Promise<void>((resolve) => raw.once('close', () => resolve()))
    await new Promise<void>((resolve) =>
      socket.once(where === 'in the handshake' ? 'connect' : 'secureConnect', () => resolve()),
    )
    const timer = talk(socket)
    await ended
    clearInterval(timer)
    expect(performance.now() - began).toBeLessThan(4000)
    expect(told[0]).toBe(why)
  })
})

/** One byte each 40 ms, the last for ever. */
function drip(socket: Socket, bytes: ArrayLike<number>): NodeJS.Timeout {
  let at = 0
  return setInterval(() => {
    if (!socket.destroyed) socket.write(Uint8Array.of(bytes[Math.min(at, bytes.length - 1)] ?? 0))
    at += 1
  }, 40)
}
