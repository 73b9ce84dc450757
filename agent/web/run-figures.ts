// Figures of runs as they close, for histograms: each closed run is read once, some at a time, when somebody asks.
import { Counter, Histogram, type Registry } from 'prom-client'
import { GRADES, VERDICTS } from '../core/evidence.ts'
import { STEPS } from '../core/flow/steps.ts'
import type { LedgerReader, StoredRun } from '../ports.ts'

const PAGE = 200
/** Mostly few runs are new since the last scrape: parsing a whole page of known ones would hold up the loop for nothing. */
const FIRST_PAGE = 8
/** In one reading; a bench of 256 bays closes fewer in an hour. What is older when a scraper comes back is left out. */
const RUNS_MAX = 2_000

/** From a second to four hours: answers of people, boots, the long provisioning. */
const SECONDS = [1, 2, 5, 10, 20, 30, 45, 60, 120, 300, 600, 1200, 1800, 2700, 3600, 7200, 14_400]

/** Counts from the start of this station on: Prometheus keeps what was before. */
export class RunFigures {
  readonly #reader: LedgerReader
  readonly #closed: Counter
  readonly #operatorWait: Histogram
  readonly #machineWait: Histogram
  readonly #steps: Histogram
  readonly #prompts: Counter
  readonly #retries: Counter
  /** Number of the newest run that is counted; null before the first look. */
  #last: number | null = null

  constructor(reader: LedgerReader, registers: [Registry]) {
    this.#reader = reader
    this.#closed = new Counter({
      name: 'reseal_runs_closed_total',
      help: 'Runs closed since this start by verdict and grade of the reseal',
      labelNames: ['verdict', 'grade'],
      registers,
    })
    const seconds = (name: string, help: string, labelNames: readonly string[] = []) =>
      new Histogram({ name, help, labelNames: [...labelNames], buckets: SECONDS, registers })
    this.#operatorWait = seconds(
      'reseal_run_operator_wait_seconds',
      'Time of a closed run that waited for a person',
    )
    this.#machineWait = seconds(
      'reseal_run_machine_wait_seconds',
      'Time of a closed run that waited for the device',
    )
    this.#steps = seconds('reseal_run_step_seconds', 'Time of a closed run in a step', ['step'])
    this.#prompts = new Counter({
      name: 'reseal_prompts_total',
      help: 'Questions that closed runs asked a person',
      registers,
    })
    this.#retries = new Counter({
      name: 'reseal_retries_total',
      help: 'Presses of Retry on red pages in closed runs',
      registers,
    })
    for (const verdict of VERDICTS)
      for (const grade of verdict === 'resealed' ? GRADES : ['none'])
        this.#closed.inc({ verdict, grade }, 0)
    for (const step of STEPS) this.#steps.zero({ step })
  }

  /** Takes in what closed since the last call; the first call only learns where to begin. One call at a time. */
  async read(): Promise<void> {
    const known = this.#last
    if (known === null) {
      const [newest] = await this.#reader.runs({ max: 1 })
      this.#last = newest?.seq ?? 0
      return
    }
    for (const run of await this.#news(known)) this.#count(run)
  }

  async #news(known: number): Promise<readonly StoredRun[]> {
    const news: StoredRun[] = []
    let before: number | undefined
    for (let max = FIRST_PAGE; news.length < RUNS_MAX; max = PAGE) {
      const page = await this.#reader.runs({
        max,
        ...(before === undefined ? {} : { before }),
      })
      const unknown = page.filter(({ seq }) => seq > known)
      news.push(...unknown)
      before = page.at(-1)?.seq
      if (page.length < max || unknown.length < page.length) break
    }
    this.#last = Math.max(known, ...news.map(({ seq }) => seq))
    return news
  }

  #count({ record }: StoredRun): void {
    const { verdict, grade = 'none', operatorWaitMs, machineWaitMs } = record
    this.#closed.inc({ verdict, grade })
    this.#operatorWait.observe(operatorWaitMs / 1000)
    this.#machineWait.observe(machineWaitMs / 1000)
    for (const [step, ms] of Object.entries(record.durations)) {
      // A step of another version would be a label that nobody knows.
      const name = STEPS.find((one) => one === step) ?? 'other'
      this.#steps.observe({ step: name }, ms / 1000)
    }
    this.#prompts.inc(record.prompts)
    this.#retries.inc(record.retries)
  }
}
