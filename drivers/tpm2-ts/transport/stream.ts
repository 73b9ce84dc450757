// A transport over a socket: joins partial reads, bounds what it holds, and trusts no connection after a fault.
import { connect, type NetConnectOpts, type Socket } from 'node:net'
import { TpmFault } from '../fault.ts'
import { faultOfAbort } from '../timers.ts'
import type { Framing } from './framing.ts'
import {
  COMMAND_MAX,
  type OpenTransport,
  RESPONSE_MAX,
  type TransportOptions,
} from './transport.ts'

export interface StreamOptions extends TransportOptions {
  readonly target: NetConnectOpts
  readonly framing: Framing
  /** Done before each connection. */
  readonly prepare?: (signal: AbortSignal) => Promise<void>
  /** Sent before a connection is closed by us. */
  readonly farewell?: Uint8Array
}

interface Pending {
  readonly resolve: (response: Uint8Array) => void
  readonly reject: (fault: TpmFault) => void
}

const NOTHING: Buffer = Buffer.alloc(0)
/** Bytes that one read takes from the kernel: a response of the largest kind, and its frame. */
const READ_BYTES = RESPONSE_MAX + 64

/**
 * Connects with the first command and again after a fault: a connection on which an answer is missing
 * could bring it late, so it is closed and its bytes are never read.
 */
export class StreamTransport implements OpenTransport {
  readonly #options: StreamOptions
  readonly #responseMax: number
  #socket: Socket | null = null
  #pending: Pending | null = null
  #held: Buffer = NOTHING
  /** Found while nobody waited; the next command must not be answered by a peer that talks unasked. */
  #unasked: TpmFault | null = null
  #isClosed = false
  #signal: AbortSignal | null = null
  readonly #onAbort = () => {
    if (this.#signal !== null && this.#pending !== null) this.#fail(faultOfAbort(this.#signal))
  }

  constructor(options: StreamOptions) {
    this.#options = options
    this.#responseMax = options.responseMax ?? RESPONSE_MAX
  }

  send(command: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    return new Promise<Uint8Array>((resolve, reject) => {
      this.#admit(command, signal)
      this.#listen(signal)
      const pending: Pending = { resolve, reject }
      this.#pending = pending
      const frame = this.#options.framing.wrap(command)
      if (this.#socket !== null) this.#socket.write(frame)
      else void this.#connect(pending, frame, signal)
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#signal?.removeEventListener('abort', this.#onAbort)
    const socket = this.#socket
    if (this.#pending !== null) this.#fail(new TpmFault('TPM_CLOSED', 'The transport was closed.'))
    else if (socket !== null) {
      this.#socket = null
      const farewell = this.#options.farewell
      if (farewell !== undefined) socket.write(farewell)
      socket.destroySoon()
    }
    if (socket !== null && !socket.closed) {
      await new Promise<void>((resolve) => socket.once('close', () => resolve()))
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** A client uses one signal for many commands: listening anew for each would cost more than it all. */
  #listen(signal: AbortSignal): void {
    if (this.#signal === signal) return
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#signal = signal
    signal.addEventListener('abort', this.#onAbort)
  }

  /** Ends the wait for the command in flight; null if there is none. */
  #settle(): Pending | null {
    const pending = this.#pending
    this.#pending = null
    return pending
  }

  #admit(command: Uint8Array, signal: AbortSignal): void {
    if (this.#isClosed) throw new TpmFault('TPM_CLOSED', 'The transport was closed.')
    if (signal.aborted) throw faultOfAbort(signal)
    if (this.#pending !== null) throw new TpmFault('TPM_BUSY', 'A command is in flight.')
    if (command.length > COMMAND_MAX) {
      throw new TpmFault('TPM_OVERSIZED', `A command has ${COMMAND_MAX} bytes at most.`)
    }
    const unasked = this.#unasked
    this.#unasked = null
    if (unasked !== null) throw unasked
  }

  async #connect(pending: Pending, frame: Uint8Array, signal: AbortSignal): Promise<void> {
    try {
      await this.#options.prepare?.(signal)
    } catch (error) {
      if (this.#pending === pending) {
        this.#settle()?.reject(error instanceof TpmFault ? error : unreachable(error))
      }
      return
    }
    // The wait may have been ended meanwhile; its slot may even be taken again.
    if (this.#pending !== pending) return
    const buffer = new Uint8Array(READ_BYTES)
    // Reading into a buffer of our own saves the stream's: it makes 64 KiB for each read, for an answer of some bytes.
    const callback = (length: number): boolean => {
      if (this.#socket === socket) this.#take(Buffer.from(buffer.subarray(0, length)))
      return true
    }
    const socket = connect({ ...this.#options.target, onread: { buffer, callback } })
    this.#socket = socket
    this.#held = NOTHING
    let isConnected = false
    socket.once('connect', () => {
      isConnected = true
      socket.setNoDelay(true)
      socket.write(frame)
    })
    let cause: unknown
    socket.on('error', (error) => {
      cause = error
    })
    socket.once('close', () => {
      if (this.#socket !== socket) return
      this.#socket = null
      this.#settle()?.reject(
        isConnected
          ? new TpmFault('TPM_CLOSED', 'The peer closed the connection before it answered.', {
              cause,
            })
          : unreachable(cause),
      )
    })
  }

  #take(chunk: Buffer): void {
    if (this.#pending === null) {
      this.#unasked = new TpmFault('TPM_GARBLED', 'The peer sent bytes that nobody asked for.')
      this.#drop()
      return
    }
    const limit = this.#responseMax + this.#options.framing.overhead
    const held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    try {
      const found = this.#options.framing.unwrap(held, this.#responseMax)
      if (found !== null && found.used < held.length) {
        throw new TpmFault('TPM_GARBLED', 'The peer sent more than one response.')
      }
      if (found === null && held.length > limit) {
        throw new TpmFault('TPM_OVERSIZED', `A response is over ${this.#responseMax} bytes.`)
      }
      this.#held = found === null ? held : NOTHING
      if (found !== null) this.#settle()?.resolve(found.response)
    } catch (error) {
      this.#fail(error as TpmFault)
    }
  }

  #fail(fault: TpmFault): void {
    this.#drop()
    this.#settle()?.reject(fault)
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = null
    this.#held = NOTHING
    socket?.destroy()
  }
}

function unreachable(cause: unknown): TpmFault {
  return new TpmFault('TPM_UNREACHABLE', 'Nobody answers at the address of the TPM.', { cause })
}
