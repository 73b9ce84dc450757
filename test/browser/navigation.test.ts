// The line on top of every page: each role finds its own ways and no others, in one line, with its name and the way out.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from '../../agent/core/roles.ts'
import { type Guarded, serveGuarded } from '../integration/web/guarded.ts'
import type { Browser } from './chromium.ts'
import { comeInAs, REFUSALS, trusting } from './trusting.ts'

const BOUND = { timeout: 8_000 }
const BOARD = join(import.meta.dirname, '../../agent/dashboard/dist')
let guarded: Guarded
let browser: Browser
beforeAll(async () => {
  guarded = await serveGuarded({ board: BOARD })
  browser = await trusting(guarded.url, { width: 1280, height: 800 })
})
afterAll(async () => {
  await browser.close()
  await guarded.close()
  expect(browser.complaints.filter((text) => !REFUSALS.test(text))).toEqual([])
})

/** Paths in the line and in its menu. */
const WAYS = `[...document.querySelectorAll('.shell nav a')].map((a) => a.getAttribute('href'))`
/** Nothing of the line is wider than its place, and all of it stands at one height. */
const ONE_LINE = `(() => {
  const parts = [...document.querySelectorAll('.shell .ways a, .shell summary')]
  const tops = new Set(parts.map((part) => Math.round(part.getBoundingClientRect().top)))
  const ways = document.querySelector('.shell .ways')
  const right = Math.max(...parts.map((part) => part.getBoundingClientRect().right))
  return { lines: tops.size, cut: ways.scrollWidth > ways.clientWidth + 1, out: right > innerWidth }
})()`

const HALL = ['/', '/throughput', '/lookup']
const WAYS_OF: Readonly<Record<Role, readonly string[]>> = {
  viewer: [...HALL, '/orders', '/shift-report', '/api'],
  operator: [...HALL, '/pack-out', '/orders', '/shift-report', '/barcodes', '/api'],
  lead: [...HALL, '/pack-out', '/orders', '/shift-report', '/barcodes', '/api'],
  it: ['/lookup', '/orders', '/api'],
  admin: [
    ...HALL,
    '/pack-out',
    '/orders',
    '/shift-report',
    '/barcodes',
    '/webhooks',
    '/audit',
    '/accounts',
    '/api',
  ],
}

test.each(Object.entries(WAYS_OF) as [Role, readonly string[]][])(
  '%s: its own ways and no others',
  async (role, ways) => {
    const { page } = browser
    await comeInAs(browser, guarded, role)
    await page.goto(`${guarded.url}/lookup`)
    await expect.poll(() => page.evaluate(WAYS), BOUND).toEqual(ways)
    expect(await page.locator('.me .name').textContent()).toBe(`The ${role}`)
  },
)

test.each(['en', 'de', 'es'])('at 1280 px the line is one, also in %s', async (language) => {
  const { page } = browser
  await comeInAs(browser, guarded, 'admin')
  guarded.doors.people.accounts.change('admin', { name: 'Maximiliane Oberhuber-Schwarzenbach' })
  await page.goto(`${guarded.url}/lookup`)
  await page.evaluate(`localStorage.setItem('reseal.language', '${language}')`)
  await page.goto(`${guarded.url}/orders`)
  await expect.poll(() => page.evaluate(WAYS), BOUND).toHaveLength(11)
  expect(await page.evaluate(ONE_LINE)).toEqual({ lines: 1, cut: false, out: false })
  await page.locator('.more summary').click()
  await page.screenshot({ path: `/tmp/reseal-nav-${language}.png` })
  // The page of a bay brings styles of the board along; in a hand the line may be pushed aside, and stays one.
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 })
    await page.goto(`${guarded.url}/${width === 390 ? 'phone' : 'bay'}?bay=1`)
    await expect.poll(() => page.evaluate(WAYS), BOUND).toHaveLength(11)
    expect(await page.evaluate(ONE_LINE)).toMatchObject({ lines: 1, cut: width === 390 })
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.evaluate('localStorage.clear()')
})

test('the menu opens by keyboard, Escape shuts it, and the way out leads to the sign-in', async () => {
  const { page } = browser
  await comeInAs(browser, guarded, 'lead')
  await page.goto(`${guarded.url}/orders`)
  const open = () => page.locator('.menu[open]').count()
  await page.locator('.more summary').focus()
  await page.keyboard.press('Enter')
  await expect.poll(open, BOUND).toBe(1)
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.getAttribute("href")')).toBe('/shift-report')
  await page.keyboard.press('Escape')
  expect(await open()).toBe(0)
  expect(await page.evaluate('document.activeElement.tagName')).toBe('SUMMARY')
  await page.locator('.me summary').click()
  expect(await page.locator('.me .as').textContent()).toBe('The leadLead')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(`${guarded.url}/login`)
  await page.getByLabel('Account').waitFor()
  await page.goto(`${guarded.url}/orders`)
  await page.waitForURL(/\/login\?to=/)
})

test('whoever may not see the board is led to the first page that is open', async () => {
  const { page } = browser
  await comeInAs(browser, guarded, 'it')
  await page.goto(guarded.url)
  await page.waitForURL(`${guarded.url}/lookup`)
})

test('the settings of the board name the person, offer the same ways, and the way out', async () => {
  const { page } = browser
  await comeInAs(browser, guarded, 'viewer')
  await page.goto(guarded.url)
  await page.locator('.gear').click()
  const ways = `[...document.querySelectorAll('.panel .ways a')].map((a) => a.getAttribute('href'))`
  await expect
    .poll(() => page.evaluate(ways), BOUND)
    .toEqual([...WAYS_OF.viewer.filter((path) => path !== '/'), '/?kiosk'])
  expect(await page.locator('.signed-in').textContent()).toContain('The viewer')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(/\/login/)
})
