// Reads the lengths of MQTT packets as the bytes go by, so that a giant is refused before it is gathered in memory.

/** MQTT 3.1.1 §2.2.3: the remaining length has at most four bytes of 7 bits. */
const LENGTH_BYTES_MAX = 4

export class PacketMeter {
  readonly #maxBytes: number
  /** Bytes of the present packet's body that are still to come. */
  #left = 0
  /** Length bytes read so far; -1 = the next byte is the first of a packet. */
  #lengthBytes = -1
  #length = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** False as soon as a packet says that it is longer than the limit, or a length is no length. */
  takes(chunk: Uint8Array): boolean {
    for (let at = 0; at < chunk.length; ) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, chunk.length - at)
        this.#left -= step
        at += step
      } else if (this.#lengthBytes === -1) {
        this.#lengthBytes = 0
        this.#length = 0
        at += 1
      } else {
        if (!this.#lengthByte(chunk[at] ?? 0)) return false
        at += 1
      }
    }
    return true
  }

  #lengthByte(byte: number): boolean {
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes
    this.#lengthBytes += 1
    const more = (byte & 0x80) !== 0
    if (this.#length > this.#maxBytes || (more && this.#lengthBytes === LENGTH_BYTES_MAX)) {
      return false
    }
    if (!more) {
      this.#left = this.#length
      this.#lengthBytes = -1
    }
    return true
  }
}
