// What the code of a closed run means and what to do about it, from the tables of red pages and of faults.

import type { RecordBody } from '../core/record.ts'
import { RED_CODE_MAP } from '../core/red-codes.ts'
import { FAULTS } from '../fault.ts'

export interface Cause {
  readonly meaning: string
  readonly hint: string
}

/** Null for a run without a code, and for a code of another version. */
export function causeOf({ error }: Pick<RecordBody, 'error'>): Cause | null {
  const code = error?.code ?? ''
  const row = RED_CODE_MAP.get(code) ?? new Map<string, Cause>(Object.entries(FAULTS)).get(code)
  return row === undefined ? null : { meaning: row.meaning, hint: row.hint }
}
