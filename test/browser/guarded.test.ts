// The board as the hall reaches it: over TLS with sign-in, with hostile texts on it, and a kiosk that stays.
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BADGE_PREFIX } from '../../agent/web/auth/accounts.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { comparePrompt, viewOf } from '../fakes/board-bench.ts'
import { codesIn } from '../fakes/code-reader.ts'
import { memoryKept } from '../fakes/people.ts'
import { type Guarded, PASSWORD, serveGuarded } from '../integration/web/guarded.ts'
import type { Browser } from './chromium.ts'
import { textOf } from './fixture.ts'
import { REFUSALS, trusting } from './trusting.ts'

const BOARD = join(import.meta.dirname, '../../agent/dashboard/dist')
const BOUND = { timeout: 8_000 }
/** What a label, a profile or a work order may say, and a page must only show. */
const HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>'

const clock = systemClock()
let guarded: Guarded
let browser: Browser

beforeEach(async () => {
  guarded = await serveGuarded({ board: BOARD })
  browser = await trusting(guarded.url)
})
afterEach(async () => {
  await browser.close()
  await guarded.close()
  expect(browser.complaints.filter((text) => !REFUSALS.test(text))).toEqual([])
})

async function signIn(account: string, kiosk = false): Promise<void> {
  const { page } = browser
  await page.getByLabel('Account').fill(account)
  await page.getByLabel('Password').fill(PASSWORD)
  if (kiosk) await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test('who opens the board signs in, comes back to it, answers, and leaves', async () => {
  const { page } = browser
  await page.goto(guarded.url)
  await page.waitForURL(/\/login\?to=/)
  await page.screenshot({ path: '/tmp/reseal-login.png' })
  await signIn('operator')
  await page.waitForURL(`${guarded.url}/`)
  await page.waitForSelector('.tile')
  const prompt = comparePrompt('p1', clock)
  guarded.bench.show(viewOf('1', 'you', clock, { word: 'Compare', line: prompt.line, prompt }))
  await page.locator('.tile[data-bay="1"]').click()
  const first = page.locator('.panel [data-answer="yes"]')
  // A press in the first moment of a question counts for the one before.
  await expect
    .poll(async () => {
      if ((await first.count()) > 0) await first.click({ timeout: 1_000 }).catch(() => undefined)
      return guarded.bench.calls.at(-1)?.args ?? []
    }, BOUND)
    .toContain('The operator')
  await page.goto(`${guarded.url}/login`)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('Account').waitFor()
  await page.goto(guarded.url)
  await page.waitForURL(/\/login\?to=/)
})

test('hostile texts are shown as text', async () => {
  const { page } = browser
  const prompt = {
    ...comparePrompt('p1', clock),
    line: HOSTILE,
    names: { organisation: HOSTILE, profile: HOSTILE, user: HOSTILE },
  }
  guarded.bench.show(
    viewOf('1', 'you', clock, { word: HOSTILE, line: HOSTILE, serial: HOSTILE, prompt }),
  )
  guarded.doors.people.accounts.change('viewer', { name: HOSTILE })
  await page.goto(guarded.url)
  await page.waitForURL(/\/login/)
  await signIn('admin')
  await page.waitForSelector('.tile')
  await page.locator('.tile[data-bay="1"]').click()
  await page.locator('.panel').getByText(HOSTILE).first().waitFor()
  const look = async () => {
    expect(await page.title()).toMatch(/^Reseal/)
    expect(await page.evaluate('document.querySelectorAll("img[src=x]").length')).toBe(0)
    expect(await page.evaluate('document.querySelectorAll("body script").length')).toBe(0)
  }
  await look()
  await page.goto(`${guarded.url}/accounts`)
  await page.getByText(HOSTILE).first().waitFor()
  await look()
  const viewer = await guarded.as('viewer')
  await viewer.post('/api/v1/bays/1/actions/abort')
  await page.goto(`${guarded.url}/audit`)
  await page.getByText(HOSTILE).first().waitFor()
  await look()
  await page.screenshot({ path: '/tmp/reseal-audit.png' })
})

test('the admin makes an account, whose first password opens nothing but its change, and prints a badge', async () => {
  const { page } = browser
  await page.goto(`${guarded.url}/accounts`)
  await page.waitForURL(/\/login\?to=/)
  await signIn('admin')
  await page.waitForURL(`${guarded.url}/accounts`)
  await page.locator('input[name="account"]').fill('bea')
  await page.getByRole('button', { name: 'Make account' }).click()
  const first = await page.locator('.once code').textContent()
  expect(first).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}$/)
  await page.screenshot({ path: '/tmp/reseal-accounts.png' })
  const row = page.locator('tr', { has: page.getByRole('rowheader', { name: 'operator' }) })
  await row.getByRole('button', { name: 'New badge' }).click()
  await page.locator('.once .bars').waitFor()
  const badge = await page.locator('.once code').textContent()
  // As a printer draws it: at 96 dots an inch a module would be one and a half dots wide.
  await page.emulateMedia({ media: 'print' })
  expect(await page.locator('table').isVisible()).toBe(false)
  expect(await page.locator('.once .of').textContent()).toBe('operator')
  await page.evaluate('document.documentElement.style.setProperty("zoom", "2")')
  expect(await codesIn(await page.locator('.once .bars').screenshot())).toEqual([
    { format: 'Code128', text: badge },
  ])
  expect(guarded.doors.people.accounts.byBadge(badge ?? '')?.account).toBe('operator')
  const bea = guarded.visitor()
  await bea.signIn('bea', first ?? '')
  expect((await bea.ask('/api/v1/bays')).status).toBe(403)
})

test('a kiosk stays signed in over a restart, offers nothing by itself, and a badge acts there', async () => {
  const { page } = browser
  const kept = memoryKept()
  await guarded.close()
  guarded = await serveGuarded({ board: BOARD, kept })
  await browser.close()
  browser = await trusting(guarded.url)
  const { page: screen } = browser
  expect(screen).not.toBe(page)
  await screen.goto(`${guarded.url}/login`)
  await signIn('viewer', true)
  await screen.waitForSelector('.tile')
  const badge = guarded.doors.people.accounts.makeBadge('operator')
  const { port } = guarded
  await guarded.close()
  guarded = await serveGuarded({ board: BOARD, kept, parts: { port } })
  await screen.reload()
  await screen.waitForSelector('.tile')
  const held = { answer: 'go-on', label: 'The lead allows it', pictured: false, closes: false }
  const asked = comparePrompt('p1', clock)
  const prompt = { ...asked, choices: [{ ...held, lead: true as const }, ...asked.choices] }
  guarded.bench.show(viewOf('1', 'you', clock, { word: 'Compare', line: prompt.line, prompt }))
  await screen.locator('.tile[data-bay="1"]').click()
  const panel = screen.locator('.panel')
  const said = async () => (await panel.locator('.look-only').allTextContents()).join()
  await expect.poll(said, BOUND).toContain('scan your badge')
  expect(await textOf(panel)).toContain('contoso.onmicrosoft.com')
  expect(await panel.locator('[data-answer]').count()).toBe(0)
  await screen.screenshot({ path: '/tmp/reseal-look-only.png' })
  // A wedge types fast and ends with Enter.
  await screen.keyboard.type(badge, { delay: 1 })
  await screen.keyboard.press('Enter')
  const shown = () => guarded.doors.audit.rows.filter(({ what }) => what === 'badge')
  await expect.poll(() => shown().at(-1)?.outcome, BOUND).toBe('done')
  expect(guarded.bench.calls.filter(({ what }) => what === 'scan')).toEqual([])
  await expect.poll(() => panel.locator('[data-answer="yes"]').count(), BOUND).toBe(1)
  // What is the lead's alone stays words.
  expect(await panel.locator('[data-answer="go-on"], [data-action="out-of-service"]').count()).toBe(
    0,
  )
  expect(await said()).toBe("For a lead's badge: The lead allows it")
  await screen.screenshot({ path: '/tmp/reseal-badge.png' })
  guarded.doors.people.accounts.change('operator', { closed: true })
  // The next press is refused, and the buttons leave with it.
  await expect
    .poll(async () => {
      await panel
        .locator('[data-answer="yes"]')
        .click({ timeout: 500 })
        .catch(() => undefined)
      return panel.locator('[data-answer]').count()
    }, BOUND)
    .toBe(0)
  expect(guarded.bench.calls).toEqual([])
  expect(badge.startsWith(BADGE_PREFIX)).toBe(true)
})
