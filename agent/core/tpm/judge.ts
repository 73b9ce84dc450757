// Judges what was seen of a TPM by the table: every row, and the two verdicts, each the worst of its own rows.
import type { Source } from '../evidence.ts'
import type { TpmCheck, TpmFact, TpmVerdict } from '../facts.ts'
import type { FirmwareRule } from './firmware.ts'
import { observeStation } from './observe-station.ts'
import { observeWindows } from './observe-windows.ts'
import type { MachineSighting, TpmSighting, WindowsSighting } from './sighting.ts'
import { type Found, type Row, type RowId, TABLE } from './table.ts'
import { sideOf } from './words.ts'

export interface TpmPolicy {
  /** Software TPMs are accepted; for tests, and written into the verdict. */
  readonly allowTestTpm: boolean
  /** Rows that a work order demands: not seen is then a hold, and Secure Boot off a refusal. */
  readonly demands: readonly RowId[]
}

export interface TpmSubject {
  /** The station's own attestation; null when there was none. */
  readonly tpm: TpmSighting | null
  readonly windows: WindowsSighting | null
  readonly machine: MachineSighting | null
  readonly rules: readonly FirmwareRule[]
  readonly policy: TpmPolicy
}

export type FoundRows = { readonly [R in RowId]: Found<R> }

/** A finding of any row; the table is looked up by its case. */
type AnyFound =
  | { readonly is: string; readonly value: string }
  | { readonly missing: string }
  | { readonly absent: string }

const ROWS = Object.keys(TABLE) as readonly RowId[]

const isDemanded = (policy: TpmPolicy, id: RowId) => policy.demands.includes(id)

function checkOf(id: RowId, found: AnyFound, policy: TpmPolicy): TpmCheck {
  const row: Row = TABLE[id]
  const source: Source = row.side === 'windows' ? 'probe' : 'tpm'
  if ('is' in found) {
    const one = row.cases[found.is]
    if (one === undefined)
      return { id, verdict: 'HOLD', value: found.is, source, hint: row.missing }
    return { id, verdict: one.verdict, value: found.value, source, hint: one.hint }
  }
  if ('missing' in found)
    return { id, verdict: 'HOLD', value: found.missing, source, hint: row.missing }
  const verdict = isDemanded(policy, id) ? 'HOLD' : 'not-seen'
  return { id, verdict, value: found.absent, source, hint: verdict === 'HOLD' ? row.missing : '' }
}

/** Mildest first; `not-seen` does not count beside anything that was seen. */
const BADNESS: readonly TpmVerdict[] = ['not-seen', 'GO', 'HOLD', 'NO-GO']

/** The worst of them; `not-seen` when nothing was seen. */
export const worst = (verdicts: readonly TpmVerdict[]): TpmVerdict =>
  verdicts.reduce((a, b) => (BADNESS.indexOf(b) > BADNESS.indexOf(a) ? b : a), 'not-seen')

/** Every check with its verdict, and the two verdicts side by side. Pure and total. */
export function judgeTpm(subject: TpmSubject): TpmFact {
  const found: FoundRows = { ...observeStation(subject), ...observeWindows(subject.windows) }
  const checks = ROWS.map((id) => checkOf(id, found[id], subject.policy))
  const side = (which: Row['side']) =>
    worst(checks.filter(({ id }) => sideOf(id) === which).map(({ verdict }) => verdict))
  return { kind: 'tpm', station: side('station'), windows: side('windows'), checks }
}
