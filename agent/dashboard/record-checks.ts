// What a closed record says of its end, the pre-check and the TPM, as a page shows it to people.
import type { RecordBody } from '../core/record.ts'
import { reasonsOf } from '../core/tpm/words.ts'
import type { BayView } from '../core/view.ts'

/** A TPM has some thirty checks; more is not shown. */
const REASONS_MAX = 32

/** Empty where nothing was found and no TPM was seen. What the order demanded does not stand in a record. */
export function checksOf({
  tpm: { checks, ...tpm },
  preCheck,
}: Pick<RecordBody, 'tpm' | 'preCheck'>): Pick<BayView, 'tpm' | 'preCheck'> {
  const reasons = reasonsOf(checks).slice(0, REASONS_MAX)
  const isSeen = tpm.station !== 'not-seen' || tpm.windows !== 'not-seen' || reasons.length > 0
  const findings = preCheck?.findings.filter(({ grade }) => grade !== 'ok') ?? []
  return {
    ...(isSeen ? { tpm: { ...tpm, demands: [], reasons } } : {}),
    ...(findings.length === 0 ? {} : { preCheck: findings }),
  }
}

/** What the code of the run means, as `GET /api/v1/runs/{run}` says it beside the record. */
export interface Cause {
  readonly meaning: string
  readonly hint: string
}
/** What records said before a code brought its sentence along. */
const GENERAL = 'See the fault code in the documents'

/** Why it was not resealed, most general first, and what to do now; empty where nobody knows. */
export function endOf(
  { error }: Pick<RecordBody, 'error'>,
  cause: Cause | null,
): { readonly why: readonly string[]; readonly todo: string } {
  if (error === undefined) return { why: [], todo: '' }
  const { action } = error
  if (cause === null) return { why: [], todo: action }
  // `remote IT: unblock it` is the hint with who must act; any other action is the note of what happened.
  if (action.endsWith(cause.hint)) return { why: [cause.meaning], todo: action }
  const note = action === '' || action === GENERAL ? [] : [action]
  return { why: [cause.meaning, ...note], todo: cause.hint }
}
