// How long to wait before the next try: doubling, capped, and spread by a seed so that a hall of stations does not knock at once.

const FIRST_MS = 250
const CAP_MS = 30_000

/** FNV-1a, 32 bits: turns the station's name into a start for its own stream. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  }
  return value >>> 0
}

export class Backoff {
  #state: number
  #failures = 0

  constructor(seed: string) {
    this.#state = hash(seed)
  }

  /** ms until the next try: between half of and the whole doubled time. */
  next(): number {
    const full = Math.min(FIRST_MS * 2 ** Math.min(this.#failures, 16), CAP_MS)
    this.#failures += 1
    return Math.round(full * (0.5 + this.#draw() / 2))
  }

  reset(): void {
    this.#failures = 0
  }

  /** mulberry32, 0 to 1: spread is all that is asked of it. */
  #draw(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
