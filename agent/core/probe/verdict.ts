// The TPM fact of a bay with a probe: the station's own attestation where there is one, Windows' words, and the prerequisites.
import type { TpmFact } from '../facts.ts'
import type { FirmwareRule } from '../tpm/firmware.ts'
import { judgeTpm, type TpmPolicy, worst } from '../tpm/judge.ts'
import type { TpmSighting } from '../tpm/sighting.ts'
import { sideOf } from '../tpm/words.ts'
import { prerequisites } from './prerequisites.ts'
import type { ProbeReport } from './report.ts'
import { machineSighting, windowsSighting } from './windows.ts'

export interface ProbeSubject {
  readonly report: ProbeReport
  /** The station's attestation of this run; null when there was none. */
  readonly tpm: TpmSighting | null
  readonly rules: readonly FirmwareRule[]
  readonly policy: TpmPolicy
  /** When the report was taken, and now; UTC ms. */
  readonly reportedAt: number
  readonly now: number
}

/**
 * Demands on a side that nobody spoke for are left to the flow, which asks for the probe: its rows stay `not-seen`, and
 * no person decides about nothing.
 */
const ofSeenSides = (
  policy: TpmPolicy,
  has: { station: boolean; windows: boolean },
): TpmPolicy => ({
  ...policy,
  demands: policy.demands.filter((id) => has[sideOf(id)]),
})

/**
 * Judges a device by its probe. Without an attestation of its own the station says `not-seen` at best: what a device
 * says of its TPM is no proof of it. Nor does a live system speak for the Windows that is installed.
 */
export function judgeProbe(subject: ProbeSubject): TpmFact {
  const { report, tpm, rules } = subject
  const windows = windowsSighting(report, subject.reportedAt)
  const has = { station: tpm !== null, windows: windows !== null }
  const policy = ofSeenSides(subject.policy, has)
  const judged = judgeTpm({ tpm, windows, machine: machineSighting(report), rules, policy })
  const own = prerequisites(report, subject.now, policy.allowTestTpm)
  const told = worst([judged.windows, ...own.map(({ verdict }) => verdict)])
  const isProved = tpm !== null
  const station = !isProved && judged.station === 'GO' ? 'not-seen' : judged.station
  const checks = isProved
    ? judged.checks
    : judged.checks.map((check) => ({ ...check, source: 'probe' as const }))
  return {
    kind: 'tpm',
    station,
    windows: report.probe !== 'windows' && told === 'GO' ? 'not-seen' : told,
    checks: [...checks, ...own],
  }
}
