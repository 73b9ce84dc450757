// A gadget keyboard's node with a device behind it, in the kernel's manners (facts/hardware §2.3), apart from the driver.
import { StationError } from '../../agent/fault.ts'
import type { HidgFile, OpenHidgFile, Written } from '../../drivers/keyboard/hidg-file.ts'

export interface HidgWorld {
  /** The device has enumerated the keyboard. */
  attached: boolean
  /** A driver on the device polls the endpoint; lock keys move their LEDs. */
  polled: boolean
  /** Time from one poll to the next, ms: 1 at high speed, 10 at full speed. */
  intervalMs: number
  /** Reports that the controller takes over before it is polled: dummy_hcd 1, others 0. */
  fifo: number
  /** The next writes fail with a hang-up that no table names. */
  broken: boolean
  /** A lock key moves its LED, and the device tells it. */
  ledsFollow: boolean
}

/** A report that the device polled. */
export interface Landed {
  /** ms since the start of the process. */
  readonly at: number
  readonly bytes: readonly number[]
}

const LOCK_LEDS: Readonly<Record<number, number>> = { 83: 0x01, 57: 0x02, 71: 0x04 }
let nodes = 0

export class HidgDouble {
  readonly path = '/dev/hidg0'
  readonly world: HidgWorld = {
    attached: true,
    polled: true,
    intervalMs: 1,
    fifo: 0,
    broken: false,
    ledsFollow: true,
  }
  readonly polls: Landed[] = []
  /** Lock LEDs of the device: bit 0 Num, 1 Caps, 2 Scroll. */
  leds = 0
  /** Writes by what became of them. */
  readonly writes: Record<Written, number> = { queued: 0, full: 0, off: 0, lost: 0 }
  readonly #device = `double-${process.pid}-${nodes++}`
  /** The node there is now; null while it is gone. */
  #node: number | null = 1
  #born = 1
  readonly #pending: (readonly number[])[] = []
  /** The last SET_REPORT that nobody read; it outlives the session (measured). */
  #ledByte: number | null = null
  #timer: NodeJS.Timeout | null = null
  #down = new Set<number>()

  constructor(world: Partial<HidgWorld> = {}) {
    Object.assign(this.world, world)
    if (this.world.attached && this.world.polled) this.#ledByte = this.leds
  }

  readonly openFile: OpenHidgFile = (path) => {
    const node = this.#node
    if (node === null) throw new StationError('STATION_PORT_GONE', path)
    const file: HidgFile = {
      device: this.#device,
      write: (report) => {
        const written = this.#take(node, [...report])
        this.writes[written]++
        return written
      },
      readLeds: () => {
        const byte = this.#ledByte
        this.#ledByte = null
        return byte
      },
      isCurrent: () => this.#node === node,
      close: () => undefined,
    }
    return file
  }

  set(change: Partial<HidgWorld>): void {
    const was = { ...this.world }
    Object.assign(this.world, change)
    const { attached, polled } = this.world
    if (was.attached && !attached) this.#disconnect()
    const isBound = attached && polled && !(was.attached && was.polled)
    if (isBound && change.attached === true) this.leds = 0
    // A driver that binds tells the LEDs once (measured).
    if (isBound) this.#ledByte = this.leds
    this.#poll()
  }

  /** A LED report that the device sends by itself. */
  setLeds(leds: number): void {
    this.leds = leds
    this.#ledByte = leds
  }

  landed(): readonly (readonly number[])[] {
    return this.polls.map(({ bytes }) => bytes)
  }

  keysDown(): readonly number[] {
    return [...this.#down]
  }

  /** Reports that wait in the kernel. */
  get waiting(): number {
    return this.#pending.length
  }

  /** The gadget is unbound: its node vanishes. */
  remove(): void {
    this.#node = null
    this.#disconnect()
  }

  restore(): void {
    if (this.#node === null) this.#node = ++this.#born
    this.set({ attached: true })
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #take(node: number, bytes: readonly number[]): Written {
    if (this.world.broken) return 'lost'
    if (this.#node !== node || !this.world.attached) return 'off'
    if (this.#pending.length > this.world.fifo) return 'full'
    this.#pending.push(bytes)
    this.#poll()
    return 'queued'
  }

  #poll(): void {
    if (this.#timer !== null || this.#pending.length === 0) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      const { attached, polled } = this.world
      const report = attached && polled ? this.#pending.shift() : undefined
      if (report === undefined) return
      this.#land(report)
      this.#poll()
    }, this.world.intervalMs)
  }

  #land(bytes: readonly number[]): void {
    this.polls.push({ at: performance.now(), bytes })
    const [modifiers = 0, , ...keys] = bytes
    const down = new Set(keys.filter((key) => key !== 0))
    for (let bit = 0; bit < 8; bit++) if (modifiers & (1 << bit)) down.add(0xe0 + bit)
    for (const key of down) {
      const led = LOCK_LEDS[key]
      if (led === undefined || this.#down.has(key) || !this.world.ledsFollow) continue
      this.leds ^= led
      this.#ledByte = this.leds
    }
    this.#down = down
  }

  #disconnect(): void {
    this.#pending.length = 0
    this.#down.clear()
  }
}
