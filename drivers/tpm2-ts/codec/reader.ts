// Reads big-endian fields inside a fixed range; every length is checked before a byte is touched.
import { TpmFault } from '../fault.ts'

const malformed = (sentence: string) => new TpmFault('TPM_MALFORMED', sentence)

export class Reader {
  readonly #bytes: Uint8Array
  readonly #end: number
  #at: number

  constructor(bytes: Uint8Array, from = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#at = from
    this.#end = end
  }

  get left(): number {
    return this.#end - this.#at
  }

  /** Where the next byte is read; kept by a type that may have to start over. */
  get position(): number {
    return this.#at
  }

  /** Goes back to an earlier `position`. */
  rewind(position: number): void {
    if (position < 0 || position > this.#at) throw malformed('A reader cannot be moved forward.')
    this.#at = position
  }

  u8(): number {
    return this.#byte(this.#take(1))
  }

  // Shifts instead of a DataView: making one costs more than reading most structures.
  u16(): number {
    const at = this.#take(2)
    return (this.#byte(at) << 8) | this.#byte(at + 1)
  }

  u32(): number {
    return this.i32() >>> 0
  }

  i32(): number {
    const at = this.#take(4)
    const bytes = this.#bytes
    // The range was checked; the zeros are for the compiler alone.
    const high = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16)
    return high | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
  }

  u64(): bigint {
    if (this.left < 8) this.#take(8)
    const high = BigInt(this.u32())
    return (high << 32n) | BigInt(this.u32())
  }

  /** A copy of the next bytes: what was read does not change with the buffer it came from. */
  bytes(length: number): Uint8Array {
    const from = this.#take(length)
    const copy = new Uint8Array(length)
    for (let index = 0; index < length; index += 1) copy[index] = this.#byte(from + index)
    return copy
  }

  /** A reader of the next bytes alone; this one goes on behind them. */
  inner(length: number): Reader {
    const from = this.#take(length)
    return new Reader(this.#bytes, from, from + length)
  }

  /** Ends a structure: bytes behind it mean that it is not what it was taken for. */
  end(what: string): void {
    if (this.left > 0) throw malformed(`${what} has ${this.left} bytes behind its end.`)
  }

  #byte(at: number): number {
    return this.#bytes[at] ?? 0
  }

  #take(length: number): number {
    if (length > this.left) {
      throw malformed(`${length} bytes are wanted at ${this.#at}, ${this.left} are left.`)
    }
    const from = this.#at
    this.#at += length
    return from
  }
}
