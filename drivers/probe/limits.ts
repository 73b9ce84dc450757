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

/** Lines for all addresses together: so many at once, and so many a second. */
const LINES_BURST = 50
const LINES_PER_SECOND = 2

type Tell = (address: string, why: string, times: number) => void

/** Refusals told once per address, kind and while, and never more than a log can take: a flood must not fill it. */
export class Refusals {
  readonly #everyMs: number
  readonly #tell: Tell
  readonly #told = new Map<string, { at: number; times: number }>()
  readonly #lines = new Rate(LINES_BURST, LINES_PER_SECOND)
  /** Refusals of all addresses that no line told of. */
  #untold = 0

  constructor(everyMs: number, tell: Tell) {
    this.#everyMs = everyMs
    this.#tell = tell
  }

  /** `kind` is what repeats; `why` may differ each time, as a device that is refused may count. */
  add(address: string, why: string, now: number, kind = why): void {
    const key = `${address} ${kind}`
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
    const times = 1 + (told?.times ?? 0)
    if (!this.#lines.take('all', now)) {
      this.#untold += times
      return
    }
    const others = this.#untold
    this.#untold = 0
    if (others > 0) this.#tell('many addresses', 'refused without a line of their own', others)
    this.#tell(address, why, times)
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

/** The network that an address as limits count it is in: 256 neighbours of IPv4; of IPv6 it is one already. */
export const networkKey = (address: string): string => address.replace(/\.\d+$/, '.0/24')
