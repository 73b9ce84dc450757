// The look-up page in Chromium: one box for any name of a device, and a table for many.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ZTD } from './desk-day.ts'
import { useDesks } from './desks.ts'
import { BOUND, textOf } from './fixture.ts'

const desks = useDesks()
const answer = () => textOf(desks.page.locator('.answer'))
const ask = async (text: string) => {
  await desks.page.fill('#asked', text)
  await desks.page.press('#asked', 'Enter')
}

test.each([
  ['5cg4120a1x', /Resealed\s+5CG4120A1X[\s\S]*witnessed[\s\S]*Hand over after[\s\S]*Attempts: 2/],
  [ZTD, /5CG4120A1X[\s\S]*Found by ZtdId/],
  [JSON.stringify({ ZtdId: ZTD }), /5CG4120A1X[\s\S]*Found by ZtdId/],
  ['5CG4120A2X', /Not resealed[\s\S]*0x80180014/],
  ['5CG4120A4X', /Alarm since then[\s\S]*OPERATOR_POWERED_ON_AFTER_RESEAL/],
  ['nobody', /Not seen here[\s\S]*says nothing about the device/],
])('%s', async (asked, words) => {
  await desks.page.goto(`${desks.desk.url}/lookup`)
  await ask(asked)
  await expect.poll(answer, BOUND).toMatch(words)
})

test('an answer has an address of its own, and markup in it is text', async () => {
  await desks.page.goto(`${desks.desk.url}/lookup?of=5CG4120A1X`)
  await expect.poll(answer, BOUND).toContain('Resealed')
  await ask('<img src=x onerror=alert(1)>')
  await expect.poll(answer, BOUND).toContain('<img src=x onerror=alert(1)>')
  expect(await desks.page.locator('.answer img').count()).toBe(0)
})

test('a pasted list becomes a table with a line for each', async () => {
  await desks.page.goto(`${desks.desk.url}/lookup`)
  await desks.page.fill('#many', '5CG4120A1X\n5CG4120A2X\nnobody\n')
  const [download] = await Promise.all([
    desks.page.waitForEvent('download'),
    desks.page.locator('.bulk button').click(),
  ])
  const lines = readFileSync(await download.path(), 'utf8')
    .trimEnd()
    .split('\r\n')
  expect(lines.slice(1).map((line) => line.split(',').slice(0, 3).join())).toEqual([
    '5CG4120A1X,5CG4120A1X,resealed',
    '5CG4120A2X,5CG4120A2X,not-resealed',
    'nobody,nobody,not-seen',
  ])
  await expect.poll(() => textOf(desks.page.locator('.bulk')), BOUND).toContain('3 lines')
})

test('German says it in German, times with their zone', async () => {
  await desks.page.goto(`${desks.desk.url}/lookup`)
  await desks.page.evaluate("localStorage.setItem('reseal.language', 'de')")
  await desks.page.goto(`${desks.desk.url}/lookup?of=5CG4120A1X`)
  await expect.poll(answer, BOUND).toMatch(/Versiegelt[\s\S]*bezeugt[\s\S]*Übergeben ab/)
})
