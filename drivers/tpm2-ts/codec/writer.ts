// Writes big-endian fields into a growing buffer; a value that does not fit its field is a typed fault.
import { TpmFault } from '../fault.ts'

/** No TPM takes a larger command; it stops a caller's mistake before memory does. */
const SIZE_MAX = 0x1_0000

const whole = (value: number, min: number, max: number) => {
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new TpmFault('TPM_USAGE', `${value} does not fit a field from ${min} to ${max}.`)
}

export class Writer {
  // From Node's pool: a buffer of its own for each small structure costs more than writing it.
  #bytes: Uint8Array = Buffer.allocUnsafe(96)
  #length = 0

  get length(): number {
    return this.#length
  }

  u8(value: number): void {
    this.#put(this.#grow(1), 1, whole(value, 0, 0xff))
  }

  u16(value: number): void {
    this.#put(this.#grow(2), 2, whole(value, 0, 0xffff))
  }

  u32(value: number): void {
    this.#put(this.#grow(4), 4, whole(value, 0, 0xffff_ffff))
  }

  i32(value: number): void {
    this.#put(this.#grow(4), 4, whole(value, -0x8000_0000, 0x7fff_ffff))
  }

  u64(value: bigint): void {
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) {
      throw new TpmFault('TPM_USAGE', `${value} does not fit 64 bits.`)
    }
    this.u32(Number(value >> 32n))
    this.u32(Number(value & 0xffff_ffffn))
  }

  bytes(value: Uint8Array): void {
    const at = this.#grow(value.length)
    this.#bytes.set(value, at)
  }

  /** Writes what `body` writes, with its size before it. */
  sized16(body: () => void): void {
    const at = this.#grow(2)
    body()
    this.#put(at, 2, whole(this.#length - at - 2, 0, 0xffff))
  }

  /** As sized16; the size of a parameter area or of an authorisation area has 32 bits. */
  sized32(body: () => void): void {
    const at = this.#grow(4)
    body()
    this.#put(at, 4, this.#length - at - 4)
  }

  /** The size of a header counts the header itself: it is known only at the end. */
  patch32(at: number, value: number): void {
    if (at + 4 > this.#length) throw new TpmFault('TPM_USAGE', 'Nothing was written there yet.')
    this.#put(at, 4, whole(value, 0, 0xffff_ffff))
  }

  /** A copy of what was written, from `from` on. */
  take(from = 0): Uint8Array {
    return new Uint8Array(this.#bytes.subarray(from, this.#length))
  }

  /** The lowest `size` bytes of a number, the highest first. */
  #put(at: number, size: number, value: number): void {
    for (let index = size - 1, left = value; index >= 0; index -= 1, left >>= 8) {
      this.#bytes[at + index] = left & 0xff
    }
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
    }
    this.#length = needed
    return from
  }
}
