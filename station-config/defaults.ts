// Every limit of the flow with its unit and its reason, so that nobody has to guess why a bay waits as long as it does.
import type { Estimate, Limits } from '../agent/core/rules.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

export type LimitUnit = 'ms' | 'times' | 'months'
export interface LimitRow {
  readonly value: number
  readonly unit: LimitUnit
  readonly reason: string
  /** A setting outside of these would make the flow unsafe or mute. */
  readonly min: number
  readonly max: number
}

const ms = (value: number, reason: string, min = 100, max = 7 * 24 * HOUR): LimitRow => ({
  value,
  unit: 'ms',
  reason,
  min,
  max,
})

/** Figures after facts/autopilot §0, §2, §3.4 and §10, and facts/hardware §3.1, unless the reason says otherwise. */
export const LIMIT_TABLE: Readonly<Record<keyof Limits, LimitRow>> = {
  steadyMs: ms(3 * SECOND, 'Longer than one auto-negotiation, so that a flap is no device'),
  settleMaxMs: ms(
    60 * SECOND,
    'A link that flaps this long has a cable that a person must look at',
  ),
  removedMs: ms(90 * SECOND, 'Between runs a link down this long is an empty bay, not a restart'),
  restartGraceMs: ms(15 * MINUTE, 'Firmware and update restarts keep a link down 3 to 12 min'),
  preCheckMs: ms(30 * SECOND, 'Names, clock and addresses answer in seconds; later is no answer'),
  preCheckAgainMs: ms(60 * SECOND, 'A network that was mended is noticed within a minute'),
  echoMs: ms(10 * SECOND, 'Two spaced lock-key taps take under 2 s; a slow driver gets 10'),
  echoAgainMs: ms(15 * SECOND, 'A keyboard driver that is not up yet is asked again soon'),
  summonEveryMs: ms(
    20 * SECOND,
    'The options need some seconds to open; a burst meanwhile is idle',
  ),
  summonRoundsMax: {
    value: 30,
    unit: 'times',
    reason: 'With 20 s between them 10 min of trying; then a person looks',
    min: 1,
    max: 1_000,
  },
  summonMs: ms(30 * MINUTE, 'Critical updates and their restart come before the first page'),
  playMs: ms(15 * SECOND, 'The longest burst takes under 10 s at 9600 baud; later it is lost'),
  confirmMs: ms(
    2 * MINUTE,
    'A capture that does not show the awaited page for 2 min will not show it: a person looks',
  ),
  enterWithinMs: ms(2 * SECOND, 'What was confirmed may change; later than this it is asked again'),
  landingLoadMs: ms(10 * SECOND, 'The configuration page downloads its profile when it opens'),
  refreshMax: {
    value: 2,
    unit: 'times',
    reason: 'Each Refresh downloads the profile again; a third would bring nothing new',
    min: 0,
    max: 10,
  },
  provisionExtraMs: ms(30 * MINUTE, 'Restarts and the TPM step stand outside the page time-out'),
  pageTimeoutDefaultMs: ms(60 * MINUTE, 'The usual time-out of the enrolment status page'),
  askResultAfterMs: ms(30 * MINUTE, 'Before it nearly no device is done; a walk would be in vain'),
  stallMs: ms(20 * MINUTE, 'One app may take long; the same line for 20 min is worth a look'),
  redSettleMs: ms(30 * SECOND, 'A failure is final after 30 s: the page may still change'),
  offProofStartMs: ms(3 * MINUTE, 'A shutdown with updates takes up to 3 min to drop the link'),
  offProofHoldMs: ms(45 * SECOND, 'A restart brings the link back sooner; off stays off'),
  darkLeadMs: ms(
    250,
    'A shutdown darkens the picture well before the link falls; pulled power takes both at once',
    0,
  ),
  closeAnswerMs: ms(5 * SECOND, 'Time to take back an answer that would close the run', 0),
  keyboardSilentMs: ms(30 * SECOND, 'A chip resets in 3 s; silence for 30 s is a fault'),
  keyboardLostMs: ms(10 * MINUTE, 'Time to plug a cable in again before the run is given up'),
  backScanMs: ms(60 * SECOND, 'A device that is back is scanned again within this, or held'),
  holdMs: ms(24 * HOUR, 'A hold is settled within a working day, also over night'),
  handOverMs: ms(90 * MINUTE, 'Account setup before it can fail at the user', 0),
  useBeforeMonths: {
    value: 6,
    unit: 'months',
    reason: 'Certificates and tokens of a resealed device go stale',
    min: 1,
    max: 24,
  },
  keepAwakeEveryMs: ms(4 * MINUTE, 'Below the shortest sleep time-out of 5 min', MINUTE),
  nudgesMax: {
    value: 6,
    unit: 'times',
    reason: 'No known page has more stops than that between its list and its button',
    min: 0,
    max: 20,
  },
}

const limitNames = Object.keys(LIMIT_TABLE) as (keyof Limits)[]

export const DEFAULT_LIMITS: Limits = Object.fromEntries(
  limitNames.map((name) => [name, LIMIT_TABLE[name].value]),
) as Record<keyof Limits, number>

/** How long provisioning takes until the ledger knows better: figures of such lines, not measured here. */
export const DEFAULT_ESTIMATE: Estimate = { p50Ms: 32 * MINUTE, p90Ms: 50 * MINUTE, n: 0 }
