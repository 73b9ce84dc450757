// Finds the word that somebody probably meant, so that a typing mistake is named and not only refused.

/** Edit distance with swaps of neighbours (optimal string alignment); texts here are at most some dozen characters. */
export function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const above = rows[i - 1]?.[j] ?? 0
      const diagonal = rows[i - 1]?.[j - 1] ?? 0
      let best = Math.min(above + 1, (row[j - 1] ?? 0) + 1, diagonal + (same ? 0 : 1))
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (isSwap) best = Math.min(best, (rows[i - 2]?.[j - 2] ?? 0) + 1)
      row.push(best)
    }
    rows.push(row)
  }
  return rows[a.length]?.[b.length] ?? 0
}

const LONGEST = 64

/** A name that is only begun (`gap` for `gapMs`) counts as one slip. */
const farFrom = (word: string, name: string) =>
  word.length >= 3 && name.startsWith(word) && name !== word ? 1 : distance(word, name)

/** The nearest of `known` within a third of its length, or null when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  if (word.length > LONGEST) return null
  const low = word.toLowerCase()
  const ranked = known
    .map((name) => ({ name, far: farFrom(low, name.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)
  const best = ranked[0]
  return best !== undefined && best.far <= Math.max(1, Math.floor(best.name.length / 3))
    ? best.name
    : null
}
