// Texts that strangers write (labels, firmware, QR codes, orders, names of people) on every page that shows them: as text, and nothing else.
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { PhotoStore } from '../../agent/web/photos/photo-store.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { comparePrompt, viewOf } from '../fakes/board-bench.ts'
import { testDoors } from '../fakes/people.ts'
import { type DeskStation, openDesk } from '../integration/desk/desk-station.ts'
import { everything } from '../integration/web/everything.ts'
import { type Browser, openBrowser } from './chromium.ts'
import { textOf } from './fixture.ts'
import { scanBy } from './wedge.ts'

const DIST = join(import.meta.dirname, '../../agent/dashboard/dist')
const BOUND = { timeout: 8_000 }
/** Leaves an attribute, opens an element, and would run in three ways. */
const hostile = (what: string) => `${what}"'><img src=x onerror=hit()><script>hit()</script>`
const SERIAL = hostile('S')
const ORDER = hostile('O')
const PERSON = hostile('P')
/** What a page made of any of it: elements, handlers, scripts without a file of ours. */
const MADE = `[...document.querySelectorAll('img[src="x"], [onerror], script:not([src]), script[src*="hit"]')].map((one) => one.outerHTML)`

let desk: DeskStation
let browser: Browser
let run = ''
let errorRun = ''

beforeAll(async () => {
  const { labels } = everything()
  desk = await openDesk({
    board: DIST,
    more: (ledger, reader, dir) => ({
      ...(labels === undefined ? {} : { labels }),
      photos: { dir, ledger },
      doors: testDoors(systemClock(), { isNeeded: false }),
      throughput: { figures: reader, shifts: { zone: 'UTC', list: [{ name: 'day', minute: 0 }] } },
    }),
  })
  const { bench, clock } = desk
  const names = { customer: hostile('C'), profile: hostile('R'), user: 'any' }
  const order = { order: ORDER, tenantDomain: 'contoso.com', serials: ['5CG4120A1X'], ...names }
  await desk.orders.take('orders.json', JSON.stringify({ orders: [order] }))
  const device = { serial: SERIAL, manufacturer: hostile('M'), model: hostile('D') }
  const told = { device, workOrder: ORDER, operator: PERSON }
  const at = clock.now() - 7_200_000
  const error = { code: hostile('E'), action: hostile('A') }
  errorRun = (
    await desk.run(hostile('Z'), {
      ...told,
      device: { ...device, serial: hostile('Z') },
      verdict: 'failed',
      error,
    })
  ).run
  const evidence = [{ kind: 'qr', source: 'screen', at, ref: hostile('Q') } as const]
  run = (await desk.run(SERIAL, { ...told, evidence })).run
  await desk.alarm(SERIAL)
  browser = await openBrowser(desk.url)
  const { page } = browser
  const photos = new PhotoStore({ dir: desk.dir, ledger: desk.ledger }, desk.reader, clock)
  await photos.add(run, SERIAL, await page.screenshot(), PERSON)
  const prompt = {
    ...comparePrompt('p1', clock),
    line: hostile('L'),
    names: { organisation: hostile('C'), profile: hostile('R'), user: hostile('U') },
  }
  const finding = {
    id: hostile('F'),
    grade: 'hold',
    value: hostile('V'),
    hint: hostile('H'),
  } as const
  const fault = { code: 'STATION_KEYBOARD_SILENT', hint: hostile('T') }
  bench.show(viewOf('1', 'you', clock, { serial: SERIAL, run, prompt, preCheck: [finding], fault }))
})
afterAll(async () => {
  await browser?.close()
  await desk?.close()
})
beforeEach(() => void browser.complaints.splice(0))

/** Waits until the page shows each of the texts as it is; then nothing was made of them. */
async function shows(path: string, ...texts: readonly string[]): Promise<void> {
  const { page, complaints } = browser
  if (path !== '') await page.goto(`${desk.url}${path}`)
  const body = async () => {
    const all = await textOf(page.locator('body'))
    return texts.filter((text) => !all.includes(text))
  }
  await expect.poll(body, { ...BOUND, message: path }).toEqual([])
  expect(await page.evaluate(MADE)).toEqual([])
  expect(complaints).toEqual([])
}
const of = encodeURIComponent

test('board, bay and phone: a question with its names, a serial number, findings, a fault', async () => {
  const named = ['L', 'C', 'R', 'U'].map(hostile)
  await browser.page.goto(desk.url)
  await browser.page.locator('.tile[data-bay="1"]').click()
  await shows('', ...named, SERIAL, ...['F', 'V', 'H', 'T'].map(hostile))
  await shows('/bay?bay=1', ...named, SERIAL, ...['F', 'V', 'H', 'T'].map(hostile))
  await shows('/phone?bay=1', ...named)
  await shows(`/phone?bay=${of(SERIAL)}`, SERIAL)
})

test('run and label: device, order, operator, code, QR text, the name under a photo', async () => {
  await shows(`/run?run=${run}`, SERIAL, ORDER, PERSON, ...['M', 'D', 'Q'].map(hostile))
  await expect.poll(() => browser.page.locator('.photos img').count(), BOUND).toBe(1)
  await shows('', `${PERSON}`)
  await shows(`/run?run=${errorRun}`, ...['E', 'A'].map(hostile))
  await shows(`/label?run=${run}`, SERIAL, ORDER)
})

test('look-up and orders: one device, all orders, one order, its close-out', async () => {
  await shows(`/lookup?of=${of(SERIAL)}`, SERIAL, ORDER, hostile('D'))
  await shows('/orders', ORDER, hostile('C'))
  await shows(`/orders?order=${of(ORDER)}`, ORDER, hostile('C'), hostile('R'), hostile('E'))
  await shows(`/close-out?order=${of(ORDER)}`, ORDER, SERIAL)
})

test('throughput and shift report: models, orders, operators, causes', async () => {
  await shows('/throughput?by=order', ORDER, hostile('E'))
  await shows('/throughput?by=operator', PERSON)
  await shows('/throughput?by=model', hostile('D'))
  await shows('/shift-report')
})

test('pack-out and audit: what is scanned at the table, who says so', async () => {
  const { page } = browser
  await page.goto(`${desk.url}/pack-out`)
  await expect.poll(() => textOf(page.locator('.screen')), BOUND).toContain('Scan a device')
  await scanBy(page, SERIAL, 'Enter')
  await shows('', SERIAL.slice(0, 40))
  expect(await page.locator('option').allTextContents()).toContain(ORDER)
  const by = JSON.stringify({ by: PERSON })
  const sent = `fetch('/api/v1/bays/1/actions/lamp-test', { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(by)} }).then((answer) => answer.status)`
  expect(await page.evaluate(sent)).toBe(200)
  await shows('/audit', PERSON)
})
