// Accounts in memory and an audit in a list, for servers of tests; the hashes, sessions and rules are the real ones.
import type { AuditNote, AuditQuery, AuditRow, Clock } from '../../agent/ports.ts'
import { Accounts } from '../../agent/web/auth/accounts.ts'
import { FirstCode } from '../../agent/web/auth/first-code.ts'
import type { People } from '../../agent/web/auth/gate.ts'
import type { Kept } from '../../agent/web/auth/kept.ts'
import type { Tls } from '../../agent/web/auth/tls.ts'
import type { WebDoors } from '../../agent/web/web.ts'

const MINUTE_MS = 60_000

/** A file of accounts that lives as long as this object: hand it to a second server to restart the first. */
export function memoryKept(): Kept {
  let text: string | null = null
  return {
    read: () =>
      text === null
        ? {
            schema: 'reseal/accounts/1',
            pseudonymKey: 'KEY',
            accounts: [],
            tokens: [],
            kiosks: [],
          }
        : JSON.parse(text),
    write: (file) => {
      text = JSON.stringify(file)
    },
  }
}

export class AuditList {
  readonly rows: AuditRow[] = []

  async audit(note: AuditNote): Promise<void> {
    this.rows.push({ ...note, seq: this.rows.length + 1 })
  }

  async audits({ before = Infinity, max, what }: AuditQuery): Promise<readonly AuditRow[]> {
    return this.rows
      .filter((row) => row.seq < before && (what ?? row.what) === row.what)
      .toReversed()
      .slice(0, max)
  }
}

export interface TestDoors extends WebDoors {
  readonly people: People
  readonly audit: AuditList
}

export function testDoors(
  clock: Clock,
  more: {
    readonly isNeeded?: boolean
    readonly tls?: Tls | null
    readonly kept?: Kept
    readonly pseudonyms?: boolean
  } = {},
): TestDoors {
  const audit = new AuditList()
  const { isNeeded = true, tls = null, pseudonyms = false } = more
  const people: People = {
    isNeeded,
    pseudonyms,
    accounts: new Accounts(more.kept ?? memoryKept(), clock),
    firstCode: new FirstCode(clock),
    timers: clock,
    rules: {
      idleMs: 30 * MINUTE_MS,
      maxMs: 12 * 60 * MINUTE_MS,
      kioskMs: 90 * 24 * 60 * MINUTE_MS,
      badgeMs: 15 * MINUTE_MS,
    },
  }
  return { people, tls, audit, audits: audit }
}
