// The packing table in Chromium: a wedge alone, fast, with any suffix, with the focus anywhere; read from 3 m.
import { expect, test } from 'vitest'
import { useDesks } from './desks.ts'
import { BOUND, textOf } from './fixture.ts'
import { scanBy } from './wedge.ts'

const desks = useDesks()
const screen = () => textOf(desks.page.locator('.screen'))
const look = () => desks.page.locator('.pack').getAttribute('class')
const open = async () => {
  await desks.page.goto(`${desks.desk.url}/pack-out`)
  await expect.poll(screen, BOUND).toContain('Scan a device')
}
const scans = async (serial: string) =>
  (await desks.desk.reader.device(serial)).annotations.filter(({ kind }) => kind === 'pack-out')

test('a due device is green with its grade, whatever the suffix of the wedge', async () => {
  await open()
  for (const suffix of ['Enter', 'Tab', null] as const) {
    await scanBy(desks.page, '5CG4120A1X', suffix)
    await expect.poll(look, BOUND).toContain('go')
    await expect.poll(screen, BOUND).toMatch(/Pack\s+witnessed\s+5CG4120A1X/)
    await scanBy(desks.page, 'nobody', 'Enter')
    await expect.poll(look, BOUND).toContain('stop')
  }
  await expect.poll(async () => (await scans('5CG4120A1X')).length, BOUND).toBe(3)
})

test.each([
  ['5CG4120A2X', 'Not resealed'],
  ['5CG4120A3X', 'Too early: from'],
  ['5CG4120A4X', 'Alarm after its reseal: fetch the lead'],
  ['5CG9999999', 'Not seen at this station'],
])('%s is red: %s', async (serial, why) => {
  await open()
  await scanBy(desks.page, serial, 'Enter')
  await expect.poll(screen, BOUND).toContain(why)
  expect(await look()).toContain('stop')
  expect(await screen()).toContain(serial)
  expect(await scans(serial)).toHaveLength(1)
})

test('a device of another order is red while one order is packed, wherever the focus is', async () => {
  await open()
  await desks.page.selectOption('select', 'WO-1042')
  await desks.page.focus('select')
  await scanBy(desks.page, '5CG4130B1X', 'Enter')
  await expect.poll(screen, BOUND).toContain('Other work order: WO-1043')
  expect(await desks.page.locator('select').inputValue()).toBe('WO-1042')
  await desks.page.focus('header a')
  await scanBy(desks.page, '5CG4120A1X', 'Enter')
  await expect.poll(screen, BOUND).toContain('Pack')
  expect(new URL(desks.page.url()).pathname).toBe('/pack-out')
})

test('the answer of the device before is gone with the first key of the next', async () => {
  await open()
  await scanBy(desks.page, '5CG4120A1X', 'Enter')
  await expect.poll(look, BOUND).toContain('go')
  await desks.page.keyboard.press('5')
  await expect.poll(look, BOUND).toContain('idle')
})

test('scans as fast as two hands can are each answered, in their order', async () => {
  await open()
  for (const serial of ['5CG4120A1X', '5CG4120A2X', '5CG4120A3X'])
    await scanBy(desks.page, serial, 'Enter')
  const last = desks.page.locator('.pack footer li')
  await expect.poll(() => last.count(), BOUND).toBe(3)
  expect((await last.allInnerTexts()).map((line) => /5CG\w+/.exec(line)?.[0])).toEqual([
    '5CG4120A3X',
    '5CG4120A2X',
    '5CG4120A1X',
  ])
})

test('a station that does not answer is red, never green', async () => {
  desks.allow(/net::ERR|Failed to load resource/)
  await open()
  await scanBy(desks.page, '5CG4120A1X', 'Enter')
  await expect.poll(look, BOUND).toContain('go')
  await desks.page.context().setOffline(true)
  await scanBy(desks.page, '5CG4120A1X', 'Enter')
  await expect.poll(screen, BOUND).toContain('No answer')
  expect(await look()).toContain('stop')
})

/** Capital heights of word, reason and serial number, CSS px. */
const CAPITALS = `['.word', '.why', '.serial'].map(
  (part) => parseFloat(getComputedStyle(document.querySelector(part)).fontSize) * 0.72)`

test('word and reason are read from 3 m on a 24-inch screen, the serial number on a 43-inch one', async () => {
  await open()
  await scanBy(desks.page, '5CG4120A4X', 'Enter')
  await expect.poll(screen, BOUND).toContain('Alarm')
  const [word = 0, why = 0, serial = 0] = (await desks.page.evaluate(CAPITALS)) as number[]
  expect(word).toBeGreaterThan(63)
  expect(why).toBeGreaterThan(35)
  expect(serial).toBeGreaterThan(35)
})
