// What pages and scripts for people ask of the ledger beside single runs: work orders as they stand, and webhook queues.
import type { InstantMs } from '../core/ids.ts'
import type {
  OpenRun,
  OrderDevice,
  OrderPlan,
  OrderRun,
  OrderTally,
} from '../core/order-progress.ts'

/** The reader's part for look-ups and orders; each question is one look at an index, or a bounded page. */
export interface LookupReader {
  /** Lines of the look-up table (CSV, each with its line end) for at most 256 texts. */
  answerLines(asked: readonly string[], now: InstantMs): Promise<string>
  /** Devices that had a run in this order, by serial number; `after` is the last one of the page before. */
  orderDevices(order: string, after: string, max: number): Promise<readonly OrderDevice[]>
  /** Every closed run of an order in the order of the chain; `after` is the last one's `seq`. */
  orderRuns(order: string, after: number, max: number): Promise<readonly OrderRun[]>
  /** Devices by the verdict of their newest run, for each of these orders. */
  orderTallies(orders: readonly string[]): Promise<readonly OrderTally[]>
  /** Alarms of devices in a range of time, `until` not included. */
  alarmsIn(since: InstantMs, until: InstantMs): Promise<number>
  /** Runs that are open in the bays now. */
  openRuns(): Promise<readonly OpenRun[]>
}

/** One thing that is wrong in a file of orders. */
export interface OrderProblem {
  readonly line: number | null
  readonly path: string
  readonly value: string
  readonly message: string
  readonly hint: string
}

/** The work orders that the station knows, as pages see them. */
export interface OrderDesk {
  /** Resolves when files that changed until now are read, or after some seconds; the next answers know them. */
  fresh(): Promise<void>
  plans(): readonly OrderPlan[]
  plan(order: string): OrderPlan | null
  /** The active order whose list names this serial number; null: none. */
  ownerOf(serial: string): string | null
  /**
   * Takes a file whole, or names every bad line and takes nothing. `name` says by its ending what it is.
   * @throws StationError BACKEND_ORDERS_BUSY, STATION_ORDERS_UNREAD
   */
  take(
    name: string,
    text: string,
  ): Promise<
    { readonly orders: readonly string[] } | { readonly problems: readonly OrderProblem[] }
  >
}

/** One message that a webhook still has to deliver, or could not. */
export interface HookRow {
  /** Of the outbox. */
  readonly seq: number
  /** The same for every try: whoever takes it knows it again by this. */
  readonly key: string
  readonly event: string
  readonly at: InstantMs
  /** JSON text, as it is signed and sent. */
  readonly body: string
  readonly tries: number
  /** Not tried before, UTC ms. */
  readonly due: InstantMs
  /** What the last try met. */
  readonly why: string | null
}

export interface HookState {
  readonly hook: string
  readonly waiting: number
  readonly dead: number
  readonly delivered: number
  readonly deliveredAt: InstantMs | null
}

export type HookChange =
  /** Takes rows of the outbox up to `cursor` into the queue; those that are in it already stay as they are. */
  | {
      readonly do: 'take'
      readonly hook: string
      readonly cursor: number
      readonly rows: readonly Omit<HookRow, 'tries' | 'why'>[]
    }
  | { readonly do: 'done'; readonly hook: string; readonly seq: number; readonly at: InstantMs }
  | {
      readonly do: 'again'
      readonly hook: string
      readonly seq: number
      readonly due: InstantMs
      readonly why: string
    }
  | { readonly do: 'dead'; readonly hook: string; readonly seq: number; readonly why: string }
  /** Dead ones wait again; `seqs` null: all. */
  | {
      readonly do: 'resend'
      readonly hook: string
      readonly seqs: readonly number[] | null
      readonly due: InstantMs
    }

/** What is read of the webhooks' queues. */
export interface HookReader {
  /** Where a hook stands in the outbox; null for one that was never here. */
  hookCursor(hook: string): Promise<number | null>
  /** Waiting rows, those first that are due first. */
  hooksDue(hook: string, max: number): Promise<readonly HookRow[]>
  /** Rows that were given up, newest first. */
  hooksDead(hook: string, max: number): Promise<readonly HookRow[]>
  hookStates(hooks: readonly string[]): Promise<readonly HookState[]>
}

/** The persistent queues of the webhooks. */
export interface HookQueue extends HookReader {
  /** Resolves when it is on the disk; the number of rows it changed. */
  changeHooks(change: HookChange): Promise<number>
}

/** What of a webhook's target a client needs; its secret is the sender's business. */
export interface HookTarget {
  readonly url: string
  /** Addresses and networks (CIDR) that may be asked though they are not public. */
  readonly allow: readonly string[]
  /** `http:` is allowed, to this PC alone. */
  readonly plainLoopback: boolean
  /** PEM roots in place of the system's; null: the system's. */
  readonly ca: string | null
}

/** One answer of a receiver. */
export interface HookAnswer {
  readonly status: number
  /** From `Retry-After`, ms; null when it says nothing of use. */
  readonly retryAfterMs: number | null
}

export interface HookClient {
  /**
   * Posts once: no redirect is followed, the name is resolved once and the connection goes to that very address.
   * @throws StationError BACKEND_WEBHOOK_REFUSED the target may not be asked; BACKEND_WEBHOOK_DOWN nobody answered in time
   */
  post(
    target: HookTarget,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
  ): Promise<HookAnswer>
}

/** What of a webhook is shown; never its secret. */
export interface HookView extends HookState {
  readonly url: string
  readonly events: readonly string[]
  /** Why the last try failed; null when the last one was taken. */
  readonly trouble: string | null
}

/** Webhooks as people see them. */
export interface HookDesk {
  list(): Promise<readonly HookView[]>
  /** Null: there is no such hook. */
  dead(hook: string): Promise<readonly Omit<HookRow, 'body'>[] | null>
  /** Sends a `test` message now, outside the queue; what came of it. Null: there is no such hook. */
  test(hook: string): Promise<{ readonly ok: boolean; readonly words: string } | null>
  /** Gives dead messages another round; how many. Null: there is no such hook. */
  resend(hook: string, seqs: readonly number[] | null): Promise<number | null>
}
