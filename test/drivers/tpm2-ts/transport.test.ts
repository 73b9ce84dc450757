// Transports against peers that do what they should not: each is a typed fault, and the next command works.
import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import {
  isTpmFault,
  tcpTransport,
  transportFromUrl,
  unixTransport,
} from '../../../drivers/tpm2-ts/index.ts'
import { COMMAND, OK, startTpmPeer, type TpmPeer } from '../../fakes/tpm-peer.ts'

const never = new AbortController().signal

async function faultOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'none'
  } catch (error) {
    return isTpmFault(error) ? error.code : String(error)
  }
}

const send = (peer: TpmPeer, signal: AbortSignal = never) => peer.transport.send(COMMAND, signal)

/** Resolves when the peer has the command, without answering it. */
const heard = (peer: TpmPeer) =>
  new Promise<{ socket: Socket; frame: (response: Uint8Array) => Buffer }>((resolve) => {
    peer.onCommand = (socket, _, frame) => resolve({ socket, frame })
  })

const answering: TpmPeer['onCommand'] = (socket, _, frame) => void socket.write(frame(OK))

describe.each(['tcp', 'unix', 'simulator'] as const)('a transport over %s', (framing) => {
  test('sends whole commands over one connection and returns whole responses', async () => {
    await using peer = await startTpmPeer(framing)
    for (let count = 0; count < 3; count += 1) {
      expect(Buffer.from(await send(peer)).equals(OK)).toBe(true)
    }
    expect(peer.connections).toBe(1)
    expect(peer.commands.every((command) => command.equals(COMMAND))).toBe(true)
  })

  test('joins a response that comes byte by byte', async () => {
    await using peer = await startTpmPeer(framing)
    peer.onCommand = (socket, _, frame) => {
      const bytes = [...frame(OK)]
      const next = () => {
        const byte = bytes.shift()
        if (byte !== undefined) socket.write(Buffer.of(byte), () => setImmediate(next))
      }
      next()
    }
    expect(Buffer.from(await send(peer)).equals(OK)).toBe(true)
  })

  test('takes the largest response that is allowed and not one byte more', async () => {
    await using peer = await startTpmPeer(framing)
    for (const size of [4096, 4097]) {
      peer.onCommand = (socket, _, frame) => {
        const large = Buffer.alloc(size)
        OK.copy(large)
        large.writeUInt32BE(size, 2)
        socket.write(frame(large))
      }
      const fault = await faultOf(send(peer))
      expect(fault).toBe(size === 4096 ? 'none' : 'TPM_OVERSIZED')
    }
  })

  const wrong: readonly (readonly [string, string, (frame: Buffer) => Buffer])[] = [
    ['two responses at once', 'TPM_GARBLED', (frame) => Buffer.concat([frame, frame])],
    ['a byte too much', 'TPM_GARBLED', (frame) => Buffer.concat([frame, Buffer.of(0)])],
    ['text', 'TPM_GARBLED|TPM_OVERSIZED', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['zeros', 'TPM_GARBLED', () => Buffer.alloc(64)],
    ['a flood', 'TPM_GARBLED|TPM_OVERSIZED', () => Buffer.alloc(8_000_000, 0xff)],
  ]
  test.each(wrong)('names a peer that answers with %s', async (_, codes, make) => {
    await using peer = await startTpmPeer(framing)
    peer.onCommand = (socket, __, frame) => void socket.write(make(frame(OK)))
    expect(await faultOf(send(peer))).toMatch(new RegExp(`^(${codes})$`))
    peer.onCommand = answering
    expect(await faultOf(send(peer))).toBe('none')
    expect(peer.connections).toBe(2)
  })

  test('names a peer that announces more than memory', async () => {
    await using peer = await startTpmPeer(framing)
    peer.onCommand = (socket, _, frame) => {
      const huge = Buffer.from(OK)
      huge.writeUInt32BE(0xffff_fff0, 2)
      const bytes = frame(huge)
      if (framing === 'simulator') bytes.writeUInt32BE(0xffff_fff0, 0)
      socket.write(bytes)
    }
    expect(await faultOf(send(peer))).toBe('TPM_OVERSIZED')
  })

  test('names a peer that goes away in the middle, and connects again', async () => {
    await using peer = await startTpmPeer(framing)
    for (const part of [0, 1, 7]) {
      peer.onCommand = (socket, _, frame) => socket.end(frame(OK).subarray(0, part))
      expect(await faultOf(send(peer))).toBe('TPM_CLOSED')
    }
    peer.onCommand = answering
    expect(await faultOf(send(peer))).toBe('none')
  })

  test('survives a peer that goes away between two commands', async () => {
    await using peer = await startTpmPeer(framing)
    let socket: Socket | undefined
    peer.onCommand = (from, _, frame) => {
      socket = from
      from.write(frame(OK))
    }
    await send(peer)
    const gone = new Promise((resolve) => socket?.once('close', resolve))
    socket?.end()
    await gone
    expect(await faultOf(send(peer))).toBe('none')
    expect(peer.connections).toBe(2)
  })

  test('never takes a late answer for that of the next command', async () => {
    await using peer = await startTpmPeer(framing)
    const first = heard(peer)
    const stop = new AbortController()
    const work = faultOf(send(peer, stop.signal))
    const { socket, frame } = await first
    stop.abort()
    expect(await work).toBe('TPM_CANCELLED')
    socket.write(frame(Buffer.from('80010000000a00000101', 'hex')))
    peer.onCommand = answering
    expect(Buffer.from(await send(peer)).equals(OK)).toBe(true)
    expect(peer.connections).toBe(2)
  })

  test('says that it waited too long if that is why the signal aborted', async () => {
    await using peer = await startTpmPeer(framing)
    peer.onCommand = () => {}
    expect(await faultOf(send(peer, AbortSignal.timeout(20)))).toBe('TPM_TIMEOUT')
    expect(await faultOf(send(peer, AbortSignal.abort()))).toBe('TPM_CANCELLED')
  })

  test('refuses the next command after bytes that nobody asked for, once', async () => {
    await using peer = await startTpmPeer(framing)
    let socket: Socket | undefined
    peer.onCommand = (from, _, frame) => {
      socket = from
      from.write(frame(OK))
    }
    await send(peer)
    const dropped = new Promise((resolve) => socket?.once('close', resolve))
    socket?.write(Buffer.of(1, 2, 3))
    await dropped
    expect(await faultOf(send(peer))).toBe('TPM_GARBLED')
    expect(await faultOf(send(peer))).toBe('none')
  })

  test('has one command in flight', async () => {
    await using peer = await startTpmPeer(framing)
    const first = heard(peer)
    const work = send(peer)
    expect(await faultOf(send(peer))).toBe('TPM_BUSY')
    const { socket, frame } = await first
    expect(await faultOf(send(peer))).toBe('TPM_BUSY')
    socket.write(frame(OK))
    expect(await faultOf(work)).toBe('none')
  })

  test('is over when it is closed, also in the middle', async () => {
    await using peer = await startTpmPeer(framing)
    const first = heard(peer)
    const work = faultOf(send(peer))
    await first
    await peer.transport.close()
    expect(await work).toBe('TPM_CLOSED')
    expect(await faultOf(send(peer))).toBe('TPM_CLOSED')
  })

  test('sends no command that a TPM cannot take', async () => {
    await using peer = await startTpmPeer(framing)
    expect(await faultOf(peer.transport.send(new Uint8Array(4097), never))).toBe('TPM_OVERSIZED')
    expect(peer.connections).toBe(0)
  })
})

describe('the simulator', () => {
  test('is switched on before the first command and told about the end', async () => {
    await using peer = await startTpmPeer('simulator')
    await send(peer)
    expect(peer.signals.slice(0, 2)).toEqual([1, 11])
    expect(peer.commands).toHaveLength(1)
  })

  test('that does not acknowledge is garbling', async () => {
    await using peer = await startTpmPeer('simulator')
    peer.onCommand = (socket, _, frame) => {
      const bytes = frame(OK)
      bytes.writeUInt32BE(7, bytes.length - 4)
      socket.write(bytes)
    }
    expect(await faultOf(send(peer))).toBe('TPM_GARBLED')
  })
})

describe('an address', () => {
  test('where nobody answers is a fault of its own', async () => {
    await using none = unixTransport('/nowhere/tpm.sock')
    expect(await faultOf(none.send(COMMAND, never))).toBe('TPM_UNREACHABLE')
    await using file = transportFromUrl('device:/nowhere/tpm0')
    expect(await faultOf(file.send(COMMAND, never))).toBe('TPM_UNREACHABLE')
    // Port 1 of the loopback: nothing of a test machine listens there.
    await using closed = tcpTransport('127.0.0.1', 1)
    expect(await faultOf(closed.send(COMMAND, never))).toBe('TPM_UNREACHABLE')
  })

  test('of each kind is known', async () => {
    const good = ['tcp://localhost:2321', 'tcp://[::1]:2321', 'mssim://10.0.0.1:2321']
    for (const url of [...good, 'unix:/run/tpm.sock', 'device:/dev/tpmrm0']) {
      await transportFromUrl(url).close()
    }
  })

  test.each([
    '',
    'tcp://',
    'tcp://host',
    'tcp://host:0',
    'tcp://host:65536',
    'mssim://host:65535',
    'tcp://host:12/path',
    'unix:relative',
    'device:',
    'http://host:80',
    'tcp://a b:80:90',
  ])('of another kind is refused: "%s"', (url) => {
    expect(() => transportFromUrl(url)).toThrow(/^TPM_USAGE/)
  })
})
