// The one way to a serial port: exclusive, whole writes, and a lost port that comes back by itself.
import { readSync, writeSync } from 'node:fs'
import { SerialPort } from 'serialport'
import { type FaultCode, isStationError, StationError } from '../../agent/fault.ts'
import type { Clock } from '../../agent/ports.ts'
import { isAtItsPlace } from './usb-place.ts'

/** What the owner of a port hears of it, in order; `gone` may come from inside a call that found the port lost. */
export interface SerialListener {
  bytes(chunk: Uint8Array): void
  /**
   * The port is lost, or could not be opened at first: STATION_PORT_GONE, STATION_PORT_BUSY, STATION_PORT_DENIED. It is
   * opened again in the background; told again when another reason keeps it shut.
   */
  gone(why: StationError): void
  /** The port is open (again), at the speed that was set last. */
  back(): void
}

/** A port as drivers use it; tests may put anything with the same manners in its place. */
export interface SerialStream {
  readonly path: string
  readonly isOpen: boolean
  readonly baud: number
  /**
   * Hands the whole buffer to the kernel in one write, so that no gap falls into a frame.
   * @throws StationError STATION_PORT_GONE when the port is lost or takes nothing more
   */
  write(bytes: Uint8Array): void
  /** Resolves when the last byte left the kernel's buffer, or the port is lost. */
  drain(): Promise<void>
  /** Delivers what the kernel holds now, without waiting for the event loop; the number of bytes. */
  pump(): number
  /** Throws away what the kernel holds now; the number of bytes. */
  discard(): number
  /** Another speed; the kernel's buffers are emptied by it. */
  setBaud(baud: number): Promise<void>
  close(): Promise<void>
}

export interface SerialOptions {
  /** Prefer a name under /dev/serial/by-path or by-id: ttyUSB numbers change with the order of plugging. */
  readonly path: string
  readonly baud: number
  readonly clock: Clock
  /** True: a port that cannot be opened at first is an error and not the fact `gone`. */
  readonly required?: boolean
  /** First and longest pause between two attempts to open a lost port, ms; each one doubles the last. */
  readonly reopenMinMs?: number
  readonly reopenMaxMs?: number
  /** Where the kernel tells of its devices; `/sys`. */
  readonly sysRoot?: string
}

/** An adapter that is plugged in again is back within the blink of an eye; a missing one costs nothing. */
export const REOPEN_MIN_MS = 100
export const REOPEN_MAX_MS = 2000
const CHUNK_BYTES = 1024
/** Reads in one turn of the event loop, so that a port that never stops talking starves nobody. */
const READS_MAX = 64

type Binding = Awaited<ReturnType<typeof SerialPort.binding.open>>
type UnixBinding = Extract<Binding, { poller: unknown }>

/**
 * Opens a port for this process alone (flock; a second opener gets STATION_PORT_BUSY) and keeps it open until `close`.
 * @throws StationError with `required` alone: STATION_PORT_GONE, STATION_PORT_BUSY, STATION_PORT_DENIED
 */
export async function openSerial(
  options: SerialOptions,
  listener: SerialListener,
): Promise<SerialStream> {
  const port = new Port(options, listener)
  await port.start()
  return port
}

class Port implements SerialStream {
  readonly path: string
  readonly #options: SerialOptions
  readonly #listener: SerialListener
  readonly #life = new AbortController()
  readonly #chunk = new Uint8Array(CHUNK_BYTES)
  #baud: number
  #binding: UnixBinding | null = null
  #closing: Promise<void> = Promise.resolve()
  #reopening: Promise<void> = Promise.resolve()

  constructor(options: SerialOptions, listener: SerialListener) {
    this.path = options.path
    this.#baud = options.baud
    this.#options = options
    this.#listener = listener
  }

  get isOpen(): boolean {
    return this.#binding !== null
  }

  get baud(): number {
    return this.#baud
  }

  async start(): Promise<void> {
    try {
      await this.#open()
    } catch (error) {
      if (!isStationError(error) || this.#options.required === true) throw error
      this.#listener.gone(error)
      this.#reopening = this.#reopen(error.code)
    }
  }

  async #open(): Promise<void> {
    // Not even opened: it is another bay's, and the binding keeps something of every port that was ever open.
    this.#checkPlace()
    let binding: Binding
    try {
      // Without HUPCL closing leaves RTS alone: boards that wire it to the chip's reset would lose their settings.
      const settings = { path: this.path, baudRate: this.#baud, lock: true, hupcl: false }
      binding = await SerialPort.binding.open(settings)
    } catch (error) {
      throw openError(this.path, error)
    }
    try {
      // Again: the name may have changed meanwhile.
      this.#checkPlace()
    } catch (error) {
      await binding.close()
      throw error
    }
    if (!('poller' in binding)) throw new StationError('STATION_PORT_GONE', `${this.path}: no Unix`)
    if (this.#life.signal.aborted) return void (await binding.close())
    this.#binding = binding
    this.#listener.back()
    this.#await(binding)
  }

  /** @throws StationError STATION_PORT_GONE when a by-path name leads elsewhere */
  #checkPlace(): void {
    if (isAtItsPlace(this.path, this.#options.sysRoot) !== false) return
    const where = `${this.path}: the name leads to another USB place`
    throw new StationError('STATION_PORT_GONE', where)
  }

  /** Asks for one readiness notice; a hung-up port is "readable" with no bytes or with an error. */
  #await(binding: UnixBinding): void {
    binding.poller.once('readable', (error: Error | null) => {
      // The binding calls from outside of Node's own callbacks: promises settled there would wait for the next event.
      setImmediate(() => {
        if (this.#binding !== binding) return
        if (error) this.#lose(error.message)
        else this.pump()
        if (this.#binding === binding) this.#await(binding)
      })
    })
  }

  pump(): number {
    return this.#read((chunk) => this.#listener.bytes(chunk))
  }

  discard(): number {
    return this.#read(() => undefined)
  }

  #read(take: (chunk: Uint8Array) => void): number {
    let total = 0
    for (let n = 0; n < READS_MAX; n++) {
      const fd = this.#binding?.fd
      if (fd === null || fd === undefined) return total
      try {
        const got = readSync(fd, this.#chunk)
        // A tty with VMIN 1 answers "nothing yet" by EAGAIN; 0 bytes is a hang-up, and would be so for ever.
        if (got === 0) {
          this.#lose('hung up')
          return total
        }
        total += got
        take(this.#chunk.slice(0, got))
      } catch (error) {
        if (!isAgain(error)) this.#lose(messageOf(error))
        return total
      }
    }
    return total
  }

  write(bytes: Uint8Array): void {
    const fd = this.#binding?.fd
    if (fd === null || fd === undefined) throw new StationError('STATION_PORT_GONE', this.path)
    let taken = 0
    try {
      taken = writeSync(fd, bytes)
    } catch (error) {
      if (!isAgain(error)) {
        this.#lose(messageOf(error))
        throw new StationError('STATION_PORT_GONE', this.path, { cause: error })
      }
    }
    if (taken === bytes.length) return
    // A full output buffer means that nothing has left for thousands of bytes: open it afresh.
    this.#lose('takes no bytes')
    throw new StationError('STATION_PORT_GONE', `${this.path}: takes no bytes`)
  }

  async drain(): Promise<void> {
    try {
      await this.#binding?.drain()
    } catch (error) {
      this.#lose(messageOf(error))
    }
  }

  async setBaud(baud: number): Promise<void> {
    this.#baud = baud
    try {
      await this.#binding?.update({ baudRate: baud })
    } catch (error) {
      this.#lose(messageOf(error))
    }
  }

  #lose(why: string): void {
    const binding = this.#binding
    if (binding === null) return
    this.#binding = null
    this.#closing = binding.close().catch(() => undefined)
    if (this.#life.signal.aborted) return
    this.#listener.gone(new StationError('STATION_PORT_GONE', `${this.path}: ${why}`))
    this.#reopening = this.#reopen('STATION_PORT_GONE')
  }

  /** `told`: the reason that the listener knows. */
  async #reopen(told: FaultCode): Promise<void> {
    const { clock, reopenMinMs = REOPEN_MIN_MS, reopenMaxMs = REOPEN_MAX_MS } = this.#options
    await this.#closing
    let last = told
    for (let pause = reopenMinMs; !this.#life.signal.aborted; pause *= 2) {
      await clock.sleep(Math.min(pause, reopenMaxMs), this.#life.signal)
      if (this.#life.signal.aborted) return
      try {
        return await this.#open()
      } catch (error) {
        // Whatever keeps it shut (missing, held, denied): for the bay it is a part that is gone.
        if (!isStationError(error)) throw error
        // Only a reason that stays: udev gives the rights of a new node a moment after its name.
        if (error.code === last && error.code !== told) {
          told = error.code
          this.#listener.gone(error)
        }
        last = error.code
      }
    }
  }

  async close(): Promise<void> {
    this.#life.abort()
    const binding = this.#binding
    this.#binding = null
    await binding?.close().catch(() => undefined)
    await this.#reopening
    await this.#closing
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

const isAgain = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EAGAIN' || error.code === 'EINTR')

/** The binding tells causes by the C library's sentence only. */
function openError(path: string, cause: unknown): StationError {
  const text = messageOf(cause)
  const where = `${path}: ${text.replace(/^Error:? /, '')}`
  if (/cannot lock|resource busy/i.test(text)) {
    return new StationError('STATION_PORT_BUSY', path, { cause })
  }
  if (/permission denied|not permitted/i.test(text)) {
    return new StationError('STATION_PORT_DENIED', path, { cause })
  }
  return new StationError('STATION_PORT_GONE', where, { cause })
}
