// Prints a TPM verdict for people: one line per check, the two verdicts side by side, and what they do not promise.
import type { TpmCheck, TpmFact, TpmVerdict } from '../core/facts.ts'
import { NO_PROMISE } from '../core/tpm/promise.ts'
import { type Row, type RowId, TABLE } from '../core/tpm/table.ts'

/** Each verdict has a glyph beside its colour: nobody must tell red from green. */
const LOOKS = {
  GO: { glyph: '✓', colour: 32 },
  HOLD: { glyph: '?', colour: 33 },
  'NO-GO': { glyph: '✗', colour: 31 },
  'not-seen': { glyph: '·', colour: 90 },
} as const satisfies Record<TpmVerdict, { readonly glyph: string; readonly colour: number }>

const TITLE_WIDTH = 27

const painted = (text: string, verdict: TpmVerdict, hasColour: boolean) =>
  hasColour ? `\u001b[${LOOKS[verdict].colour}m${text}\u001b[0m` : text

const titleOf = (id: string): string => {
  const row: Row | undefined = Object.hasOwn(TABLE, id) ? TABLE[id as RowId] : undefined
  return row?.title ?? id
}

/** `✓ GO       physical TPM               IFX Infineon, "SLB9672"`, and the hint below it when there is one. */
function checkLines({ id, verdict, value, hint }: TpmCheck, hasColour: boolean): readonly string[] {
  const mark = painted(`${LOOKS[verdict].glyph} ${verdict.padEnd(8)}`, verdict, hasColour)
  const line = `${mark} ${titleOf(id).padEnd(TITLE_WIDTH)} ${value}`
  return hint === '' || verdict === 'GO' ? [line] : [line, `${' '.repeat(11)}→ ${hint}`]
}

const WORDS = { 'not-seen': 'not seen' } as const
const words = (verdict: TpmVerdict) => (verdict === 'not-seen' ? WORDS[verdict] : verdict)

/** The whole verdict, a line each. */
export function tpmLines(fact: TpmFact, hasColour: boolean): readonly string[] {
  const side = (verdict: TpmVerdict) =>
    painted(`${LOOKS[verdict].glyph} ${words(verdict)}`, verdict, hasColour)
  return [
    ...fact.checks.flatMap((check) => checkLines(check, hasColour)),
    '',
    `attests to the station: ${side(fact.station)}    Windows says ready: ${side(fact.windows)}`,
    NO_PROMISE,
  ]
}
