// Durable commits a second: the ledger's own way against the bare library that writes the same rows.
import type Sqlite from 'better-sqlite3'
import { ledgerFile, NEWEST_VERSION, openDatabase } from '../../agent/ledger/database.ts'
import { openLedger } from '../../agent/ledger/ledger.ts'
import { ensureLedger } from '../../agent/ledger/migrate.ts'
import { type CommitRow, commitRow } from '../../agent/ledger/ops.ts'
import { MIGRATIONS } from '../../agent/ledger/schema.ts'
import type { Entry } from '../../agent/ports.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { randomIds } from '../../drivers/host/ids.ts'
import { inFolder } from './folder.ts'
import { entriesOf, record, stretched } from './recording.ts'
import { inTurns, type Row, rowOf } from './row.ts'

const ROUNDS = 11
const ALONE = 1500
const BAYS = 64
const TOGETHER = 9600
/** Commits of each round that do not count: a new thread has to compile its code first. */
const WARM_UP = 1500
const STATION = 'hall/bench'

/** Commits a second, from the one on that ends the warm-up. */
class Pace {
  #done = 0
  #from = 0

  commit(): void {
    this.#done += 1
    if (this.#done === WARM_UP) this.#from = performance.now()
  }

  rate(): number {
    return ((this.#done - WARM_UP) * 1000) / (performance.now() - this.#from)
  }
}

/** One bay after the other waits for its commit, `lanes` bays at once. */
const ours = (entries: readonly Entry[], lanes: number): Promise<number> =>
  inFolder(async (dir) => {
    const ledger = await openLedger({
      dir,
      mode: 'thread',
      clock: systemClock(),
      ids: randomIds(),
      station: STATION,
    })
    const queues = Array.from({ length: lanes }, (_, lane) =>
      entries.filter((_, at) => at % lanes === lane),
    )
    const pace = new Pace()
    await Promise.all(
      queues.map(async (queue) => {
        for (const entry of queue) {
          await ledger.commit(entry)
          pace.commit()
        }
      }),
    )
    const rate = pace.rate()
    await ledger.close()
    return rate
  })

/** The same rows into the same tables, a transaction for each commit, in this thread; nothing is checked or chained. */
const bare = (entries: readonly Entry[]): Promise<number> =>
  inFolder(async (dir) => {
    ensureLedger(dir, { epoch: 'bench', station: STATION, at: 0, durable: true }, MIGRATIONS)
    // Opened as the ledger does, for the same settings.
    const db: Sqlite.Database = openDatabase(ledgerFile(dir), {
      readonly: false,
      durable: true,
      newest: NEWEST_VERSION,
    })
    const input = db.prepare('INSERT INTO inputs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    const bay = db.prepare(
      `INSERT INTO bays (bay, input, uid, at, phase, run, serial, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET input = excluded.input, uid = excluded.uid, at = excluded.at, phase = excluded.phase,
         run = excluded.run, serial = excluded.serial, state = excluded.state`,
    )
    const outbox = db.prepare(
      'INSERT INTO outbox (seq, epoch, at, topic, record, body) VALUES (?, 1, ?, ?, NULL, ?)',
    )
    let rows = 0
    let seq = 0
    const commit = db.transaction((row: CommitRow) => {
      input.run(
        ++rows,
        row.bay,
        row.input,
        row.at,
        row.uid,
        row.phase,
        row.run,
        row.fact,
        row.effects,
      )
      bay.run(row.bay, row.input, row.uid, row.at, row.phase, row.run, row.serial, row.state)
      for (const alarm of row.alarms) outbox.run(++seq, row.at, 'alarms', alarm.body)
      if (row.event !== null) outbox.run(++seq, row.at, 'events', row.event)
    })
    const pace = new Pace()
    for (const entry of entries) {
      commit.immediate(commitRow(entry))
      pace.commit()
    }
    const rate = pace.rate()
    db.close()
    return rate
  })

export async function commits(): Promise<readonly Row[]> {
  const tape = await record()
  // Without those that close a run: they write four rows more, which the bare library would have to chain too.
  const mix = tape.bays.flatMap((one) => [...entriesOf(one)]).filter((one) => one.record === null)
  const alone = stretched(mix, WARM_UP + ALONE, 1)
  const together = stretched(mix, WARM_UP + TOGETHER, BAYS)
  const rate = await inTurns(ROUNDS, {
    bare: () => bare(alone),
    alone: () => ours(alone, 1),
    together: () => ours(together, BAYS),
  })
  const how = 'WAL, synchronous=FULL, same tables and rows'
  return [
    rowOf({
      name: 'ledger: durable commits, one bay',
      unit: '/s',
      ours: rate.alone,
      bare: rate.bare,
      goal: { of: 'ratio', is: 'at least', value: 0.5 },
      note: `${how}; bare: a transaction each in the main thread`,
    }),
    rowOf({
      name: `ledger: durable commits, ${BAYS} bays`,
      unit: '/s',
      ours: rate.together,
      bare: rate.bare,
      goal: { of: 'ratio', is: 'at least', value: 5 },
      note: `${how}; one commit of each bay waits at a time`,
    }),
  ]
}
