// The pages of a station where people sign in, in every language, both themes, on the wall and in the hand: as axe.test.ts.
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Guarded, serveGuarded, type Visitor } from '../integration/web/guarded.ts'
import type { Browser } from './chromium.ts'
import { dress, isTooWide, LOOKS, nameOf, seriousOf } from './page-sweep.ts'
import { REFUSALS, takeCookies, trusting } from './trusting.ts'

const BOARD = join(import.meta.dirname, '../../agent/dashboard/dist')
let guarded: Guarded
/** A station that has no admin yet. */
let fresh: Guarded
let browser: Browser
let admin: Visitor
/** Signed in with a first password. */
let ana: Visitor

beforeAll(async () => {
  guarded = await serveGuarded({ board: BOARD })
  fresh = await serveGuarded({ board: BOARD, isEmpty: true })
  const { accounts } = guarded.doors.people
  for (const name of ['ana', 'bea']) await accounts.add({ account: name, role: 'it', orders: null })
  accounts.change('ana', { orders: ['WO-1042', 'WO-1043'], name: 'Ana María de la Concepción' })
  accounts.change('bea', { closed: true })
  accounts.addToken(
    { name: 'Prometheus', role: 'viewer', scopes: ['metrics.read'], days: 90 },
    'admin',
  )
  // Something for the audit: one thing done, one refused.
  const operator = await guarded.as('operator')
  await operator.post('/api/v1/bays/1/actions/lamp-test')
  await (await guarded.as('viewer')).post('/api/v1/bays/1/actions/abort')
  admin = await guarded.as('admin')
  ana = guarded.visitor()
  await ana.signIn('ana', await accounts.reset('ana'))
  browser = await trusting(guarded.url)
})
afterAll(async () => {
  await browser.close()
  await guarded.close()
  await fresh.close()
  // The page of the station without an admin is of another address.
  const own = browser.complaints.filter((text) => !text.startsWith(`went outside: ${fresh.url}/`))
  expect(own.filter((text) => !REFUSALS.test(text))).toEqual([])
})

describe.each(LOOKS)('$language $theme $size.width', (look) => {
  const clean = async (page: Page, what: string) => {
    expect(await seriousOf(page), `${what}, ${nameOf(look)}`).toEqual([])
    expect(await isTooWide(page), `${what} is wider than ${nameOf(look)}`).toBe(false)
  }

  test('the forms of the sign-in', async () => {
    const { page, context } = browser
    await context.clearCookies()
    await page.goto(`${fresh.url}/login`)
    await dress(page, look)
    await page.reload()
    await page.waitForSelector('input[name="code"]')
    await clean(page, 'the first admin')
    await page.goto(`${guarded.url}/login`)
    await dress(page, look)
    await page.reload()
    await page.waitForSelector('input[name="kiosk"]')
    await clean(page, 'sign-in')
    await takeCookies(browser, guarded, ana)
    await page.reload()
    await page.waitForSelector('input[name="next"]')
    await clean(page, "a password of one's own")
  })

  test('accounts and tokens, the audit, the menus', async () => {
    const { page } = browser
    await takeCookies(browser, guarded, admin)
    await page.goto(`${guarded.url}/accounts`)
    await page.locator('tbody tr').nth(1).locator('button:not([disabled])').nth(2).click()
    await page.waitForSelector('.once code')
    await clean(page, 'accounts')
    // No control of an account has to be pushed into sight, and each is a thumb high.
    const hidden = `[...document.querySelectorAll('table button, table select')].map((one) => one.getBoundingClientRect()).filter(({ right, height }) => right > innerWidth || height < 48).length`
    expect(await page.evaluate<number>(hidden), nameOf(look)).toBe(0)
    const slack = `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.wide'))`
    expect(await page.evaluate<number>(slack), nameOf(look)).toBe(0)
    await page.screenshot({ path: `/tmp/reseal-accounts-${look.size.width}.png`, fullPage: true })
    await page.goto(`${guarded.url}/audit`)
    await page.waitForSelector('tbody tr')
    await page.locator('.me summary').click()
    await clean(page, 'audit, the corner open')
    await page.locator('.more summary').click()
    await clean(page, 'audit, the menu open')
  })
})
