// A box of four arcade buttons on USB, as gamepad encoders are: buttons and axes in one report, contacts that bounce.
import type { HidPeripheral } from './hid-double.ts'

const BUTTONS = 4

/** Game pad: 2 axes of 8 bits, then 4 buttons, then 4 bits of padding; written from HID 1.11 appendix B and the usage tables. */
export const gamepadDescriptor = (hasId: boolean): Uint8Array =>
  Uint8Array.from([
    ...[0x05, 0x01, 0x09, 0x05, 0xa1, 0x01],
    ...(hasId ? [0x85, 0x03] : []),
    ...[0x09, 0x30, 0x09, 0x31, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x02, 0x81, 0x02],
    ...[0x05, 0x09, 0x19, 0x01, 0x29, 0x04, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x04],
    ...[0x81, 0x02, 0x95, 0x04, 0x81, 0x03, 0xc0],
  ])

export class ButtonBoxDouble implements HidPeripheral {
  readonly vendor = 0x0079
  readonly product = 0x0006
  readonly name = 'Generic USB Joystick'
  readonly usbPath = '1-4'
  readonly serial: string
  readonly descriptor: Uint8Array
  readonly #hasId: boolean
  readonly #send: (bytes: readonly number[]) => void
  #state = 0

  constructor(serial: string, hasId: boolean, send: (bytes: readonly number[]) => void) {
    this.serial = serial
    this.#hasId = hasId
    this.#send = send
    this.descriptor = gamepadDescriptor(hasId)
  }

  /** A contact that closes or opens bounces twice before it stands. */
  set(key: number, isDown: boolean): void {
    if (key >= BUTTONS) throw new RangeError(`no button ${key}`)
    for (const state of [isDown, !isDown, isDown, !isDown, isDown]) {
      const bit = 1 << key
      this.#state = state ? this.#state | bit : this.#state & ~bit
      this.#send([...(this.#hasId ? [3] : []), 0x7f, 0x7f, this.#state])
    }
  }

  output(): void {}
  feature(): void {}
  getFeature = (_id: number, length: number): Uint8Array => new Uint8Array(length)
}
