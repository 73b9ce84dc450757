// Judges the clocks: a TPM attests only on a device whose clock is right, and a device takes its time from this network.
import type { Finding } from '../../agent/ports.ts'
import type { Asked } from './address.ts'

/** facts/autopilot §6: above 60 s a clock is doubtful, above 120 s attestation fails. */
const WARN_MS = 60_000
const HOLD_MS = 120_000

const seconds = (ms: number) => {
  const value = Math.round(Math.abs(ms) / 100) / 10
  return value === 0 ? 'equal' : `${value} s ${ms > 0 ? 'ahead of' : 'behind'} the bench PC`
}

const offsetBy = (asked: readonly Asked[], check: 'ntp' | 'http'): number | null => {
  const told = asked.flatMap(({ address, reached }) =>
    address.check === check && reached.is === 'reached' && reached.offsetMs !== undefined
      ? [reached.offsetMs]
      : [],
  )
  return told[0] ?? null
}

function hintOf(ntp: number | null, http: number | null): string {
  // Two witnesses against each other: the one that devices ask is wrong, not the PC.
  if (ntp !== null && http !== null && Math.abs(ntp - http) > WARN_MS) {
    return Math.abs(http) > WARN_MS
      ? 'Time server, web and bench PC differ: find out which is right before a device attests.'
      : 'The time server of this network is wrong, and devices ask it: mend it or let time.windows.com through.'
  }
  return 'The clock of the bench PC is off: turn its time synchronisation on (`timedatectl`).'
}

/** Nothing when neither NTP nor a page told the time: their own findings say why. */
export function clockFindings(asked: readonly Asked[]): readonly Finding[] {
  const ntp = offsetBy(asked, 'ntp')
  const http = offsetBy(asked, 'http')
  const told = [ntp, http].filter((offset) => offset !== null)
  if (told.length === 0) return []
  const worst = Math.max(...told.map((offset) => Math.abs(offset)))
  const grade = worst > HOLD_MS ? 'hold' : worst > WARN_MS ? 'warn' : 'ok'
  const value = [
    ...(ntp === null ? [] : [`NTP ${seconds(ntp)}`]),
    ...(http === null ? [] : [`HTTP Date ${seconds(http)}`]),
  ].join(', ')
  const hint = grade === 'ok' ? '' : `${value}. ${hintOf(ntp, http)}`
  return [{ id: 'network.clock', grade, value, hint }]
}
