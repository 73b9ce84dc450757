// Makes findings for rows of the table, with cases that the row really has.
import type { Seen } from './sighting.ts'
import type { CaseOf, Found, RowId } from './table.ts'

/** One case of a row, with the value that a person reads. */
export const found = <R extends RowId>(is: CaseOf<R>, value: string): Found<R> => ({ is, value })

/** The row of a value that was seen, or the reason why there is none. */
export function fromSeen<T, R extends RowId>(seen: Seen<T>, row: (value: T) => Found<R>): Found<R> {
  return 'seen' in seen ? row(seen.seen) : seen
}
