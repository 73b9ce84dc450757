// One station per ledger: a lock that the kernel lets go of by itself when its process dies, however it dies.
import { join } from 'node:path'
import { StationError } from '../fault.ts'
import { faultOf, rawDatabase } from './database.ts'

/**
 * Takes the lock of a ledger directory; the answer lets it go. An empty SQLite file in an exclusive transaction is the
 * lock: Node has no flock, and SQLite's own works between processes and within one. It writes nothing, so a full disk
 * does not matter.
 * @throws StationError STATION_LEDGER_LOCKED when another one holds it
 */
export function takeLock(dir: string): () => void {
  const file = join(dir, 'ledger.lock')
  try {
    const db = rawDatabase(file)
    try {
      db.pragma('locking_mode = EXCLUSIVE')
      db.pragma('journal_mode = MEMORY')
      db.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      db.close()
      throw error
    }
    return () => {
      db.close()
    }
  } catch (error) {
    const fault = faultOf(error, file, dir)
    throw fault.code === 'STATION_LEDGER_LOCKED'
      ? new StationError('STATION_LEDGER_LOCKED', dir, { cause: error })
      : fault
  }
}
