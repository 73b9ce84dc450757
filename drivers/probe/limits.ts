// Bounds on what one address may ask: the device network is hostile, and one device must not crowd out the others.

/** Addresses remembered at once; more than any bench has devices. The one longest unheard of is forgotten. */
const ADDRESSES_MAX = 1024

interface Bucket {
  tokens: number
  at: number
}

/** So many at once, and so many more per second, for each address. */
export class Rate {
  readonly #burst: number
  readonly #perSecond: number
  readonly #buckets = new Map<string, Bucket>()

  constructor(burst: number, perSecond: number) {
    this.#burst = burst
    this.#perSecond = perSecond
  }

  /** True while there is a token left; takes none. */
  has(address: string, now: number): boolean {
    const bucket = this.#buckets.get(address)
    if (bucket === undefined) return true
    return bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * this.#perSecond >= 1
  }

  /** Takes one token of this address; false when there is none. `now`: monotonic ms. */
  take(address: string, now: number): boolean {
    const bucket = this.#buckets.get(address) ?? { tokens: this.#burst, at: now }
    const grown = ((now - bucket.at) / 1000) * this.#perSecond
    bucket.tokens = Math.min(this.#burst, bucket.tokens + Math.max(0, grown))
    bucket.at = now
    // Set anew, so that the map's order is that of last use.
    this.#buckets.delete(address)
    this.#buckets.set(address, bucket)
    if (this.#buckets.size > ADDRESSES_MAX) {
      const [oldest] = this.#buckets.keys()
      if (oldest !== undefined) this.#buckets.delete(oldest)
    }
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }
}

/** Refusals told once per address and while: a flood must not fill the log. */
export class Refusals {
  readonly #everyMs: number
  readonly #tell: (address: string, why: string, times: number) => void
  readonly #told = new Map<string, { at: number; times: number }>()

  constructor(everyMs: number, tell: (address: string, why: string, times: number) => void) {
    this.#everyMs = everyMs
    this.#tell = tell
  }

  add(address: string, why: string, now: number): void {
    const key = `${address} ${why}`
    const told = this.#told.get(key)
    if (told !== undefined && now - told.at < this.#everyMs) {
      told.times += 1
      return
    }
    this.#told.delete(key)
    this.#told.set(key, { at: now, times: 0 })
    if (this.#told.size > ADDRESSES_MAX) {
      const [oldest] = this.#told.keys()
      if (oldest !== undefined) this.#told.delete(oldest)
    }
    this.#tell(address, why, 1 + (told?.times ?? 0))
  }
}

/** An address as limits count it: an IPv6 device owns its whole /64. */
export function limitKey(address: string): string {
  const four = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (four !== undefined) return four
  if (!address.includes(':')) return address
  const [head = ''] = address.split('%')
  const [left = '', right] = head.split('::')
  const start = left.split(':').filter((part) => part !== '')
  const end = right === undefined ? [] : right.split(':').filter((part) => part !== '')
  const zeros = Array.from({ length: Math.max(0, 8 - start.length - end.length) }, () => '0')
  return `${[...start, ...zeros, ...end].slice(0, 4).join(':')}::/64`
}
