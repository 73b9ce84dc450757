// Asks an NTP server for the time once (SNTP, RFC 4330 and 5905), because attestation fails on a wrong clock.
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { Clock } from '../../agent/ports.ts'
import type { Binding, Reached } from './address.ts'

const PACKET = 48
/** Version 4, mode 3 (client): RFC 5905 §7.3. */
const REQUEST = 0x23
const MODE_SERVER = 4
/** Seconds from 1900 to 1970: RFC 5905 §6. */
const EPOCH_S = 2_208_988_800
/** A datagram may be lost: asked again after this long, real ms. */
const AGAIN_MS = 1000
const TRIES = 3

/** A request whose transmit time is a nonce: it tells nothing, and an answer proves that it is one to it (RFC 8633 §3.3). */
export function ntpRequest(nonce: Uint8Array): Buffer {
  const packet = Buffer.alloc(PACKET)
  packet[0] = REQUEST
  packet.set(nonce.subarray(0, 8), 40)
  return packet
}

/** 64-bit NTP time as UTC ms; a first bit of zero is the era that begins in 2036 (RFC 4330 §3). */
function timeAt(packet: Buffer, at: number): number {
  const seconds = packet.readUInt32BE(at)
  const era = seconds >= 0x80000000 ? 0 : 2 ** 32
  return (seconds + era - EPOCH_S) * 1000 + (packet.readUInt32BE(at + 4) / 2 ** 32) * 1000
}

export type NtpAnswer =
  | { readonly receivedMs: number; readonly sentMs: number }
  | { readonly refused: string }

/** The two times of the server, why it is of no use, or null when the packet is no answer to `nonce`. */
export function ntpAnswer(packet: Buffer, nonce: Uint8Array): NtpAnswer | null {
  const first = packet[0] ?? 0
  if (packet.length < PACKET || (first & 7) !== MODE_SERVER) return null
  if (!packet.subarray(24, 32).equals(nonce.subarray(0, 8))) return null
  const stratum = packet[1] ?? 0
  // Stratum 0 is a kiss of death; its word stands in the reference id (RFC 5905 §7.4).
  if (stratum === 0)
    return { refused: `it refuses: ${packet.toString('latin1', 12, 16).replace(/[^A-Z]/g, '')}` }
  if (stratum > 15 || first >> 6 === 3) return { refused: 'it has no time itself' }
  return { receivedMs: timeAt(packet, 32), sentMs: timeAt(packet, 40) }
}

/** Never rejects; `offsetMs` is the server's clock minus ours, the way there and back halved. */
export function askNtp(
  at: string,
  port: number,
  { four, six }: Binding,
  clock: Clock,
  signal: AbortSignal,
): Promise<Reached> {
  return new Promise((resolve) => {
    const isSix = isIPv6(at)
    const nonce = randomBytes(8)
    const socket = createSocket(isSix ? 'udp6' : 'udp4')
    let cancel = () => {}
    let tries = 0
    let [wall, mono] = [0, 0]
    let isOver = false
    const end = (reached: Reached) => {
      if (isOver) return
      isOver = true
      cancel()
      signal.removeEventListener('abort', late)
      socket.close()
      resolve(reached)
    }
    const late = () => end({ is: 'blocked', why: 'no answer over UDP' })
    const send = () => {
      tries += 1
      ;[wall, mono] = [clock.now(), clock.mono()]
      socket.send(ntpRequest(nonce), port, at, (error) => {
        if (error !== null) end({ is: 'blocked', why: codeOf(error) })
      })
      if (tries < TRIES) cancel = clock.after(AGAIN_MS * clock.rate, send)
    }
    socket.on('error', (error) => end({ is: 'blocked', why: codeOf(error) }))
    socket.on('message', (packet, from) => {
      if (from.port !== port) return
      const answer = ntpAnswer(packet, nonce)
      if (answer === null) return
      if ('refused' in answer) return end({ is: 'broken', why: answer.refused })
      const back = wall + (clock.mono() - mono)
      const offset = (answer.receivedMs - wall + (answer.sentMs - back)) / 2
      end({ is: 'reached', offsetMs: Math.round(offset) })
    })
    if (signal.aborted) return late()
    signal.addEventListener('abort', late, { once: true })
    const own = isSix ? six : four
    socket.bind({ port: 0, ...(own === null ? {} : { address: own }) }, send)
  })
}

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : error.message)
