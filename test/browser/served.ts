// Serves the bundled board over a fake bench, for tests of the page itself.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
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

export async function serveBoard(
  views: readonly BayView[],
  port = 0,
  version = '0.1.0',
): Promise<ServedBoard> {
  if (!existsSync(join(DIST, 'index.html')))
    throw new Error('The board is not bundled: run the tests by `npm test`, which does it.')
  const clock = systemClock()
  const bench = new BoardBench(views)
  const reader = new BoardReader()
  const dir = mkdtempSync(join(tmpdir(), 'reseal-board-'))
  /** Notes go where the reader finds them; a chain is not needed here. */
  const ledger = {
    annotate: async (_serial: string, kind: string, at: number, body: Record<string, unknown>) => {
      reader.notes.push({ kind, at: new Date(at).toISOString(), body })
      return { seq: reader.notes.length, chain: null }
    },
  }
  const web = await startWeb({
    bench,
    reader,
    clock,
    resealAnswer: async () => ({}),
    log: silentLog,
    host: '127.0.0.1',
    port,
    station: { site: 'site1', station: 's1', version, virtual: true },
    board: DIST,
    photos: { dir, ledger },
  })
  const close = async () => {
    await web.close()
    rmSync(dir, { recursive: true, force: true })
  }
  const taken = Number(new URL(web.url).port)
  return { url: web.url, port: taken, bench, reader, clock, close }
}
