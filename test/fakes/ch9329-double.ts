// A CH9329 chip with a device behind it, written from facts/hardware §3.1 apart from the driver, on a socat terminal.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { systemClock } from '../../drivers/host/clock.ts'
import { type PtyPair, ptyPair } from './pty.ts'

const run = promisify(execFile)

/** What can be wrong with chip, device and wire; all may change at any time. */
export interface Ch9329World {
  /** The device has enumerated the keyboard. */
  enumerated: boolean
  /** The chip has power; without it the serial side is silent. */
  powered: boolean
  /** A keyboard driver lives on the device: reports are polled, lock keys move their LEDs. */
  driverAlive: boolean
  /** So many of the next replies carry a wrong checksum. */
  wrongChecksums: number
  /** So many of the next reports are answered ok and never reach the device. */
  dropReports: number
  /** So many of the next replies never come, although the command was done. */
  swallowReplies: number
  /** So many of the next replies come `lateMs` late. */
  lateReplies: number
  lateMs: number
  /** Status of every report, 00 is ok. */
  status: number
  /** Garbage sent in front of every reply. */
  garbage: readonly number[]
  /** How long after a lock key the LED follows, ms. */
  ledLagMs: number
  /** Speed on the wire; `setConfig` changes it at the next reset. */
  baud: number
  /** Deaf after a reset, ms. */
  resetMs: number
  /** How long a right answer of stty about the agent's end is trusted, ms; a wrong one is asked again each time. */
  speedFreshMs: number
  /** Bytes take as long as they do on a wire of `baud`, ten bits each; else only as long as the terminal needs. */
  isPaced: boolean
}

/** A report as the chip took it; `landed` when it reached the device. */
export interface TakenReport {
  /** ms since the double was made. */
  readonly at: number
  readonly bytes: readonly number[]
  readonly landed: boolean
}

export interface TakenFrame {
  readonly at: number
  readonly command: number
}

const LOCK_LEDS: Readonly<Record<number, number>> = { 83: 0x01, 57: 0x02, 71: 0x04 }
/** A pause inside a frame ends it (packet gap, default 3 ms); a terminal of this machine needs some slack. */
const FRAME_GAP_MS = 30

export class Ch9329Double {
  readonly world: Ch9329World = {
    enumerated: true,
    powered: true,
    driverAlive: true,
    wrongChecksums: 0,
    dropReports: 0,
    swallowReplies: 0,
    lateReplies: 0,
    lateMs: 0,
    status: 0,
    garbage: [],
    ledLagMs: 0,
    baud: 9600,
    resetMs: 20,
    speedFreshMs: 1000,
    isPaced: false,
  }
  /** Every report since the start, in order. */
  readonly reports: TakenReport[] = []
  /** Every frame with a right checksum at the right speed. */
  readonly frames: TakenFrame[] = []
  /** The 50 bytes of settings in flash; factory: keyboard and mouse, 9600 baud, 1A86:E129. */
  readonly config = new Uint8Array(50)
  /** Lock LEDs of the device: bit 0 Num, 1 Caps, 2 Scroll. */
  leds = 0
  /** Mode in force; flash counts from the next reset on. */
  mode = 0x80
  resets = 0
  #pty!: PtyPair
  #held: Buffer = Buffer.alloc(0)
  #heldAt = 0
  #deadUntil = 0
  #speedRightAt: number | null = null
  #keys = new Set<number>()
  #work: Promise<void> = Promise.resolve()
  readonly #clock = systemClock()
  /** Up to when the wire is taken, with pace. */
  #wireAt = 0

  /** A plugged-in chip. `path` fixes the name of its port, `open` makes it. */
  static async start(
    world: Partial<Ch9329World> = {},
    path?: string,
    open: typeof ptyPair = ptyPair,
  ): Promise<Ch9329Double> {
    const double = new Ch9329Double()
    Object.assign(double.world, world)
    double.config.set([0x80, 0x80, 0x00, 0x00, 0x00, 0x25, 0x80, 0x08, 0x00, 0x00, 0x03])
    double.config.set([0x86, 0x1a, 0x29, 0xe1], 11)
    new DataView(double.config.buffer).setUint32(3, double.world.baud)
    double.#pty = await open((bytes) => double.#take(bytes), path)
    return double
  }

  get path(): string {
    return this.#pty.path
  }

  /** Changes the world; `deadMs`: the chip hears nothing for so long from now on. */
  set(change: Partial<Ch9329World> & { deadMs?: number }): void {
    const { deadMs, ...world } = change
    if (world.enumerated === true && !this.world.enumerated) this.leds = 0
    Object.assign(this.world, world)
    if (world.baud !== undefined) this.#speedRightAt = null
    if (deadMs !== undefined) this.#deadUntil = performance.now() + deadMs
    if (world.enumerated === false || world.powered === false) this.#keys.clear()
  }

  /** Reports that reached the device. */
  landed(): readonly (readonly number[])[] {
    return this.reports.filter((report) => report.landed).map((report) => report.bytes)
  }

  /** Full taps, down and up again, of a usage; 0xe3 is the left Windows key in either encoding. */
  taps(usage: number, from = 0): number {
    let taps = 0
    let down = false
    for (const { bytes, landed } of this.reports.slice(from)) {
      if (!landed) continue
      const isDown = keysOf(bytes).has(usage)
      if (down && !isDown) taps++
      down = isDown
    }
    return taps
  }

  /** Keys down on the device now. */
  keysDown(): readonly number[] {
    return [...this.#keys]
  }

  /** The adapter on the station's side is pulled; the chip forgets nothing. */
  unplug(): Promise<void> {
    return this.#pty.unplug()
  }

  plug(): Promise<void> {
    return this.#pty.plug()
  }

  /** Bytes that nobody asked for. */
  send(bytes: readonly number[]): void {
    this.#pty.write(Uint8Array.from(bytes))
  }

  close(): Promise<void> {
    return this.#pty.close()
  }

  #take(bytes: Uint8Array): void {
    const now = performance.now()
    if (now - this.#heldAt > FRAME_GAP_MS) this.#held = Buffer.alloc(0)
    this.#heldAt = now
    this.#held = Buffer.concat([this.#held, bytes])
    for (;;) {
      const start = this.#held.indexOf(Buffer.from([0x57, 0xab]))
      if (start < 0 || this.#held.length < start + 6) return
      const end = start + 6 + (this.#held[start + 4] ?? 0)
      if (this.#held.length < end) return
      const frame = this.#held.subarray(start, end)
      this.#held = this.#held.subarray(end)
      this.#work = this.#work.then(() => this.#hearAt(now + this.#wireMs(frame.length), frame))
    }
  }

  /** How long so many bytes are on the wire, ms; 0 without pace. */
  #wireMs(bytes: number): number {
    return this.world.isPaced ? (bytes * 10 * 1000) / this.world.baud : 0
  }

  async #hearAt(at: number, frame: Buffer): Promise<void> {
    this.#wireAt = at
    if (this.world.isPaced) await this.#clock.until?.(at)
    await this.#hear(at, frame)
  }

  async #hear(at: number, frame: Buffer): Promise<void> {
    const { world } = this
    if (!world.powered || at < this.#deadUntil || !(await this.#speedIsRight())) return
    const command = frame[3] ?? 0
    const data = frame.subarray(5, -1)
    if (sum(frame.subarray(0, -1)) !== frame.at(-1)) return this.#reply(command | 0xc0, [0xe4])
    this.frames.push({ at, command })
    if (command === 0x01) {
      const leds = world.enumerated ? this.leds : 0
      this.#reply(0x81, [0x31, world.enumerated ? 1 : 0, leds, 0, 0, 0, 0, 0])
    } else if (command === 0x02) {
      if (data.length !== 8) return this.#reply(0xc2, [0xe5])
      this.#report(at, [...data])
      if (world.status === 0) this.#reply(0x82, [0])
      else this.#reply(0xc2, [world.status])
    } else if (command === 0x08) this.#reply(0x88, [...this.config])
    else if (command === 0x09 && data.length === 50) {
      this.config.set(data)
      this.#reply(0x89, [0])
    } else if (command === 0x0f) {
      this.#reply(0x8f, [0])
      this.resets++
      this.mode = this.config[0] ?? 0
      world.baud = new DataView(this.config.buffer).getUint32(3)
      this.#speedRightAt = null
      this.#deadUntil = performance.now() + world.resetMs
    } else this.#reply(command | 0xc0, [0xe3])
  }

  #report(at: number, bytes: readonly number[]): void {
    const { world } = this
    const dropped = world.dropReports > 0
    if (dropped) world.dropReports--
    const landed = !dropped && world.status === 0 && world.enumerated && world.driverAlive
    this.reports.push({ at, bytes, landed })
    if (!landed) return
    const keys = keysOf(bytes)
    for (const key of keys) {
      const led = LOCK_LEDS[key]
      if (led === undefined || this.#keys.has(key)) continue
      if (world.ledLagMs === 0) this.leds ^= led
      else setTimeout(() => (this.leds ^= led), world.ledLagMs)
    }
    this.#keys = keys
  }

  #reply(command: number, data: readonly number[]): void {
    const { world } = this
    if (world.swallowReplies > 0) {
      world.swallowReplies--
      return
    }
    const frame = [0x57, 0xab, 0x00, command, data.length, ...data]
    const wrong = world.wrongChecksums > 0 ? 1 : 0
    world.wrongChecksums -= wrong
    const bytes = [...world.garbage, ...frame, (sum(frame) + wrong) & 0xff]
    if (world.lateReplies > 0) {
      world.lateReplies--
      setTimeout(() => this.send(bytes), world.lateMs)
    } else if (world.isPaced) {
      this.#wireAt += this.#wireMs(bytes.length)
      this.#clock.until?.(this.#wireAt).then(() => this.send(bytes))
    } else this.send(bytes)
  }

  /** A terminal carries bytes at any speed; the chip would not. So the agent's setting is asked for. */
  async #speedIsRight(): Promise<boolean> {
    if (this.#speedRightAt === null) return this.#askSpeed()
    // Asking takes milliseconds, which would look like a slow wire: once it was right, it is asked for aside.
    if (performance.now() - this.#speedRightAt > this.world.speedFreshMs) {
      this.#speedRightAt = performance.now()
      void this.#askSpeed()
    }
    return true
  }

  async #askSpeed(): Promise<boolean> {
    const isRight = await run('stty', ['-F', this.path, 'speed']).then(
      ({ stdout }) => Number(stdout) === this.world.baud,
      () => false,
    )
    this.#speedRightAt = isRight ? performance.now() : null
    return isRight
  }
}

const sum = (bytes: Iterable<number>): number => {
  let total = 0
  for (const byte of bytes) total += byte
  return total & 0xff
}

/** Usages that a boot report holds down, modifiers as E0-E7. */
function keysOf([modifiers = 0, , ...keys]: readonly number[]): Set<number> {
  const down = new Set(keys.filter((key) => key !== 0))
  for (let bit = 0; bit < 8; bit++) if (modifiers & (1 << bit)) down.add(0xe0 + bit)
  return down
}
