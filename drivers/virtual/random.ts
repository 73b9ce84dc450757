// Chance on a virtual bench: named streams of one seed, so that a draw for one device never shifts another's.

/** cyrb128 of bryc (public domain): four 32-bit words from a text, to seed a stream. */
function words(text: string): [number, number, number, number] {
  let a = 1779033703
  let b = 3144134277
  let c = 1013904242
  let d = 2773480762
  for (let at = 0; at < text.length; at++) {
    const k = text.charCodeAt(at)
    a = b ^ Math.imul(a ^ k, 597399067)
    b = c ^ Math.imul(b ^ k, 2869860233)
    c = d ^ Math.imul(c ^ k, 951274213)
    d = a ^ Math.imul(d ^ k, 2716044179)
  }
  a = Math.imul(c ^ (a >>> 18), 597399067)
  b = Math.imul(d ^ (b >>> 22), 2869860233)
  c = Math.imul(a ^ (c >>> 17), 951274213)
  d = Math.imul(b ^ (d >>> 19), 2716044179)
  a ^= b ^ c ^ d
  return [a >>> 0, (b ^ a) >>> 0, (c ^ a) >>> 0, (d ^ a) >>> 0]
}

/** xoshiro128** (Blackman and Vigna), one stream per name. */
export class Random {
  readonly #seed: string
  #a: number
  #b: number
  #c: number
  #d: number

  constructor(seed: number | string, name = '') {
    this.#seed = `${seed}/${name}`
    const [a, b, c, d] = words(this.#seed)
    this.#a = a
    this.#b = b
    this.#c = c
    // All zeros is the one state that never leaves itself.
    this.#d = (a | b | c | d) === 0 ? 1 : d
  }

  /** A stream of its own, the same for the same name however much was drawn here. */
  stream(name: string): Random {
    return new Random(this.#seed, name)
  }

  /** 32 bits, unsigned. */
  bits(): number {
    const five = Math.imul(this.#b, 5)
    const out = Math.imul((five << 7) | (five >>> 25), 9) >>> 0
    const t = this.#b << 9
    this.#c ^= this.#a
    this.#d ^= this.#b
    this.#b ^= this.#c
    this.#a ^= this.#d
    this.#c ^= t
    this.#d = (this.#d << 11) | (this.#d >>> 21)
    return out
  }

  /** [0, 1) */
  next(): number {
    return this.bits() / 0x1_0000_0000
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  pick<T>(list: readonly T[]): T {
    const one = list[this.int(0, list.length - 1)]
    if (one === undefined) throw new RangeError('nothing to pick from')
    return one
  }

  /** One of a table by weight. */
  weighted<T>(table: readonly (readonly [weight: number, value: T])[]): T {
    let at = this.next() * table.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, value] of table) {
      at -= weight
      if (at < 0) return value
    }
    return this.pick(table)[1]
  }

  hex(digits: number): string {
    let text = ''
    while (text.length < digits) text += this.bits().toString(16).padStart(8, '0')
    return text.slice(0, digits)
  }

  /** A GUID in lower case, of the shape that Graph gives as ZtdId. */
  guid(): string {
    const all = this.hex(32)
    return [
      all.slice(0, 8),
      all.slice(8, 12),
      all.slice(12, 16),
      all.slice(16, 20),
      all.slice(20),
    ].join('-')
  }
}
