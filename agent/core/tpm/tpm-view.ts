// A run's TPM as the bay's picture shows it: three lines side by side, never one made of them, and the reasons in words.
import type { RunState } from '../run-state.ts'
import type { TpmView } from '../view.ts'
import { demandsOf } from './demands.ts'
import { reasonsOf } from './words.ts'

/** The table has some thirty rows; more is not shown. */
const REASONS_MAX = 32

/** Null while nothing was seen and no order demands anything: there is nothing to show. */
export function tpmViewOf(run: Pick<RunState, 'tpm' | 'flow' | 'order'>): TpmView | null {
  const { tpm, flow, order } = run
  const demands = demandsOf(order)
  const isQuiet = tpm.station === 'not-seen' && tpm.windows === 'not-seen'
  if (isQuiet && tpm.checks.length === 0 && flow.result === 'not-reached' && demands.length === 0)
    return null
  return {
    station: tpm.station,
    windows: tpm.windows,
    flow: {
      result: flow.result,
      ...(flow.code === null ? {} : { code: flow.code }),
      ...(flow.source === null ? {} : { source: flow.source }),
    },
    demands,
    reasons: reasonsOf(tpm.checks).slice(0, REASONS_MAX),
  }
}
