// What `doctor` says of one part of the bench.
import { FAULTS, type FaultCode } from '../fault.ts'

/** One part: fine, worth knowing, or broken. */
export interface Checked {
  readonly part: string
  readonly grade: 'ok' | 'warn' | 'bad'
  readonly detail: string
  readonly code?: FaultCode
  readonly hint?: string
}

export const ok = (part: string, detail: string): Checked => ({ part, grade: 'ok', detail })
export const bad = (part: string, code: FaultCode, detail: string): Checked => ({
  part,
  grade: 'bad',
  detail,
  code,
  hint: FAULTS[code].hint,
})
export const warn = (part: string, code: FaultCode, detail: string): Checked => ({
  ...bad(part, code, detail),
  grade: 'warn',
})
