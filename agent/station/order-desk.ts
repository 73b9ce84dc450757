// The work orders as pages see them: those of the files, and on a virtual bench those of its own devices besides.
import type { BookedOrder } from '../../station-config/order-schema.ts'
import type { OrderBook } from '../../station-config/orders.ts'
import type { OrderPlan } from '../core/order-progress.ts'
import type { OrderDesk } from '../ports.ts'
import type { LiveOrders } from './live-orders.ts'

/** The serial numbers of a list as they are: a copy of 100,000 would hold the loop. */
const listOf = (serials: ReadonlyMap<string, unknown>): NonNullable<OrderPlan['serials']> => ({
  size: serials.size,
  has: (serial) => serials.has(serial),
  [Symbol.iterator]: () => serials.keys(),
})

const planned = new WeakMap<BookedOrder, OrderPlan>()

/** Made once for each order that was read. */
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
    serials: serials === null ? null : listOf(serials),
    count,
  }
  planned.set(booked, plan)
  return plan
}

/**
 * @param live the orders of the files
 * @param own the orders of a virtual bench; null on a real one
 */
export function openOrderDesk(live: LiveOrders, own: (() => OrderBook) | null): OrderDesk {
  const books = () => [...(own === null ? [] : [own()]), live.book()]
  return {
    fresh: () => live.fresh(),
    plans: () => books().flatMap(({ orders }) => orders.map(planOf)),
    plan: (order) => {
      const booked = books()
        .map((book) => book.byId(order))
        .find((one) => one !== null)
      return booked == null ? null : planOf(booked)
    },
    ownerOf: (serial) =>
      books()
        .map((book) => book.ownerOf(serial))
        .find((one) => one !== null)?.order.order ?? null,
    take: async (name, text) => {
      const taken = await live.take(name, text)
      if ('orders' in taken) return taken
      const problems = taken.problems.map(({ line, path, value, message, hint }) => ({
        line,
        path,
        value,
        message,
        hint,
      }))
      return { problems }
    },
  }
}
