// A browser at a guarded station: it trusts the station's own certificate, and comes in as an account of a role.
import { createHash, X509Certificate } from 'node:crypto'
import type { Role } from '../../agent/core/roles.ts'
import { type Guarded, testTls, type Visitor } from '../integration/web/guarded.ts'
import { type Browser, openBrowser } from './chromium.ts'

/** What a browser reports on purpose: refusals, and a server that is away for a moment. */
export const REFUSALS =
  /status of 40[139]|status of 4(?:22|29)|ERR_CONNECTION|ERR_EMPTY|ERR_NETWORK|ERR_INCOMPLETE/

/** Chromium trusts this one key and no other self-signed one. */
const pin = () =>
  createHash('sha256')
    .update(
      new X509Certificate(testTls().certPem).publicKey.export({ type: 'spki', format: 'der' }),
    )
    .digest('base64')

export const trusting = (url: string, size = { width: 1920, height: 1080 }): Promise<Browser> =>
  openBrowser(url, size, 'reduce', [`--ignore-certificate-errors-spki-list=${pin()}`])

/** Signs the browser in without its form; whoever was signed in at it before is not any more. */
export const comeInAs = async (browser: Browser, guarded: Guarded, role: Role): Promise<void> =>
  takeCookies(browser, guarded, await guarded.as(role))

/** The browser goes on as a visitor that signed in. */
export async function takeCookies(
  { context }: Browser,
  guarded: Guarded,
  { cookies }: Visitor,
): Promise<void> {
  await context.clearCookies()
  await context.addCookies(
    [...cookies].map(([name, value]) => ({
      name,
      value: encodeURIComponent(value),
      url: guarded.url,
      secure: true,
      httpOnly: name === '__Host-reseal',
      sameSite: 'Strict' as const,
    })),
  )
}
