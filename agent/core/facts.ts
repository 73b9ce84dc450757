// Everything that can happen to a bay, as data: the inputs of `step`. Drivers and the bench make them, nobody else.
import type { Evidence, Proof, Source } from './evidence.ts'
import type { BayId, InstantMs, LookId, PlayId, PromptId, RunId } from './ids.ts'
import type { Order } from './order.ts'
import type { Fields, Page } from './pages.ts'
import type { Estimate } from './rules.ts'

/** The wire. `gone`/`back`: the interface itself left and returned. Counters prove that nothing happened unseen. */
export interface LinkFact {
  readonly kind: 'link'
  readonly link: 'up' | 'down' | 'gone' | 'back'
  /** Mb/s, when the driver tells. */
  readonly speed?: number
  /** Times the carrier went down since the interface exists; more than one step at once was a flap. */
  readonly downs?: number
}
export interface MacFact {
  readonly kind: 'mac'
  readonly mac: string
}
/** Keyboard: `enumerated` null = unable to tell. `health`: silent = port open and no answer; gone = no port. */
export interface KeyboardFact {
  readonly kind: 'keyboard'
  readonly enumerated: boolean | null
  readonly health: 'ok' | 'silent' | 'gone'
}
/** A play ended. `expired`: it was not started in time; `fault`: the transport is gone (code of agent/fault.ts). */
export interface PlayedFact {
  readonly kind: 'played'
  readonly play: PlayId
  readonly proof: Exclude<Proof, 'person'> | 'expired' | 'fault'
  /** Lock-key echo plays: did the LED answer? */
  readonly echo?: boolean
  readonly fault?: string
}
export interface LookedFact {
  readonly kind: 'looked'
  readonly look: LookId
  readonly page: Page
  readonly fields: Fields
  readonly seenAt: InstantMs
  readonly frame: string
  /** Enriched by the bench: another bay with an open run shows this ZtdId. */
  readonly alsoIn?: BayId
  /** Enriched by the bench: the order knows this ZtdId as this run's device. */
  readonly known?: boolean
  /** Enriched by the bench: the order names another ZtdId for this serial number. */
  readonly foreign?: boolean
}
/** A serial number, scanned or typed, with what the station knows of it (looked up by the bench, so that `step` stays pure). */
export interface IdentifiedFact {
  readonly kind: 'identified'
  readonly serial: string
  readonly source: 'scan' | 'typed' | 'probe'
  readonly by: string
  readonly order: Order | null
  /** The order that this serial belongs to, when it is not the bay's. */
  readonly otherOrder: string | null
  /** False: the bay's order has a list and the serial is not on it. */
  readonly listed: boolean
  /** Runs of this serial closed here before. */
  readonly runsBefore: number
  /** Another bay with an open run of this serial. */
  readonly alsoIn: BayId | null
  readonly manufacturer?: string
  readonly model?: string
}
/** The QR code of an Autopilot page, scanned by a person. */
export interface QrScannedFact {
  readonly kind: 'qr'
  readonly ztdId: string | null
  readonly result: 'Success' | 'Failure' | null
  /** True for the `deviceLink:` code of the 2026 menu, which never is a ZtdId (facts/autopilot §0, 2). */
  readonly deviceLink: boolean
  readonly known: boolean
  /** The order names another ZtdId for this serial number. */
  readonly foreign?: boolean
  readonly alsoIn: BayId | null
  readonly by: string
}
/** A person's answer. `given` is when the person gave it, which may be before it is taken. */
export interface AnsweredFact {
  readonly kind: 'answered'
  readonly prompt: PromptId
  readonly answer: string
  readonly text?: string
  readonly by: string
  readonly given: InstantMs
}
export interface UndoFact {
  readonly kind: 'undo'
  readonly prompt: PromptId
  readonly by: string
}
export const ACTIONS = [
  'abort',
  'retry',
  'removed',
  'powered',
  'out-of-service',
  'in-service',
  'lamp-test',
  'seen',
  'look',
] as const
/** What a person may ask of a bay at any time. `powered`: "it is on"; `look`: "ask me now". */
export type Action = (typeof ACTIONS)[number]
export interface ActionFact {
  readonly kind: 'action'
  readonly action: Action
  readonly by: string
}
export interface PreCheckedFact {
  readonly kind: 'prechecked'
  readonly check: string
  readonly result: PreCheck
}
/** `hold`: the bay waits and asks again; `warn`: kept in the record only. */
export interface Finding {
  readonly id: string
  readonly grade: 'ok' | 'warn' | 'hold'
  readonly value: string
  readonly hint: string
}
export interface PreCheck {
  readonly at: InstantMs
  readonly findings: readonly Finding[]
}
/** The TPM verdict of a probe or of the station's own attestation (the checks are made elsewhere). */
export interface TpmFact {
  readonly kind: 'tpm'
  readonly station: TpmVerdict
  readonly windows: TpmVerdict
  readonly checks: readonly TpmCheck[]
}
export type TpmVerdict = 'GO' | 'HOLD' | 'NO-GO' | 'not-seen'
export interface TpmCheck {
  readonly id: string
  /** `not-seen`: its source cannot exist on this path; it does not count unless the work order demands it. */
  readonly verdict: TpmVerdict
  readonly value: string
  readonly source: Source
  readonly hint: string
}
/** A DHCP lease or a probe's word: a sign of life, and evidence. */
export interface SignFact {
  readonly kind: 'sign'
  readonly evidence: Evidence
}
/** The one armed timer fired; `due` names which deadline it was for. */
export interface TimerFact {
  readonly kind: 'timer'
  readonly due: InstantMs
}
/** First input of every bay after a start of the agent. Plays that were open are lost. */
export interface RestartedFact {
  readonly kind: 'restarted'
  /** Kernel boot id: unchanged means that the PC itself kept running. */
  readonly boot: string
}
/** The wall clock was set; every stored instant of the future moves with it. */
export interface ClockJumpedFact {
  readonly kind: 'clock-jumped'
  readonly byMs: number
}
/** The bay was taken out of service by the agent itself (poison, two crashes). */
export interface PoisonedFact {
  readonly kind: 'poisoned'
  readonly fault: string
  readonly detail: string
}

export type Fact =
  | LinkFact
  | MacFact
  | KeyboardFact
  | PlayedFact
  | LookedFact
  | IdentifiedFact
  | QrScannedFact
  | AnsweredFact
  | UndoFact
  | ActionFact
  | PreCheckedFact
  | TpmFact
  | SignFact
  | TimerFact
  | RestartedFact
  | ClockJumpedFact
  | PoisonedFact

/** A fact stamped by the bench: the bay's own input number, the time it was taken, and an id for a run that it may open. */
export interface Input {
  readonly input: number
  readonly at: InstantMs
  /** Unique over stations; becomes the run's id if this input opens one. */
  readonly uid: RunId
  readonly fact: Fact
  /** How long provisioning is expected to take now; what a person is shown when it begins is kept with the run. */
  readonly estimate?: Estimate
}
