// A peer that speaks a TPM's framing and does with each command what the test says, wrong things included.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type OpenTransport,
  simulatorTransport,
  tcpTransport,
  unixTransport,
} from '../../drivers/tpm2-ts/index.ts'

export type Framing = 'tcp' | 'unix' | 'simulator'

export interface TpmPeer extends AsyncDisposable {
  readonly transport: OpenTransport
  /** Commands as they came, whole. */
  readonly commands: readonly Buffer[]
  readonly connections: number
  /** What is done with the next commands; `frame` puts a response into the peer's framing. */
  onCommand: (socket: Socket, command: Buffer, frame: (response: Uint8Array) => Buffer) => void
  /** Signals that a simulator's platform port got. */
  readonly signals: readonly number[]
}

const be32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** A success without parameters. */
export const OK = Buffer.from('80010000000a00000000', 'hex')
/** GetTestResult: a command of nothing but its header. */
export const COMMAND = Buffer.from('80010000000a0000017c', 'hex')

const bare = (response: Uint8Array) => Buffer.from(response)
const framed = (response: Uint8Array) => Buffer.concat([be32(response.length), response, be32(0)])

const listen = (server: Server, where: { port: number; host: string } | { path: string }) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })

/** A simulator has two ports in a row; another program may have taken the second one. */
async function listenInRow(server: Server, platform: Server): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    const port = 12_000 + 2 * Math.floor(Math.random() * 9000)
    try {
      await listen(server, { port, host: '127.0.0.1' })
      await listen(platform, { port: port + 1, host: '127.0.0.1' })
      return port
    } catch {
      server.close()
      platform.close()
    }
  }
  throw new Error('no two free ports in a row')
}

/** Starts a peer and the transport that is meant for it. */
export async function startTpmPeer(framing: Framing): Promise<TpmPeer> {
  const commands: Buffer[] = []
  const signals: number[] = []
  const sockets = new Set<Socket>()
  const folder = mkdtempSync(join(tmpdir(), 'reseal-peer-'))
  const frame = framing === 'simulator' ? framed : bare
  const head = framing === 'simulator' ? 9 : 0
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => {})
    let held: Buffer = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk])
      if (held.length < head + 10) return
      const length = held.readUInt32BE(head + 2)
      if (held.length < head + length) return
      const command = held.subarray(head, head + length)
      held = held.subarray(head + length)
      commands.push(command)
      peer.onCommand(socket, command, frame)
    })
  })
  const platform = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => {
      for (let at = 0; at + 4 <= chunk.length; at += 4) {
        signals.push(chunk.readUInt32BE(at))
        if (chunk.readUInt32BE(at) !== 20) socket.write(be32(0))
      }
    })
  })
  const path = join(folder, 'tpm.sock')
  const start = async () => {
    if (framing === 'unix') {
      await listen(server, { path })
      return unixTransport(path)
    }
    if (framing === 'simulator') {
      return simulatorTransport('127.0.0.1', await listenInRow(server, platform))
    }
    return tcpTransport('127.0.0.1', await listen(server, { port: 0, host: '127.0.0.1' }))
  }
  const transport = await start()
  const peer: TpmPeer = {
    transport,
    commands,
    signals,
    get connections() {
      return connections
    },
    onCommand: (socket, _, put) => void socket.write(put(OK)),
    [Symbol.asyncDispose]: async () => {
      await transport.close()
      for (const socket of sockets) socket.destroy()
      server.close()
      platform.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return peer
}
