// What a step gives back: the new state, the edges to act on, what the world is told, and a record when a run closed.
import type { InstantMs, PlayId, RunId } from './ids.ts'
import type { PlayRequest } from './key-script.ts'
import type { RecordBody } from './record.ts'
import type { BayState } from './state.ts'

/** An edge: done at most once, stored as issued with the commit, closed by its answer (architecture: engine rule 1). */
export type Effect =
  | {
      readonly do: 'play'
      readonly play: PlayId
      readonly request: PlayRequest
      readonly notAfter: InstantMs | null
      readonly echo: boolean
    }
  | { readonly do: 'cancel'; readonly play: PlayId }
  | { readonly do: 'release' }
  | { readonly do: 'precheck'; readonly check: string }

/** A committed transition, for the `/events` topic and the history. */
export interface Transition {
  readonly from: string
  readonly to: string
  readonly why: string
}

/** Something the world must hear at once, for the `/alarms` topic; written to the device's history too. */
export interface Alarm {
  readonly code: string
  readonly serial: string | null
  readonly run: RunId | null
  readonly detail: string
}

export interface Output {
  readonly state: BayState
  readonly effects: readonly Effect[]
  readonly record: RecordBody | null
  readonly transition: Transition | null
  readonly alarms: readonly Alarm[]
  /** How an answer, action or undo was taken; null for all other facts. */
  readonly taken: 'taken' | 'same' | 'stale' | 'refused' | null
}
