// How packets of mqtt.js leave: a few to each write, and without holding memory for every length that ever was.

/** What a packet's length is made of. */
export interface PacketLength {
  /** Topic, payload and what always comes on top. */
  readonly bytes: number
  readonly qos: 0 | 1
  readonly version: 4 | 5
  /** False where properties make it longer. */
  readonly isKnown: boolean
}

/** The part of a socket that is needed here. */
interface Corked {
  cork(): void
  uncork(): void
}

/** So many packets go out in one write at most: one write each costs more than all the rest (measured: 1 to 30). */
const GATHER_MAX = 8
/** Lengths from here on are not kept by mqtt-packet. */
const LENGTHS_KEPT = 16_384
/** One table for all connections, as that of mqtt-packet is: by length, quality of service and version. */
const written = new Uint8Array(LENGTHS_KEPT * 4)

export class PacketWriter {
  /** Packets that wait for their write. */
  #gathered = 0

  /** Calls `send`, which writes one packet to the stream; those of one turn leave together, a few at a time. */
  write(stream: Corked, length: PacketLength, send: () => unknown): void {
    if (this.#gathered === 0) {
      stream.cork()
      queueMicrotask(() => this.#flush(stream))
    }
    this.#gathered += 1
    if (isFirstOfItsLength(length)) withoutPool(send)
    else send()
    if (this.#gathered >= GATHER_MAX) this.#flush(stream)
  }

  #flush(stream: Corked): void {
    if (this.#gathered === 0) return
    this.#gathered = 0
    stream.uncork()
  }
}

/** Whether mqtt-packet may yet keep bytes of this length. */
function isFirstOfItsLength({ bytes, qos, version, isKnown }: PacketLength): boolean {
  if (!isKnown) return true
  if (bytes >= LENGTHS_KEPT) return false
  const at = bytes * 4 + (qos === 1 ? 2 : 0) + (version === 5 ? 1 : 0)
  const isFirst = written[at] === 0
  written[at] = 1
  return isFirst
}

/**
 * mqtt-packet keeps the few bytes of each length that it ever wrote, up to 16,384 of them. Cut from the shared pool each
 * would hold a piece of 64 kB for good: tens of MB within days. Every other packet may use the pool, which is quicker.
 */
function withoutPool(work: () => unknown): void {
  const size = Buffer.poolSize
  Buffer.poolSize = 0
  try {
    work()
  } finally {
    Buffer.poolSize = size
  }
}
