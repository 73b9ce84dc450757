// What a bay remembers: plain data that serialises and parses back to itself. `step` is the only writer.
import type { Evidence, Grade, Proof, Verdict } from './evidence.ts'
import type { Finding, PreCheck, TpmCheck, TpmVerdict } from './facts.ts'
import type { BayId, InstantMs, LookId, PlayId, PromptId, RunId } from './ids.ts'
import type { Guard } from './key-script.ts'
import type { Names, Order } from './order.ts'
import type { Page, Windows } from './pages.ts'

/** Live knowledge of the wire. `since` is when it last changed. */
export interface WireState {
  readonly link: 'up' | 'down' | 'unknown'
  readonly since: InstantMs
  readonly speed: number | null
  readonly downs: number | null
  readonly present: boolean
  readonly mac: string | null
}
export interface KeyboardState {
  readonly enumerated: boolean | null
  readonly health: 'ok' | 'silent' | 'gone'
  readonly since: InstantMs
}

/** The edge in flight: at most one play per bay at a time. */
export interface Play {
  readonly play: PlayId
  readonly script: string
  readonly burst: string
  readonly at: InstantMs
  readonly cancelled: boolean
}

export interface TranscriptLine {
  readonly at: InstantMs
  readonly script: string
  readonly burst: string
  readonly guard: Guard
  /** What the guard rested on: a prompt, a look, or nothing. */
  readonly on: string
  readonly proof: Proof | 'expired' | 'fault'
}

export interface RunState {
  readonly run: RunId
  readonly openedAt: InstantMs
  readonly openedBy: string
  readonly attempt: number
  readonly operator: string | null
  readonly serial: string | null
  readonly mac: string | null
  readonly ztdId: string | null
  readonly manufacturer: string | null
  readonly model: string | null
  readonly order: Order | null
  readonly windows: Windows
  readonly tpm: {
    readonly station: TpmVerdict
    readonly windows: TpmVerdict
    readonly checks: readonly TpmCheck[]
  }
  readonly flow: {
    readonly result: 'passed' | 'failed' | 'not-reached'
    readonly code: string | null
    readonly source: string | null
  }
  readonly preCheck: PreCheck | null
  readonly keys: readonly TranscriptLine[]
  readonly evidence: readonly Evidence[]
  /** ms per step name; their sum is the run's duration. */
  readonly durations: Readonly<Record<string, number>>
  readonly operatorWaitMs: number
  readonly machineWaitMs: number
  /** Names at review; the result page is held against them. */
  readonly names: Names | null
  /** Retry presses on the red page in this run. */
  readonly retries: number
  readonly lastCode: string | null
  readonly summonRounds: number
  readonly agentRestarts: number
  /** End of the provisioning limit, once provisioning began. */
  readonly provisionBy: InstantMs | null
  readonly provisionFrom: InstantMs | null
  /** How success was seen; null until then. */
  readonly success: {
    readonly source: 'screen' | 'operator' | 'probe'
    readonly at: InstantMs
  } | null
  /** How far the press of Reseal was proved; null until pressed, `unknown` never counts. */
  readonly reseal: { readonly proof: Proof; readonly at: InstantMs } | null
  /** Input number of the last key burst that was answered: guards must be asked for after it. */
  readonly burstInput: number
  /** Prompts shown in this run that asked a person. */
  readonly prompts: number
}

/** The run that closed last, while its device may still stand in the bay. */
export interface LastRun {
  readonly run: RunId
  readonly serial: string | null
  readonly ztdId: string | null
  readonly mac: string | null
  readonly verdict: Verdict
  readonly grade: Grade | null
  readonly code: string | null
  readonly who: string | null
  readonly endedAt: InstantMs
  readonly attempt: number
  /** For a further run of the same device without another scan. */
  readonly order: Order | null
}

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
}

/** One named state of a bay. Open-run states carry their own small memory; every instant is UTC ms. */
export type Phase =
  // No open run.
  | { readonly at: 'empty' }
  | { readonly at: 'settling' }
  | { readonly at: 'present' }
  | { readonly at: 'closed' }
  | { readonly at: 'done'; readonly alarmed: boolean }
  | { readonly at: 'back' }
  | { readonly at: 'alarm'; readonly why: string }
  | { readonly at: 'out' }
  | { readonly at: 'faulted'; readonly fault: string }
  // Open run, before keys.
  | { readonly at: 'identify' }
  | { readonly at: 'wiring' }
  | { readonly at: 'precheck'; readonly check: string | null; readonly held: readonly Finding[] }
  // Keys up to the configuration page.
  | { readonly at: 'echo'; readonly tries: number }
  | {
      readonly at: 'summon'
      readonly round: number
      readonly stage: 'rest' | 'focus' | 'windows'
      readonly seen: Windows | null
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
  | { readonly at: 'succeeding' }
  | { readonly at: 'resealing'; readonly proof: OffProof }
  | { readonly at: 'offproof'; readonly proof: OffProof }
  | {
      readonly at: 'dark-ask'
      readonly proof: OffProof
      readonly why: 'keyboard-still-there' | 'nothing-gone' | 'removal-sign' | 'restarted'
    }
  | { readonly at: 'failing'; readonly code: string | null }
  | { readonly at: 'retry-wait'; readonly code: string }
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

export interface BayState {
  readonly v: 1
  readonly bay: BayId
  /** Number of the last input taken. */
  readonly input: number
  readonly at: InstantMs
  /** When the present phase began. */
  readonly since: InstantMs
  readonly phase: Phase
  /** Id of the open question, if the phase asks one; `loud` when it asks now, not only if somebody looks. */
  readonly prompt: {
    readonly id: PromptId
    readonly since: InstantMs
    readonly loud: boolean
  } | null
  /** Id of the wanted look, if the phase looks; guards take no look asked for before the last burst. */
  readonly look: { readonly id: LookId; readonly since: InstantMs; readonly input: number } | null
  readonly limits: Readonly<Partial<Record<LimitName, InstantMs>>>
  readonly play: Play | null
  readonly run: RunState | null
  readonly last: LastRun | null
  readonly wire: WireState
  readonly keyboard: KeyboardState
  readonly boot: string
  /** The last answer taken, so that a repeated one is the same and a different one is refused. */
  readonly answered: { readonly prompt: PromptId; readonly answer: string } | null
  /** Lamp test until. */
  readonly testUntil: InstantMs | null
  /** Link flaps seen while settling, for the record. */
  readonly flaps: number
}

/** The state of a bay that has never seen anything. */
export function freshBay(bay: BayId, at: InstantMs): BayState {
  return {
    v: 1,
    bay,
    input: 0,
    at,
    since: at,
    phase: { at: 'empty' },
    prompt: null,
    look: null,
    limits: {},
    play: null,
    run: null,
    last: null,
    wire: { link: 'unknown', since: at, speed: null, downs: null, present: true, mac: null },
    keyboard: { enumerated: null, health: 'ok', since: at },
    boot: '',
    answered: null,
    testUntil: null,
    flaps: 0,
  }
}

/** A state's text, as the ledger keeps it. */
export const writeState = (state: BayState): string => JSON.stringify(state)

/** The state of a text; undefined when it is none of ours (another version, a damaged file). */
export function readState(text: string): BayState | undefined {
  try {
    const state = JSON.parse(text) as BayState
    return state.v === 1 && PHASE_NAMES.includes(state.phase.at) ? state : undefined
  } catch {
    return undefined
  }
}
