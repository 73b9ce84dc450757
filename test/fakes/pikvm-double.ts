// A PiKVM microcontroller with a device behind it, written from facts/hardware §3.2 apart from the driver, on a terminal.
import { type PtyPair, ptyPair } from './pty.ts'

/** What can be wrong with chip, device and wire; all may change at any time. */
export interface PikvmWorld {
  /** The device has enumerated the keyboard. */
  enumerated: boolean
  /** A keyboard driver lives on the device: reports are polled, lock keys move their LEDs. */
  driverAlive: boolean
  powered: boolean
  /** After its outputs were set: the port of its own vanishes (USB), or it is only deaf (behind an adapter). */
  vanishes: boolean
  restartMs: number
  /** The chip forgets what was set at a restart, as after a loss of power. */
  forgets: boolean
  wrongChecksums: number
  /** So many of the next replies never come, although the command was done. */
  swallowReplies: number
  lateReplies: number
  lateMs: number
  /** Garbage sent in front of every reply. */
  garbage: readonly number[]
  /** Answers of old firmware: four bytes. */
  legacy: boolean
  /** Refuses every request with this code. */
  refusal: number
}

interface Landed {
  readonly at: number
  readonly bytes: readonly number[]
}

/** Key codes of the firmware → usage; modifiers as E0-E7. */
const USAGES: Readonly<Record<number, number>> = {
  37: 0x28,
  40: 0x2b,
  53: 0x39,
  75: 0x51,
  76: 0x52,
  78: 0xe1,
  80: 0xe3,
  86: 0x47,
  87: 0x53,
  122: 0x6a,
}
const LOCK_LEDS: Readonly<Record<number, number>> = { 83: 0x01, 57: 0x02, 71: 0x04 }
const BYTE_GAP_MS = 100
const OFFLINE_AFTER_MS = 50

export class PikvmDouble {
  readonly world: PikvmWorld = {
    enumerated: true,
    driverAlive: true,
    powered: true,
    vanishes: false,
    restartMs: 100,
    forgets: false,
    wrongChecksums: 0,
    swallowReplies: 0,
    lateReplies: 0,
    lateMs: 0,
    garbage: [],
    legacy: false,
    refusal: 0,
  }
  /** Reports that the device took, in order. */
  readonly polls: Landed[] = []
  /** Every whole request with its code and first arguments. */
  readonly requests: (readonly [command: number, a: number, b: number])[] = []
  /** Keyboard (bits 0-2) and mouse (bits 3-5) that stand at the device. */
  outputs = 0x01 | 0x08
  leds = 0
  restarts = 0
  #pty!: PtyPair
  #held: number[] = []
  #heldAt = 0
  #deadUntil = 0
  #keys = new Set<number>()
  #isSent = true
  /** The report in the endpoint that nobody polled yet. */
  #endpoint: readonly number[] | null = null
  #busySince: number | null = null
  #down = new Set<number>()

  static async start(world: Partial<PikvmWorld> = {}, path?: string): Promise<PikvmDouble> {
    const double = new PikvmDouble()
    Object.assign(double.world, world)
    double.#pty = await ptyPair((bytes) => double.#take(bytes), path)
    return double
  }

  get path(): string {
    return this.#pty.path
  }

  set(change: Partial<PikvmWorld> & { deadMs?: number }): void {
    const { deadMs, ...world } = change
    const was = { ...this.world }
    Object.assign(this.world, world)
    if (deadMs !== undefined) this.#deadUntil = performance.now() + deadMs
    if (was.enumerated && !this.world.enumerated) {
      this.#endpoint = null
      this.#down.clear()
    }
    // Back from being offline the firmware sends its latest state anew.
    if (!was.enumerated && this.world.enumerated) this.#isSent = false
    this.#sync()
  }

  landed(): readonly (readonly number[])[] {
    return this.polls.map(({ bytes }) => bytes)
  }

  keysDown(): readonly number[] {
    return [...this.#down]
  }

  unplug(): Promise<void> {
    return this.#pty.unplug()
  }

  plug(): Promise<void> {
    return this.#pty.plug()
  }

  /** The chip lost its power: keys, and outputs that were set, are forgotten. */
  powerCycle(): void {
    this.outputs = 0x01 | 0x08
    this.#forgetKeys()
  }

  send(bytes: readonly number[]): void {
    this.#pty.write(Uint8Array.from(bytes))
  }

  close(): Promise<void> {
    return this.#pty.close()
  }

  #forgetKeys(): void {
    this.#keys.clear()
    this.#endpoint = null
    this.#isSent = true
    this.#down.clear()
  }

  #take(bytes: Uint8Array): void {
    const now = performance.now()
    if (!this.world.powered || now < this.#deadUntil) return
    if (this.#held.length > 0 && now - this.#heldAt > BYTE_GAP_MS) {
      this.#held = []
      this.#reply([0x34, 0x48, 0, 0, 0, 0])
    }
    this.#heldAt = now
    for (const byte of bytes) {
      this.#held.push(byte)
      if (this.#held.length === 8) this.#hear(this.#held.splice(0))
    }
  }

  #hear(request: readonly number[]): void {
    const { world } = this
    const [head, command = 0, a = 0, b = 0] = request
    const sum = crc(request.slice(0, 6))
    const isWhole = head === 0x33 && request[6] === sum >> 8 && request[7] === (sum & 0xff)
    if (isWhole) this.requests.push([command, a, b])
    const isKnown = [0x01, 0x03, 0x04, 0x10, 0x11].includes(command)
    const refusal = isWhole ? world.refusal || (isKnown ? 0 : 0x45) : 0x40
    if (refusal === 0) this.#obey(command, a, b)
    else this.#reply([0x34, refusal, 0, 0, 0, 0])
  }

  #obey(command: number, a: number, b: number): void {
    if (command === 0x03) this.#setOutputs(0x07, a)
    else if (command === 0x04) this.#setOutputs(0x38, a)
    else if (command === 0x10) this.#change(() => this.#keys.clear())
    else if (command === 0x11) {
      const usage = USAGES[a]
      if (usage !== undefined)
        this.#change(() => (b ? this.#keys.add(usage) : this.#keys.delete(usage)))
    }
    this.#pong(command === 0x03 || command === 0x04)
  }

  #pong(restarts: boolean): void {
    const { leds } = this
    let pong = 0x80 | (restarts ? 0x40 : 0)
    if (leds & 0x02) pong |= 0x01
    if (leds & 0x04) pong |= 0x02
    if (leds & 0x01) pong |= 0x04
    if (!this.#isOnline()) pong |= 0x08
    const body = [0x34, pong, 0x80 | this.outputs, 0x01, 0, 0]
    this.#reply(this.world.legacy ? [0x33, 0x20] : body)
  }

  #setOutputs(mask: number, value: number): void {
    const next = (this.outputs & ~mask) | (value & mask)
    this.restarts++
    setTimeout(() => void this.#restart(next), 10)
  }

  async #restart(outputs: number): Promise<void> {
    const { vanishes, restartMs, forgets } = this.world
    if (!forgets) this.outputs = outputs
    this.#forgetKeys()
    this.#deadUntil = performance.now() + restartMs
    if (!vanishes) return
    await this.unplug()
    setTimeout(() => void this.plug(), restartMs)
  }

  #change(work: () => void): void {
    work()
    this.#isSent = false
    this.#sync()
  }

  /** Sends the latest state when the endpoint is free; whatever came between is never seen. */
  #sync(): void {
    const { enumerated, driverAlive } = this.world
    for (;;) {
      if (enumerated && driverAlive && this.#endpoint) {
        this.#land(this.#endpoint)
        this.#endpoint = null
      }
      const isReady = enumerated && this.#endpoint === null
      this.#busySince = isReady ? null : (this.#busySince ?? performance.now())
      if (this.#isSent || !isReady) return
      this.#endpoint = reportOf(this.#keys)
      this.#isSent = true
    }
  }

  #isOnline(): boolean {
    return this.#busySince === null || performance.now() - this.#busySince < OFFLINE_AFTER_MS
  }

  #land(bytes: readonly number[]): void {
    this.polls.push({ at: performance.now(), bytes })
    const [modifiers = 0, , ...keys] = bytes
    const down = new Set(keys.filter((key) => key !== 0))
    for (let bit = 0; bit < 8; bit++) if (modifiers & (1 << bit)) down.add(0xe0 + bit)
    for (const key of down) {
      const led = LOCK_LEDS[key]
      if (led !== undefined && !this.#down.has(key)) this.leds ^= led
    }
    this.#down = down
  }

  #reply(body: readonly number[]): void {
    const { world } = this
    if (world.swallowReplies > 0) {
      world.swallowReplies--
      return
    }
    const wrong = world.wrongChecksums > 0 ? 1 : 0
    world.wrongChecksums -= wrong
    const sum = crc(body) ^ wrong
    const bytes = [...world.garbage, ...body, sum >> 8, sum & 0xff]
    if (world.lateReplies > 0) {
      world.lateReplies--
      setTimeout(() => this.send(bytes), world.lateMs)
    } else this.send(bytes)
  }
}

function reportOf(keys: ReadonlySet<number>): readonly number[] {
  const plain = [...keys].filter((key) => key < 0xe0)
  const modifiers = [...keys].filter((key) => key >= 0xe0)
  const bits = modifiers.reduce((sum, key) => sum | (1 << (key & 7)), 0)
  return [bits, 0, ...plain, 0, 0, 0, 0, 0, 0].slice(0, 8)
}

/** CRC-16 by polynomial division of the reflected bits, as a table-free second opinion. */
function crc(bytes: readonly number[]): number {
  let register = 0xffff
  for (const byte of bytes)
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = ((register ^ (byte >> bit)) & 1) === 1
      register = (register >>> 1) ^ (isOdd ? 0xa001 : 0)
    }
  return register
}
