// How long after its commit a signal is on the lamp: a station with 64 bays and blink(1) doubles whose transfers take their time.
import { bayId } from '../../agent/core/ids.ts'
import { LAMP_TABLES } from '../../agent/core/signals.ts'
import { openLog } from '../../agent/log.ts'
import type { Entry } from '../../agent/ports.ts'
import { openVirtualWorld } from '../../agent/station/virtual-world.ts'
import { openStation } from '../../agent/station.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { randomIds } from '../../drivers/host/ids.ts'
import { openLamp, openLampFamily } from '../../drivers/lamp/index.ts'
import { virtualConfig } from '../../station-config/loader.ts'
import { HidDouble } from '../../test/fakes/hid-double.ts'
import { Blink1Double } from '../../test/fakes/hid-lamps.ts'
import { inFolder } from './folder.ts'
import { percentile, type Row, rowOf } from './row.ts'

const BAYS = 64
const ROUNDS = 3
const SINGLES = 200
const BURSTS = 6
/** A control transfer of 8 bytes behind a hub: what a real lamp takes, roughly. */
const TRANSFER_MS = 2
const DEADLINE_MS = 5000
/** The watchdog's refreshes are no signals. */
const WATCHDOG = 0x44

/** When a bay's last commit was answered, and when its lamp had taken the first bytes after it. */
interface Mark {
  committed: number
  shown: number
}

/** The ledger, each of whose commits notes when it was answered. */
const noting = <T extends object>(port: T, answered: (bay: string) => void): T =>
  new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      if (name !== 'commit') return value.bind(target)
      return async (entry: Entry) => {
        const done: unknown = await Reflect.apply(value, target, [entry])
        answered(entry.bay)
        return done
      }
    },
  })

interface LampStation {
  /** Puts a bay out of service or back; ms from its commit to the lamp. */
  change(at: number): Promise<number>
  close(): Promise<void>
}

async function open(dir: string): Promise<LampStation> {
  const clock = systemClock()
  const config = virtualConfig(BAYS)
  const bays = config.bays.map(({ bay }) => bay)
  const marks = new Map(bays.map((bay) => [bay, { committed: 0, shown: 0 } as Mark]))
  const markOf = (bay: string): Mark => marks.get(bay) ?? { committed: 0, shown: 0 }
  const system = new HidDouble(undefined, TRANSFER_MS)
  const family = openLampFamily({ clock, system })
  const virtual = openVirtualWorld({
    config,
    clock,
    seed: 1,
    devices: 0,
    faults: false,
    viewerFirstMs: 0,
    humanRate: 1,
  })
  const lampOf = (bay: string) => {
    const double = new Blink1Double(() => clock.mono(), `2000${bay}`)
    const take = double.feature.bind(double)
    const mark = markOf(bay)
    double.feature = (bytes) => {
      take(bytes)
      if (bytes[1] !== WATCHDOG && mark.committed > 0 && mark.shown === 0)
        mark.shown = performance.now()
    }
    system.plug(double)
    const context = { tables: LAMP_TABLES, write: () => undefined, hasColour: false, family }
    return openLamp(`blink1:2000${bay}`, { bay: bayId(bay), ...context })
  }
  const lamps = new Map(bays.map((bay) => [bay, lampOf(bay)]))
  const { world } = virtual
  const station = await openStation({
    config,
    dataDir: dir,
    clock,
    ids: randomIds(),
    log: openLog({ level: 'error', pretty: false }),
    version: '0.0.0',
    world: {
      network: world.network,
      parts: async (bay) => {
        const parts = await world.parts(bay)
        return { ...parts, lamp: lamps.get(bay.bay) ?? parts.lamp }
      },
    },
    orders: virtual.orders,
    host: virtual.host,
    wrap: (port) =>
      noting(port, (bay) => {
        markOf(bay).committed = performance.now()
      }),
    outside: null,
  })
  const isOut = new Set<string>()
  return {
    change: async (at) => {
      const bay = bays[at % BAYS] ?? ''
      const mark = markOf(bay)
      const action = isOut.delete(bay) ? 'in-service' : 'out-of-service'
      if (action === 'out-of-service') isOut.add(bay)
      mark.committed = 0
      mark.shown = 0
      await station.bench.act(bay, action, 'bench')
      const end = performance.now() + DEADLINE_MS
      while (mark.shown === 0) {
        if (performance.now() > end) throw new Error(`no light at bay ${bay}`)
        await new Promise((resolve) => setImmediate(resolve))
      }
      return mark.shown - mark.committed
    },
    close: async () => {
      await station.close()
      await Promise.all([...lamps.values()].map((lamp) => lamp.close()))
    },
  }
}

export async function lamp(): Promise<readonly Row[]> {
  const alone: number[] = []
  const together: number[] = []
  for (let round = 0; round < ROUNDS; round += 1)
    await inFolder(async (dir) => {
      const station = await open(dir)
      const single: number[] = []
      const burst: number[] = []
      for (let n = 0; n < SINGLES; n += 1) single.push(await station.change(n * 7))
      for (let n = 0; n < BURSTS; n += 1)
        burst.push(
          ...(await Promise.all(Array.from({ length: BAYS }, (_, at) => station.change(at)))),
        )
      await station.close()
      alone.push(percentile(single, 0.99))
      together.push(percentile(burst, 0.99))
    })
  const how = `blink(1) double, ${TRANSFER_MS} ms a transfer, 3 transfers at once; ${BAYS} lamps with their watchdogs`
  const goal = { of: 'figure', is: 'at most', value: 50 } as const
  return [
    rowOf({
      name: 'lamp: signal after its commit, p99',
      unit: 'ms',
      ours: alone,
      goal,
      note: `${ROUNDS} × ${SINGLES} signals, one bay at a time; ${how}`,
    }),
    rowOf({
      name: `lamp: signals of ${BAYS} bays at once, p99`,
      unit: 'ms',
      ours: together,
      goal,
      note: `${ROUNDS} × ${BURSTS} bursts, every bay in the same moment; the transfers alone take ${Math.ceil((BAYS * TRANSFER_MS) / 3)} ms`,
    }),
  ]
}
