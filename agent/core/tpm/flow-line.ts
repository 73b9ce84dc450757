// The third line beside the two TPM verdicts: what Microsoft's own service answered in the phase "Securing your hardware".
import type { RunState } from '../run-state.ts'

export type FlowLine = RunState['flow']
export type FlowSource = 'screen' | 'operator' | 'probe'

export const NOT_REACHED: FlowLine = { result: 'not-reached', code: null, source: null }

/**
 * What a red code says of the phase "Securing your hardware" (facts/autopilot §5.3). `failed`: it is a code of that
 * phase. `perhaps`: other phases show it too, so it counts only while that phase was not seen to pass. `passed`: it comes
 * from a phase behind it. All others say nothing of the TPM.
 */
const CODES: Readonly<Record<string, 'failed' | 'perhaps' | 'passed'>> = {
  '0x81039001': 'failed',
  '0x81039023': 'failed',
  '0x81039024': 'failed',
  '0x801C03EA': 'failed',
  '0x80190190': 'failed',
  '0x80190194': 'failed',
  '0x800705B4': 'perhaps',
  '0x80070490': 'perhaps',
  '0x801C0003': 'perhaps',
  '0x87D1041C': 'passed',
}

/** Lines of the enrolment status page that come after "Securing your hardware"; another language says nothing. */
const LATER =
  /^(?:Joining your organization's network|Registering your device for mobile management|Preparing your device for mobile management|Security policies|Certificates|Network connections|Apps)\b/i

/** The line after a red page with this code; null: no code was read. */
export function afterRed(flow: FlowLine, code: string | null, source: FlowSource): FlowLine {
  const says = code === null || !Object.hasOwn(CODES, code) ? undefined : CODES[code]
  if (says === 'failed') return { result: 'failed', code, source }
  if (says === 'passed') return { result: 'passed', code: null, source }
  return says === 'perhaps' && flow.result !== 'passed' ? { result: 'failed', code, source } : flow
}

/** The line after a look at the enrolment status page. */
export function afterActivity(flow: FlowLine, activity: string | null): FlowLine {
  if (flow.result === 'passed' || activity === null || !LATER.test(activity)) return flow
  return { result: 'passed', code: null, source: 'screen' }
}

/** Kinds of a probe's evidence that tell it; never over what was seen or said at the device (facts/autopilot §3.1). */
const TOLD: Readonly<Record<string, 'failed' | 'passed'>> = {
  'white-glove-success': 'passed',
  'tpm-identity-failed': 'failed',
  'attestation-timed-out': 'failed',
}

/** The line after a word of the device's own log; `ref` may end in its HRESULT. */
export function afterProbe(flow: FlowLine, kind: string, ref: string): FlowLine {
  const told = Object.hasOwn(TOLD, kind) ? TOLD[kind] : undefined
  if (told === undefined || (flow.result !== 'not-reached' && flow.source !== 'probe')) return flow
  if (told === 'passed') return { result: 'passed', code: null, source: 'probe' }
  if (flow.result === 'passed') return flow
  const hex = /0x([0-9a-f]{8})$/i.exec(ref)?.[1]
  const code = hex === undefined ? null : `0x${hex.toUpperCase()}`
  return { result: 'failed', code, source: 'probe' }
}
