// The pages of the interfaces in Chromium: the sheet's codes read from the screen, a label printed, the API's viewer under the policy.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BARCODE_COMMANDS, bayCode, commandCode } from '../../agent/core/labels/barcodes.ts'
import { silentLog } from '../../agent/log.ts'
import { startWeb, type Web } from '../../agent/web/web.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { BoardBench, viewOf } from '../fakes/board-bench.ts'
import { BoardReader } from '../fakes/board-reader.ts'
import { codesIn } from '../fakes/code-reader.ts'
import { aRecord } from '../fakes/records.ts'
import { everything } from '../integration/web/everything.ts'
import { type Browser, openBrowser } from './chromium.ts'

const DIST = join(import.meta.dirname, '../../agent/dashboard/dist')
const BOUND = { timeout: 10_000 }
const SERIAL = '5CG4012ABC'
/** Nothing of the label is cut off. */
const WHOLE = `((one) => one.scrollHeight <= one.clientHeight + 1)(document.querySelector('.paper'))`

const printed: (string | null)[] = []
let web: Web
let browser: Browser
beforeAll(async () => {
  if (!existsSync(join(DIST, 'pages/barcodes/index.html')))
    throw new Error('The pages are not bundled: run the tests by `npm test`, which does it.')
  const clock = systemClock()
  const reader = new BoardReader()
  reader.closeRun('r-1', aRecord('r-1', { bay: '1', device: { serial: SERIAL } }))
  web = await startWeb({
    bench: new BoardBench([viewOf('1', 'working', clock), viewOf('2', 'empty', clock)]),
    reader,
    clock,
    log: silentLog,
    host: '127.0.0.1',
    port: 0,
    resealAnswer: async () => ({}),
    station: { site: 'site1', station: 's1', version: '0.1.0', virtual: true },
    board: DIST,
    ...everything(printed),
  })
  browser = await openBrowser(web.url)
})
afterAll(async () => {
  await browser.close()
  await web.close()
  expect(browser.complaints).toEqual([])
})

test('every command and bay is read from the sheet as it stands on the screen', async () => {
  const { page } = browser
  await page.goto(`${web.url}/barcodes`)
  await page.waitForSelector('.code')
  const all = [
    ...['1', '2'].map(bayCode),
    ...BARCODE_COMMANDS.map((command) => commandCode(null, command)),
  ]
  expect(await page.locator('.code code').allTextContents()).toEqual(all)
  // A screen has 96 dots an inch, paper at least 300.
  await page.evaluate('document.documentElement.style.setProperty("zoom", "2")')
  // The shortest, the longest and those of every day; the shapes of all are read in test/core/labels.
  const read = all.filter((text, index) => index < 10 || /organisation|see-menu|\.red$/.test(text))
  for (const text of read) {
    const code = page.locator('.code', { has: page.getByText(text, { exact: true }) })
    expect(await codesIn(await code.screenshot())).toEqual([{ format: 'Code128', text }])
  }
})

test('the sheet of one bay names that bay in every code', async () => {
  const { page } = browser
  await page.goto(`${web.url}/barcodes`)
  await page.locator('main select').selectOption('2')
  await expect
    .poll(() => page.locator('.code code').first().textContent(), BOUND)
    .toBe('RSL.2.confirm')
  const texts = await page.locator('.code code').allTextContents()
  expect(texts.filter((text) => !text.startsWith('RSL.2.'))).toEqual([])
})

test.each(['4x2', '2x1'])(
  'a label of %s inches has codes that lead to the device',
  async (size) => {
    const { page } = browser
    await page.goto(`${web.url}/label?run=r-1`)
    await page.locator('main select').selectOption(size)
    const paper = page.locator(`.paper.size-${size}`)
    await paper.waitFor()
    const box = await paper.boundingBox()
    const [wide = 0, high = 0] = size.split('x').map((inches) => Number(inches) * 96)
    expect(box).toMatchObject({ width: wide, height: high })
    // What is cut off is neither seen nor printed.
    expect(await page.evaluate(WHOLE)).toBe(true)
    // A printer has at least 203 dots an inch, this screen has 96.
    await page.evaluate('document.documentElement.style.setProperty("zoom", "3")')
    const codes = await codesIn(await paper.screenshot())
    expect(codes).toContainEqual({ format: 'Code128', text: SERIAL })
    expect(codes).toContainEqual({
      format: 'QRCode',
      text: `https://bench-1.example/lookup?of=${SERIAL}`,
    })
  },
)

test('a label goes to the label printer, and the page says so', async () => {
  const { page } = browser
  await page.goto(`${web.url}/label?run=r-1`)
  await page.locator('button', { hasText: 'Print on the label printer' }).click()
  const said = () => page.locator('[role="status"]').textContent()
  await expect.poll(said, BOUND).toContain(SERIAL)
  expect(printed).toEqual([SERIAL])
})

test('the viewer shows every part of the API under the policy of the station', async () => {
  const { page } = browser
  const response = await page.goto(`${web.url}/api`)
  expect(response?.headers()['content-security-policy']).toContain("script-src 'self'")
  await page.waitForSelector('.opblock-tag', BOUND)
  const tags = await page.evaluate(
    `[...document.querySelectorAll('.opblock-tag')].map((one) => one.dataset.tag)`,
  )
  expect(tags).toEqual(expect.arrayContaining(['station', 'bays', 'runs', 'devices', 'labels']))
  await page.locator('.opblock-tag[data-tag="runs"]').click()
  await page.waitForSelector('.opblock-summary-path[data-path="/api/v1/runs/{run}"]', BOUND)
})
