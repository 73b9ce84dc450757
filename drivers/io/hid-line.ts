// One peripheral as a driver holds it: open or gone, its writes one after the other and bounded in time.
import { isStationError, StationError } from '../../agent/fault.ts'
import type { Clock } from '../../agent/ports.ts'
import type { Slots } from './hid-slots.ts'
import type { HidEars, HidFound, HidHandle } from './hid-system.ts'

export interface HidWanted {
  /** How faults name it: the address of the config. */
  readonly what: string
  /** USB ids that it may have; none: any. */
  readonly ids: readonly { readonly vendor: number; readonly product: number }[]
  /** What its product string must be: some ids are shared by many makers. */
  readonly name?: RegExp
  /** A top-level collection that it must have, to tell its interfaces apart. */
  readonly usage?: { readonly page: number; readonly usage: number }
  /** Serial number or USB port; empty: the only one that fits. */
  readonly address: string
  /** Reads its own identity, for kinds without a USB serial number; `address` is held against it. */
  readonly identify?: (handle: HidHandle) => Promise<string>
}

export interface HidListener {
  /** The peripheral is there (again); nothing of what it was told before is taken for granted. */
  back(found: HidFound): void
  /** It is not there; also when the first look did not find it, and when the reason changes. */
  gone(why: StationError): void
  /** An input report. Without this nothing is read. */
  report?(bytes: Uint8Array): void
}

export interface HidStream {
  readonly isOpen: boolean
  /**
   * Output report; the first byte is the report id (00 when it has none).
   * @throws StationError STATION_HID_GONE, STATION_HID_SILENT; either way it is gone until `back`
   */
  write(bytes: Uint8Array): Promise<void>
  /** Feature report; as `write`. */
  sendFeature(bytes: Uint8Array): Promise<void>
  /** Reads a feature report; as `write`. It may be shorter than `length`. */
  getFeature(id: number, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

interface LineNeeds {
  readonly clock: Clock
  readonly slots: Slots
  readonly lost: () => void
  readonly closed: () => void
}

/** A peripheral that hung is left alone for this long, ms; doubled up to the limit while it goes on. */
const REST_MIN_MS = 10_000
const REST_MAX_MS = 60_000
/** Calls that wait for their turn; a driver that asks without waiting is turned away. */
const CALLS_MAX = 16
/** How long a clean close is waited for, ms. */
const CLOSE_MS = 200

export class HidLine implements HidStream {
  readonly wanted: HidWanted
  readonly #listener: HidListener
  readonly #n: LineNeeds
  #found: HidFound | null = null
  #handle: HidHandle | null = null
  #gone: string | null = null
  #isClosed = false
  #calls = 0
  #last: Promise<unknown> = Promise.resolve()
  #closing: Promise<void> = Promise.resolve()
  #isClosing = false
  #restUntil = 0
  #rest = REST_MIN_MS

  constructor(wanted: HidWanted, listener: HidListener, needs: LineNeeds) {
    this.wanted = wanted
    this.#listener = listener
    this.#n = needs
  }

  get isOpen(): boolean {
    return this.#handle !== null
  }

  /** The node that it has now; null while it is gone. */
  get node(): string | null {
    return this.#found?.node ?? null
  }

  get mayOpen(): boolean {
    return !this.#isClosed && !this.#isClosing && this.#n.clock.mono() >= this.#restUntil
  }

  /** Takes hold of what was found; a peripheral that left meanwhile is simply missing. */
  async attach(found: HidFound, open: (ears: HidEars | null) => Promise<HidHandle>): Promise<void> {
    const { report } = this.#listener
    const mine: { handle: HidHandle | null } = { handle: null }
    const isMine = () => mine.handle !== null && mine.handle === this.#handle
    const ears: HidEars = {
      report: (bytes) => isMine() && report?.call(this.#listener, bytes),
      lost: (why) => isMine() && this.#lose(this.#fault(why)),
    }
    try {
      mine.handle = await this.#n.slots.run(() => open(report === undefined ? null : ears))
    } catch (error) {
      this.missing(this.#fault(error))
      return
    }
    if (this.#isClosed) return void mine.handle.close().catch(() => undefined)
    this.#found = found
    this.#handle = mine.handle
    this.#gone = null
    this.#listener.back(found)
  }

  /** It is not there, for this reason; told once for each reason. */
  missing(why: StationError): void {
    if (this.#isClosed || this.#handle !== null || this.#gone === why.message) return
    this.#gone = why.message
    this.#listener.gone(why)
  }

  /** Gone when what is plugged in now is not what it holds. */
  check(listed: readonly HidFound[]): void {
    const mine = this.#found
    if (mine === null) return
    const now = listed.find((one) => one.node === mine.node)
    if (now === undefined || now.serial !== mine.serial || now.usbPath !== mine.usbPath)
      this.#lose(this.#fault('unplugged'))
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#call((handle) => handle.write(bytes))
  }

  sendFeature(bytes: Uint8Array): Promise<void> {
    return this.#call((handle) => handle.sendFeature(bytes))
  }

  getFeature(id: number, length: number): Promise<Uint8Array> {
    return this.#call((handle) => handle.getFeature(id, length))
  }

  #call<T>(ask: (handle: HidHandle) => Promise<T>): Promise<T> {
    if (this.#calls >= CALLS_MAX)
      return Promise.reject(new StationError('STATION_HID_SILENT', `${this.wanted.what}: flooded`))
    this.#calls++
    const done = this.#last.then(() => this.#callNow(ask))
    this.#last = done.catch(() => undefined).finally(() => this.#calls--)
    return done
  }

  async #callNow<T>(ask: (handle: HidHandle) => Promise<T>): Promise<T> {
    const handle = this.#handle
    if (handle === null) throw this.#fault('not there')
    try {
      const answer = await this.#n.slots.run(() => ask(handle), this.#n.clock)
      this.#rest = REST_MIN_MS
      return answer
    } catch (error) {
      const fault = this.#fault(error)
      if (this.#handle === handle) this.#lose(fault)
      throw fault
    }
  }

  #lose(why: StationError): void {
    const handle = this.#handle
    if (handle === null) return
    this.#handle = null
    this.#found = null
    if (why.code === 'STATION_HID_SILENT') {
      this.#restUntil = this.#n.clock.mono() + this.#rest
      this.#rest = Math.min(REST_MAX_MS, this.#rest * 2)
    }
    this.#letGo(handle)
    if (this.#isClosed) return
    this.missing(why)
    this.#n.lost()
  }

  /** Behind a call that hangs this takes as long as the kernel does; until then it is not opened again. */
  #letGo(handle: HidHandle): void {
    this.#isClosing = true
    this.#closing = handle
      .close()
      .catch(() => undefined)
      .then(() => {
        this.#isClosing = false
      })
  }

  #fault(error: unknown): StationError {
    const { what } = this.wanted
    if (isStationError(error)) return new StationError(error.code, `${what}: ${error.where}`)
    const text = error instanceof Error ? error.message : String(error)
    const code = /permission denied|not permitted/i.test(text)
      ? 'STATION_HID_DENIED'
      : 'STATION_HID_GONE'
    return new StationError(code, `${what}: ${text}`, { cause: error })
  }

  async close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true
      const handle = this.#handle
      this.#handle = null
      this.#found = null
      if (handle !== null) this.#letGo(handle)
      this.#n.closed()
    }
    // A handle that hangs closes behind us; the timer does not outlive the one that does not.
    const end = new AbortController()
    await Promise.race([this.#closing, this.#n.clock.sleep(CLOSE_MS, end.signal)])
    end.abort()
  }
}
