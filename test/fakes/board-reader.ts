// A ledger reader on plain lists, for the web: as slow, broken or long as a test wants it.
import { lookUp } from '../../agent/core/lookup.ts'
import type { RecordBody } from '../../agent/core/record.ts'
import type { ResealAnswer } from '../../agent/core/reseal-answer.ts'
import type {
  DeviceHistory,
  EventRow,
  LedgerReader,
  RunProof,
  StoredRun,
} from '../../agent/ports.ts'

type Query = Parameters<LedgerReader['runs']>[0]

export class BoardReader implements LedgerReader {
  readonly stored: StoredRun[] = []
  readonly rows: EventRow[] = []
  /** What was noted of any device. */
  readonly notes: DeviceHistory['annotations'][number][] = []
  /** When set, every read waits for it: a disk that does not answer. */
  stuck: Promise<void> | null = null
  broken: Error | null = null

  async #ready(): Promise<void> {
    if (this.stuck !== null) await this.stuck
    if (this.broken !== null) throw this.broken
  }

  async device(): Promise<DeviceHistory> {
    await this.#ready()
    return { runs: [], annotations: this.notes, open: null }
  }

  async answer(asked: string, now: number): Promise<ResealAnswer> {
    await this.#ready()
    const runs = (serial: string) =>
      this.stored.filter(({ record }) => record.device.serial === serial)
    const device = (serial: string) => ({ runs: runs(serial), annotations: [], open: null })
    return lookUp({ device, serialsOf: () => [] }, asked, now)
  }

  async run(run: string): Promise<StoredRun | null> {
    await this.#ready()
    return this.stored.find(({ record }) => record.run === run) ?? null
  }

  async proof(run: string): Promise<RunProof | null> {
    const stored = await this.run(run)
    if (stored === null) return null
    return { chain: stored.chain, digestFits: true, prevFits: true, nextFits: null }
  }

  async runs(query: Query): Promise<readonly StoredRun[]> {
    await this.#ready()
    const { before = Number.POSITIVE_INFINITY, max, serial, verdict, bay, since } = query
    return this.stored
      .filter(
        ({ seq, record }) =>
          seq < before &&
          (serial ?? record.device.serial) === record.device.serial &&
          (verdict ?? record.verdict) === record.verdict &&
          (bay ?? record.bay) === record.bay &&
          Date.parse(record.endedAt) >= (since ?? 0),
      )
      .toSorted((a, b) => b.seq - a.seq)
      .slice(0, max)
  }

  async *walk(): AsyncIterable<StoredRun> {
    await this.#ready()
    yield* this.stored
  }

  async events(after: number, max: number): Promise<readonly EventRow[]> {
    await this.#ready()
    return this.rows.filter(({ seq }) => seq > after).slice(0, max)
  }

  async provisionTimes(): Promise<readonly number[]> {
    return []
  }

  async runsBefore(): Promise<number> {
    return 0
  }

  async totals(): ReturnType<LedgerReader['totals']> {
    await this.#ready()
    const verdicts: Record<string, number> = {}
    for (const { record } of this.stored) {
      verdicts[record.verdict] = (verdicts[record.verdict] ?? 0) + 1
    }
    const runs = this.stored.length
    return {
      runs,
      verdicts,
      unsent: 0,
      parked: 0,
      oldestUnsentAt: null,
      head: '0'.repeat(64),
      resealedToday: 0,
    }
  }

  async close(): Promise<void> {}

  /** Adds events up to the number `seq`. */
  write(seq: number, body: Readonly<Record<string, unknown>> = {}): void {
    const from = (this.rows.at(-1)?.seq ?? 0) + 1
    for (let next = from; next <= seq; next += 1) {
      this.rows.push({ seq: next, epoch: 'e1', at: next, topic: 'events', body: { next, ...body } })
    }
  }

  closeRun(run: string, more: Partial<RecordBody>): void {
    const seq = this.stored.length + 1
    const entry = { seq, kind: 'record', digest: '0'.repeat(64), prev: '0'.repeat(64) } as const
    this.stored.push({ seq, record: recordOf(run, more), chain: { entry, head: '0'.repeat(64) } })
  }
}

function recordOf(run: string, more: Partial<RecordBody>): RecordBody {
  const now = new Date().toISOString()
  return {
    schema: 'reseal/record/1',
    site: 'hall',
    run,
    station: 's1',
    bay: '1',
    device: { serial: `SN${run}` },
    verdict: 'resealed',
    startedAt: now,
    endedAt: now,
    durations: {},
    operatorWaitMs: 0,
    machineWaitMs: 0,
    attempt: 1,
    retries: 0,
    prompts: 4,
    agentRestarts: 0,
    tpm: { station: 'not-seen', windows: 'not-seen', flow: { result: 'passed' }, checks: [] },
    preCheck: null,
    keys: [],
    evidence: [],
    ...more,
  }
}
