// When a check may be said to foretell a red screen: counts first, and nothing is claimed from a handful of runs.

/** Below this many runs no share is told and nothing is claimed. */
export const CLAIM_MIN = 20

export interface Counted {
  /** Runs in which Microsoft's service answered. */
  readonly told: number
  readonly failed: number
  /** failed / told; null below `CLAIM_MIN` runs. */
  readonly share: number | null
}

export interface Compared {
  /** Runs with the check against them. */
  readonly bad: Counted
  /** Runs with the same check good. */
  readonly good: Counted
  /** `foretells`: red screens are more frequent with it, beyond what chance does easily. */
  readonly claim: 'foretells' | 'no-difference' | 'too-few'
  readonly says: string
}

/** Ends of the 95 % interval of a share (Wilson 1927), which holds for small counts and for 0 too. */
export function wilson(failed: number, told: number): readonly [low: number, high: number] {
  const z = 1.96
  const share = failed / told
  const centre = share + (z * z) / (2 * told)
  const spread = z * Math.sqrt((share * (1 - share) + (z * z) / (4 * told)) / told)
  const scale = 1 + (z * z) / told
  return [(centre - spread) / scale, (centre + spread) / scale]
}

const counted = ({ told, failed }: { told: number; failed: number }): Counted => ({
  told,
  failed,
  share: told < CLAIM_MIN ? null : failed / told,
})

type Side = { readonly told: number; readonly failed: number }

/**
 * Holds runs with a check against them beside those where it was good. Intervals that do not meet are asked for: it is a
 * strict test, because some thirty checks are looked at in one report.
 */
export function compare(bad: Side, good: Side): Compared {
  const sides = { bad: counted(bad), good: counted(good) }
  if (sides.bad.share === null || sides.good.share === null) {
    const few = sides.bad.share === null ? bad.told : good.told
    const which = sides.bad.share === null ? 'with it' : 'without it'
    const says = `too few runs to say: ${few} ${which}, ${CLAIM_MIN} are needed`
    return { ...sides, claim: 'too-few', says }
  }
  const isMore = wilson(bad.failed, bad.told)[0] > wilson(good.failed, good.told)[1]
  return isMore
    ? { ...sides, claim: 'foretells', says: 'foretells a red screen here' }
    : { ...sides, claim: 'no-difference', says: 'not more red screens with it than without' }
}
