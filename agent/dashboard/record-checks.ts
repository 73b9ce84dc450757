// What a closed record says of the pre-check and the TPM, in the form in which a bay's page shows it.
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
