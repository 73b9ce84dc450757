// Reads the little-endian structures of a boot log with bounds: a firmware's length is never trusted.
import { StationError } from '../../../agent/fault.ts'

export const brokenLog = (what: string): StationError =>
  new StationError('DEVICE_TPM_DATA', `event log: ${what}`)

export class LogBytes {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  /**
   * The next bytes, as a view.
   * @throws StationError DEVICE_TPM_DATA when there are not so many
   */
  take(count: number): Buffer {
    if (count > this.left) throw brokenLog(`${count} bytes are announced, ${this.left} are left`)
    const part = this.#bytes.subarray(this.#at, this.#at + count)
    this.#at += count
    return part
  }

  u8(): number {
    return this.take(1).readUInt8()
  }
  u16(): number {
    return this.take(2).readUInt16LE()
  }
  u32(): number {
    return this.take(4).readUInt32LE()
  }
  /** A 64-bit length; one that no log can hold is refused. */
  size64(): number {
    const size = this.take(8).readBigUInt64LE()
    if (size > BigInt(this.left)) throw brokenLog('a length is longer than the log')
    return Number(size)
  }
}
