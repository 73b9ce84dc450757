// How long provisioning takes on this bench: from the last green runs, or the setting while there are too few.
import type { Estimate } from '../core/rules.ts'
import type { LedgerReader } from '../ports.ts'

/** Below this many runs no figure is drawn from them (issue: no figure below n = 20). */
const RUNS_MIN = 20
const RUNS_MAX = 200

export class EstimateBook {
  readonly #reader: LedgerReader
  #current: Estimate
  #busy = false

  constructor(reader: LedgerReader, setting: Estimate) {
    this.#reader = reader
    this.#current = setting
  }

  get current(): Estimate {
    return this.#current
  }

  /** Reads the last times anew; a ledger that cannot be read leaves the figure as it is. */
  async refresh(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    try {
      const times = [...(await this.#reader.provisionTimes(RUNS_MAX))].sort((a, b) => a - b)
      if (times.length >= RUNS_MIN)
        this.#current = { p50Ms: at(times, 0.5), p90Ms: at(times, 0.9), n: times.length }
    } catch {
      // The estimate is small print: the ledger's own fault is reported by the writer, which meets it first.
    } finally {
      this.#busy = false
    }
  }
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
