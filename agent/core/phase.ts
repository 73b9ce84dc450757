// The named states of a bay, each with its own small memory; every instant is UTC ms.
import type { Grade, Verdict } from './evidence.ts'
import type { Finding } from './facts.ts'
import type { InstantMs, PromptId } from './ids.ts'
import type { Names } from './order.ts'
import type { Page, Windows } from './pages.ts'

/** Why a hold waits for a person. */
export type HoldReason =
  | 'wrong-customer'
  | 'not-listed'
  | 'duplicate-serial'
  | 'duplicate-ztd'
  | 'attestation-demanded'
  | 'tpm-hold'
  | 'unknown-menu'
  | 'associated-elsewhere'
  | 'names-differ'
  | 'swapped'
  | 'no-options'
  | 'code-unknown'
  | 'bitlocker'
  | 'firmware'
  | 'boot-error'
  | 'desktop'
  | 'other-language'
  | 'no-profile'
  | 'guard-failed'
  | 'stalled'
  | 'other'

/** A closing that may still be taken back for some seconds (architecture: engine rule 11). */
export interface Closing {
  readonly verdict: Verdict
  readonly grade: Grade | null
  readonly code: string | null
  readonly note: string
  /** The bay goes out of service once the record is made. */
  readonly out: boolean
  /** The question whose answer closes the run; null for an action, a scan or a button. */
  readonly on: PromptId | null
}

/** The continuous off-proof (product: the flow of one run, 7). */
export interface OffProof {
  /** Reseal was pressed at. */
  readonly keyAt: InstantMs
  /** Carrier-down count when the key was pressed, so that a fall after it is told from one before. */
  readonly downsAtKey: number | null
  readonly speedAtKey: number | null
  /** When the link fell (down, or to 100 Mb/s or less) after the key; null = not yet. */
  readonly fellAt: InstantMs | null
  readonly fellBy: 'down' | 'speed' | null
  /** A capture saw the picture go dark at. */
  readonly darkAt: InstantMs | null
  /** Since when all signs have held without a break; null = they do not hold now. */
  readonly heldSince: InstantMs | null
  /** Boot id under which `heldSince` was taken; a restart of the PC starts the hold over. */
  readonly boot: string | null
  readonly downsHeld: number | null
  /** It looked off at least once since the key: life after that is a restart, not a late shutdown. */
  readonly wasOff: boolean
  /** After a restart of the agent: which parts must tell anew before the hold counts again. */
  readonly unheard: { readonly link: boolean; readonly keyboard: boolean }
}

/** What shows life in a bay that should be silent: the least that was seen since its device went off. */
export interface Quiet {
  readonly link: boolean
  readonly speed: number | null
  readonly keys: boolean
}

/** One named state of a bay. Open-run states carry their own small memory; every instant is UTC ms. */
export type Phase =
  // No open run.
  | { readonly at: 'empty' }
  /** `unsteady`: it flaps for so long that a person must look at the cable. */
  | { readonly at: 'settling'; readonly unsteady: boolean }
  | { readonly at: 'present' }
  | { readonly at: 'closed' }
  | { readonly at: 'done'; readonly alarmed: boolean; readonly quiet: Quiet }
  | { readonly at: 'back'; readonly alarmed: boolean; readonly quiet: Quiet }
  | { readonly at: 'alarm'; readonly why: string }
  | { readonly at: 'out' }
  | { readonly at: 'faulted'; readonly fault: string }
  // Open run, before keys.
  | { readonly at: 'identify' }
  | { readonly at: 'wiring' }
  | { readonly at: 'precheck'; readonly check: string | null; readonly held: readonly Finding[] }
  // Keys up to the configuration page.
  | { readonly at: 'echo'; readonly tries: number; readonly round: number }
  | {
      readonly at: 'summon'
      readonly round: number
      readonly stage: 'rest' | 'focus' | 'windows'
      readonly seen: Windows | null
      /** The last burst was interrupted: the device's count of the Windows key is unknown. */
      readonly broken: boolean
    }
  | { readonly at: 'moving'; readonly moves: number }
  | { readonly at: 'selecting'; readonly moves: number }
  | { readonly at: 'entering' }
  | { readonly at: 'landing'; readonly refreshes: number; readonly moved: boolean }
  | {
      readonly at: 'reviewing'
      readonly refreshes: number
      readonly nudges: number
      readonly names: Names | null
    }
  | {
      readonly at: 'refreshing'
      readonly stage: 'move' | 'look' | 'enter'
      readonly refreshes: number
      readonly nudges: number
    }
  | { readonly at: 'accepting' }
  // The long wait.
  | {
      readonly at: 'provisioning'
      readonly asked: boolean
      readonly activity: string | null
      readonly movedAt: InstantMs
    }
  | { readonly at: 'restarting'; readonly from: RestartFrom }
  // Results.
  | { readonly at: 'succeeding'; readonly nudges: number }
  | { readonly at: 'resealing'; readonly proof: OffProof }
  | { readonly at: 'offproof'; readonly proof: OffProof }
  | {
      readonly at: 'dark-ask'
      readonly proof: OffProof
      readonly why: 'keyboard-still-there' | 'nothing-gone' | 'removal-sign' | 'restarted'
    }
  | { readonly at: 'failing'; readonly code: string | null }
  | { readonly at: 'retry-wait'; readonly code: string; readonly until: InstantMs }
  | {
      readonly at: 'retry-confirm'
      readonly code: string
      readonly moves: number
      readonly moved: boolean
    }
  | { readonly at: 'retrying'; readonly code: string }
  | { readonly at: 'resetting' }
  // Detours.
  | { readonly at: 'keyless'; readonly back: KeyPlace; readonly shown: boolean }
  | { readonly at: 'locate'; readonly why: string; readonly asked: boolean }
  | {
      readonly at: 'hold'
      readonly why: HoldReason
      readonly detail: string
      readonly from: Page | 'precheck' | 'none'
      /** Keys went into a page that is not known, or the device was swapped: stop, not only wait. */
      readonly stop: boolean
    }
  | { readonly at: 'closing'; readonly closing: Closing; readonly back: Phase }

/** Where a run goes on when the link is back after a restart of the device. */
export type RestartFrom = 'precheck' | 'summon' | 'locate' | 'provisioning'
/** What was about to be pressed when the keyboard failed. */
export type KeyPlace = 'summon' | 'locate'

export type PhaseName = Phase['at']

export const PHASE_NAMES: readonly PhaseName[] = [
  'empty',
  'settling',
  'present',
  'closed',
  'done',
  'back',
  'alarm',
  'out',
  'faulted',
  'identify',
  'wiring',
  'precheck',
  'echo',
  'summon',
  'moving',
  'selecting',
  'entering',
  'landing',
  'reviewing',
  'refreshing',
  'accepting',
  'provisioning',
  'restarting',
  'succeeding',
  'resealing',
  'offproof',
  'dark-ask',
  'failing',
  'retry-wait',
  'retry-confirm',
  'retrying',
  'resetting',
  'keyless',
  'locate',
  'hold',
  'closing',
]

/** Named limits of a state; the earliest is armed. */
export type LimitName =
  | 'steady'
  | 'settle'
  | 'removed'
  | 'back'
  | 'precheck'
  | 'again'
  | 'play'
  | 'confirm'
  | 'load'
  | 'hold'
  | 'grace'
  | 'provision'
  | 'ask'
  | 'stall'
  | 'awake'
  | 'settle-red'
  | 'retry'
  | 'off-start'
  | 'off-hold'
  | 'close'
  | 'silent'
  | 'lost'
  | 'summon'
  | 'test'
