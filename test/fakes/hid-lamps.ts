// Lamps as hardware: each takes the bytes of facts/hardware §4.1 and shows what a person would see; no driver code in here.
import { hex, Lamp, type Seen } from './hid-lamp.ts'

export type { SeenLamp } from './hid-lamp.ts'
export { Lr6UsbDouble, NeUsbDouble, RelayDouble } from './hid-towers.ts'

interface Line {
  readonly rgb: readonly [number, number, number]
  readonly ms: number
}

/** blink(1) mk2: plays pattern lines from RAM, a watchdog plays the lines that it was given. */
export class Blink1Double extends Lamp {
  readonly vendor = 0x27b8
  readonly product = 0x01ed
  readonly name = 'blink(1) mk2'
  readonly lines: Line[] = Array.from({ length: 32 }, () => ({ rgb: [0, 0, 0], ms: 0 }))
  #rgb: readonly [number, number, number] = [0, 0, 0]
  #play: { readonly from: number; readonly to: number; readonly at: number } | null = null
  #down: { readonly due: number; readonly from: number; readonly to: number } | null = null
  flashWrites = 0

  override power(isOn: boolean): void {
    if (isOn) return
    this.#rgb = [0, 0, 0]
    this.#play = null
    this.#down = null
  }

  override feature(bytes: Uint8Array): void {
    this.taken++
    if (bytes.length !== 8 || bytes[0] !== 1) {
      super.feature(bytes)
      return
    }
    const [, cmd, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = bytes
    switch (cmd) {
      case 0x63:
      case 0x6e:
        this.#rgb = [a, b, c]
        this.#play = null
        return
      case 0x6c:
        return
      case 0x50:
        this.lines[f] = { rgb: [a, b, c], ms: ((d << 8) | e) * 10 }
        return
      case 0x70:
        this.#play = a === 1 ? { from: b, to: c, at: this.now() } : null
        return
      case 0x44: {
        const due = this.now() + ((b << 8) | c) * 10
        this.#down = a === 1 ? { due, from: e, to: f } : null
        if (d === 0) this.#rgb = [0, 0, 0]
        return
      }
      case 0x57:
        this.flashWrites++
        return
      default:
        super.feature(bytes)
    }
  }

  look(): Seen {
    const down = this.#down
    if (down !== null && this.now() > down.due) {
      this.#down = null
      this.#play = { from: down.from, to: down.to, at: down.due }
    }
    if (this.#play !== null) this.#rgb = this.#played(this.#play)
    return hex(...this.#rgb)
  }

  /** The line that is being faded to; lines of no colour and no time are skipped, as the firmware does. */
  #played(play: { readonly from: number; readonly to: number; readonly at: number }) {
    const lines = this.lines.slice(play.from, play.to + 1)
    const total = lines.reduce((sum, { ms }) => sum + ms, 0)
    if (total === 0) return this.#rgb
    let left = (this.now() - play.at) % total
    let rgb = this.#rgb
    for (const line of lines) {
      if (line.ms === 0 && line.rgb.every((part) => part === 0)) continue
      rgb = line.rgb
      if (left < line.ms) break
      left -= line.ms
    }
    return rgb
  }
}

export class LuxaforDouble extends Lamp {
  readonly vendor = 0x04d8
  readonly product = 0xf372
  readonly name: string = 'LUXAFOR FLAG'
  #rgb: readonly number[] = [0, 0, 0]

  override output(bytes: Uint8Array): void {
    this.taken++
    if (bytes[0] !== 1 || bytes[1] !== 0xff) {
      super.output(bytes)
      return
    }
    this.#rgb = [...bytes.subarray(2, 5)]
  }
  look = (): Seen => hex(...this.#rgb)
}

/** Another maker's product under the same USB id. */
export class ForeignDouble extends LuxaforDouble {
  override readonly name = 'USB Keypad'
}

export class BlinkStickDouble extends Lamp {
  readonly vendor = 0x20a0
  readonly product = 0x41e5
  readonly name = 'BlinkStick'
  readonly leds: Seen[] = Array.from({ length: 8 }, () => 'dark')

  override feature(bytes: Uint8Array): void {
    this.taken++
    if (bytes[0] === 1 && bytes.length === 4) this.leds[0] = hex(...bytes.subarray(1))
    else if (bytes[0] === 6 && bytes.length === 26)
      for (let at = 0; at < 8; at++) {
        const [g, r, b] = bytes.subarray(2 + at * 3)
        this.leds[at] = hex(r, g, b)
      }
    else super.feature(bytes)
  }
  look = (): Seen => this.leds[0] ?? 'dark'
}

/** Runs its seven steps by itself, and stops without a keepalive. */
export class BusylightDouble extends Lamp {
  readonly vendor = 0x27bb
  readonly product = 0x3bcd
  readonly name = 'BUSYLIGHT'
  #steps: { rgb: readonly number[]; on: number; off: number; next: number }[] = []
  #since = 0
  #alive = 0

  override output(bytes: Uint8Array): void {
    this.taken++
    const sum = bytes.subarray(0, 62).reduce((all, byte) => all + byte, 0)
    const isRight = bytes.length === 64 && sum === ((bytes[62] ?? 0) << 8) + (bytes[63] ?? 0)
    if (!isRight || Buffer.from(bytes.subarray(59, 62)).toString('hex') !== 'ffffff') {
      super.output(bytes)
      return
    }
    const [first = 0] = bytes
    if (first >> 4 === 8) {
      this.#alive = this.now() + (first & 15) * 1000
      return
    }
    this.#steps = Array.from({ length: 7 }, (_, at) => {
      const [op = 0, , r = 0, g = 0, b = 0, on = 0, off = 0] = bytes.subarray(at * 8)
      return { rgb: [r, g, b], on: on * 100, off: off * 100, next: op & 15 }
    })
    this.#since = this.now()
  }

  look(): Seen {
    if (this.now() > this.#alive) return 'dark'
    // One round of the steps, as they jump.
    const round: { rgb: readonly number[]; ms: number }[] = []
    let at = 0
    do {
      const step = this.#steps[at]
      if (step === undefined) return 'dark'
      round.push({ rgb: step.rgb, ms: step.on }, { rgb: [0, 0, 0], ms: step.off })
      at = step.next
    } while (at !== 0)
    const total = round.reduce((sum, { ms }) => sum + ms, 0)
    let left = total === 0 ? 0 : (this.now() - this.#since) % total
    for (const { rgb, ms } of round) {
      if (left < ms) return hex(...rgb)
      left -= ms
    }
    return 'dark'
  }
}

export class EmbravaDouble extends Lamp {
  readonly vendor = 0x2c0d
  readonly product = 0x0001
  readonly name = 'Blynclight'
  #look: Seen = 'dark'

  override output(bytes: Uint8Array): void {
    this.taken++
    const [r, b, g, flags = 0] = bytes
    if (bytes.length !== 8 || bytes[6] !== 0xff || bytes[7] !== 0x22) {
      super.output(bytes)
      return
    }
    this.#look = (flags & 1) === 1 ? 'dark' : hex(r, g, b)
  }
  look = (): Seen => this.#look
}
