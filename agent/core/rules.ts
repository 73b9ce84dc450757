// Everything the flow is told about its bay and bench: limits, scripts, names, codes. Values come from station-config.
import type { BayId } from './ids.ts'
import type { KeyScript } from './key-script.ts'
import type { Windows } from './pages.ts'
import type { RedCode } from './red-codes.ts'

/** All in ms unless the name says otherwise. The defaults with their reasons stand in station-config/defaults.ts. */
export interface Limits {
  readonly steadyMs: number
  readonly settleMaxMs: number
  readonly removedMs: number
  readonly restartGraceMs: number
  readonly preCheckMs: number
  readonly preCheckAgainMs: number
  readonly echoMs: number
  readonly echoAgainMs: number
  readonly summonEveryMs: number
  readonly summonRoundsMax: number
  readonly summonMs: number
  readonly playMs: number
  readonly confirmMs: number
  readonly enterWithinMs: number
  readonly landingLoadMs: number
  readonly refreshMax: number
  readonly provisionExtraMs: number
  readonly pageTimeoutDefaultMs: number
  readonly askResultAfterMs: number
  readonly stallMs: number
  readonly redSettleMs: number
  readonly offProofStartMs: number
  readonly offProofHoldMs: number
  readonly darkLeadMs: number
  readonly closeAnswerMs: number
  readonly keyboardSilentMs: number
  readonly keyboardLostMs: number
  readonly backScanMs: number
  readonly holdMs: number
  readonly handOverMs: number
  readonly useBeforeMonths: number
  readonly keepAwakeEveryMs: number
  readonly nudgesMax: number
}

export interface BayTraits {
  readonly bay: BayId
  /** `manual`: a person presses; no key is ever sent. */
  readonly keyboard: 'driver' | 'manual'
  /** `operator`: a person is the screen (assisted mode). */
  readonly screen: 'capture' | 'operator'
  /** Whose MAC the wire shows. */
  readonly adapter: 'device' | 'bench'
  readonly windows: Windows
  readonly echo: boolean
  readonly keepAwake: boolean
  /** The sign-in page needs focus inside first: the script of this place is used for the summon. */
  readonly summonPlace: 'first-page' | 'signin'
}

/**
 * True when a person is asked at each page: without a capture, and where the keys are a person's too, since only they
 * know what they pressed.
 */
export const isAssisted = (traits: BayTraits): boolean =>
  traits.screen === 'operator' || traits.keyboard === 'manual'

/** Names of the pre-provisioning entry and of the others, per language (station-config/key-scripts/entry-names.yaml). */
export interface EntryName {
  readonly entry: 'pre-provision' | 'install-package' | 'export-logs' | 'reset'
  readonly text: string
  readonly language: string
  readonly verified: boolean
}

/** How long provisioning takes here, from the ledger's history or the setting; ms. */
export interface Estimate {
  readonly p50Ms: number
  readonly p90Ms: number
  /** Runs it rests on; 0 = the setting. */
  readonly n: number
}

export interface Rules {
  readonly site: string
  readonly station: string
  readonly traits: BayTraits
  readonly limits: Limits
  readonly scripts: readonly KeyScript[]
  readonly names: readonly EntryName[]
  readonly codes: ReadonlyMap<string, RedCode>
  /** Sentences of the station's own codes (agent/fault.ts), of which the core itself knows nothing. */
  readonly faults?: ReadonlyMap<string, { readonly meaning: string; readonly hint: string }>
}
