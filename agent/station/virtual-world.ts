// A virtual bench in place of real parts: simulated devices, their work orders, and the person who serves them.
import { type DeviceTruth, VirtualBench, VirtualOperator } from '../../drivers/virtual/index.ts'
import type { BayConfig, StationConfig } from '../../station-config/loader.ts'
import { OrderBook } from '../../station-config/orders.ts'
import { bayId } from '../core/ids.ts'
import type { BenchControl, Clock, HostFacts, Orders } from '../ports.ts'
import type { World } from './parts.ts'

export interface VirtualWorldOptions {
  readonly config: StationConfig
  readonly clock: Clock
  readonly seed: number
  /** How many devices come; Infinity for a bench without an end. */
  readonly devices: number
  readonly faults: boolean
  /** Real ms that a viewer at the board has to answer before the simulated operator goes. */
  readonly viewerFirstMs: number
  /** Factor on the simulated operator's walking and acting; 1 = a person on bench time. */
  readonly humanRate: number
  /** Devices whose truth is kept; left out, as many as a checker of a day needs. */
  readonly truthsMax?: number
}

export interface VirtualWorld {
  readonly bench: VirtualBench
  readonly world: World
  readonly orders: Orders & { readonly book: () => OrderBook }
  readonly host: HostFacts
  /** Sends the simulated operator to a bench; it works until the signal aborts. */
  readonly serve: (control: BenchControl, signal: AbortSignal) => VirtualOperator
  readonly truths: () => readonly DeviceTruth[]
}

/** The config with every second bay assisted: a newcomer sees both ways of working. */
export function mixed(config: StationConfig): StationConfig {
  const [order] = VIRTUAL_ORDER_OF
  const bays = config.bays.map(
    (bay, index): BayConfig => ({
      ...bay,
      order,
      ...(index % 2 === 1 ? { screen: { driver: 'operator', text: 'operator:' } as const } : {}),
    }),
  )
  return { ...config, bays }
}
/** All bays of the virtual bench work on its first order. */
const VIRTUAL_ORDER_OF = ['VB-1001'] as const

export function openVirtualWorld(options: VirtualWorldOptions): VirtualWorld {
  const { config, clock, seed, devices, faults } = options
  const byId = new Map<string, BayConfig>(config.bays.map((bay) => [bay.bay, bay]))
  const bench = new VirtualBench({
    clock,
    seed,
    devices,
    faults,
    bays: config.bays.map((bay) => bayId(bay.bay)),
    capture: (bay) => byId.get(bay)?.screen.driver === 'virtual',
    manual: (bay) => byId.get(bay)?.keyboard.driver === 'manual',
    adapter: (bay) => byId.get(bay)?.adapter ?? 'device',
    ...(options.truthsMax === undefined ? {} : { truthsMax: options.truthsMax }),
  })
  const book = bookOf(bench)
  return {
    bench,
    orders: {
      lookup: (serial, bound) => book.lookup(serial, bound),
      ztdOf: (serial) => book.ztdOf(serial),
      book: () => book,
    },
    host: {
      bootId: () => 'virtual',
      diskFree: async () => Number.POSITIVE_INFINITY,
      findings: async () => [],
    },
    truths: () => bench.truths(),
    world: {
      // Asked for at each start of an agent: parts of an earlier life hear nothing any more.
      get network() {
        return bench.networkCheck()
      },
      parts: async ({ bay }) => {
        const id = bayId(bay)
        return {
          bay: id,
          link: bench.link(id),
          keyboard: bench.keyboard(id),
          screen: bench.screen(id),
          lamp: bench.lamp(id),
        }
      },
    },
    serve: (control, signal) => {
      const { viewerFirstMs, humanRate } = options
      const operator = new VirtualOperator({ clock, bench, control, viewerFirstMs, humanRate })
      void operator.run(signal)
      return operator
    },
  }
}

/** The virtual bench's work orders; lists where the stock has an end. */
function bookOf(bench: VirtualBench): OrderBook {
  return new OrderBook(
    bench.orders.map((order, index) => {
      const listed = bench.listed(order.order)
      return {
        order: { ...order, windows: null, demandsAttestation: false },
        active: listed !== null || index === 0,
        count: null,
        serials:
          listed === null
            ? null
            : new Map(
                listed.map(({ serial, ztdId }) => [
                  serial.toUpperCase(),
                  ztdId?.toLowerCase() ?? null,
                ]),
              ),
        file: 'virtual',
        line: null,
      }
    }),
  )
}
