// Proves that a ledger or an export is whole: bodies against digests, digests against the chain, the chain against heads known elsewhere.
import { setImmediate as breathe } from 'node:timers/promises'
import type { ChainEntry } from '../ports.ts'
import { ERASED_SQL } from './audit-rows.ts'
import type { Verified } from './chain-check.ts'
import { ChainCheck, isChainEntry } from './chain-check.ts'
import type { Database } from './database.ts'
import { faultOf, ledgerFile, NEWEST_VERSION, openDatabase } from './database.ts'
import { canonicalText, headOf, sha256 } from './digest.ts'
import { jsonRows } from './json-rows.ts'
import { noteDigestText } from './ops.ts'
import { checkPhotos, type PhotoCheck, photosOf } from './photos.ts'

export interface VerifyOptions {
  /** Heads that were published elsewhere (MQTT, an earlier export); each must be in the chain. */
  readonly heads?: readonly string[]
}

interface Row extends ChainEntry {
  readonly body: string | null
  readonly run: string | null
  readonly serial: string | null
  readonly bay: string | null
  readonly verdict: string | null
  readonly ended_at: number | null
  readonly note: string | null
  readonly name: string | null
  readonly note_serial: string | null
  readonly note_at: number | null
}

const PAGE = 200
const PAGE_SQL = `SELECT c.seq, c.kind, c.digest, c.prev, b.body, r.run, r.serial, r.bay, r.verdict, r.ended_at,
    n.body AS note, n.kind AS name, n.serial AS note_serial, n.at AS note_at
  FROM chain c LEFT JOIN bodies b USING (seq) LEFT JOIN records r USING (seq) LEFT JOIN notes n USING (seq)
  WHERE c.seq > ? ORDER BY c.seq LIMIT ${PAGE}`
const OUTSIDE_SQL = `SELECT seq FROM (SELECT seq FROM records UNION ALL SELECT seq FROM bodies UNION ALL SELECT seq FROM notes)
  WHERE seq NOT IN (SELECT seq FROM chain) ORDER BY seq LIMIT 1`

const LET_GO_SQL = `SELECT count(*) AS n FROM chain c LEFT JOIN notes n USING (seq)
  WHERE c.kind = 'audit' AND c.seq <= ? AND n.seq IS NULL`

/**
 * Checks the ledger of `dir`; a station may be writing it.
 * @throws StationError FILE_UNREADABLE when there is none, STATION_LEDGER_CORRUPT when it cannot be read
 */
export async function verifyLedger(dir: string, options: VerifyOptions = {}): Promise<Verified> {
  const file = ledgerFile(dir)
  const db = openDatabase(file, { readonly: true, durable: true, newest: NEWEST_VERSION })
  try {
    return await verifyDatabase(db, options)
  } catch (error) {
    throw faultOf(error, file, dir)
  } finally {
    db.close()
  }
}

/**
 * Reads the photos that the ledger of `dir` names and holds them against their digests.
 * @throws as verifyLedger
 */
export async function verifyPhotos(dir: string): Promise<PhotoCheck> {
  const file = ledgerFile(dir)
  const db = openDatabase(file, { readonly: true, durable: true, newest: NEWEST_VERSION })
  try {
    return await checkPhotos(db, photosOf(dir))
  } catch (error) {
    throw faultOf(error, file, dir)
  } finally {
    db.close()
  }
}

/** Checks an open ledger, a page at a time. */
export async function verifyDatabase(db: Database, options: VerifyOptions): Promise<Verified> {
  const check = new ChainCheck(options.heads ?? [])
  check.beginAtFirst()
  const page = db.prepare<[number], Row>(PAGE_SQL)
  const { upTo } = db.prepare<[], { upTo: number }>(ERASED_SQL).get() ?? { upTo: 0 }
  let after = 0
  for (;;) {
    const rows = page.all(after)
    for (const row of rows) {
      checkRow(check, row, upTo)
      after = row.seq
    }
    if (rows.length < PAGE || check.broken) break
    await breathe()
  }
  const outside = db.prepare<[], { seq: number }>(OUTSIDE_SQL).get()
  if (outside !== undefined) check.bad(outside.seq, `row ${outside.seq} stands outside the chain`)
  const gone = db.prepare<[number], { n: number }>(LET_GO_SQL).get(upTo)
  return { ...check.result(), letGo: gone?.n ?? 0 }
}

function checkRow(check: ChainCheck, row: Row, erasedUpTo: number): void {
  const { seq, kind, digest, prev } = row
  const entry = { seq, kind, digest, prev }
  if (kind === 'record') {
    check.take(entry, row.body === null ? '' : sha256(row.body))
    if (row.body === null || row.run === null)
      check.bad(seq, `the record of entry ${seq} is missing`)
    else if (!check.broken && !columnsAgree(row))
      check.bad(seq, `entry ${seq} was changed: its columns differ from its record`)
    return
  }
  // The body of an erased row is gone on purpose, and an entry of the chain says so; its own entry stays.
  if (row.note === null || row.name === null || row.note_at === null) {
    check.take(entry, null)
    if (kind !== 'audit' || seq > erasedUpTo)
      check.bad(seq, `the ${kind} of entry ${seq} is missing`)
    return
  }
  check.take(
    entry,
    sha256(
      noteDigestText({ name: row.name, serial: row.note_serial, at: row.note_at, body: row.note }),
    ),
  )
}

/** What look-ups search is what the digest covers. */
function columnsAgree(row: Row): boolean {
  const record = JSON.parse(row.body ?? 'null')
  return (
    record?.run === row.run &&
    (record?.device?.serial ?? null) === row.serial &&
    record?.bay === row.bay &&
    record?.verdict === row.verdict &&
    Date.parse(record?.endedAt) === row.ended_at
  )
}

/**
 * Checks an export (JSON or NDJSON rows `{record, chain}`), or saved messages of that shape; it may be any part of the
 * chain. Never throws for what stands in the file: a row that cannot be read is the first bad one.
 */
export async function verifyExport(
  stream: AsyncIterable<string | Uint8Array>,
  options: VerifyOptions = {},
): Promise<Verified> {
  const check = new ChainCheck(options.heads ?? [])
  let last = 0
  for await (const row of jsonRows(stream)) {
    if ('why' in row) check.bad(last + 1, row.why)
    else last = checkExported(check, row.value, last)
    if (check.broken) break
  }
  return check.result()
}

function checkExported(check: ChainCheck, value: unknown, last: number): number {
  const { record, chain } = (value ?? {}) as {
    record?: unknown
    chain?: { entry?: unknown; head?: unknown; between?: unknown }
  }
  const entry = chain?.entry
  if (typeof record !== 'object' || record === null || !isChainEntry(entry)) {
    check.bad(last + 1, `the row after entry ${last} is no {record, chain}`)
    return last
  }
  const between = chain?.between ?? []
  if (!Array.isArray(between) || !between.every(isChainEntry)) {
    check.bad(entry.seq, `row ${entry.seq} has broken entries before it`)
    return last
  }
  for (const one of between) check.take(one, null)
  check.take(entry, sha256(canonicalText(record)))
  if (chain?.head !== headOf(entry))
    check.bad(entry.seq, `row ${entry.seq} carries a head that is not its own`)
  return entry.seq
}
