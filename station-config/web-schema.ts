// The doors of the station in the config: where the board listens, with which certificate, and who must sign in there.
import { isIPv4 } from 'node:net'
import { z } from 'zod'

const path = z.string().min(1).max(4_096)
const wholeFrom = (min: number, max: number) => z.number().int().min(min).max(max)

const ownCertificate = z.strictObject({
  certFile: path.describe('Certificate with its chain, PEM'),
  keyFile: path.describe('Its key, PEM'),
})

export const webSchema = z.strictObject({
  host: z.string().min(1).max(255).default('127.0.0.1').describe('Address the board listens on'),
  port: wholeFrom(0, 65_535).default(8080).describe('0 = any free port'),
  names: z
    .array(z.string().regex(/^[A-Za-z0-9.-]{1,253}$/, 'this is no host name'))
    .max(20)
    .default([])
    .describe('Host names by which the board is opened, besides its address'),
  tls: z
    .union([z.literal('self-signed'), ownCertificate])
    .optional()
    .describe('self-signed (made and kept in the data directory), or certFile and keyFile'),
})

export const accountsSchema = z.strictObject({
  idleMinutes: wholeFrom(1, 1_440).default(30).describe('A session ends after so long without use'),
  maxHours: wholeFrom(1, 168).default(12).describe('A session ends after so long in any case'),
  kioskDays: wholeFrom(1, 400).default(90).describe('A screen in the hall stays signed in so long'),
  badgeMinutes: wholeFrom(1, 480)
    .default(15)
    .describe('A badge at a kiosk counts so long after its last use'),
  pseudonyms: z
    .boolean()
    .default(false)
    .describe('Records and audit name accounts by a pseudonym, not by name'),
  keepAuditDays: wholeFrom(30, 3_650)
    .default(365)
    .describe('Days that bodies of the audit are kept; their digests stay in the chain for ever'),
})

/** True for addresses that only this PC reaches. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))

/** What a board's address lacks: `[key, message, hint]`; nothing when it may stand as it is. */
export function* openDoor(
  web: { readonly host: string; readonly tls?: unknown },
  hasAccounts: boolean,
): Iterable<readonly [key: string, message: string, hint: string]> {
  const isOpen = !isLoopback(web.host)
  if (web.tls === undefined && isOpen) {
    const hint = 'Write web: { tls: self-signed }, or name certFile and keyFile.'
    yield ['tls', 'an address that others reach needs TLS', hint]
  }
  if (!hasAccounts && isOpen) {
    const hint = 'Write accounts: {} at the top; the first admin is made by a code on the console.'
    yield ['host', 'an address that others reach needs accounts', hint]
  }
  if (web.tls === undefined && hasAccounts && !isOpen) {
    const hint = 'Write web: { tls: self-signed }: session cookies travel encrypted only.'
    yield ['tls', 'accounts need TLS', hint]
  }
}
