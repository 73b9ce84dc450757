// Which reasons of the HID bus are told of a part by their own names: the ones that no plug mends.
import type { FaultCode } from '../../agent/fault.ts'

const REASONS: ReadonlySet<FaultCode> = new Set<FaultCode>([
  'STATION_HID_BUSY',
  'STATION_HID_DENIED',
  'STATION_HID_WRONG',
])

/** The reason as a field of a part's health; nothing for a part that is just missing or silent. */
export const reasonOf = (code: FaultCode | null): { readonly code?: FaultCode } =>
  code !== null && REASONS.has(code) ? { code } : {}
