// One webhook at work: takes new rows of the outbox into its queue, and sends what is due, one message at a time.
import { iso } from '../core/ids.ts'
import type { EventRow, HookRow } from '../ports.ts'
import { pauseAfter, restAfter } from './hook-pace.ts'
import { signedHeaders } from './hook-sign.ts'
import { type HookSettings, reasonOf, type WebhookParts } from './webhooks.ts'

const PAGE = 200
/** Messages that may wait; beyond it the hook reads on only as they go. Nothing is lost: the outbox keeps them for weeks. */
const WAITING_MAX = 5_000
/** However quiet the bench is, the queue is looked at again after this: a clock may have been set. */
const LOOK_MS = 60_000
const LEDGER_AGAIN_MS = 1_000
const BEHIND_MS = 1_000
/** A wave of commits is one look. */
const GATHER_MS = 100
/** Rows without a message for the hook, after which its place is written down all the same. */
const KEEP_ROWS = 1_000

const EVENTS = [
  ['records/', 'record'],
  ['alarms', 'alarm'],
] as const

type Settled = 'sent' | 'failed' | 'idle'

export class Hook {
  readonly #hook: HookSettings
  readonly #parts: WebhookParts
  #woken: (() => void) | null = null
  #isAwake = true
  /** Last row of the outbox that was looked at; null: not begun. */
  #cursor: number | null = null
  /** What of it is on the disk. */
  #kept = 0
  /** Failures in a row; while it is down the queue rests. */
  #failures = 0
  #restUntil = 0
  #trouble: string | null = null
  #tests = 0

  constructor(hook: HookSettings, parts: WebhookParts) {
    this.#hook = hook
    this.#parts = parts
  }

  /** Something was committed, or there is a reason to look. */
  wake(): void {
    this.#isAwake = true
    this.#woken?.()
  }

  /** As if it had never failed: a person says that the receiver is well again. */
  freshStart(): void {
    this.#failures = 0
    this.#restUntil = 0
    this.wake()
  }

  shown() {
    const { target, events } = this.#hook
    return { url: withoutQuery(target.url), events, trouble: this.#trouble }
  }

  async run(signal: AbortSignal): Promise<void> {
    const { timers, log } = this.#parts
    while (!signal.aborted) {
      try {
        this.#isAwake = false
        await this.#takeIn()
        const settled = await this.#sendNext(signal)
        if (settled === 'sent') continue
        await this.#wait(signal)
        await timers.sleep(GATHER_MS, signal)
      } catch (error) {
        if (signal.aborted) return
        // The ledger reports its own health; the queue is on the disk and goes on from there.
        log.debug('a webhook waits for the ledger', { hook: this.#hook.id, error })
        await timers.sleep(LEDGER_AGAIN_MS, signal)
      }
    }
  }

  /** Sends a message that says it is a test, past the queue. */
  async test(): Promise<{ readonly ok: boolean; readonly words: string }> {
    const { timers, client, site, station } = this.#parts
    this.#tests += 1
    const id = `${site}-${station}-test-${timers.now()}-${this.#tests}`
    const body = this.#bodyOf('test', timers.now(), '{}')
    try {
      const headers = signedHeaders(this.#hook.key, id, timers.now(), body)
      const { status } = await client.post(this.#hook.target, headers, body, NEVER)
      return { ok: isTaken(status), words: `HTTP ${status}` }
    } catch (error) {
      return { ok: false, words: reasonOf(error) }
    }
  }

  /** New rows of the outbox go into the queue; a hook that was never here begins with what is committed from now on. */
  async #takeIn(): Promise<void> {
    const { reader, bench, timers } = this.#parts
    let cursor = this.#cursor ?? (await this.#begin())
    while (cursor < bench.seq()) {
      const page: readonly EventRow[] = await reader.events(cursor, PAGE)
      const last = page.at(-1)
      // The reader may be a moment behind the writer: the next look has it.
      if (last === undefined) return
      const rows = page.flatMap((row) => this.#rowOf(row, timers.now()))
      if (rows.length > 0 && !(await this.#hasRoom())) return
      // A bench tells a hundred events for each record: a place that is a little old only means to look at them again.
      if (rows.length > 0 || last.seq - this.#kept >= KEEP_ROWS) await this.#keep(last.seq, rows)
      cursor = last.seq
      this.#cursor = cursor
    }
  }

  async #begin(): Promise<number> {
    const { queue, bench } = this.#parts
    const known = await queue.hookCursor(this.#hook.id)
    const cursor = known ?? bench.seq()
    if (known === null) await this.#keep(cursor, [])
    this.#kept = cursor
    this.#cursor = cursor
    return cursor
  }

  async #keep(cursor: number, rows: readonly Omit<HookRow, 'tries' | 'why'>[]): Promise<void> {
    await this.#parts.queue.changeHooks({ do: 'take', hook: this.#hook.id, cursor, rows })
    this.#kept = cursor
  }

  async #hasRoom(): Promise<boolean> {
    const [state] = await this.#parts.queue.hookStates([this.#hook.id])
    return (state?.waiting ?? 0) < WAITING_MAX
  }

  #rowOf(row: EventRow, due: number): Omit<HookRow, 'tries' | 'why'>[] {
    const event = EVENTS.find(([start]) => row.topic.startsWith(start))?.[1]
    if (event === undefined || !this.#hook.events.includes(event)) return []
    const { seq, epoch, at } = row
    const { site, station } = this.#parts
    const body = this.#bodyOf(event, at, JSON.stringify({ epoch, seq, ...row.body }))
    return [{ seq, key: `${site}-${station}-${epoch}-${seq}`, event, at, body, due }]
  }

  /** `{type, timestamp, data}` as Standard Webhooks write it, and who says so. */
  #bodyOf(event: string, at: number, data: string): string {
    const { site, station } = this.#parts
    const head = { type: `reseal.${event}`, timestamp: iso(at), site, station }
    return `${JSON.stringify(head).slice(0, -1)},"data":${data}}`
  }

  async #sendNext(signal: AbortSignal): Promise<Settled> {
    const { queue, timers } = this.#parts
    if (timers.now() < this.#restUntil) return 'idle'
    const [row] = await queue.hooksDue(this.#hook.id, 1)
    if (row === undefined || row.due > timers.now()) return 'idle'
    const failure = await this.#post(row, signal)
    if (signal.aborted && failure !== null) return 'idle'
    return failure === null ? this.#sent(row) : this.#failed(row, failure.why, failure.askedMs)
  }

  /** Null: it was taken. */
  async #post(
    { key, body }: HookRow,
    signal: AbortSignal,
  ): Promise<{ readonly why: string; readonly askedMs: number | null } | null> {
    const { client, timers } = this.#parts
    try {
      const headers = signedHeaders(this.#hook.key, key, timers.now(), body)
      const { status, retryAfterMs } = await client.post(this.#hook.target, headers, body, signal)
      if (isTaken(status)) return null
      const why = status >= 300 && status < 400 ? `HTTP ${status}: a redirect` : `HTTP ${status}`
      return { why, askedMs: retryAfterMs }
    } catch (error) {
      return { why: reasonOf(error), askedMs: null }
    }
  }

  async #sent({ seq }: HookRow): Promise<Settled> {
    const { queue, timers } = this.#parts
    this.#failures = 0
    this.#trouble = null
    await queue.changeHooks({ do: 'done', hook: this.#hook.id, seq, at: timers.now() })
    return 'sent'
  }

  async #failed({ seq, tries }: HookRow, why: string, askedMs: number | null): Promise<Settled> {
    const { queue, timers, log } = this.#parts
    const hook = this.#hook.id
    this.#failures += 1
    if (this.#trouble === null) log.warn('a webhook did not take a message', { hook, seq, why })
    this.#trouble = why
    const now = timers.now()
    this.#restUntil = now + Math.max(restAfter(this.#failures), Math.min(askedMs ?? 0, LOOK_MS))
    const pause = pauseAfter(tries + 1, askedMs)
    if (pause === null) {
      log.error('a webhook gave a message up', { hook, seq, why })
      await queue.changeHooks({ do: 'dead', hook, seq, why })
    } else await queue.changeHooks({ do: 'again', hook, seq, due: now + pause, why })
    return 'failed'
  }

  /** Until something is due, was committed, or a minute passed; a failure waits out its rest. */
  async #wait(signal: AbortSignal): Promise<void> {
    const { queue, timers, bench } = this.#parts
    const [next] = await queue.hooksDue(this.#hook.id, 1)
    const now = timers.now()
    const restMs = Math.max(0, this.#restUntil - now)
    const isBehind = next === undefined && (this.#cursor ?? 0) < bench.seq()
    const lookMs = isBehind ? BEHIND_MS : LOOK_MS
    const dueMs = next === undefined ? lookMs : Math.max(restMs, next.due - now)
    const awake = new AbortController()
    this.#woken = () => awake.abort()
    if (!(this.#isAwake && restMs === 0))
      await timers.sleep(Math.min(dueMs, LOOK_MS), AbortSignal.any([signal, awake.signal]))
    this.#woken = null
  }
}

const NEVER = new AbortController().signal
const isTaken = (status: number) => status >= 200 && status < 300
/** A query may hold a token of the receiver. */
const withoutQuery = (url: string) => url.replace(/[?#].*$/, '')
