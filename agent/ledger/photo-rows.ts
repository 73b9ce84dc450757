// The rows that name photos: which are old enough to go, and up to which they are gone.
import { namedPhoto, PHOTO_NOTE } from '../core/photo-file.ts'
import type { Statements } from './statements.ts'

/** Name of the erasure entry that covers photos. */
export const PHOTOS_ERASED = 'photos'
/** Up to which entry photos may be missing; the erasure that says it is checked like every other entry. */
export const PHOTOS_ERASED_SQL = `SELECT coalesce(max(json_extract(n.body, '$.upTo')), 0) AS upTo
  FROM notes n JOIN chain c USING (seq) WHERE c.kind = 'erasure' AND n.kind = '${PHOTOS_ERASED}'`

export interface OldPhotos {
  /** The last entry that names one of them. */
  readonly upTo: number
  readonly count: number
  /** Their files, without those that a younger entry names too. */
  readonly files: readonly string[]
}

/** The oldest photos that still stand there, as far as they were all taken before `before`, at most `max`; null: none. */
export function oldPhotos(sql: Statements, before: number, max: number): OldPhotos | null {
  const { upTo = 0 } = (sql.get(PHOTOS_ERASED_SQL) ?? {}) as { upTo?: number }
  const rows = sql.all(
    `SELECT seq, at, body FROM notes WHERE kind = '${PHOTO_NOTE}' AND seq > ? ORDER BY seq LIMIT ?`,
    upTo,
    max,
  ) as { seq: number; at: number; body: string }[]
  // Only what stands before the first young one: a clock that was set back must not leave holes.
  const young = rows.findIndex(({ at }) => at >= before)
  const old = young === -1 ? rows : rows.slice(0, young)
  const last = old.at(-1)
  if (last === undefined) return null
  const photos = old.flatMap(({ body }) => namedPhoto(JSON.parse(body)) ?? [])
  const again = sql.all(
    `SELECT DISTINCT json_extract(body, '$.digest') AS digest FROM notes WHERE kind = '${PHOTO_NOTE}' AND seq > ?
       AND json_extract(body, '$.digest') IN (SELECT value FROM json_each(?))`,
    last.seq,
    JSON.stringify(photos.map(({ digest }) => digest)),
  ) as { digest: string }[]
  const kept = new Set(again.map(({ digest }) => digest))
  const files = photos.filter(({ digest }) => !kept.has(digest)).map(({ file }) => file)
  return { upTo: last.seq, count: old.length, files: [...new Set(files)] }
}
