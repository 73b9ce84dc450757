// `orders import` and `orders list`: work orders of a station, from the command line.
import type { Command } from 'commander'
import { loadConfig } from '../../station-config/loader.ts'
import type { BookedOrder } from '../../station-config/order-schema.ts'
import { importedOrders, importOrders } from '../../station-config/order-store.ts'
import { loadOrders } from '../../station-config/orders.ts'
import { failAll } from './faults.ts'
import { type CliIo, DEFAULT_DATA, print, printJson } from './io.ts'

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

export function addOrders(program: Command, io: CliIo): void {
  const orders = program.command('orders').description('work orders of this station')
  orders
    .command('import')
    .argument('<file>', 'YAML, JSON or CSV')
    .option('--data <dir>', 'data directory')
    .option('--config <file>', 'config file: its own orders are held against the new ones')
    .description('takes a file whole or, with any bad line, not at all')
    .action(async (file: string, where: Where) => {
      const place = placeOf(io, where)
      if (place === null) return
      const { book, problems } = importOrders(file, place.dir, place.files)
      if (book === null) return failAll(io, problems)
      const taken = book.orders.filter((one) => one.file === file)
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
}
