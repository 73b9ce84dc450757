// A second pair of eyes on the ledger: its own read-only connection, asked in the very instant something is shown.

import type { BayId } from '../../../agent/core/ids.ts'
import {
  type Database,
  ledgerFile,
  NEWEST_VERSION,
  openDatabase,
  type Statement,
} from '../../../agent/ledger/database.ts'

export class Probe {
  readonly #db: Database
  readonly #state: Statement
  readonly #last: Statement

  constructor(dir: string) {
    this.#db = openDatabase(ledgerFile(dir), {
      readonly: true,
      durable: false,
      newest: NEWEST_VERSION,
    })
    this.#state = this.#db.prepare('SELECT state FROM bays WHERE bay = ?')
    this.#last = this.#db.prepare(
      'SELECT verdict FROM records WHERE bay = ? ORDER BY seq DESC LIMIT 1',
    )
  }

  /** The state of a bay on the disk, as text. */
  state(bay: BayId): string | null {
    return (this.#state.get(bay) as { state: string } | undefined)?.state ?? null
  }

  /** Green needs a record of success as the bay's last, red one of something else. */
  hasRecord(bay: BayId, signal: 'done' | 'failed'): boolean {
    const verdict = (this.#last.get(bay) as { verdict: string } | undefined)?.verdict
    return signal === 'done' ? verdict === 'resealed' : verdict !== undefined
  }

  close(): void {
    this.#db.close()
  }
}
