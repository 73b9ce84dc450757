// Time, chance and facts over time, as every room and driver has them.
import type { InstantMs } from '../core/ids.ts'

export interface Clock {
  /** UTC wall clock, ms. */
  now(): InstantMs
  /** Monotonic, ms; only differences mean something. */
  mono(): number
  /** Resolves after `ms`, or at once when `signal` aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Resolves at the moment `at` of `mono()`, late by a fraction of a ms, or at once when `signal` aborts; never early. */
  until?(at: number, signal?: AbortSignal): Promise<void>
  /** Runs `fn` once after `ms`; the answer cancels it. */
  after(ms: number, fn: () => void): () => void
  /** How many clock ms pass in one real ms: 1, or the speed of a virtual bench. */
  readonly rate: number
}

export interface Ids {
  /** A new id, `[0-9A-Za-z]{26}`, sortable by time; drawn from the seed on a virtual bench. */
  next(at: InstantMs): string
}

/** Facts until the signal aborts; lost hardware is a fact, never a throw (architecture: engine rule 9). */
export interface Source<T> {
  watch(signal: AbortSignal): AsyncIterable<T>
}
