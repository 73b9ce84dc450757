// Tells webhooks what was committed: each has a queue of its own on the disk, so that one that is down holds up nobody.
import { isStationError } from '../fault.ts'
import type { Log } from '../log.ts'
import type {
  BenchControl,
  Clock,
  HookClient,
  HookDesk,
  HookQueue,
  HookTarget,
  LedgerReader,
} from '../ports.ts'
import { Hook } from './hook.ts'

/** One webhook of the config, its secret read. */
export interface HookSettings {
  readonly id: string
  readonly target: HookTarget
  readonly events: readonly ('record' | 'alarm')[]
  readonly key: Buffer
}

export interface WebhookParts {
  readonly hooks: readonly HookSettings[]
  readonly client: HookClient
  readonly queue: HookQueue
  readonly reader: Pick<LedgerReader, 'events'>
  readonly bench: Pick<BenchControl, 'seq' | 'subscribe'>
  /** Real time: receivers do not live on bench time, and a signature's time is checked. */
  readonly timers: Clock
  readonly log: Log
  readonly site: string
  readonly station: string
}

/** Dead messages of one answer. */
const DEAD_MAX = 200

export class Webhooks implements HookDesk {
  readonly #hooks: ReadonlyMap<string, Hook>
  readonly #parts: WebhookParts

  constructor(parts: WebhookParts) {
    this.#parts = parts
    this.#hooks = new Map(parts.hooks.map((hook) => [hook.id, new Hook(hook, parts)]))
  }

  /** Works until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const unsubscribe = this.#parts.bench.subscribe(() => {
      for (const hook of this.#hooks.values()) hook.wake()
    })
    await Promise.all([...this.#hooks.values()].map((hook) => hook.run(signal)))
    unsubscribe()
  }

  async list(): ReturnType<HookDesk['list']> {
    const states = await this.#parts.queue.hookStates([...this.#hooks.keys()])
    return states.flatMap((state) => {
      const hook = this.#hooks.get(state.hook)
      return hook === undefined ? [] : [{ ...state, ...hook.shown() }]
    })
  }

  async dead(hook: string): ReturnType<HookDesk['dead']> {
    if (!this.#hooks.has(hook)) return null
    const rows = await this.#parts.queue.hooksDead(hook, DEAD_MAX)
    return rows.map(({ body: _, ...row }) => row)
  }

  async test(hook: string): ReturnType<HookDesk['test']> {
    return this.#hooks.get(hook)?.test() ?? null
  }

  async resend(hook: string, seqs: readonly number[] | null): Promise<number | null> {
    const one = this.#hooks.get(hook)
    if (one === undefined) return null
    const due = this.#parts.timers.now()
    const count = await this.#parts.queue.changeHooks({ do: 'resend', hook, seqs, due })
    one.freshStart()
    return count
  }
}

/** What a failed try met, in a line for a person. */
export const reasonOf = (error: unknown): string =>
  isStationError(error) ? `${error.code}: ${error.where}` : String(error)
