// Writes big-endian fields into a growing buffer; a value that does not fit its field is a typed fault.
import { TpmFault } from '../fault.ts'

/** No TPM takes a larger command; it stops a caller's mistake before memory does. */
const SIZE_MAX = 0x1_0000

const whole = (value: number, min: number, max: number) => {
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new TpmFault('TPM_USAGE', `${value} does not fit a field from ${min} to ${max}.`)
}

export class Writer {
  #bytes = new Uint8Array(256)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  get length(): number {
    return this.#length
  }

  u8(value: number): void {
    const at = this.#grow(1)
    this.#view.setUint8(at, whole(value, 0, 0xff))
  }

  u16(value: number): void {
    const at = this.#grow(2)
    this.#view.setUint16(at, whole(value, 0, 0xffff))
  }

  u32(value: number): void {
    const at = this.#grow(4)
    this.#view.setUint32(at, whole(value, 0, 0xffff_ffff))
  }

  i32(value: number): void {
    const at = this.#grow(4)
    this.#view.setInt32(at, whole(value, -0x8000_0000, 0x7fff_ffff))
  }

  u64(value: bigint): void {
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) {
      throw new TpmFault('TPM_USAGE', `${value} does not fit 64 bits.`)
    }
    const at = this.#grow(8)
    this.#view.setBigUint64(at, value)
  }

  bytes(value: Uint8Array): void {
    const at = this.#grow(value.length)
    this.#bytes.set(value, at)
  }

  /** Writes what `body` writes, with its size before it. */
  sized16(body: () => void): void {
    const at = this.#grow(2)
    body()
    this.#view.setUint16(at, whole(this.#length - at - 2, 0, 0xffff))
  }

  /** As sized16; the size of a parameter area or of an authorisation area has 32 bits. */
  sized32(body: () => void): void {
    const at = this.#grow(4)
    body()
    this.#view.setUint32(at, this.#length - at - 4)
  }

  /** The size of a header counts the header itself: it is known only at the end. */
  patch32(at: number, value: number): void {
    if (at + 4 > this.#length) throw new TpmFault('TPM_USAGE', 'Nothing was written there yet.')
    this.#view.setUint32(at, whole(value, 0, 0xffff_ffff))
  }

  /** A copy of what was written, from `from` on. */
  take(from = 0): Uint8Array {
    return this.#bytes.slice(from, this.#length)
  }

  /** Growing exchanges the buffer: call it before the buffer is looked up. */
  #grow(length: number): number {
    const from = this.#length
    const needed = from + length
    if (needed > SIZE_MAX) {
      throw new TpmFault('TPM_OVERSIZED', `${needed} bytes are more than a TPM takes.`)
    }
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
      larger.set(this.#bytes.subarray(0, from))
      this.#bytes = larger
      this.#view = new DataView(larger.buffer)
    }
    this.#length = needed
    return from
  }
}
