// Who may come in at the station's doors: accounts of the data directory, the board's certificate, the first admin's code.
import type { StationConfig } from '../../station-config/loader.ts'
import { StationError } from '../fault.ts'
import type { AuditLog, AuditNote, Clock } from '../ports.ts'
import { Accounts } from '../web/auth/accounts.ts'
import { FirstCode } from '../web/auth/first-code.ts'
import type { People } from '../web/auth/gate.ts'
import { ownCertificate, selfSigned, type Tls } from '../web/auth/tls.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

export interface Doors {
  readonly accounts: Accounts
  readonly people: People
  readonly tls: Tls | null
  /** Lines for the console of the bench PC at the start: fingerprint, and the code of the first admin while there is none. */
  readonly notices: readonly string[]
}

/** True for addresses that only this PC reaches; the config refuses others without TLS and accounts already. */
const isNear = (host: string) => host === 'localhost' || host === '::1' || /^127\./.test(host)

/**
 * Opens what guards the doors. `timers`: real time.
 * @throws StationError FILE_UNREADABLE for a damaged file of accounts or a certificate that cannot be used, CONFIG_INVALID
 *   when a config that was not read from a file opens a door without TLS and accounts
 */
export function openDoors(config: StationConfig, dataDir: string, timers: Clock): Doors {
  const { web, accounts: rules } = config
  if (!isNear(web.host) && (web.tls === null || rules === null))
    throw new StationError('CONFIG_INVALID', `web.host ${web.host} without TLS and accounts`)
  const accounts = Accounts.open(dataDir, timers)
  const tls = tlsOf(web, dataDir)
  const firstCode = new FirstCode(timers)
  const { idleMinutes = 30, maxHours = 12, kioskDays = 90, badgeMinutes = 15 } = rules ?? {}
  const people: People = {
    isNeeded: rules !== null,
    accounts,
    firstCode,
    timers,
    pseudonyms: rules?.pseudonyms ?? false,
    rules: {
      idleMs: idleMinutes * MINUTE_MS,
      maxMs: maxHours * HOUR_MS,
      kioskMs: kioskDays * DAY_MS,
      badgeMs: badgeMinutes * MINUTE_MS,
    },
  }
  const notices = [
    ...(tls === null ? [] : [`certificate of the board, SHA-256: ${tls.fingerprint}`]),
    ...(rules === null || accounts.hasAdmin
      ? []
      : [
          `no admin yet: open /login within an hour and make the first with the code ${firstCode.make()}`,
        ]),
  ]
  return { accounts, people, tls, notices }
}

function tlsOf(web: StationConfig['web'], dataDir: string): Tls | null {
  if (web.tls === null) return null
  if (web.tls === 'self-signed') return selfSigned(dataDir, web.host, web.names)
  return ownCertificate(web.tls.certFile, web.tls.keyFile)
}

/** A note of the station itself, for what no request asked for. Never rejects: it stands in the log otherwise. */
export async function noteStation(
  store: AuditLog,
  clock: Pick<Clock, 'now'>,
  what: string,
  detail: AuditNote['detail'],
  failed: (error: unknown) => void,
): Promise<void> {
  const at = clock.now()
  const nobody = { who: 'station', account: null, role: null, via: 'station', from: '' }
  const note: AuditNote = { what, at, ...nobody, of: null, outcome: 'done', detail }
  await store.audit(note).catch(failed)
}
