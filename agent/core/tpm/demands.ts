// What a work order may demand of a device's TPM, and which rows of the verdict table then count although nobody saw them.
import type { Order } from '../order.ts'
import type { RunState } from '../run-state.ts'
import type { RowId } from './table.ts'

/** `attestation`: the station's own proof · `windows-ready`: Windows' own word, by a probe on it. */
export const DEMANDS = ['attestation', 'boot-log', 'secure-boot', 'windows-ready'] as const
export type Demand = (typeof DEMANDS)[number]

const ROWS: Readonly<Record<Demand, readonly RowId[]>> = {
  attestation: ['tpm-answers', 'ek-certificate', 'activation', 'quote'],
  'boot-log': ['event-log'],
  'secure-boot': ['event-log', 'secure-boot'],
  'windows-ready': ['windows-flags', 'device-clock'],
}

/** All demands of an order; what is read from the boot log rests on an attestation. None without an order. */
export function demandsOf(
  order: Pick<Order, 'demands' | 'demandsAttestation'> | null,
): readonly Demand[] {
  if (order === null) return []
  const own = order.demands ?? []
  const needsProof = order.demandsAttestation || own.some((one) => one !== 'windows-ready')
  return DEMANDS.filter((one) => own.includes(one) || (one === 'attestation' && needsProof))
}

/** Rows that the demands make count; for the judge. */
export const demandedRows = (demands: readonly Demand[]): readonly RowId[] => [
  ...new Set(demands.flatMap((one) => ROWS[one])),
]

/** Why a run does not meet its order's demands yet, in words; null when what is demanded was seen, whatever it says. */
export function unmetDemand({ order, tpm }: Pick<RunState, 'order' | 'tpm'>): string | null {
  const demands = demandsOf(order)
  const came = tpm.checks.length > 0
  if (demands.includes('attestation') && tpm.station === 'not-seen')
    return came ? 'the probe did not relay the TPM' : 'no probe came: start it on the device'
  if (demands.includes('windows-ready') && tpm.windows === 'not-seen')
    return came ? 'the probe did not run in Windows' : 'no probe came: start it in Windows'
  return null
}
