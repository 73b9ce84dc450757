// One fact about the device with its source, and the grades and verdicts that are weighed from such facts.
import type { InstantMs } from './ids.ts'

export type Source =
  | 'wire'
  | 'keyboard'
  | 'screen'
  | 'probe'
  | 'tpm'
  | 'intune'
  | 'operator'
  | 'station'

export interface Evidence {
  readonly kind: string
  readonly source: Source
  readonly at: InstantMs
  /** A frame, prompt, play or value that the fact rests on. */
  readonly ref: string
}

export const VERDICTS = [
  'resealed',
  'failed',
  'error',
  'timeout',
  'aborted',
  'interrupted',
] as const
export type Verdict = (typeof VERDICTS)[number]

/** What a probe calls the log entry of a technician flow that ended green in this run. */
export const REPORTED_SUCCESS = 'white-glove-success'

/** True when the device's own log said that the technician flow succeeded. */
export const isReported = (run: { readonly evidence: readonly Evidence[] }): boolean =>
  run.evidence.some(({ kind, source }) => kind === REPORTED_SUCCESS && source === 'probe')

/** Proof of a reseal, strongest first (product: evidence and verdicts). */
export const GRADES = ['witnessed', 'reported', 'stated'] as const
export type Grade = (typeof GRADES)[number]

/** The weaker of two grades: a proof is as good as its weakest link. */
export const weaker = (a: Grade, b: Grade): Grade =>
  GRADES.indexOf(a) >= GRADES.indexOf(b) ? a : b

/** What is known of a press: `unknown` never counts as pressed (architecture: engine rule 3). */
export type Proof = 'accepted' | 'delivered' | 'unknown' | 'person'
