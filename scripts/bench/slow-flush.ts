// Preloaded by the benchmark of a slow disk: every flush of the ledger's writer thread takes at least 20 ms longer.
import { isMainThread } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'

const FLUSH_MS = 20

/** Sleeps as a thread does that waits for its disk. */
const wait = (ms: number): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

if (!isMainThread) {
  const { prepare } = Sqlite.prototype
  Sqlite.prototype.prepare = function slow(this: Sqlite.Database, sql: string) {
    const statement: Sqlite.Statement = prepare.call(this, sql)
    if (sql === 'COMMIT') {
      const run = statement.run.bind(statement)
      statement.run = () => {
        wait(FLUSH_MS)
        return run()
      }
    }
    return statement
  } as typeof prepare
}
