// What a bay remembers: plain data that serialises and parses back to itself. `step` is the only writer.
import type { BayId, InstantMs, LookId, PromptId } from './ids.ts'
import type { WireEvent } from './link-edges.ts'
import type { LimitName, Phase } from './phase.ts'
import type { LastRun, Play, RunState } from './run-state.ts'

export type {
  Closing,
  HoldReason,
  KeyPlace,
  LimitName,
  OffProof,
  Phase,
  PhaseName,
  Quiet,
  RestartFrom,
} from './phase.ts'
export { PHASE_NAMES } from './phase.ts'
export type { LastRun, Play, RunState, TranscriptLine } from './run-state.ts'

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
  readonly answered: {
    readonly prompt: PromptId
    readonly answer: string
    readonly text: string | null
  } | null
  /** Lamp test until. */
  readonly testUntil: InstantMs | null
  /** Link flaps seen while settling, for the record. */
  readonly flaps: number
  /** The last edges of wire and keyboard, oldest first, for a word about them in the record. */
  readonly edges: readonly WireEvent[]
  /** When the bay was last declared free: what was there before is no sign of a new device. */
  readonly freeAt: InstantMs
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
    edges: [],
    freeAt: at,
  }
}
