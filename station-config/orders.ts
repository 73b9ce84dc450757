// The work orders of a station: which device is expected to be whose. Read whole or not at all.
import { extname } from 'node:path'
import type { Order } from '../agent/core/order.ts'
import { check } from './check.ts'
import { type OrderRows, readOrderCsv } from './order-csv.ts'
import {
  type BookedOrder,
  ORDERS_MAX,
  orderOf,
  ordersSchema,
  type RawOrder,
  SERIALS_MAX,
  serialKey,
} from './order-schema.ts'
import { capped, type Problem } from './problem.ts'
import { readText } from './read-file.ts'
import { readYaml } from './yaml.ts'

export const ORDER_FILE_MAX = 16 * 1024 * 1024

/** What a fact `identified` needs of the orders. */
export interface LookedUp {
  readonly order: Order | null
  /** The order that the serial belongs to, when it is not the bay's. */
  readonly otherOrder: string | null
  /** False: the bay's order has a list and the serial is not on it. */
  readonly listed: boolean
}

/** All orders that a station knows, looked up by serial number. Orders that are not active are kept for display only. */
export class OrderBook {
  readonly orders: readonly BookedOrder[]
  readonly #byId: ReadonlyMap<string, BookedOrder>
  /** Active ones with a list. One index over all serials would double the memory, and hold the loop while it is made. */
  readonly #listed: readonly BookedOrder[]
  readonly #open: BookedOrder | null

  constructor(orders: readonly BookedOrder[]) {
    this.orders = orders
    this.#byId = new Map(orders.map((one) => [one.order.order, one]))
    const active = orders.filter((one) => one.active)
    this.#listed = active.filter((one) => one.serials !== null)
    const unlisted = active.filter((one) => one.serials === null)
    this.#open = unlisted.length === 1 ? (unlisted[0] ?? null) : null
  }

  byId(order: string): BookedOrder | null {
    return this.#byId.get(order) ?? null
  }

  /** The active order whose list names the serial number, or null; a serial stands on one such list at most. */
  ownerOf(serial: string): BookedOrder | null {
    const key = serialKey(serial)
    return this.#listed.findLast(({ serials }) => serials?.has(key) === true) ?? null
  }

  /**
   * Whose a serial number is. A list wins over an order without one; the bay's own order is what the device is held
   * against, and another order's list makes it that one's device. Without any, a person confirms the names.
   * @param bayOrder the order that the bay is bound to, or null
   */
  lookup(serial: string, bayOrder: string | null = null): LookedUp {
    const owner = this.ownerOf(serial)
    const bound = bayOrder === null ? null : this.byId(bayOrder)
    if (bound === null) {
      const order = (owner ?? this.#open)?.order ?? null
      return { order, otherOrder: null, listed: true }
    }
    const isOther = owner !== null && owner !== bound
    const otherOrder = isOther ? owner.order.order : null
    const listed = bound.serials === null || bound.serials.has(serialKey(serial))
    return { order: bound.order, otherOrder, listed }
  }

  /** The ZtdId (lower case) that an order's list names for this serial number, or null. */
  ztdOf(serial: string): string | null {
    return this.ownerOf(serial)?.serials?.get(serialKey(serial)) ?? null
  }
}

function readOrderYaml(text: string, file: string): OrderRows {
  const { value, mistakes, lineOf } = readYaml(text)
  const code = 'ORDERS_INVALID'
  if (mistakes.length > 0) {
    const problems = mistakes.map((one) => ({ code, file, path: '', value: '', ...one }) as const)
    return { value: null, problems, lineOf }
  }
  // A file may also be the bare list.
  const whole = Array.isArray(value) ? { orders: value as unknown } : value
  const at = (path: readonly PropertyKey[]) => lineOf(Array.isArray(value) ? path.slice(1) : path)
  const checked = check(ordersSchema, whole, { file, code, lineOf: at })
  return { value: checked.value?.orders ?? null, problems: checked.problems, lineOf: at }
}

type Faults = { readonly code: 'ORDERS_INVALID'; readonly file: string }

/** One order of its row; what is wrong with its list is added to `problems`. */
function booked(
  raw: RawOrder,
  index: number,
  rows: OrderRows,
  faults: Faults,
  problems: Problem[],
): BookedOrder {
  const say = (path: readonly PropertyKey[], value: string, message: string, hint: string) =>
    problems.push({
      ...faults,
      line: rows.lineOf(path),
      path: `orders[${index}]`,
      value,
      message,
      hint,
    })
  const here = ['orders', index]
  if (raw.count === undefined && raw.serials === undefined)
    say(
      here,
      raw.order,
      'neither a count nor a list of serials',
      'Add count: N, or serials: [...].',
    )
  const serials = raw.serials === undefined ? null : new Map<string, string | null>()
  for (const [at, one] of (raw.serials ?? []).entries()) {
    const device = typeof one === 'string' ? { serial: one } : one
    const key = serialKey(device.serial)
    if (serials?.has(key))
      say(
        [...here, 'serials', at],
        device.serial,
        'this serial stands twice in the order',
        'Take one out.',
      )
    serials?.set(key, device.ztdId?.toLowerCase() ?? null)
  }
  if (raw.count !== undefined && serials !== null && raw.count !== serials.size)
    say(
      here,
      raw.order,
      `count is ${raw.count}, the list has ${serials.size}`,
      'Take the count out, or complete the list.',
    )
  if (raw.join !== 'hybrid')
    for (const key of ['domainController', 'adDomain'] as const)
      if (raw[key] !== undefined)
        say(
          [...here, key],
          raw[key],
          `${key} in an order that is not hybrid`,
          'Write join: hybrid, or take it out.',
        )
  const { active, count = null } = raw
  return {
    order: orderOf(raw),
    active,
    count: serials === null ? count : null,
    serials,
    file: faults.file,
    line: rows.lineOf(here),
  }
}

/** Faults between orders, also of several files: one id twice, one serial or ZtdId on two active lists. */
function clashes(orders: readonly BookedOrder[]): readonly Problem[] {
  const problems: Problem[] = []
  const ids = new Map<string, BookedOrder>()
  const owners = new Map<string, BookedOrder>()
  const say = (one: BookedOrder, value: string, message: string, hint: string) =>
    problems.push({
      code: 'ORDERS_INVALID',
      file: one.file,
      line: one.line,
      path: one.order.order,
      value,
      message,
      hint,
    })
  for (const one of orders) {
    const same = ids.get(one.order.order)
    if (same !== undefined)
      say(one, '', `this order stands in ${same.file} too`, 'Give every order its own id.')
    ids.set(one.order.order, one)
    if (!one.active) continue
    for (const [serial, ztdId] of one.serials ?? []) {
      for (const [what, key] of [
        ['serial', serial],
        ['ZtdId', ztdId],
      ] as const) {
        if (key === null) continue
        const other = owners.get(`${what} ${key}`)
        owners.set(`${what} ${key}`, one)
        if (other === undefined) continue
        const hint = 'Take it out of one of the lists, or make the old order active: false.'
        say(one, key, `this ${what} stands on the list of ${other.order.order} already`, hint)
      }
    }
  }
  return problems
}

export interface LoadedOrders {
  /** null when there is a problem: nothing is half-imported. */
  readonly book: OrderBook | null
  readonly problems: readonly Problem[]
}

/** The orders of one text; `file` names it and its ending says what it is. */
export function parseOrders(
  text: string,
  file: string,
): { readonly orders: readonly BookedOrder[]; readonly problems: readonly Problem[] } {
  const rows =
    extname(file).toLowerCase() === '.csv' ? readOrderCsv(text, file) : readOrderYaml(text, file)
  const problems = [...rows.problems]
  const faults = { code: 'ORDERS_INVALID', file } as const
  const orders = (rows.value ?? []).map((raw, index) => booked(raw, index, rows, faults, problems))
  return { orders, problems }
}

const ENDINGS = ['.yaml', '.yml', '.json', '.csv']
export const isOrderFile = (file: string): boolean => ENDINGS.includes(extname(file).toLowerCase())

/**
 * Every order of the files, or every bad line with its reason.
 * @param texts files that were read already, by name
 */
export function loadOrders(
  files: readonly string[],
  texts: ReadonlyMap<string, string> = new Map(),
): LoadedOrders {
  const problems: Problem[] = []
  const orders: BookedOrder[] = []
  const bare = { line: null, path: '', value: '' }
  for (const file of new Set(files)) {
    if (!isOrderFile(file)) {
      const hint = `Give it one of these endings: ${ENDINGS.join(', ')}.`
      problems.push({
        code: 'ORDERS_INVALID',
        file,
        ...bare,
        message: 'the kind of the file is not known',
        hint,
      })
      continue
    }
    const text = texts.get(file)
    const read = text === undefined ? readText(file, ORDER_FILE_MAX) : { text }
    if (!('text' in read)) {
      problems.push({ code: 'FILE_UNREADABLE', file, ...bare, ...read })
      continue
    }
    const parsed = parseOrders(read.text, file)
    problems.push(...parsed.problems)
    orders.push(...parsed.orders)
  }
  const first = files[0] ?? ''
  const serials = orders.reduce((sum, one) => sum + (one.serials?.size ?? 0), 0)
  if (orders.length > ORDERS_MAX || serials > SERIALS_MAX) {
    const message = `${orders.length} orders with ${serials} serials are too many`
    const hint = `At most ${ORDERS_MAX} orders with ${SERIALS_MAX} serials; take old files out.`
    problems.push({ code: 'ORDERS_INVALID', file: first, ...bare, message, hint })
  }
  if (problems.length === 0) problems.push(...clashes(orders))
  return problems.length === 0
    ? { book: new OrderBook(orders), problems }
    : { book: null, problems: capped(problems) }
}
