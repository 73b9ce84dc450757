// `orders import` and `orders list`: work orders of a station, from the command line.
import { basename } from 'node:path'
import type { Command } from 'commander'
import { loadConfig } from '../../station-config/loader.ts'
import type { BookedOrder } from '../../station-config/order-schema.ts'
import { importedOrders, importOrders, keptAs } from '../../station-config/order-store.ts'
import { loadOrders } from '../../station-config/orders.ts'
import type { OrderPicture } from '../core/order-progress.ts'
import { StationError } from '../fault.ts'
import { failAll } from './faults.ts'
import { type CliIo, DEFAULT_DATA, print, printJson } from './io.ts'
import { stationUrl, withDoor } from './options.ts'
import { askStation, DEFAULT_URL, fileText, type StationDoor } from './station-http.ts'

interface Where {
  readonly data?: string
  readonly config?: string
  readonly json?: boolean
}

/** Data directory and the order files of the config; null when the config is bad and that was said. */
function placeOf(
  io: CliIo,
  { data, config }: Where,
): { dir: string; files: readonly string[] } | null {
  if (config === undefined) return { dir: data ?? DEFAULT_DATA, files: [] }
  const loaded = loadConfig(config)
  if (loaded.config === null) {
    failAll(io, loaded.problems)
    return null
  }
  return { dir: data ?? loaded.config.data ?? DEFAULT_DATA, files: loaded.config.orders }
}

const summary = ({ order, active, count, serials, file }: BookedOrder) => ({
  order: order.order,
  customer: order.customer,
  tenantDomain: order.tenantDomain,
  profile: order.profile,
  active,
  devices: serials === null ? count : serials.size,
  listed: serials !== null,
  file,
})

const line = (one: ReturnType<typeof summary>) =>
  [
    one.order,
    one.customer,
    one.tenantDomain,
    one.profile,
    `${one.devices ?? '?'} ${one.listed ? 'listed' : 'counted'}`,
    one.active ? 'active' : 'not active',
    one.file,
  ].join('\t')

/** An order's picture as lines; what must be done stands last, with whoever must do it. */
function progressLines(order: string, found: OrderPicture): readonly string[] {
  const { devices, resealed, failed, again, open, missing, alarmed, missingSerials, todo } = found
  return [
    `${order}: ${resealed} of ${devices ?? '?'} resealed, ${failed} failed, ${again} to be tried again, ${open} in a bay, ${missing ?? '?'} missing, ${alarmed} with an alarm`,
    ...(missingSerials.length === 0 ? [] : [`missing: ${missingSerials.join(' ')}`]),
    ...todo.map(({ code, who, hint, serials }) => `${code}\t${who}\t${hint}\t${serials.join(' ')}`),
  ]
}

/** The station itself holds the file against the orders that it has, and takes it whole or not at all. */
async function sendOrders(io: CliIo, file: string, where: Where & StationDoor): Promise<void> {
  if (where.data !== undefined || where.config !== undefined)
    throw new StationError('USAGE_COMMAND', '--url alone: the station knows its own orders')
  const body = { name: basename(file), text: fileText(file) }
  const path = '/api/v1/work-orders/import'
  const { orders } = (await askStation(io, where, path, 'POST', body)) as { orders: string[] }
  await print(io, `imported ${orders.join(', ')}`)
}

export function addOrders(program: Command, io: CliIo): void {
  const orders = program.command('orders').description('work orders of this station')
  withDoor(orders.command('import'))
    .argument('<file>', 'YAML, JSON or CSV')
    .option('--data <dir>', 'data directory')
    .option('--config <file>', 'config file: its own orders are held against the new ones')
    .option('--url <url>', 'give it to the running station at this address', stationUrl)
    .description('takes a file whole or, with any bad line, not at all')
    .action(async (file: string, where: Where & StationDoor) => {
      if (where.url !== undefined) return sendOrders(io, file, where)
      const place = placeOf(io, where)
      if (place === null) return
      const { book, problems } = await importOrders(file, place.dir, place.files)
      if (book === null) return failAll(io, problems)
      const kept = keptAs(place.dir, basename(file))
      const taken = book.orders.filter((one) => one.file === kept)
      await print(io, `imported ${taken.map(({ order }) => order.order).join(', ')}`)
    })
  orders
    .command('list')
    .option('--data <dir>', 'data directory')
    .option('--config <file>', 'config file')
    .option('--json', 'one JSON document')
    .description('every order that the station knows')
    .action(async (where: Where) => {
      const place = placeOf(io, where)
      if (place === null) return
      const { book, problems } = loadOrders([...place.files, ...importedOrders(place.dir)])
      if (book === null) return failAll(io, problems)
      const rows = book.orders.map(summary)
      if (where.json === true) return printJson(io, { orders: rows })
      for (const row of rows) await print(io, line(row))
    })
  withDoor(orders.command('progress'))
    .argument('<order>', 'id of the work order')
    .option('--url <url>', `address of the board (default ${DEFAULT_URL.href})`, stationUrl)
    .option('--json', 'one JSON document')
    .description('how far an order is, from the running station: exit 0 all resealed, 1 not yet')
    .action(async (order: string, { json, ...door }: StationDoor & { json?: true }) => {
      const path = `/api/v1/work-orders/${encodeURIComponent(order)}`
      const found = (await askStation(io, door, path)) as OrderPicture
      io.exit(
        found.devices !== null && found.resealed >= found.devices && found.alarmed === 0 ? 0 : 1,
      )
      if (json === true) return printJson(io, found)
      for (const text of progressLines(order, found)) await print(io, text)
    })
}
