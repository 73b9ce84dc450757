// A TPM of this machine by its device file; the kernel takes one write for a command, one read for a response.
import { type FileHandle, open } from 'node:fs/promises'
import { TpmFault } from '../fault.ts'
import { faultOfAbort } from '../timers.ts'
import { responseLength } from './framing.ts'
import {
  COMMAND_MAX,
  type OpenTransport,
  RESPONSE_MAX,
  type TransportOptions,
} from './transport.ts'

class DeviceTransport implements OpenTransport {
  readonly #path: string
  readonly #responseMax: number
  #file: FileHandle | null = null
  /** The exchange in the kernel, which no signal can end; its answer must be read before the next one. */
  #exchange: Promise<unknown> | null = null
  #isClosed = false

  constructor(path: string, options: TransportOptions) {
    this.#path = path
    this.#responseMax = options.responseMax ?? RESPONSE_MAX
  }

  async send(command: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    if (this.#isClosed) throw new TpmFault('TPM_CLOSED', 'The transport was closed.')
    if (signal.aborted) throw faultOfAbort(signal)
    if (this.#exchange !== null) throw new TpmFault('TPM_BUSY', 'A command is in flight.')
    if (command.length > COMMAND_MAX) {
      throw new TpmFault('TPM_OVERSIZED', `A command has ${COMMAND_MAX} bytes at most.`)
    }
    const exchange = this.#run(command)
    const settled = exchange.then(
      () => this.#end(true),
      () => this.#end(false),
    )
    this.#exchange = settled
    return new Promise<Uint8Array>((resolve, reject) => {
      const onAbort = () => reject(faultOfAbort(signal))
      signal.addEventListener('abort', onAbort)
      // The slot is free again before the caller learns of the answer.
      settled.then(() => {
        signal.removeEventListener('abort', onAbort)
        exchange.then(resolve, reject)
      })
    })
  }

  /** Returns at once even if the kernel still waits for the chip; the file closes with its answer. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#exchange === null) await this.#drop()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #run(command: Uint8Array): Promise<Uint8Array> {
    const file = await this.#opened()
    try {
      const { bytesWritten } = await file.write(command, 0, command.length, null)
      if (bytesWritten !== command.length) {
        throw new TpmFault('TPM_CLOSED', 'The device did not take the whole command.')
      }
      return await this.#response(file)
    } catch (error) {
      if (error instanceof TpmFault) throw error
      throw new TpmFault('TPM_CLOSED', `${this.#path} failed.`, { cause: error })
    }
  }

  async #response(file: FileHandle): Promise<Uint8Array> {
    // One byte more than allowed, so that a longer response is seen as such.
    const buffer = Buffer.alloc(this.#responseMax + 1)
    let length = 0
    while (true) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null)
      if (bytesRead === 0) throw new TpmFault('TPM_CLOSED', `${this.#path} gave no whole response.`)
      length += bytesRead
      const wanted = responseLength(buffer.subarray(0, length), this.#responseMax)
      if (wanted !== null && length > wanted) {
        throw new TpmFault('TPM_GARBLED', 'The device gave more than one response.')
      }
      if (wanted === length) return buffer.subarray(0, length)
    }
  }

  async #opened(): Promise<FileHandle> {
    if (this.#file !== null) return this.#file
    try {
      this.#file = await open(this.#path, 'r+')
      return this.#file
    } catch (error) {
      throw new TpmFault('TPM_UNREACHABLE', `${this.#path} cannot be opened.`, { cause: error })
    }
  }

  async #end(isGood: boolean): Promise<void> {
    this.#exchange = null
    if (!isGood || this.#isClosed) await this.#drop()
  }

  async #drop(): Promise<void> {
    const file = this.#file
    this.#file = null
    // A device that went away cannot be closed properly either, and nothing is left to tell.
    await file?.close().catch(() => {})
  }
}

/**
 * A TPM of this machine, best by its resource manager `/dev/tpmrm0`. A time-out ends the wait, not the
 * work in the kernel: until it answers, the next command is refused with `TPM_BUSY`.
 */
export function deviceTransport(path: string, options: TransportOptions = {}): OpenTransport {
  return new DeviceTransport(path, options)
}
