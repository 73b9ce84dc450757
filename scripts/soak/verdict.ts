// Holds the end of a soak against its beginning: memory that grows and handles that stay open are leaks.
import { mean, type Sample, total } from './figures.ts'

/** The last part may have so many times the memory of the second. */
export const GROWTH_MAX = 1.05

export interface Line {
  readonly name: string
  readonly text: string
  /** Null: told, not judged. */
  readonly ok: boolean | null
}

/** Samples of one part of the time, `[from, to)`. */
export const between = (samples: readonly Sample[], from: number, to: number): readonly Sample[] =>
  samples.filter(({ at }) => at >= from && at < to)

/**
 * Memory and handles of the second part of the time against those of the last.
 * @throws RangeError when a part has no samples: a soak that measured nothing is not good
 */
export function leaks(
  second: readonly Sample[],
  last: readonly Sample[],
  parts: readonly [second: string, last: string],
): readonly Line[] {
  const [before] = second
  const end = last.at(-1)
  if (before === undefined || end === undefined) throw new RangeError('nothing was measured')
  return [
    growth('objects alive', second, last, parts, ({ liveMb }) => liveMb),
    { ...growth('compiled code', second, last, parts, ({ codeMb }) => codeMb), ok: null },
    growth('memory of its own', second, last, parts, ({ ownMb }) => ownMb),
    level('open files, sockets, ports', second, last, ({ open }) => total(open)),
    level('timers', second, last, ({ open }) => open.timers),
  ]
}

function growth(
  name: string,
  second: readonly Sample[],
  last: readonly Sample[],
  [a, b]: readonly [string, string],
  of: (sample: Sample) => number,
): Line {
  const before = mean(second.map(of))
  const after = mean(last.map(of))
  const times = after / before
  const text = `${a} ${before.toFixed(1)} MB, ${b} ${after.toFixed(1)} MB: × ${times.toFixed(3)} (at most ${GROWTH_MAX})`
  return { name, text, ok: times <= GROWTH_MAX }
}

/** What is open comes and goes with the work; what leaks never comes back to the least that it once was. */
function level(
  name: string,
  second: readonly Sample[],
  last: readonly Sample[],
  of: (sample: Sample) => number,
): Line {
  const range = (samples: readonly Sample[]) => {
    const counts = samples.map(of)
    return { least: Math.min(...counts), most: Math.max(...counts) }
  }
  const before = range(second)
  const after = range(last)
  const text = `${before.least} to ${before.most}, at the end ${after.least} to ${after.most}`
  return { name, text, ok: after.least <= before.most }
}

/** Prints the lines; true when none is bad. */
export function tell(lines: readonly Line[], say: (text: string) => void): boolean {
  for (const { name, text, ok } of lines)
    say(`${ok === null ? '   ' : ok ? 'ok ' : 'BAD'} ${name}: ${text}`)
  return lines.every(({ ok }) => ok !== false)
}
