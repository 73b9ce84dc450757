// The number of a bay as people call it.

/** A bay's number as it stands on the bench: `bay-07` and `7` are both bay 7. */
export function labelOf(bay: string): string {
  return (/(\d+)$/.exec(bay)?.[1] ?? bay).replace(/^0+(?=\d)/, '')
}
