// Ends connections that talk too slowly: Node's own limits count idle time only, and one byte now and then passes them.
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../../agent/ports.ts'

/** Handshake and head of the request, together. */
export const HEAD_MS = 5000
/** The body of a request, 512 KB at most. */
export const BODY_MS = 10_000

type Ends = Pick<Socket, 'remoteAddress' | 'remotePort'>

/** The same for a connection and for the encrypted one inside it. */
const nameOf = ({ remoteAddress, remotePort }: Ends) => `${remoteAddress} ${remotePort}`

export class Patience {
  readonly #clock: Clock
  readonly #late: (address: string | undefined, why: string) => void
  /** Connections that have not asked anything yet. */
  readonly #silent = new Map<string, () => void>()

  constructor(clock: Clock, late: (address: string | undefined, why: string) => void) {
    this.#clock = clock
    this.#late = late
  }

  /** A connection was let in: what it asks must be heard soon. */
  entered(socket: Socket): void {
    const name = nameOf(socket)
    const { remoteAddress } = socket
    const cancel = this.#clock.after(HEAD_MS, () => {
      this.#late(remoteAddress, 'too slow to ask')
      socket.destroy()
    })
    this.#silent.set(name, cancel)
    socket.once('close', () => {
      cancel()
      if (this.#silent.get(name) === cancel) this.#silent.delete(name)
    })
  }

  /** A request has begun: its body must be whole soon. */
  asked(request: IncomingMessage): void {
    const name = nameOf(request.socket)
    this.#silent.get(name)?.()
    this.#silent.delete(name)
    const { remoteAddress } = request.socket
    const cancel = this.#clock.after(BODY_MS, () => {
      this.#late(remoteAddress, 'too slow to send')
      request.destroy()
    })
    request.once('end', cancel)
    request.once('close', cancel)
  }
}
