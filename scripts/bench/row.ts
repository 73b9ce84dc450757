// One line of the table of benchmarks: what was measured, against what, and whether it is good enough.

/** Which way a goal lies. `figure` and `ratio` say what is held against it. */
export interface Goal {
  readonly of: 'figure' | 'ratio'
  readonly is: 'at least' | 'at most' | 'below'
  readonly value: number
}

export interface Row {
  readonly name: string
  readonly unit: string
  readonly ours: number
  /** The same work by bare means, in the same run; null where the goal is an absolute one. */
  readonly bare: number | null
  readonly ratio: number | null
  readonly goal: Goal
  readonly ok: boolean
  /** How it was measured, for whoever doubts it. */
  readonly note: string
}

export interface Measured {
  readonly name: string
  readonly unit: string
  /** One figure of each round. */
  readonly ours: readonly number[]
  readonly bare?: readonly number[]
  readonly goal: Goal
  readonly note: string
}

/**
 * A row with medians, ratio and verdict. The ratio is the median of the rounds' own ratios: who went one after the other
 * met the same neighbours. A figure that is no number is never ok.
 */
export function rowOf(measured: Measured): Row {
  const { name, unit, goal, note } = measured
  const ours = median(measured.ours)
  const bare = measured.bare === undefined ? null : median(measured.bare)
  const ratios = measured.bare?.map(
    (figure, round) => (measured.ours[round] ?? Number.NaN) / figure,
  )
  const ratio = ratios === undefined ? null : median(ratios)
  const value = goal.of === 'ratio' ? (ratio ?? Number.NaN) : ours
  return { name, unit, ours, bare, ratio, goal, ok: reaches(value, goal), note }
}

function reaches(value: number, goal: Goal): boolean {
  switch (goal.is) {
    case 'at least':
      return value >= goal.value
    case 'at most':
      return value <= goal.value
    case 'below':
      return value < goal.value
  }
}

/** The value below which the part `p` of all values lies; NaN of nothing. */
export function percentile(all: readonly number[], p: number): number {
  const sorted = all.toSorted((a, b) => a - b)
  return sorted[Math.min(Math.floor(sorted.length * p), sorted.length - 1)] ?? Number.NaN
}

export const median = (all: readonly number[]): number => percentile(all, 0.5)

/** Figures of contenders that take turns, so that a noisy moment meets all of them; one round before does not count. */
export async function inTurns<Name extends string>(
  rounds: number,
  contenders: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(contenders) as Name[]
  const figures = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<
    Name,
    number[]
  >
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const figure = await contenders[name]()
      if (round > 0) figures[name].push(figure)
    }
  }
  return figures
}
