// The work orders as pages see them: those of the files, and on a virtual bench those of its own devices besides.
import type { BookedOrder } from '../../station-config/order-schema.ts'
import { serialKey } from '../../station-config/order-schema.ts'
import { importOrderText, openOrders } from '../../station-config/order-store.ts'
import type { OrderBook } from '../../station-config/orders.ts'
import type { OrderPlan } from '../core/order-progress.ts'
import type { OrderDesk } from '../ports.ts'

const planned = new WeakMap<BookedOrder, OrderPlan>()

/** Made once for each order that was read: a list of 100,000 is not copied for every page. */
function planOf(booked: BookedOrder): OrderPlan {
  const known = planned.get(booked)
  if (known !== undefined) return known
  const { order, active, count, serials } = booked
  const plan = {
    order: order.order,
    customer: order.customer,
    tenantDomain: order.tenantDomain,
    profile: order.profile,
    active,
    serials: serials === null ? null : new Set(serials.keys()),
    count,
  }
  planned.set(booked, plan)
  return plan
}

/**
 * @param files order files that the config names
 * @param own the orders of a virtual bench; null on a real one
 */
export function openOrderDesk(
  files: readonly string[],
  dataDir: string,
  own: (() => OrderBook) | null,
): OrderDesk {
  const live = openOrders(files, dataDir)
  const books = () => [...(own === null ? [] : [own()]), live.book()]
  return {
    plans: () => books().flatMap(({ orders }) => orders.map(planOf)),
    plan: (order) => {
      const booked = books()
        .map((book) => book.byId(order))
        .find((one) => one !== null)
      return booked == null ? null : planOf(booked)
    },
    ownerOf: (serial) =>
      books()
        .flatMap(({ orders }) => orders)
        .find(({ active, serials }) => active && serials?.has(serialKey(serial)) === true)?.order
        .order ?? null,
    take: (name, text) => {
      const { book, problems } = importOrderText(name, text, dataDir, files)
      if (book !== null) {
        const taken = book.orders.filter(({ file }) => file === name)
        return { orders: taken.map(({ order }) => order.order) }
      }
      return {
        problems: problems.map(({ line, path, value, message, hint }) => ({
          line,
          path,
          value,
          message,
          hint,
        })),
      }
    },
  }
}
