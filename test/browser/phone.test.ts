// A phone at the bay of a guarded station: the QR code of the bay's page leads it through the sign-in and back to the bay.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../drivers/host/clock.ts'
import { comparePrompt, viewOf } from '../fakes/board-bench.ts'
import { codesIn } from '../fakes/code-reader.ts'
import { type Guarded, PASSWORD, serveGuarded } from '../integration/web/guarded.ts'
import { STATION } from '../integration/web/server.ts'
import type { Browser } from './chromium.ts'
import { textOf } from './fixture.ts'
import { comeInAs, REFUSALS, trusting } from './trusting.ts'

const BOUND = { timeout: 8_000 }
const BOARD = join(import.meta.dirname, '../../agent/dashboard/dist')
const PHONE = { width: 390, height: 844 }
const clock = systemClock()
const dir = mkdtempSync(join(tmpdir(), 'reseal-phone-'))
let guarded: Guarded
let desk: Browser
let phone: Browser

beforeAll(async () => {
  const station: typeof STATION & { outerUrl?: string } = { ...STATION }
  const ledger = {
    annotate: async (_serial: string, kind: string, at: number, body: Record<string, unknown>) => {
      const { notes } = guarded.reader
      notes.push({ kind, at: new Date(at).toISOString(), body })
      return { seq: notes.length, chain: null }
    },
  }
  guarded = await serveGuarded({ board: BOARD, parts: { station, photos: { dir, ledger } } })
  // As a station that listens to the hall says it: this one does to this PC alone.
  station.outerUrl = guarded.url
  const prompt = comparePrompt('p1', clock)
  const more = { word: 'Compare', line: prompt.line, prompt, run: 'R7' }
  guarded.bench.show(viewOf('1', 'you', clock, more))
  desk = await trusting(guarded.url)
  phone = await trusting(guarded.url, PHONE)
})
afterAll(async () => {
  await phone?.close()
  await desk?.close()
  await guarded?.close()
  rmSync(dir, { recursive: true, force: true })
  const all = [...desk.complaints, ...phone.complaints]
  expect(all.filter((text) => !REFUSALS.test(text))).toEqual([])
})

test('the code on the screen leads to the sign-in, and behind it to the bay: an answer, a photo', async () => {
  await comeInAs(desk, guarded, 'viewer')
  await desk.page.goto(`${guarded.url}/bay?bay=1`)
  const code = desk.page.locator('svg.qr')
  await code.waitFor()
  const [seen] = await codesIn(await code.screenshot())
  expect(seen?.text).toBe(`${guarded.url}/phone?bay=1`)
  await desk.page.locator('.look-only').waitFor()
  expect(await desk.page.locator('[data-answer]').count()).toBe(0)
  await desk.page.screenshot({ path: '/tmp/reseal-bay-viewer.png' })

  const { page } = phone
  await page.goto(seen?.text ?? '')
  await page.waitForURL(/\/login\?to=/)
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  await page.getByLabel('Account').fill('operator')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${guarded.url}/phone?bay=1`)

  const yes = page.locator('[data-answer="yes"]')
  // A press in the first moment of a question counts for the one before.
  await expect
    .poll(async () => {
      await yes.click({ timeout: 1_000 }).catch(() => undefined)
      return guarded.bench.calls.at(-1)?.args ?? []
    }, BOUND)
    .toEqual(['p1', 'yes', undefined, 'The operator'])
  await page.screenshot({ path: '/tmp/reseal-phone.png' })

  const photo = await page.screenshot({ clip: { x: 0, y: 0, width: 60, height: 40 } })
  const file = { name: 'red.png', mimeType: 'image/png', buffer: photo }
  await page.locator('.take input').setInputFiles(file)
  await expect.poll(() => textOf(page.locator('.photo output')), BOUND).toContain('Photo 1 of 10')
  expect(guarded.reader.notes.at(-1)?.body).toMatchObject({ run: 'R7', by: 'The operator' })
})

test('a viewer sees the question and has no way to answer it or to add a photo', async () => {
  const { page } = phone
  await comeInAs(phone, guarded, 'viewer')
  await page.goto(`${guarded.url}/phone?bay=1`)
  await page.locator('.look-only').waitFor()
  expect(await textOf(page.locator('.signal'))).toContain('Names right, Next framed?')
  expect(await page.locator('[data-answer], input[type="file"]').count()).toBe(0)
  // And by hand, with all that the page itself would send.
  const viewer = await guarded.as('viewer')
  const calls = guarded.bench.calls.length
  const answer = { prompt: 'p1', answer: 'yes' }
  expect((await viewer.post('/api/v1/bays/1/actions/answer', answer)).status).toBe(403)
  expect((await viewer.post('/api/v1/bays/1/photo')).status).toBe(403)
  expect(guarded.bench.calls).toHaveLength(calls)
})
