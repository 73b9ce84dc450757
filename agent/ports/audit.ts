// The port of the audit: who did what, when and from where, kept in the hash chain beside the records.
import type { InstantMs } from '../core/ids.ts'

export interface AuditNote {
  /** A word of agent/core/audit.ts. */
  readonly what: string
  readonly at: InstantMs
  /** Name or pseudonym; `http` and `cli` at the local console. */
  readonly who: string
  readonly account: string | null
  readonly role: string | null
  /** How they came in: `session`, `kiosk`, `badge`, `token`, `console`, `socket`, `station`. */
  readonly via: string
  /** Address of the far end; empty for the station itself. */
  readonly from: string
  /** Bay, account, serial number, order: what it was done to. */
  readonly of: string | null
  readonly outcome: 'done' | 'refused'
  readonly detail: Readonly<Record<string, string | number | boolean | null>>
}

export interface AuditRow extends AuditNote {
  /** Number of its entry in the chain. */
  readonly seq: number
}

export interface AuditQuery {
  /** Rows before this `seq`; newest first. */
  readonly before?: number
  readonly max: number
  readonly what?: string
  readonly since?: InstantMs
  readonly until?: InstantMs
}

/** Where audit notes go; when it resolves, the note survives a power cut. Rejects with STATION_LEDGER_*. */
export interface AuditLog {
  audit(note: AuditNote): Promise<unknown>
}

export interface AuditReader {
  audits(query: AuditQuery): Promise<readonly AuditRow[]>
}
