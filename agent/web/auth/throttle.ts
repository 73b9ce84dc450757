// Slows down guessing at passwords by account and address, so that nobody can lock a whole floor out.
import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type { Clock } from '../../ports.ts'

interface Rule {
  /** Failures that cost nothing. */
  readonly free: number
  /** Wait after the first one that does, ms; doubled each time. */
  readonly firstMs: number
  readonly mostMs: number
}

/** One account from one address: a person who mistypes feels nothing, a guesser gets 12 tries an hour. */
const PAIR: Rule = { free: 5, firstMs: 2_000, mostMs: 5 * 60_000 }
/** One address at many accounts: a floor behind one address shares it, so the wait stays short. */
const ADDRESS: Rule = { free: 40, firstMs: 1_000, mostMs: 15_000 }
/** One account from many addresses; those from which it signed in before are not held up. */
const ACCOUNT: Rule = { free: 20, firstMs: 1_000, mostMs: 60_000 }
/** Failures are forgotten after so long without one. */
const FORGET_MS = 15 * 60_000
/** Keys that are remembered; the oldest goes first. */
const KEYS_MAX = 5_000
/** Addresses from which an account signed in. */
const KNOWN_MAX = 2_000

interface Count {
  failures: number
  at: number
}

/** Neighbours of a /64 are one person (RFC 6177): they choose among 2^64 addresses freely. */
export const placeOf = (address: string): string => {
  const plain = address.replace(/^::ffff:/, '')
  return isIPv6(plain) ? `${plain.split(':').slice(0, 4).join(':')}::/64` : plain
}

export class Throttle {
  readonly #clock: Pick<Clock, 'mono'>
  readonly #counts = new Map<string, Count>()
  readonly #known = new Set<string>()

  constructor(clock: Pick<Clock, 'mono'>) {
    this.#clock = clock
  }

  /** How long this one has to wait before a try is looked at, ms; 0: now. */
  waitMs(account: string, address: string): number {
    return Math.max(0, ...this.#rules(account, address).map(([key, rule]) => this.#wait(key, rule)))
  }

  failed(account: string, address: string): void {
    for (const [key] of this.#rules(account, address)) {
      const before = this.#counts.get(key)
      this.#counts.delete(key)
      this.#counts.set(key, { failures: this.#fresh(before) + 1, at: this.#clock.mono() })
    }
    for (const key of this.#counts.keys()) {
      if (this.#counts.size <= KEYS_MAX) break
      this.#counts.delete(key)
    }
  }

  /** A sign-in forgives the pair, not the address: one good account must not pay for guesses at others. */
  succeeded(account: string, address: string): void {
    const pair = this.#pair(account, address)
    this.#counts.delete(pair)
    this.#known.delete(pair)
    this.#known.add(pair)
    for (const key of this.#known) {
      if (this.#known.size <= KNOWN_MAX) break
      this.#known.delete(key)
    }
  }

  #rules(account: string, address: string): readonly (readonly [string, Rule])[] {
    const place = placeOf(address)
    const pair = this.#pair(account, address)
    const own = [[pair, PAIR] as const, [`from ${place}`, ADDRESS] as const]
    return this.#known.has(pair) ? own : [...own, [`of ${digestOf(account)}`, ACCOUNT] as const]
  }

  #pair(account: string, address: string): string {
    return `${digestOf(account)} ${placeOf(address)}`
  }

  #fresh(count: Count | undefined): number {
    if (count === undefined || this.#clock.mono() - count.at > FORGET_MS) return 0
    return count.failures
  }

  #wait(key: string, { free, firstMs, mostMs }: Rule): number {
    const count = this.#counts.get(key)
    const over = this.#fresh(count) - free
    if (count === undefined || over < 0) return 0
    const until = count.at + Math.min(mostMs, firstMs * 2 ** Math.min(over, 30))
    return Math.max(0, until - this.#clock.mono())
  }
}

/** Names are typed by anybody, at times a password by mistake: none is kept as it is. */
const digestOf = (account: string): string =>
  createHash('sha256').update(account.toLowerCase()).digest('base64url').slice(0, 16)
