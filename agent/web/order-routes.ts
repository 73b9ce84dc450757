// Work orders over HTTP: what there is, how far each one is, its close-out, and a new file taken whole or not at all.
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import {
  CLOSE_OUT_HEADING,
  deviceLine,
  missingLine,
  RUNS_HEADING,
  runLine,
} from '../core/close-out.ts'
import { OrderGatherer, type OrderPlan, progressOf } from '../core/order-progress.ts'
import type { LookupReader, OrderDesk } from '../ports.ts'
import {
  closeOutQuery,
  IMPORT_BYTES_MAX,
  importBody,
  orderParam,
  ordersQuery,
} from '../wire/orders.ts'
import { demandOrder } from './auth/permits.ts'
import { personOf } from './auth/person.ts'
import { valid } from './bay-routes.ts'
import { HttpProblem } from './problem.ts'

const READ = { config: { may: 'orders.read' } } as const
const PAGE = 500
/** JSON may write each character as six; line ends and quotes, the usual ones, as two. */
const BODY_MAX = IMPORT_BYTES_MAX * 2
/** Orders of one list; a station knows 1,000 at most. */
const LIST_MAX = 1_000
/** Names of orders in the audit, characters. */
const AUDITED_MAX = 500

type Reader = Pick<LookupReader, 'orderDevices' | 'orderRuns' | 'orderTallies' | 'openRuns'>

async function* pagesOf(reader: Reader, order: string) {
  for (let after = ''; ; ) {
    const page = await reader.orderDevices(order, after, PAGE)
    yield page
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = last.serial
  }
}

/** One line of every device of the order, those of its list without a run at the end. */
async function* deviceLines(reader: Reader, plan: OrderPlan): AsyncGenerator<string> {
  yield CLOSE_OUT_HEADING
  const seen = new Set<string>()
  for await (const page of pagesOf(reader, plan.order)) {
    for (const { serial } of page) seen.add(serial)
    yield page.map((device) => deviceLine(plan, device)).join('')
  }
  const missing = [...(plan.serials ?? [])].filter((serial) => !seen.has(serial))
  for (let from = 0; from < missing.length; from += PAGE) {
    const part = missing.slice(from, from + PAGE)
    yield part.map((serial) => missingLine(plan, serial)).join('')
  }
}

async function* runLines(reader: Reader, order: string): AsyncGenerator<string> {
  yield RUNS_HEADING
  for (let after = 0; ; ) {
    const page = await reader.orderRuns(order, after, PAGE)
    yield page.map((run) => runLine(order, run)).join('')
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = last.seq
  }
}

const namesOf = ({ order, customer, tenantDomain, profile, active, serials }: OrderPlan) => ({
  order,
  customer,
  tenantDomain,
  profile,
  active,
  listed: serials !== null,
})

export function orderRoutes(app: FastifyInstance, reader: Reader, desk: OrderDesk): void {
  const known = async (params: unknown): Promise<OrderPlan> => {
    const { order } = valid(orderParam, params)
    await desk.fresh()
    const plan = desk.plan(order)
    if (plan === null) throw new HttpProblem(404, 'BACKEND_NOT_FOUND', `No work order ${order}.`)
    return plan
  }
  app.get('/api/v1/work-orders', READ, async (request) => {
    const { which } = valid(ordersQuery, request.query)
    const { orders: allowed } = personOf(request)
    await desk.fresh()
    const plans = desk
      .plans()
      .filter(
        ({ active, order }) => (active || which === 'all') && (allowed?.includes(order) ?? true),
      )
      .slice(0, LIST_MAX)
    const tallies = await reader.orderTallies(plans.map(({ order }) => order))
    const open = await reader.openRuns()
    const orders = plans.map((plan, index) => {
      const { tenantDomain: _, ...names } = namesOf(plan)
      return { ...names, ...progressOf(plan, tallies[index], open) }
    })
    return { orders }
  })
  app.get('/api/v1/work-orders/:order', READ, async (request) => {
    const plan = await known(request.params)
    demandOrder(request, plan.order)
    const gatherer = new OrderGatherer(plan, await reader.openRuns())
    for await (const page of pagesOf(reader, plan.order))
      for (const device of page) gatherer.add(device)
    const picture = gatherer.picture()
    const { orders } = personOf(request)
    // Whose device stands in a bay by mistake is its own customer's to know.
    const wrongCustomer = picture.wrongCustomer.filter(
      ({ serial }) => orders === null || (serial !== null && plan.serials?.has(serial) === true),
    )
    return { ...namesOf(plan), ...picture, wrongCustomer }
  })
  app.get('/api/v1/work-orders/:order/close-out.csv', READ, async (request, reply) => {
    const plan = await known(request.params)
    demandOrder(request, plan.order)
    const { rows } = valid(closeOutQuery, request.query)
    const lines = rows === 'runs' ? runLines(reader, plan.order) : deviceLines(reader, plan)
    // Letters of the name alone: what stands in a header must not end it.
    const name = `close-out-${plan.order.replace(/[^A-Za-z0-9_-]/g, '_')}-${rows}.csv`
    reply.header('content-disposition', `attachment; filename="${name}"`)
    return reply.type('text/csv; charset=utf-8').send(Readable.from(lines))
  })
  const take = { config: { may: 'orders.import', audit: 'orders' }, bodyLimit: BODY_MAX } as const
  app.post('/api/v1/work-orders/import', take, async (request) => {
    const { name, text } = valid(importBody, request.body)
    request.note({ of: name })
    const taken = await desk.take(name, text)
    if ('orders' in taken) {
      request.note({ detail: { orders: taken.orders.join(' ').slice(0, AUDITED_MAX) } })
      return taken
    }
    const lines = taken.problems.map(({ line, path, value, message, hint }) => ({
      path: [line === null ? '' : `line ${line}`, path, value]
        .filter((part) => part !== '')
        .join(': '),
      message: `${message}. ${hint}`,
    }))
    throw new HttpProblem(422, 'ORDERS_INVALID', `${name}: nothing was imported`, lines)
  })
}
