// Signal towers and relays as hardware: they take the bytes of facts/hardware §4.1; no driver code in here.
import { Lamp, type Seen } from './hid-lamp.ts'

const NE_COLOURS = ['dark', 'red', 'green', 'yellow', 'blue', 'purple', 'sky', 'white']

/** One body of many colours; answers for its touch sensor when it is asked. */
export class NeUsbDouble extends Lamp {
  readonly vendor = 0x191a
  readonly product = 0x6001
  readonly name = 'NE-USB'
  isTouched = false
  buzz = 0
  volume = 0
  answer: (bytes: readonly number[]) => void = () => undefined
  #look: Seen = 'dark'

  override output(bytes: Uint8Array): void {
    if (bytes.length !== 8 || bytes[0] !== 0) {
      super.output(bytes)
      return
    }
    if (bytes[1] === 0x80) {
      this.answer([0, this.isTouched ? 1 : 0])
      return
    }
    this.taken++
    if (bytes[1] !== 0) {
      super.output(bytes)
      return
    }
    const [, , bz = 0, volume = 0, light = 0] = bytes
    this.buzz = bz
    this.volume = volume
    this.#look = (light & 15) === 1 ? (NE_COLOURS[light >> 4] ?? 'odd') : 'dark'
  }
  look = (): Seen => this.#look
}

const lit = (parts: readonly (readonly [string, boolean])[]): Seen =>
  parts
    .filter(([, isLit]) => isLit)
    .map(([name]) => name)
    .join('+') || 'dark'

export class Lr6UsbDouble extends Lamp {
  readonly vendor = 0x191a
  readonly product = 0x8003
  readonly name = 'LR6-USB'
  buzz = 0
  #look: Seen = 'dark'

  override output(bytes: Uint8Array): void {
    this.taken++
    const [zero, nought, bz = 0, , ry = 0, gb = 0] = bytes
    if (bytes.length !== 8 || zero !== 0 || nought !== 0) {
      super.output(bytes)
      return
    }
    this.buzz = bz
    this.#look = lit([
      ['red', ry >> 4 === 1],
      ['yellow', (ry & 15) === 1],
      ['green', gb >> 4 === 1],
    ])
  }
  look = (): Seen => this.#look
}

/** dcttech USBRelay4 without a USB serial number: its own five characters name it. */
export class RelayDouble extends Lamp {
  readonly vendor = 0x16c0
  readonly product = 0x05df
  readonly name = 'USBRelay4'
  readonly id: string
  readonly wired: readonly string[]
  state = 0
  /** Channels that are stuck where they are. */
  stuck = 0
  /** So long is its answer; 9 is right. */
  answerLength = 9
  reads = 0

  constructor(id: string, wired: readonly string[], usbPath = '1-2.3') {
    super(() => 0, '', usbPath)
    this.id = id
    this.wired = wired
  }

  override power(isOn: boolean): void {
    if (!isOn) this.state = 0
  }

  override feature(bytes: Uint8Array): void {
    this.taken++
    const [cmd, channel = 0] = bytes
    const bit = 1 << (channel - 1)
    const isKnown = cmd === 0xff || cmd === 0xfd
    if (bytes.length !== 8 || !isKnown || channel < 1 || channel > 4) {
      super.feature(bytes)
      return
    }
    if ((this.stuck & bit) === 0) this.state = cmd === 0xff ? this.state | bit : this.state & ~bit
  }

  override getFeature(_id: number, length: number): Uint8Array {
    this.reads++
    const bytes = [0, ...Buffer.from(this.id, 'latin1'), 0, 0, this.state]
    return Uint8Array.from(bytes).subarray(0, Math.min(length, this.answerLength))
  }

  look = (): Seen =>
    lit(this.wired.map((name, at): [string, boolean] => [name, ((this.state >> at) & 1) === 1]))
}
