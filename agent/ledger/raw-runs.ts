// What pages and look-ups ask of the reader's thread, and its answers as they cross it.
import type { ChainEntry } from '../ports.ts'

/** A closed run as it crosses the thread: the body still a text. */
export interface RawRun {
  readonly entry: ChainEntry
  readonly head: string
  readonly body: string
}
export interface RawWalked extends RawRun {
  /** Entries of the chain since the run before in this walk. */
  readonly between: readonly ChainEntry[]
}
export interface RawNote {
  readonly kind: string
  readonly at: number
  readonly body: string
}
export interface RawHistory {
  readonly runs: readonly RawRun[]
  readonly notes: readonly RawNote[]
  readonly open: { readonly bay: string; readonly phase: string; readonly run: string } | null
}
export interface Range {
  readonly since?: number
  readonly until?: number
}
export interface Bounds {
  readonly first: number
  readonly last: number
}
export interface RunsQuery extends Range {
  readonly before?: number
  readonly max: number
  readonly serial?: string
  readonly verdict?: string
  readonly bay?: string
}
export interface Totals {
  readonly runs: number
  readonly verdicts: Readonly<Record<string, number>>
  readonly unsent: number
  readonly parked: number
  readonly oldestUnsentAt: number | null
  readonly head: string
  readonly resealedToday: number
}
