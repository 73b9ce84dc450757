// The one picture of a bay that board, MQTT, lamp and command line share: types of what `viewOf` renders.
import type { Finding, TpmVerdict } from './facts.ts'
import type { InstantMs } from './ids.ts'
import type { Page } from './pages.ts'
import type { Signal } from './signals.ts'
import type { Demand } from './tpm/demands.ts'
import type { TpmReason } from './tpm/words.ts'

/** One possible answer to a prompt. `pictured` ones stand in the "something else" list of safety rule 1. */
export interface Choice {
  readonly answer: string
  readonly label: string
  readonly pictured: boolean
  readonly picture?: Page | 'menu' | 'other'
  /** The answer takes a text (an error code, a serial number). */
  readonly text?: 'code' | 'serial'
  /** It would close the run: waits 5 s and can be taken back. */
  readonly closes: boolean
  /** Only a lead or admin may say it, where people sign in. */
  readonly lead?: true
}

export interface Prompt {
  readonly id: string
  /** The verb on the tile: Scan, Look, Choose, Compare, Press, Plug. */
  readonly verb: 'Scan' | 'Look' | 'Choose' | 'Compare' | 'Plug' | 'Take out' | 'Stop'
  /** One line: what to look at. */
  readonly line: string
  /** Names to compare, when the prompt is about names. */
  readonly names?: {
    readonly organisation?: string
    readonly profile?: string
    readonly user?: string
  }
  /** The answer of a short press of the bay's button; null when none is safe by button. */
  readonly expected: string | null
  readonly choices: readonly Choice[]
  readonly since: InstantMs
  readonly loud: boolean
  /** A scan or a typed serial answers it. */
  readonly scan: boolean
}

export interface Progress {
  /** Share of the expected time, 0-1; null when nothing is expected. */
  readonly share: number | null
  readonly startedAt: InstantMs
  readonly p50Ms: number
  readonly p90Ms: number
  /** Runs the expectation rests on. */
  readonly n: number
  readonly longer: boolean
}

/** The TPM of a run: what the station proved, what Windows says, what Microsoft's service answered; never mixed. */
export interface TpmView {
  readonly station: TpmVerdict
  readonly windows: TpmVerdict
  readonly flow: {
    readonly result: 'passed' | 'failed' | 'not-reached'
    readonly code?: string
    readonly source?: string
  }
  /** What the work order demands to be proved. */
  readonly demands: readonly Demand[]
  /** Refusals first. */
  readonly reasons: readonly TpmReason[]
}

/** The open code of a bay's probe, with the lines that start it on the device. It stands on the board alone. */
export interface ProbeLine {
  readonly code: string
  readonly until: InstantMs
  readonly linux: string
  readonly windows: string
}

/** Rendered from committed state only. `fault` is the overlay of live health. */
export interface BayView {
  readonly bay: string
  /** Name of the phase. */
  readonly state: string
  readonly signal: Signal
  /** Word on the tile: the signal's word, or the verb of the prompt. */
  readonly word: string
  /** One line of what to do or what goes on. */
  readonly line: string
  /** The step's name for statistics (product: the flow of one run). */
  readonly step: string
  readonly serial: string | null
  readonly run: string | null
  readonly since: InstantMs
  readonly deadline: InstantMs | null
  readonly prompt: Prompt | null
  readonly progress: Progress | null
  readonly code: string | null
  readonly grade: string | null
  readonly fault: { readonly code: string; readonly hint: string } | null
  /** The config was read anew: the bay changes or leaves when its open run is over. */
  readonly afterRun?: 'change' | 'leave'
  /** The closing that can still be taken back, and until when. */
  readonly undoUntil: InstantMs | null
  /** Of the open run, else of the one that closed last here; absent when there is nothing to show. */
  readonly tpm?: TpmView
  /** What the pre-check of the open run found, other than good. */
  readonly preCheck?: readonly Finding[]
  /** While a code for a probe is open here: nobody has typed it yet, and it still may be. */
  readonly probe?: ProbeLine
  /** The bay's own input number. */
  readonly input: number
  readonly at: InstantMs
}
