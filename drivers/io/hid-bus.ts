// Shares the HID peripherals of the PC among the parts of the bench: finds each by who it is, loses it, and finds it again.
import { StationError } from '../../agent/fault.ts'
import type { Clock } from '../../agent/ports.ts'
import { HidLine, type HidListener, type HidStream, type HidWanted } from './hid-line.ts'
import { Slots } from './hid-slots.ts'
import type { HidFound, HidHandle, HidSystem } from './hid-system.ts'

export interface HidBusOptions {
  readonly clock: Clock
  readonly system: HidSystem
}

/** After a notice of the kernel udev still sets the rights of a new node; looked again after these waits, ms. */
const AFTER_NOTICE_MS: readonly number[] = [20, 100, 300, 1000]
/** While something is missing it is looked for this often even without a notice, ms. */
const MISSING_MS = 5000
/** Peripherals whose identity has to be read from themselves are asked once; more than these are not kept. */
const IDENTITIES_MAX = 256

/** One bus for a process: who opens a peripheral through it has it alone. */
export class HidBus {
  readonly #clock: Clock
  readonly #system: HidSystem
  readonly #slots = new Slots()
  readonly #lines = new Set<HidLine>()
  /** node → the identity that the peripheral itself told. */
  readonly #identities = new Map<string, string>()
  #stopWatch: (() => void) | null = null
  #stopTimer: () => void = () => undefined
  #round: Promise<void> | null = null
  #again = false
  #sinceNotice: number = AFTER_NOTICE_MS.length
  #listed: readonly HidFound[] = []

  constructor({ clock, system }: HidBusOptions) {
    this.#clock = clock
    this.#system = system
  }

  /** What is plugged in now, for `suggest` and `doctor`. @throws StationError STATION_HID_GONE when it cannot be listed */
  async list(): Promise<readonly HidFound[]> {
    try {
      return await this.#slots.run(() => this.#system.list())
    } catch (cause) {
      throw new StationError('STATION_HID_GONE', messageOf(cause), { cause })
    }
  }

  /** The report descriptor of what was found; rejects when it just left. */
  descriptor(found: HidFound): Promise<Uint8Array> {
    return this.#slots.run(() => this.#system.descriptor(found.node), this.#clock)
  }

  /** The peripheral that is meant, without opening it (only one that has to tell its own identity is opened and closed). */
  async find(wanted: HidWanted): Promise<HidFound | StationError> {
    this.#listed = await this.list()
    return this.#find(wanted)
  }

  /**
   * A line to one peripheral, opened now or as soon as it is there. `listener.gone` and `listener.back` are told in turn;
   * the first of them comes after the first look.
   */
  open(wanted: HidWanted, listener: HidListener): HidStream {
    const line = new HidLine(wanted, listener, {
      clock: this.#clock,
      slots: this.#slots,
      lost: () => this.#arm(),
      closed: () => this.#leave(line),
    })
    this.#lines.add(line)
    this.#stopWatch ??= this.#system.watch(() => this.#noticed())
    this.look()
    return line
  }

  /** Handles that are open; for tests of leaks. */
  get openHandles(): number {
    return [...this.#lines].filter((line) => line.isOpen).length
  }

  /** Looks for what is missing now; many calls at once are one look. */
  look(): void {
    if (this.#round !== null) {
      this.#again = true
      return
    }
    this.#round = this.#lookOnce().finally(() => {
      this.#round = null
      if (this.#again) {
        this.#again = false
        this.look()
      } else this.#arm()
    })
  }

  #noticed(): void {
    this.#sinceNotice = 0
    this.#arm()
  }

  /** One timer: soon after a notice, seldom while something is missing, never when all is there. */
  #arm(): void {
    this.#stopTimer()
    this.#stopTimer = () => undefined
    const soon = AFTER_NOTICE_MS[this.#sinceNotice]
    const isMissing = [...this.#lines].some((line) => !line.isOpen)
    if (this.#lines.size === 0 || (soon === undefined && !isMissing)) return
    this.#stopTimer = this.#clock.after(soon ?? MISSING_MS, () => {
      this.#sinceNotice++
      this.look()
    })
  }

  #leave(line: HidLine): void {
    this.#lines.delete(line)
    if (this.#lines.size > 0) return
    this.#stopTimer()
    this.#stopTimer = () => undefined
    this.#stopWatch?.()
    this.#stopWatch = null
  }

  async #lookOnce(): Promise<void> {
    try {
      this.#listed = await this.list()
    } catch (error) {
      for (const line of this.#lines) line.missing(error as StationError)
      return
    }
    for (const node of this.#identities.keys())
      if (!this.#listed.some((one) => one.node === node)) this.#identities.delete(node)
    for (const line of [...this.#lines]) line.check(this.#listed)
    for (const line of [...this.#lines]) if (!line.isOpen) await this.#attach(line)
  }

  async #attach(line: HidLine): Promise<void> {
    if (!line.mayOpen) return
    const found = await this.#find(line.wanted)
    if (found instanceof StationError) line.missing(found)
    else await line.attach(found, (ears) => this.#system.open(found.node, ears))
  }

  /** The one peripheral that is meant, or why there is none. */
  async #find(wanted: HidWanted): Promise<HidFound | StationError> {
    const { what, address, identify } = wanted
    const right = this.#listed.filter((one) => isRight(one, wanted))
    const here = identify === undefined ? right.filter((one) => hangsAt(one, address)) : []
    if (identify !== undefined)
      for (const one of right)
        if (address === '' || (await this.#identityOf(one, identify)) === address) here.push(one)
    // Several interfaces of one peripheral are one peripheral.
    const places = new Set(here.map((one) => one.usbPath ?? one.node))
    if (places.size > 1 && address === '')
      return new StationError('STATION_HID_GONE', `${what}: ${places.size} fit, name one`)
    const [first] = here.toSorted((a, b) => a.interface - b.interface)
    if (first !== undefined && this.#isTaken(first))
      return new StationError('STATION_HID_BUSY', what)
    if (first !== undefined) return first
    const other = address === '' ? undefined : this.#listed.find((one) => hangsAt(one, address))
    if (other !== undefined)
      return new StationError('STATION_HID_WRONG', `${what}: there is "${other.name}"`)
    return new StationError('STATION_HID_GONE', what)
  }

  #isTaken({ node }: HidFound): boolean {
    return [...this.#lines].some((line) => line.node === node)
  }

  async #identityOf(
    { node }: HidFound,
    identify: NonNullable<HidWanted['identify']>,
  ): Promise<string | null> {
    const known = this.#identities.get(node)
    if (known !== undefined) return known
    let handle: HidHandle | null = null
    try {
      handle = await this.#slots.run(() => this.#system.open(node, null))
      const opened = handle
      const identity = await this.#slots.run(() => identify(opened), this.#clock)
      if (this.#identities.size < IDENTITIES_MAX) this.#identities.set(node, identity)
      return identity
    } catch {
      // Asked again at the next look.
      return null
    } finally {
      void handle?.close().catch(() => undefined)
    }
  }
}

function isRight(one: HidFound, { ids, name, usage }: HidWanted): boolean {
  if (ids.length > 0 && !ids.some((id) => id.vendor === one.vendor && id.product === one.product))
    return false
  if (name !== undefined && !name.test(one.name)) return false
  if (usage === undefined) return true
  return one.usages.some((has) => has.page === usage.page && has.usage === usage.usage)
}

/** An address is a serial number, or a USB port as the kernel (`1-2.3`) or udev (`pci-…-usb-0:2.3`, with or without interface) names it. */
function hangsAt(one: HidFound, address: string): boolean {
  if (address === '') return true
  if (one.serial !== '' && one.serial.toUpperCase() === address.toUpperCase()) return true
  const port = address.replace(/(-usb-0:[\d.]+):\d+\.\d+$/, '$1')
  return port === one.usbPath || port === one.byPath
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
