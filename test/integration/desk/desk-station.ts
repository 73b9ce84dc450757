// A station's desks over a real ledger: records are committed, orders imported, webhooks sent, pages served.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RecordBody } from '../../../agent/core/record.ts'
import { openLedger, type StationLedger } from '../../../agent/ledger/ledger.ts'
import { openReader, type StationReader } from '../../../agent/ledger/reader.ts'
import { silentLog } from '../../../agent/log.ts'
import type { Clock, OrderDesk } from '../../../agent/ports.ts'
import { type HookSettings, Webhooks } from '../../../agent/publish/webhooks.ts'
import { hookQueue } from '../../../agent/station/hooks.ts'
import { LiveOrders } from '../../../agent/station/live-orders.ts'
import { openOrderDesk } from '../../../agent/station/order-desk.ts'
import { startWeb, type WebParts } from '../../../agent/web/web.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { randomIds } from '../../../drivers/host/ids.ts'
import { openHookClient } from '../../../drivers/webhook/index.ts'
import { BoardBench, viewOf } from '../../fakes/board-bench.ts'
import { aRecord } from '../../fakes/records.ts'
import { anAlarm, step } from '../ledger/parts/steps.ts'

const HOUR = 3_600_000

export interface DeskStation {
  readonly url: string
  readonly port: number
  readonly dir: string
  readonly clock: Clock
  readonly bench: BoardBench
  readonly ledger: StationLedger
  readonly reader: StationReader
  readonly orders: OrderDesk
  readonly hooks: Webhooks
  /** Closes a run of a device; two hours ago and due unless it is said otherwise. */
  run(serial: string | null, more?: Partial<RecordBody>): Promise<RecordBody>
  alarm(serial: string): Promise<void>
  close(): Promise<void>
}

export interface DeskOptions {
  readonly clock?: Clock
  /** Time of the senders; that of the station when it is left out. */
  readonly timers?: Clock
  /** Time of the limit of one try; that of the senders when it is left out. */
  readonly patience?: Clock
  readonly hooks?: readonly HookSettings[]
  readonly board?: string
  readonly dir?: string
  /** Further parts of the board, over the same ledger. */
  readonly more?: (ledger: StationLedger, reader: StationReader, dir: string) => Partial<WebParts>
}

export async function openDesk(options: DeskOptions = {}): Promise<DeskStation> {
  const { clock = systemClock(), hooks: settings = [] } = options
  const timers = options.timers ?? clock
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'reseal-desk-'))
  const ids = randomIds()
  const ledger = await openLedger({
    dir,
    mode: 'thread',
    clock,
    ids,
    station: 'hall/s1',
    ballastBytes: 0,
  })
  const reader = await openReader(dir, { mode: 'thread', clock })
  const live = new LiveOrders({ files: [], dataDir: dir, clock: timers, log: silentLog })
  const orders = openOrderDesk(live, null)
  const bench = new BoardBench([viewOf('1', 'working', clock), viewOf('2', 'empty', clock)])
  bench.commit(await ledger.seq(), null)
  const life = new AbortController()
  const hooks = new Webhooks({
    hooks: settings,
    client: openHookClient({ clock: options.patience ?? timers }),
    queue: hookQueue(ledger, reader),
    reader,
    bench,
    timers,
    log: silentLog,
    site: 'hall',
    station: 's1',
  })
  const sent = hooks.run(life.signal)
  const web = await startWeb({
    bench,
    reader,
    clock,
    resealAnswer: (asked) => reader.answer(asked, clock.now()),
    desks: { reader, ledger, orders, hooks },
    log: silentLog,
    host: '127.0.0.1',
    port: 0,
    station: { site: 'hall', station: 's1', version: '0.1.0', virtual: true },
    board: options.board ?? '/nonexistent',
    ...options.more?.(ledger, reader, dir),
  })
  // Inputs of a ledger that was here before go on: a number twice would be the same input again.
  let runs = (await reader.totals()).runs * 2
  return {
    url: web.url,
    port: Number(new URL(web.url).port),
    dir,
    clock,
    bench,
    ledger,
    reader,
    orders,
    hooks,
    run: async (serial, more = {}) => {
      runs += 1
      const endedAt = clock.now() - 2 * HOUR
      const record = aRecord(`run-${runs}-${ids.next(clock.now()).slice(-6)}`, {
        device: { serial },
        startedAt: new Date(endedAt - HOUR).toISOString(),
        endedAt: new Date(endedAt).toISOString(),
        handOverAfter: new Date(endedAt + 1.5 * HOUR).toISOString(),
        useBefore: new Date(endedAt + 4_000 * HOUR).toISOString(),
        ...more,
      })
      const taken = await ledger.commit(
        step('1', runs, { record, transition: null, phase: 'done', run: record.run }),
      )
      bench.commit(taken.seq, '1')
      return record
    },
    alarm: async (serial) => {
      runs += 1
      const { input } = step('1', runs)
      const alarms = [anAlarm(serial)]
      const now = { ...input, at: clock.now() }
      const taken = await ledger.commit(step('1', runs, { input: now, alarms, transition: null }))
      bench.commit(taken.seq, '1')
    },
    close: async () => {
      life.abort()
      await sent
      await web.close()
      await live.close()
      await reader.close()
      await ledger.close()
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true })
    },
  }
}
