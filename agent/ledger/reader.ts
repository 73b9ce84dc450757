// The read-only view that board, publisher and commands have of the ledger, on a connection of its own.
import { setImmediate as breathe } from 'node:timers/promises'
import { iso } from '../core/ids.ts'
import type { ResealAnswer } from '../core/reseal-answer.ts'
import { StationError } from '../fault.ts'
import type {
  AuditQuery,
  AuditReader,
  AuditRow,
  Clock,
  DeviceHistory,
  EventRow,
  FigureQuery,
  FigureReader,
  Figures,
  HookReader,
  HookRow,
  HookState,
  LedgerReader,
  LookupReader,
  RunProof,
  StoredRun,
} from '../ports.ts'
import type { Channel, Mode } from './channel.ts'
import { LocalChannel, ThreadChannel } from './channel.ts'
import type { RawOutboxRow } from './ops.ts'
import type { Bounds, Range, RawHistory, RawRun, RawWalked, Totals } from './raw-runs.ts'
import type { Call, Reply, Result } from './read-calls.ts'
import { CallAnswerer } from './read-calls.ts'

export interface ReaderOptions {
  /** `thread`: no question holds up the event loop. `in-process`: for a simulation and short commands. */
  readonly mode: Mode
  /** Says when today began. */
  readonly clock: Pick<Clock, 'now'>
}

/** All that pages, publisher and commands ask. */
export type StationReader = LedgerReader & LookupReader & HookReader & FigureReader & AuditReader

/**
 * Opens the ledger of `dir` for reading only; a station may be writing it meanwhile.
 * @throws StationError FILE_UNREADABLE when there is none, STATION_LEDGER_CORRUPT, _NEWER, _FAULT
 */
export async function openReader(dir: string, options: ReaderOptions): Promise<StationReader> {
  if (options.mode === 'in-process') {
    return new ChannelReader(new LocalChannel<Call, Reply>(new CallAnswerer(dir)), options.clock)
  }
  const url = new URL('./reader-worker.ts', import.meta.url)
  const { channel } = await ThreadChannel.open<Call, Reply, null>(url, { dir })
  return new ChannelReader(channel, options.clock)
}

/** The last local midnight: a shift counts its own day. */
function midnight(now: number): number {
  const day = new Date(now)
  day.setHours(0, 0, 0, 0)
  return day.getTime()
}

const storedRun = ({ entry, head, body }: RawRun): StoredRun => ({
  seq: entry.seq,
  record: JSON.parse(body),
  chain: { entry, head },
})

/** The reader of a real ledger; `exportRuns` asks it for texts instead of parsed records. */
export class ChannelReader implements StationReader {
  readonly #channel: Channel<Call, Reply>
  readonly #clock: Pick<Clock, 'now'>

  constructor(channel: Channel<Call, Reply>, clock: Pick<Clock, 'now'>) {
    this.#channel = channel
    this.#clock = clock
  }

  async device(serial: string): Promise<DeviceHistory> {
    const history = (await this.#ask({ call: 'device', args: [serial] })) as RawHistory
    return {
      runs: history.runs.map(storedRun),
      annotations: history.notes.map(({ kind, at, body }) => ({
        kind,
        at: iso(at),
        body: JSON.parse(body),
      })),
      open: history.open,
    }
  }

  async run(run: string): Promise<StoredRun | null> {
    const found = (await this.#ask({ call: 'run', args: [run] })) as RawRun | null
    return found === null ? null : storedRun(found)
  }

  async proof(run: string): Promise<RunProof | null> {
    return (await this.#ask({ call: 'proof', args: [run] })) as RunProof | null
  }

  async runs(query: Parameters<LedgerReader['runs']>[0]): Promise<readonly StoredRun[]> {
    return ((await this.#ask({ call: 'runs', args: [query] })) as readonly RawRun[]).map(storedRun)
  }

  async *walk(range: Range): AsyncGenerator<StoredRun, void, undefined> {
    for await (const raw of this.walkRaw(range)) {
      yield { ...storedRun(raw), between: raw.between }
    }
  }

  /** As `walk`, with each record still the RFC 8785 text that it is stored as. */
  async *walkRaw(range: Range): AsyncGenerator<RawWalked, void, undefined> {
    const bounds = (await this.#ask({ call: 'bounds', args: [range] })) as Bounds | null
    if (bounds === null) return
    for (let after = 0; ; ) {
      const page = (await this.#ask({
        call: 'walk',
        args: [range, bounds, after],
      })) as readonly RawWalked[]
      yield* page
      const last = page.at(-1)
      if (last === undefined) return
      after = last.entry.seq
      // A message port goes on taking answers that come quickly; without this, many pages pass in one turn.
      await breathe()
    }
  }

  async events(after: number, max: number): Promise<readonly EventRow[]> {
    const rows = (await this.#ask({
      call: 'events',
      args: [after, max],
    })) as readonly RawOutboxRow[]
    return rows.map((row) => ({ ...row, body: JSON.parse(row.body) }))
  }

  async provisionTimes(max: number): Promise<readonly number[]> {
    return (await this.#ask({ call: 'provisionTimes', args: [max] })) as readonly number[]
  }

  async figures(query: FigureQuery): Promise<Figures> {
    return (await this.#ask({ call: 'figures', args: [query] })) as Figures
  }

  async runsBefore(serial: string): Promise<number> {
    return (await this.#ask({ call: 'runsBefore', args: [serial] })) as number
  }

  async totals(): Promise<Totals> {
    return (await this.#ask({ call: 'totals', args: [midnight(this.#clock.now())] })) as Totals
  }

  async answer(asked: string, now: number): Promise<ResealAnswer> {
    return (await this.#ask({ call: 'answer', args: [asked, now] })) as ResealAnswer
  }

  async answerLines(asked: readonly string[], now: number): Promise<string> {
    return (await this.#ask({ call: 'answerLines', args: [asked, now] })) as string
  }

  async orderDevices(order: string, after: string, max: number) {
    return (await this.#ask({
      call: 'orderDevices',
      args: [order, after, max],
    })) as Result<'orderDevices'>
  }

  async orderRuns(order: string, after: number, max: number) {
    return (await this.#ask({
      call: 'orderRuns',
      args: [order, after, max],
    })) as Result<'orderRuns'>
  }

  async orderTallies(orders: readonly string[]) {
    return (await this.#ask({ call: 'orderTallies', args: [orders] })) as Result<'orderTallies'>
  }

  async alarmsIn(since: number, until: number): Promise<number> {
    return (await this.#ask({ call: 'alarmsIn', args: [since, until] })) as number
  }

  async openRuns() {
    return (await this.#ask({ call: 'openRuns', args: [] })) as Result<'openRuns'>
  }

  async audits(query: AuditQuery): Promise<readonly AuditRow[]> {
    return (await this.#ask({ call: 'audits', args: [query] })) as readonly AuditRow[]
  }

  async hookCursor(hook: string): Promise<number | null> {
    return (await this.#ask({ call: 'hookCursor', args: [hook] })) as number | null
  }

  async hooksDue(hook: string, max: number): Promise<readonly HookRow[]> {
    return (await this.#ask({ call: 'hooksDue', args: [hook, max] })) as readonly HookRow[]
  }

  async hooksDead(hook: string, max: number): Promise<readonly HookRow[]> {
    return (await this.#ask({ call: 'hooksDead', args: [hook, max] })) as readonly HookRow[]
  }

  async hookStates(hooks: readonly string[]): Promise<readonly HookState[]> {
    return (await this.#ask({ call: 'hookStates', args: [hooks] })) as readonly HookState[]
  }

  close(): Promise<void> {
    return this.#channel.close()
  }

  async #ask(call: Call): Promise<unknown> {
    const reply = await this.#channel.ask(call)
    if ('failure' in reply) throw new StationError(reply.failure.code, reply.failure.where)
    return reply.value
  }
}
