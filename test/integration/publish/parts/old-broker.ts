// A gate in front of a real broker that behaves as brokers without MQTT 5 do: some say so, some just hang up.
import { connect, createServer, type Server, type Socket } from 'node:net'

export interface Gate {
  readonly url: string
  /** Protocol versions of the CONNECT packets that came, in order. */
  readonly versions: readonly number[]
  /** Cuts every connection that is open now. */
  cut(): void
  /** From now on nothing goes through, in either direction, and nothing is closed. */
  freeze(): void
  close(): Promise<void>
}

/** MQTT 3.1.1 §3.2.2.3: connection refused, unacceptable protocol version. */
const UNACCEPTABLE = Buffer.from([0x20, 0x02, 0x00, 0x01])

/** The version byte of a CONNECT: behind the fixed header and the name `MQTT` (3.1.1 §3.1.2.2). */
function versionOf(chunk: Buffer): number {
  let at = 1
  while (((chunk[at] ?? 0) & 0x80) !== 0) at += 1
  const nameLength = chunk.readUInt16BE(at + 1)
  return chunk[at + 3 + nameLength] ?? 0
}

export type Manner = 'with a word' | 'silently' | 'hangs up on SUBSCRIBE'

export async function openGate(port: number, refuses: Manner): Promise<Gate> {
  const versions: number[] = []
  const sockets = new Set<Socket>()
  const pairs = new Set<readonly [Socket, Socket]>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
    socket.once('data', (chunk: Buffer) => {
      const version = versionOf(chunk)
      versions.push(version)
      if (version === 5 && refuses !== 'hangs up on SUBSCRIBE') {
        if (refuses === 'with a word') socket.end(UNACCEPTABLE)
        else socket.end()
        return
      }
      const onward = connect(port, '127.0.0.1')
      onward.on('error', () => socket.destroy())
      onward.once('close', () => socket.destroy())
      socket.once('close', () => onward.destroy())
      onward.write(chunk)
      if (refuses === 'hangs up on SUBSCRIBE') {
        // The first byte of a SUBSCRIBE (3.1.1 §3.8.1); the client sends it in a write of its own.
        socket.on('data', (next: Buffer) => {
          if (next[0] === 0x82) socket.destroy()
        })
      }
      socket.pipe(onward).pipe(socket)
      pairs.add([socket, onward])
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const own = typeof address === 'object' ? (address?.port ?? 0) : 0
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `mqtt://127.0.0.1:${own}`,
    versions,
    cut,
    freeze() {
      for (const [socket, onward] of pairs) {
        socket.unpipe(onward)
        onward.unpipe(socket)
        socket.pause()
        onward.pause()
      }
    },
    close() {
      cut()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
