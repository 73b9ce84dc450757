// Keeps the last round of each network and starts the next one: shared by all bays on it, few networks at a time.
import type { Clock } from '../../agent/ports.ts'
import type { Round } from './address.ts'

/** A good answer serves all bays that start within a minute; a bad one is asked again sooner, for it is being mended. */
const GOOD_AGE_MS = 60_000
const BAD_AGE_MS = 10_000
/** Networks asked at once; the others wait. Each has its own limit on connections. */
const AT_ONCE = 4
/** More than a bench has networks; the one asked longest ago is forgotten. */
const KEPT_MAX = 256

export interface Kept {
  readonly round: Round
  readonly isBad: boolean
  /** Monotonic, when it began. */
  readonly asked: number
}

export class Rounds<Place> {
  readonly #clock: Clock
  readonly #run: (place: Place) => Promise<{ readonly round: Round; readonly isBad: boolean }>
  readonly #last = new Map<string, Kept>()
  readonly #running = new Map<string, Promise<Kept>>()
  readonly #waiting: (() => void)[] = []
  #busy = 0

  /** `run` never rejects. */
  constructor(
    clock: Clock,
    run: (place: Place) => Promise<{ readonly round: Round; readonly isBad: boolean }>,
  ) {
    this.#clock = clock
    this.#run = run
  }

  /** The last round of a network while it is young, with its age in real ms. */
  young(key: string): { readonly kept: Kept; readonly ageMs: number } | null {
    const kept = this.#last.get(key)
    if (kept === undefined) return null
    const ageMs = (this.#clock.mono() - kept.asked) / this.#clock.rate
    return ageMs < (kept.isBad ? BAD_AGE_MS : GOOD_AGE_MS) ? { kept, ageMs } : null
  }

  /** The round that runs now, or a new one. */
  next(key: string, place: Place): Promise<Kept> {
    const running = this.#running.get(key)
    if (running !== undefined) return running
    const started = this.#one(key, place)
    this.#running.set(key, started)
    return started
  }

  async #one(key: string, place: Place): Promise<Kept> {
    if (this.#busy >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#busy += 1
    const asked = this.#clock.mono()
    const kept = { ...(await this.#run(place)), asked }
    this.#last.delete(key)
    this.#last.set(key, kept)
    const [oldest] = this.#last.keys()
    if (this.#last.size > KEPT_MAX && oldest !== undefined) this.#last.delete(oldest)
    this.#running.delete(key)
    const next = this.#waiting.shift()
    if (next === undefined) this.#busy -= 1
    else next()
    return kept
  }
}
