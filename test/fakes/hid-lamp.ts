// What all HID lamp doubles share: they count what they take and keep what they do not understand.
import type { HidPeripheral } from './hid-double.ts'

export type Seen = string
/** A colour as an onlooker names it. */
export const hex = (r = 0, g = 0, b = 0): Seen =>
  r + g + b === 0 ? 'dark' : `#${[r, g, b].map((n) => n.toString(16).padStart(2, '0')).join('')}`

/** A lamp that can be looked at; `now` is in ms of the clock that the test runs on. */
export interface SeenLamp extends HidPeripheral {
  look(): Seen
  /** Transfers that it took. */
  readonly taken: number
}

export abstract class Lamp implements SeenLamp {
  abstract readonly vendor: number
  abstract readonly product: number
  abstract readonly name: string
  readonly serial: string
  readonly usbPath: string | null
  readonly now: () => number
  taken = 0
  /** Reports that it did not understand: a test holds them against none. */
  readonly odd: string[] = []

  constructor(now: () => number, serial = '', usbPath: string | null = '1-2.3') {
    this.now = now
    this.serial = serial
    this.usbPath = usbPath
  }

  output(bytes: Uint8Array): void {
    this.taken++
    this.odd.push(`output ${Buffer.from(bytes).toString('hex')}`)
  }

  feature(bytes: Uint8Array): void {
    this.taken++
    this.odd.push(`feature ${Buffer.from(bytes).toString('hex')}`)
  }

  getFeature(_id: number, length: number): Uint8Array {
    return new Uint8Array(length)
  }

  power(_isOn: boolean): void {}

  abstract look(): Seen
}
