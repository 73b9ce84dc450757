// The closed, immutable account of a run (contracts: record). Its digest covers exactly this body.
import type { Evidence, Grade, Verdict } from './evidence.ts'
import type { PreCheck, TpmCheck, TpmVerdict } from './facts.ts'
import type { TranscriptLine } from './state.ts'

export interface RecordBody {
  readonly schema: 'reseal/record/1'
  readonly run: string
  readonly site: string
  readonly station: string
  readonly bay: string
  readonly operator?: string
  readonly workOrder?: string
  readonly device: {
    readonly serial: string | null
    readonly mac?: string
    readonly adapter?: 'device' | 'bench'
    readonly ztdId?: string
    readonly manufacturer?: string
    readonly model?: string
  }
  readonly verdict: Verdict
  readonly grade?: Grade
  readonly startedAt: string
  readonly endedAt: string
  readonly durations: Readonly<Record<string, number>>
  readonly operatorWaitMs: number
  readonly machineWaitMs: number
  readonly attempt: number
  readonly retries: number
  readonly prompts: number
  readonly agentRestarts: number
  /** What was expected when provisioning began, and how long it took up to the success page; ms. Absent before 0.2. */
  readonly estimate?: {
    readonly p50Ms: number
    readonly p90Ms: number
    /** Runs that it rested on; 0: the setting. */
    readonly n: number
    readonly tookMs?: number
  }
  readonly tpm: {
    readonly station: TpmVerdict
    readonly windows: TpmVerdict
    readonly flow: {
      readonly result: 'passed' | 'failed' | 'not-reached'
      readonly code?: string
      readonly source?: string
    }
    readonly checks: readonly TpmCheck[]
  }
  readonly preCheck: PreCheck | null
  readonly keys: readonly TranscriptLine[]
  readonly evidence: readonly Evidence[]
  readonly error?: { readonly code: string; readonly action: string }
  /** In words: what the green page proved and what not (facts/autopilot §0, 8). */
  readonly proves?: string
  readonly handOverAfter?: string
  readonly useBefore?: string
}
