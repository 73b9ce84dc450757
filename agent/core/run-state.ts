// What a bay remembers of its open run and of the one that closed last: plain data, written by `step` alone.
import type { Evidence, Grade, Proof, Verdict } from './evidence.ts'
import type { PreCheck, TpmCheck, TpmVerdict } from './facts.ts'
import type { InstantMs, PlayId, RunId } from './ids.ts'
import type { Guard } from './key-script.ts'
import type { Names, Order } from './order.ts'
import type { Windows } from './pages.ts'
import type { Estimate } from './rules.ts'
import type { TpmView } from './view.ts'

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
  /** Up to when the waits are booked. */
  readonly bookedAt: InstantMs
  readonly machineWaitMs: number
  /** Names at review; the result page is held against them. */
  readonly names: Names | null
  /** Retry presses on the red page in this run. */
  readonly retries: number
  readonly lastCode: string | null
  readonly summonRounds: number
  /** How often a summon began since a person spoke; restarts of agent and device count too. */
  readonly summons: number
  /** Transcript lines since a lock-key echo proved the driver alive; null: none did, or something was lost since. */
  readonly sinceEcho: number | null
  /** Enters since a person spoke or provisioning began, so that keys that do nothing come to an end. */
  readonly enters: number
  /** Nobody knows that the focus is on the list of the options: their moves hold a Space, which could press a button. */
  readonly moved: boolean
  readonly agentRestarts: number
  /** End of the provisioning limit, once provisioning began. */
  readonly provisionBy: InstantMs | null
  readonly provisionFrom: InstantMs | null
  /** What was expected when provisioning began; absent in runs of before. */
  readonly estimate?: Estimate
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
  /** The TPM lines of that run; absent when there was nothing to show. */
  readonly tpm?: TpmView
}
