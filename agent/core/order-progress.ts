// How far a work order is: what of its devices is resealed, failed, open, missing or held, and what remote IT must do about it.
import type { Verdict } from './evidence.ts'
import type { InstantMs } from './ids.ts'
import { RED_CODE_MAP } from './red-codes.ts'

/** One device of an order by its newest run in it. */
export interface OrderDevice {
  readonly serial: string
  readonly run: string
  readonly runs: number
  readonly verdict: Verdict
  readonly grade: string | null
  readonly code: string | null
  readonly action: string | null
  readonly firstAt: InstantMs
  readonly endedAt: InstantMs
  /** Newest alarm of the device since that run, UTC ms; null: none. */
  readonly alarmAt: InstantMs | null
}

/** One closed run of an order, as a close-out names it. */
export interface OrderRun {
  readonly seq: number
  readonly run: string
  readonly serial: string | null
  readonly bay: string
  readonly verdict: Verdict
  readonly grade: string | null
  readonly code: string | null
  readonly action: string | null
  readonly attempt: number
  readonly startedAt: InstantMs
  readonly endedAt: InstantMs
  readonly handOverAfter: string | null
  readonly useBefore: string | null
  readonly ztdId: string | null
  readonly model: string | null
  readonly digest: string
}

export interface OrderTally {
  readonly order: string
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>
}

/** A run that is open in a bay. */
export interface OpenRun {
  readonly bay: string
  readonly run: string
  readonly serial: string | null
  readonly phase: string
  /** Why it is on hold, as the flow names it; null when it is not. */
  readonly hold: string | null
  /** The order that the run is held against. */
  readonly order: string | null
}

/** What an order is, as its list says. */
export interface OrderPlan {
  readonly order: string
  readonly customer: string
  readonly tenantDomain: string
  readonly profile: string
  readonly active: boolean
  /** Upper case; null: the order has a count and no list. */
  readonly serials: (Pick<ReadonlySet<string>, 'size' | 'has'> & Iterable<string>) | null
  /** Devices of an order without a list; null when nobody knows. */
  readonly count: number | null
}

/** One thing that somebody outside the bench must do, with the devices that wait for it. */
export interface Todo {
  readonly code: string
  /** Who must act, as the table of red codes says; `bench` for what the bench itself may try again. */
  readonly who: string
  readonly meaning: string
  readonly hint: string
  readonly serials: readonly string[]
}

export interface Progress {
  readonly devices: number | null
  readonly resealed: number
  /** Newest run ended `failed`. */
  readonly failed: number
  /** Newest run ended without an outcome: it is tried again. */
  readonly again: number
  readonly open: number
  /** Listed, and no run yet; null without a list. */
  readonly missing: number | null
  /** Resealed, and an alarm since. */
  readonly alarmed: number
  /** Has had a run in this order and is not on its list. */
  readonly strangers: number
}

export interface OrderPicture extends Progress {
  readonly missingSerials: readonly string[]
  readonly alarmedSerials: readonly string[]
  readonly strangerSerials: readonly string[]
  readonly openRuns: readonly OpenRun[]
  /** Devices that stand in a bay for another order, or devices of another order in a bay of this one. */
  readonly wrongCustomer: readonly OpenRun[]
  readonly todo: readonly Todo[]
  /** Serial numbers behind a list were cut off here. */
  readonly cut: boolean
}

/** Longest list that a page shows; the CSV has all. */
export const LIST_MAX = 1000

/** What a code asks for; codes of the fault table say their own action in the record. */
function todoOf(code: string, action: string | null): Omit<Todo, 'serials'> {
  const red = RED_CODE_MAP.get(code)
  if (red !== undefined) return { code, who: red.who, meaning: red.meaning, hint: red.hint }
  const who = REMOTE.has(code) ? 'remote IT' : 'bench'
  return { code, who, meaning: '', hint: action ?? '' }
}

/** Faults of the device that nobody at the bench can mend. */
export const REMOTE: ReadonlySet<string> = new Set([
  'DEVICE_ALREADY_RESEALED',
  'DEVICE_NO_PROFILE',
  'DEVICE_ASSOCIATED_ELSEWHERE',
  'DEVICE_WRONG_NAMES',
])

/** Those that remote IT must do first, then by how many devices wait. */
const byWeight = (a: Todo, b: Todo) =>
  Number(b.who === 'remote IT') - Number(a.who === 'remote IT') ||
  b.serials.length - a.serials.length

/** Gathers an order device by device, so that an order of any size needs no list of objects in memory. */
export class OrderGatherer {
  readonly #plan: OrderPlan
  readonly #open: readonly OpenRun[]
  readonly #openSerials: ReadonlySet<string>
  readonly #seen = new Set<string>()
  readonly #alarmed: string[] = []
  readonly #strangers: string[] = []
  readonly #todo = new Map<string, { todo: Omit<Todo, 'serials'>; serials: string[] }>()
  #resealed = 0
  #failed = 0
  #again = 0

  constructor(plan: OrderPlan, open: readonly OpenRun[]) {
    this.#plan = plan
    this.#open = open
    const own = open.filter((run) => this.#isOwn(run) && run.serial !== null)
    this.#openSerials = new Set(own.map(({ serial }) => serial ?? ''))
  }

  add(device: OrderDevice): void {
    const { serial, verdict, code, action } = device
    this.#seen.add(serial)
    if (this.#plan.serials?.has(serial) === false) this.#strangers.push(serial)
    if (this.#openSerials.has(serial)) return
    if (verdict === 'resealed') {
      this.#resealed += 1
      if (device.alarmAt !== null) this.#alarmed.push(serial)
      return
    }
    if (verdict === 'failed') this.#failed += 1
    else this.#again += 1
    if (code === null) return
    const known = this.#todo.get(code)
    if (known === undefined) this.#todo.set(code, { todo: todoOf(code, action), serials: [serial] })
    else known.serials.push(serial)
  }

  picture(): OrderPicture {
    const { serials, count } = this.#plan
    const missing =
      serials === null
        ? null
        : [...serials].filter((one) => !this.#seen.has(one) && !this.#openSerials.has(one))
    const todo = [...this.#todo.values()].map(({ todo, serials }) => ({ ...todo, serials }))
    const lists = [missing ?? [], this.#alarmed, this.#strangers, ...todo.map((one) => one.serials)]
    const short = (list: readonly string[]) => list.slice(0, LIST_MAX)
    return {
      devices: serials?.size ?? count,
      resealed: this.#resealed,
      failed: this.#failed,
      again: this.#again,
      open: this.#openSerials.size,
      missing: missing?.length ?? null,
      alarmed: this.#alarmed.length,
      strangers: this.#strangers.length,
      missingSerials: short(missing ?? []),
      alarmedSerials: short(this.#alarmed),
      strangerSerials: short(this.#strangers),
      openRuns: this.#open.filter((run) => this.#isOwn(run)),
      wrongCustomer: this.#open.filter((run) => this.#isWrong(run)),
      todo: todo.toSorted(byWeight).map((one) => ({ ...one, serials: short(one.serials) })),
      cut: lists.some((list) => list.length > LIST_MAX),
    }
  }

  #isOwn({ order, hold }: OpenRun): boolean {
    return order === this.#plan.order && hold !== WRONG_CUSTOMER
  }

  /** Held for another customer: in a bay of this order, or a device of this order in another one's bay. */
  #isWrong({ order, hold, serial }: OpenRun): boolean {
    if (hold !== WRONG_CUSTOMER) return false
    return (
      order === this.#plan.order || (serial !== null && this.#plan.serials?.has(serial) === true)
    )
  }
}

const WRONG_CUSTOMER = 'wrong-customer'

/** The figures of a list of orders: from sums alone, so that many orders cost nothing. */
export function progressOf(
  plan: OrderPlan,
  tally: OrderTally | undefined,
  open: readonly OpenRun[],
) {
  const of = (verdict: Verdict) => tally?.verdicts[verdict] ?? 0
  const all = Object.values(tally?.verdicts ?? {}).reduce((sum, n) => sum + n, 0)
  return {
    devices: plan.serials?.size ?? plan.count,
    resealed: of('resealed'),
    failed: of('failed'),
    again: all - of('resealed') - of('failed'),
    open: open.filter(({ order }) => order === plan.order).length,
  }
}
