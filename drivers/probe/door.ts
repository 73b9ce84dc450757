// The listening socket in front of the intake: turns away who knocks too often before a key is touched for them.
import { createServer, type Server, type Socket } from 'node:net'
import { StationError } from '../../agent/fault.ts'
import type { Clock } from '../../agent/ports.ts'
import { limitKey, Rate, type Refusals } from './limits.ts'

/** Open connections, all together and of one address: a probe has one. */
const CONNECTIONS_MAX = 256
const OF_ONE_MAX = 8
/** New connections of one address: an attestation makes some 60 in a second or two. */
const NEW_BURST = 200
const NEW_PER_SECOND = 40
/** A connection ends after this, whatever it does: the longest wait of a probe is a third of it. */
const LIFE_MS = 60_000

export interface DoorNeeds {
  readonly clock: Clock
  readonly refusals: Refusals
  /** Takes a connection that was let in. */
  readonly enter: (socket: Socket) => void
}

export interface Door {
  readonly port: number
  /** Ends every connection; resolves when the port is free. */
  close(): Promise<void>
}

/** @throws StationError STATION_ADDRESS_IN_USE when the address cannot be had */
export async function openDoor(host: string, port: number, needs: DoorNeeds): Promise<Door> {
  const { clock, refusals, enter } = needs
  const rate = new Rate(NEW_BURST, NEW_PER_SECOND)
  const open = new Map<Socket, string>()
  const server = createServer({ noDelay: true }, (socket) => {
    const address = limitKey(socket.remoteAddress ?? '')
    const now = clock.mono()
    const why = refusal(address, now)
    // A reset leaves nothing behind here; a polite end would keep the socket waiting.
    if (why !== null) {
      refusals.add(address, why, now)
      socket.on('error', () => undefined)
      socket.resetAndDestroy()
      return
    }
    open.set(socket, address)
    const cancel = clock.after(LIFE_MS, () => socket.destroy())
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      cancel()
      open.delete(socket)
    })
    enter(socket)
  })
  const refusal = (address: string, now: number): string | null => {
    if (!rate.take(address, now)) return 'too many connections in a short time'
    if (open.size >= CONNECTIONS_MAX) return 'too many connections at once'
    let own = 0
    for (const one of open.values()) if (one === address) own += 1
    return own >= OF_ONE_MAX ? 'too many connections of one address' : null
  }
  await listening(server, host, port)
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    close: async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      server.close(() => resolve())
      for (const socket of open.keys()) socket.destroy()
      await promise
    },
  }
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: Error & { readonly code?: string }) => {
      const where = `${host}:${port} ${cause.code ?? cause.message}`
      reject(new StationError('STATION_ADDRESS_IN_USE', where, { cause }))
    })
    server.listen({ host, port, backlog: 64 }, () => {
      server.removeAllListeners('error')
      // A listener that fails later must not end the process; new probes then find nobody.
      server.on('error', () => undefined)
      resolve()
    })
  })
}
