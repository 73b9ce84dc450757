// The listening socket in front of the intake: turns away who knocks too often before a key is touched for them.
import { createServer, type Server, type Socket } from 'node:net'
import { StationError } from '../../agent/fault.ts'
import type { Clock } from '../../agent/ports.ts'
import { limitKey, networkKey, Rate, type Refusals } from './limits.ts'

/** Open connections, all together and of one address: a probe has one. */
export const CONNECTIONS_MAX = 256
const OF_ONE_MAX = 8
/** New connections of an address with a session: an attestation makes some 60 in a second or two. */
const NEW_BURST = 200
const NEW_PER_SECOND = 40
/** Of an address without one: it fetches the script and says its code. */
const STRANGER_BURST = 30
const STRANGER_PER_SECOND = 5
/** Of all addresses of a network without one: each is a handshake, and addresses cost a device nothing. */
const STRANGERS_BURST = 100
const STRANGERS_PER_SECOND = 20
/** A connection ends after this, whatever it does: the longest wait of a probe is a third of it. */
const LIFE_MS = 60_000
/** The kernel keeps so many until they are looked at; one that it drops comes again only after a second. */
const BACKLOG = 512

export interface DoorNeeds {
  readonly clock: Clock
  readonly refusals: Refusals
  /** True for an address with a session: strangers never crowd it out. */
  readonly isKnown: (address: string) => boolean
  /** Takes a connection that was let in. */
  readonly enter: (socket: Socket) => void
}

export interface Door {
  readonly port: number
  /** Ends every connection; resolves when the port is free. */
  close(): Promise<void>
}

/** Who may come in; monotonic ms. */
class Guard {
  readonly #known = new Rate(NEW_BURST, NEW_PER_SECOND)
  readonly #stranger = new Rate(STRANGER_BURST, STRANGER_PER_SECOND)
  readonly #network = new Rate(STRANGERS_BURST, STRANGERS_PER_SECOND)

  /** Why a new connection of `address` is refused; null when it is not. */
  refusal(address: string, isKnown: boolean, now: number): string | null {
    const why = 'too many connections in a short time'
    if (isKnown) return this.#known.take(address, now) ? null : why
    if (!this.#stranger.take(address, now)) return why
    return this.#network.take(networkKey(address), now) ? null : `${why} from this network`
  }
}

/** @throws StationError STATION_ADDRESS_IN_USE when the address cannot be had */
export async function openDoor(host: string, port: number, needs: DoorNeeds): Promise<Door> {
  const { clock, refusals, isKnown, enter } = needs
  const guard = new Guard()
  /** In the order in which they came. */
  const open = new Map<Socket, string>()
  const refusal = (address: string, now: number): string | null => {
    let own = 0
    for (const one of open.values()) if (one === address) own += 1
    if (own >= OF_ONE_MAX) return 'too many connections of one address'
    const why = guard.refusal(address, isKnown(address), now)
    if (why !== null) return why
    return open.size < CONNECTIONS_MAX || makeRoom(now) ? null : 'too many connections at once'
  }
  /** The oldest connection of a stranger gives way: who means it is through within a moment. */
  const makeRoom = (now: number): boolean => {
    for (const [socket, address] of open) {
      if (isKnown(address)) continue
      refusals.add(address, 'the oldest of too many connections', now)
      open.delete(socket)
      socket.resetAndDestroy()
      return true
    }
    return false
  }
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
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.removeAllListeners('error')
      // A listener that fails later must not end the process; new probes then find nobody.
      server.on('error', () => undefined)
      resolve()
    })
  })
}
