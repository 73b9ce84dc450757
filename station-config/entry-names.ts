// Reads what the entries of the options dialog are called per language; the flow matches names, never places.
import { join } from 'node:path'
import { z } from 'zod'
import type { EntryName } from '../agent/core/rules.ts'
import { type Checked, readChecked } from './check.ts'
import type { Problem } from './problem.ts'

/** Stands beside the scripts and is none of them. */
export const ENTRY_NAMES_FILE = 'entry-names.yaml'
const FILE_MAX = 64 * 1024

const text = z.string().min(1).max(200)
const ENTRIES = ['pre-provision', 'install-package', 'export-logs', 'reset'] as const
const nameRow = z.strictObject({
  language: z
    .string()
    .regex(/^[a-z]{2,3}(?:-[A-Za-z]{2,8})?$/, 'a language tag such as en or pt-BR'),
  verified: z.boolean(),
  source: text,
  'pre-provision': text.optional(),
  'install-package': text.optional(),
  'export-logs': text.optional(),
  reset: text.optional(),
})
const nameTable = z.strictObject({ names: z.array(nameRow).min(1).max(500) })

const fold = (name: string) => name.trim().replace(/\s+/g, ' ').toLowerCase()

/** The entry names per language of `<dir>/entry-names.yaml`. A text under two entries is refused: it would name both. */
export function loadEntryNames(dir: string): Checked<readonly EntryName[]> {
  const file = join(dir, ENTRY_NAMES_FILE)
  const code = 'KEY_SCRIPT_INVALID'
  const limits = { maxBytes: FILE_MAX, unreadable: 'FILE_UNREADABLE', code } as const
  const { value, problems, lineOf } = readChecked(nameTable, file, limits)
  if (value === null) return { value: null, problems }
  const names: EntryName[] = value.names.flatMap((one) =>
    ENTRIES.flatMap((entry) => {
      const shownAs = one[entry]
      const { language, verified } = one
      return shownAs === undefined ? [] : [{ entry, text: shownAs, language, verified }]
    }),
  )
  const entryOf = new Map<string, string>()
  const clashes: Problem[] = []
  for (const { text: name, entry } of names) {
    const other = entryOf.get(fold(name))
    entryOf.set(fold(name), entry)
    if (other === undefined || other === entry) continue
    clashes.push({
      code: 'KEY_SCRIPT_UNSAFE',
      file,
      line: lineOf(['names']),
      path: 'names',
      value: name,
      message: `the text stands under ${other} and under ${entry}`,
      hint: 'A text may name one entry only.',
    })
  }
  return clashes.length === 0 ? { value: names, problems: [] } : { value: null, problems: clashes }
}
