// Speaks SNMP to one switch, v2c or v3: the one file that asks; tables are read bounded, errors get one of two names.
import * as snmp from 'net-snmp'
import { StationError } from '../../../agent/fault.ts'

/** How the switch is signed in at; secrets in clear, read by whoever opens the family. */
export type SwitchLogin =
  | { readonly version: '2c'; readonly community: string }
  | {
      readonly version: '3'
      readonly user: string
      readonly auth: { readonly protocol: AuthProtocol; readonly key: string } | null
      readonly priv: { readonly protocol: PrivProtocol; readonly key: string } | null
    }
export type AuthProtocol = 'md5' | 'sha' | 'sha256' | 'sha512'
export type PrivProtocol = 'des' | 'aes' | 'aes256b' | 'aes256r'

export interface SwitchAddress {
  /** An IP address, so that no DNS stands between bench and switch. */
  readonly host: string
  readonly port: number
  readonly login: SwitchLogin
  /** Wait for one answer, ms, and how often it is asked again. */
  readonly timeoutMs: number
  readonly retries: number
}

export type Value = number | string
/** One column of a table: index (what follows the column's OID) to value; octets as a latin1 string. */
export type Column = ReadonlyMap<string, Value>

/** Rows asked for at once: 25 rows of two columns fit one Ethernet frame; a switch sends fewer when they do not. */
const ROWS_AT_ONCE = 25
/** Cells of one reading; a large switch knows 8,000 MACs. */
const CELLS_MAX = 40_000
const ROUNDS_MAX = 1000

interface Bulk {
  readonly upTime: number
  readonly columns: readonly Column[]
}

const readValue = (value: unknown): Value | null => {
  if (typeof value === 'number') return value
  if (Buffer.isBuffer(value)) return value.toString('latin1')
  return typeof value === 'string' ? value : null
}

/** SNMP's reasons that mean "not you": another key, an unknown user, a set without the right. */
const REFUSED_STATUS: readonly number[] = [
  snmp.ErrorStatus.NoAccess,
  snmp.ErrorStatus.AuthorizationError,
  snmp.ErrorStatus.NotWritable,
  snmp.ErrorStatus.ReadOnly,
]
const REFUSED_CODE: readonly number[] = [
  snmp.ResponseInvalidCode.EAuthFailure,
  snmp.ResponseInvalidCode.ECouldNotDecrypt,
  snmp.ResponseInvalidCode.EUnexpectedReport,
]
/** A switch that restarted counts its time anew: the next session asks for it. */
const TIME_WINDOW = /time window/i

/** `saidNo`: the switch understood, and does not do it. */
function faultOf(error: Error, host: string, saidNo = false): StationError {
  const { status, code } = error as { status?: unknown; code?: unknown }
  const isRefused =
    saidNo ||
    (!TIME_WINDOW.test(error.message) &&
      (REFUSED_STATUS.includes(Number(status)) || REFUSED_CODE.includes(Number(code))))
  // Never the whole text: on a wrong digest the library prints keys' fingerprints.
  const why = error.name === 'RequestTimedOutError' ? 'no answer' : error.message.slice(0, 80)
  const where = `switch ${host}: ${why}`
  return new StationError(isRefused ? 'STATION_SWITCH_REFUSED' : 'STATION_SWITCH_SILENT', where, {
    cause: error,
  })
}

function userOf(login: Extract<SwitchLogin, { version: '3' }>): snmp.User {
  const { user: name, auth, priv } = login
  if (auth === null) return { name, level: snmp.SecurityLevel.noAuthNoPriv }
  const signed = {
    name,
    authProtocol: snmp.AuthProtocols[auth.protocol],
    authKey: auth.key,
  }
  if (priv === null) return { ...signed, level: snmp.SecurityLevel.authNoPriv }
  return {
    ...signed,
    level: snmp.SecurityLevel.authPriv,
    privProtocol: snmp.PrivProtocols[priv.protocol],
    privKey: priv.key,
  }
}

/** One UDP socket to one switch; after a fault it is closed and another is opened. */
export class SwitchSession {
  readonly #host: string
  readonly #session: snmp.Session

  constructor({ host, port, login, timeoutMs, retries }: SwitchAddress) {
    this.#host = host
    const transport = host.includes(':') ? 'udp6' : 'udp4'
    const shared = { port, transport, timeout: timeoutMs, retries } as const
    this.#session =
      login.version === '2c'
        ? snmp.createSession(host, login.community, { ...shared, version: snmp.Version2c })
        : snmp.createV3Session(host, userOf(login), { ...shared, version: snmp.Version3 })
    // A datagram that is no SNMP is told here; the request that waits for its answer runs into its own time-out.
    this.#session.on('error', () => undefined)
  }

  /**
   * Columns by index between `from` and `to` (the first number of the index, both counted in), and the sysUpTime of
   * the first answer.
   * @throws StationError STATION_SWITCH_SILENT, STATION_SWITCH_REFUSED
   */
  async columns(oids: readonly string[], from = 0, to = Number.MAX_SAFE_INTEGER): Promise<Bulk> {
    const reading = new Reading(oids, from, to)
    for (let round = 0; round < ROUNDS_MAX && reading.isOpen; round++) {
      const asked = reading.cursors()
      const [first, ...found] = await this.#bulk(asked)
      reading.take(first, found)
    }
    return { upTime: reading.upTime, columns: reading.columns }
  }

  #bulk(cursors: readonly string[]): Promise<readonly (readonly snmp.Varbind[])[]> {
    // The object before sysUpTime.0, because a bulk answers with what follows.
    const oids = [SYS_UP_TIME_OBJECT, ...cursors]
    return new Promise((resolve, reject) => {
      this.#session.getBulk(oids, 1, ROWS_AT_ONCE, (error, answer) => {
        if (error !== null) reject(faultOf(error, this.#host))
        else resolve((answer ?? []).map((part) => (Array.isArray(part) ? part : [part])))
      })
    })
  }

  /**
   * Sets one integer.
   * @throws StationError STATION_SWITCH_SILENT, STATION_SWITCH_REFUSED; anything that the switch says no to is refused
   */
  set(oid: string, value: number): Promise<void> {
    const varbind = { oid, type: snmp.ObjectType.Integer, value }
    return new Promise((resolve, reject) => {
      this.#session.set([varbind], (error) => {
        if (error === null) resolve()
        else reject(faultOf(error, this.#host, error instanceof snmp.RequestFailedError))
      })
    })
  }

  close(): void {
    this.#session.close()
  }
}

const SYS_UP_TIME_OBJECT = '1.3.6.1.2.1.1.3'

/** Gathers columns that may end at different rows; a switch that goes in circles is left. */
class Reading {
  readonly columns: Map<string, Value>[]
  readonly #oids: readonly string[]
  readonly #to: number
  /** Where each column goes on; null when it is through. */
  readonly #at: (string | null)[]
  upTime = 0
  #rounds = 0
  #cells = 0

  constructor(oids: readonly string[], from: number, to: number) {
    this.#oids = oids
    this.#to = to
    this.columns = oids.map(() => new Map())
    this.#at = oids.map((oid) => (from > 1 ? `${oid}.${from - 1}` : oid))
  }

  get isOpen(): boolean {
    return this.#cells < CELLS_MAX && this.#at.some((at) => at !== null)
  }

  cursors(): readonly string[] {
    return this.#at.filter((at) => at !== null)
  }

  take(first: readonly snmp.Varbind[] | undefined, found: readonly (readonly snmp.Varbind[])[]) {
    if (this.#rounds === 0) this.upTime = Number(readValue(first?.[0]?.value) ?? 0)
    this.#rounds += 1
    const before = this.#cells
    let part = 0
    for (const [column, at] of this.#at.entries()) {
      if (at === null) continue
      this.#at[column] = this.#through(column, at, found[part] ?? [])
      part += 1
    }
    // An answer that was cut short leaves a column for the next one; an answer with nothing at all is the end.
    if (this.#cells === before) this.#at.fill(null)
  }

  /** Takes the cells of one column; where it goes on, or null at its end. */
  #through(column: number, at: string, cells: readonly snmp.Varbind[]): string | null {
    const prefix = `${this.#oids[column]}.`
    let last = at
    for (const cell of cells) {
      const value = snmp.isVarbindError(cell) ? null : readValue(cell.value)
      const index = cell.oid.startsWith(prefix) ? cell.oid.slice(prefix.length) : null
      if (value === null || index === null) return null
      const known = this.columns[column]
      if (known === undefined || known.has(index)) return null
      if (Number(index.split('.', 1)[0]) > this.#to) return null
      known.set(index, value)
      this.#cells += 1
      last = cell.oid
    }
    return last
  }
}
