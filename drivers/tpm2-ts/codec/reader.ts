// Reads big-endian fields inside a fixed range; every length is checked before a byte is touched.
import { TpmFault } from '../fault.ts'

const malformed = (sentence: string) => new TpmFault('TPM_MALFORMED', sentence)

export class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #end: number
  #at: number

  constructor(bytes: Uint8Array, from = 0, end = bytes.length) {
    // A Buffer's slice() is a view; the plain array's is a copy that outlives the response.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
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
    return this.#view.getUint8(this.#take(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2))
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4))
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4))
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8))
  }

  /** A copy of the next bytes. */
  bytes(length: number): Uint8Array {
    const from = this.#take(length)
    return this.#bytes.slice(from, from + length)
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

  #take(length: number): number {
    if (length > this.left) {
      throw malformed(`${length} bytes are wanted at ${this.#at}, ${this.left} are left.`)
    }
    const from = this.#at
    this.#at += length
    return from
  }
}
