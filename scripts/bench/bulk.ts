// Look-ups on a ledger of a million runs: one at a time and ten thousand at once, against the bare queries.
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { LOOKUP_CSV_HEADING } from '../../agent/core/lookup-csv.ts'
import { openReader } from '../../agent/ledger/reader.ts'
import { lookupLines } from '../../agent/web/lookup-routes.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { fillLedger, serialOf } from '../../test/integration/ledger/parts/fill.ts'
import { inFolder } from './folder.ts'
import { inTurns, percentile, type Row, rowOf } from './row.ts'

const RUNS = 1_000_000
const ROUNDS = 5
const LOOKUPS = 2_000
const BULK = 10_000
/** A prime, so that the serial numbers asked for lie all over the ledger. */
const STRIDE = 7_919

const clock = systemClock()
const serials = (count: number, round: number) =>
  Array.from({ length: count }, (_, n) => serialOf(((n + round) * STRIDE) % RUNS))

/** What must be read for an answer, by bare means: the newest run of a serial number, its body, its notes. */
function bareQueries(dir: string) {
  const db = new Sqlite(join(dir, 'ledger.db'), { readonly: true })
  const runs = db.prepare(
    `SELECT c.seq, c.kind, c.digest, c.prev, b.body FROM records r JOIN chain c USING (seq) JOIN bodies b USING (seq)
     WHERE r.serial = ? ORDER BY r.seq DESC LIMIT 1`,
  )
  const notes = db.prepare('SELECT kind, at, body FROM notes WHERE serial = ?')
  return {
    ask: (serial: string) => {
      const found = runs.all(serial)
      if (found.length === 0) throw new Error(`${serial} is not there`)
      notes.all(serial)
    },
    close: () => db.close(),
  }
}

export const bulk = (): Promise<readonly Row[]> =>
  inFolder(async (dir) => {
    fillLedger(dir, RUNS)
    const bare = bareQueries(dir)
    const reader = await openReader(dir, { mode: 'thread', clock })
    const single: number[] = []
    let round = 0
    try {
      const one = await inTurns(ROUNDS, {
        ours: async () => {
          round += 1
          const from = performance.now()
          for (const serial of serials(LOOKUPS, round)) {
            const asked = performance.now()
            const { answer } = await reader.answer(serial, clock.now())
            if (answer === 'not-seen') throw new Error(`${serial} is not seen`)
            single.push(performance.now() - asked)
          }
          return (performance.now() - from) / LOOKUPS
        },
        bare: async () => {
          const from = performance.now()
          for (const serial of serials(LOOKUPS, round)) bare.ask(serial)
          return (performance.now() - from) / LOOKUPS
        },
      })
      const many = await inTurns(ROUNDS, {
        ours: async () => {
          const from = performance.now()
          let lines = 0
          for await (const page of lookupLines(reader, serials(BULK, round), clock))
            lines += page.split('\r\n').length - 1
          if (lines !== BULK + LOOKUP_CSV_HEADING.split('\r\n').length - 1)
            throw new Error(`${lines} lines`)
          return performance.now() - from
        },
        bare: async () => {
          const from = performance.now()
          for (const serial of serials(BULK, round)) bare.ask(serial)
          return performance.now() - from
        },
      })
      const p99 = percentile(single, 0.99)
      return [
        rowOf({
          name: 'look-up of one device, ledger of 1,000,000 runs',
          unit: 'ms',
          ours: one.ours,
          bare: one.bare,
          goal: { of: 'figure', is: 'below', value: 50 },
          note: `Through the reader's thread, one after the other; p99 ${p99.toFixed(2)} ms. Bare: the queries alone, in the main thread.`,
        }),
        rowOf({
          name: 'look-up of 10,000 devices as a table',
          unit: 'ms',
          ours: many.ours,
          bare: many.bare,
          goal: { of: 'ratio', is: 'at most', value: 6 },
          note: 'As the page asks for it, 64 a turn, lines of 23 columns. Bare: the queries alone, nothing parsed or written.',
        }),
      ]
    } finally {
      bare.close()
      await reader.close()
    }
  })
