// When a webhook is tried again: soon at first, then ever later, for a day; then a person must look.

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Pauses before the second try and each one after it; the last failure is given up. Together some 27 h. */
export const PAUSES_MS: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  8 * HOUR,
  8 * HOUR,
]
/** While a receiver is down its other messages wait too, so that a long queue is not a storm; at most so long. */
export const REST_MAX_MS = 5 * MINUTE

/** The pause after the failure of try number `tries` (1 is the first); null: it is given up. */
export function pauseAfter(tries: number, askedMs: number | null): number | null {
  const pause = PAUSES_MS[tries - 1]
  return pause === undefined ? null : Math.max(pause, askedMs ?? 0)
}

/** How long the whole hook rests after so many failures in a row, ms. */
export const restAfter = (failures: number): number =>
  Math.min(REST_MAX_MS, PAUSES_MS[Math.min(failures, PAUSES_MS.length) - 1] ?? 0)
