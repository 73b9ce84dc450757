// Serves the bundled board over a fake bench, for tests of the page itself.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { BayView } from '../../agent/core/view.ts'
import { silentLog } from '../../agent/log.ts'
import type { Clock } from '../../agent/ports.ts'
import { startWeb } from '../../agent/web/web.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { BoardBench } from '../fakes/board-bench.ts'
import { BoardReader } from '../fakes/board-reader.ts'

const DIST = join(import.meta.dirname, '../../agent/dashboard/dist')

export interface ServedBoard {
  readonly url: string
  readonly port: number
  readonly bench: BoardBench
  readonly reader: BoardReader
  readonly clock: Clock
  close(): Promise<void>
}

export async function serveBoard(views: readonly BayView[], port = 0): Promise<ServedBoard> {
  if (!existsSync(join(DIST, 'index.html')))
    throw new Error('The board is not bundled: run the tests by `npm test`, which does it.')
  const clock = systemClock()
  const bench = new BoardBench(views)
  const reader = new BoardReader()
  const web = await startWeb({
    bench,
    reader,
    clock,
    resealAnswer: async () => ({}),
    log: silentLog,
    host: '127.0.0.1',
    port,
    station: { site: 'site1', station: 's1', version: '0.1.0', virtual: true },
    board: DIST,
  })
  const taken = Number(new URL(web.url).port)
  return { url: web.url, port: taken, bench, reader, clock, close: () => web.close() }
}
