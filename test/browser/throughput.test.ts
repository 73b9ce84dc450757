// The managers' pages in Chromium, over a ledger of known truth: figures, charts, one group alone, languages, themes, paper.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openReader, type StationReader } from '../../agent/ledger/reader.ts'
import { silentLog } from '../../agent/log.ts'
import { startWeb, type Web } from '../../agent/web/web.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { BoardBench } from '../fakes/board-bench.ts'
import { aRecord } from '../fakes/records.ts'
import { commitAll } from '../integration/throughput/parts/history.ts'
import { type Browser, openBrowser } from './chromium.ts'
import { textOf } from './fixture.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const SHIFT = '2026-11-16T05:00:00.000Z'
const PLAN = {
  zone: 'Europe/Berlin',
  list: [
    { name: 'early', minute: 360 },
    { name: 'late', minute: 840 },
    { name: 'night', minute: 1320 },
  ],
}

/** An early shift of 24 runs, two an hour and bay: 22 resealed, one red, one that was taken out. */
const HISTORY = Array.from({ length: 24 }, (_, n) => {
  const endedAt = Date.parse(SHIFT) + (n + 1) * 19 * 60_000
  const verdict = n === 5 ? 'failed' : n === 9 ? 'interrupted' : 'resealed'
  return aRecord(`run-${n}`, {
    bay: String((n % 3) + 1),
    device: { serial: `5CG${1_000_000 + n}`, model: 'Book 14' },
    workOrder: 'WO-7',
    verdict,
    startedAt: new Date(endedAt - 2_400_000).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    durations: { provision: 1_900_000 + n * 10_000, reseal: 60_000 },
    operatorWaitMs: 66_000,
    machineWaitMs: 2_334_000,
    ...(verdict === 'failed'
      ? { error: { code: '0x80180014', action: 'remote IT: unblock the device' } }
      : {}),
    ...(verdict === 'interrupted'
      ? { error: { code: 'OPERATOR_REMOVED', action: 'Put it back' } }
      : {}),
  })
})

let dir = ''
let reader: StationReader
let web: Web
let browser: Browser
let page: Page

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'reseal-pages-'))
  commitAll(dir, HISTORY, 5)
  const clock = systemClock()
  reader = await openReader(dir, { mode: 'thread', clock })
  web = await startWeb({
    bench: new BoardBench([]),
    reader,
    clock,
    resealAnswer: async () => ({}),
    log: silentLog,
    host: '127.0.0.1',
    port: 0,
    station: { site: 'hall', station: 's1', version: '0.1.0', virtual: false },
    throughput: { figures: reader, shifts: PLAN },
  })
  browser = await openBrowser(web.url)
  page = browser.page
})
afterAll(async () => {
  await browser.close()
  await web.close()
  await reader.close()
  rmSync(dir, { recursive: true, force: true })
})
beforeEach(async () => {
  browser.complaints.length = 0
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' })
})

async function open(path: string, language = 'en', theme = 'auto'): Promise<void> {
  await page.goto(`${web.url}/throughput`)
  await page.evaluate(
    `localStorage.setItem('reseal.language', '${language}')
     localStorage.setItem('reseal.theme', '${theme}')`,
  )
  await page.goto(`${web.url}${path}`)
  await page.locator('.figures').waitFor()
}

/** Names of what axe finds serious or worse. */
async function faultsOfPage(): Promise<readonly string[]> {
  await page.evaluate(AXE)
  const run = `axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ' ' + nodes.map(({ html }) => html).join(' ')))`
  return page.evaluate<readonly string[]>(run)
}

const wide = (): Promise<boolean> =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > window.innerWidth')

describe('the throughput page', () => {
  it('shows the figures of the newest day, and the same in its tables', async () => {
    await open('/throughput?by=bay')
    expect(await textOf(page.locator('.figures'))).toMatch(
      /Devices resealed\s+22\s[\s\S]*First time right\s+91\.7%\s+22 of 24[\s\S]*Runs not resealed\s+2\s+1 failed · 1 interrupted[\s\S]*1:12/,
    )
    expect(await textOf(page.locator('#causes'))).toContain('0x80180014')
    expect(await textOf(page.locator('#groups tbody tr').first())).toMatch(/^2\s+8\s/)
    const rows = await page.locator('#time tbody tr').allInnerTexts()
    expect(rows.find((row) => row.startsWith('Provisioning'))).toMatch(/24\s/)
    // A figure below n = 20 says so.
    expect(rows.filter((row) => row.includes('guess'))).toHaveLength(0)
    await expect.poll(() => page.locator('.chart canvas').count(), { timeout: 8000 }).toBe(2)
    expect(browser.complaints).toEqual([])
  })

  it('goes on to one bay alone, and marks what is a guess there', async () => {
    await open('/throughput?by=bay')
    await page.locator('#groups a', { hasText: '2' }).click()
    await page.locator('.toolbar button', { hasText: 'Only bay 2' }).waitFor()
    expect(await textOf(page.locator('.figures .value').first())).toBe('8')
    expect(await page.locator('#time .mark').count()).toBeGreaterThan(0)
  })

  it('draws its bars in colours of the theme, and gives every table as a file', async () => {
    await open('/throughput?from=2026-11-16&to=2026-11-16', 'en', 'dark')
    const blue = `Array.from(document.querySelectorAll('.chart canvas')).map((canvas) => {
      const { width, height } = canvas
      const { data } = canvas.getContext('2d').getImageData(0, 0, width, height)
      let n = 0
      for (let at = 0; at < data.length; at += 4)
        if (data[at] === 0x56 && data[at + 1] === 0xb4 && data[at + 2] === 0xe9) n += 1
      return n })`
    const bars = async () => (await page.evaluate<readonly number[]>(blue))[0] ?? 0
    await expect.poll(bars, { timeout: 8000 }).toBeGreaterThan(2000)
    const links = await page
      .locator('.downloads a')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''))
    expect(links).toHaveLength(4)
    for (const link of links)
      expect((await page.request.get(`${web.url}${link}`)).status()).toBe(200)
  })

  it.each([
    ['de', 'dark', 1920],
    ['es', 'light', 1920],
    ['de', 'light', 390],
    ['en', 'dark', 390],
  ] as const)(
    'stands in %s, %s, %i px wide: nothing serious for axe',
    async (tag, theme, width) => {
      await page.setViewportSize({ width, height: 900 })
      await open('/throughput?by=bay', tag, theme)
      expect(await faultsOfPage()).toEqual([])
      expect(await wide()).toBe(false)
      expect(browser.complaints).toEqual([])
      await page.setViewportSize({ width: 1920, height: 1080 })
    },
  )

  it('says in words what the station refuses', async () => {
    await page.goto(`${web.url}/throughput?from=2026-11-17&to=2026-11-16`)
    expect(await textOf(page.getByRole('alert'))).toContain('must be before')
  })
})

describe('the shift report', () => {
  it('names the shift, its figures, and each device that needs a hand', async () => {
    await open('/shift-report')
    expect(await textOf(page.locator('.title'))).toBe('early, Nov 16, 2026, 06:00 to 14:00')
    const hands = await page.locator('#hands tbody tr').allInnerTexts()
    expect(hands.map((row) => row.split('\t').slice(0, 4))).toEqual([
      ['5CG1000009', '1', 'interrupted', 'OPERATOR_REMOVED'],
      ['5CG1000005', '3', 'failed', '0x80180014'],
    ])
    expect(await faultsOfPage()).toEqual([])
    expect(browser.complaints).toEqual([])
  })

  it('prints black on white on A4, without what is only for the screen, whatever the theme', async () => {
    await open(`/shift-report?from=${encodeURIComponent(SHIFT)}`, 'de', 'dark')
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.toolbar').isVisible()).toBe(false)
    expect(await page.locator('.shell').isVisible()).toBe(false)
    const look = `(() => { const s = getComputedStyle(document.body); return [s.color, s.backgroundColor] })()`
    expect(await page.evaluate(look)).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)'])
    const paper = await page.pdf({ preferCSSPageSize: true })
    const text = paper.toString('latin1')
    // A4 in points, two sheets at most.
    expect(text).toMatch(/\/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]/)
    expect(text.match(/\/Type\s*\/Page\b/g)?.length ?? 0).toBeLessThanOrEqual(2)
  })
})
