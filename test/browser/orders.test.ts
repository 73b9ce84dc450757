// Work orders in Chromium: progress, what remote IT must mend, an import that is whole or nothing, and the close-out.
import { expect, test } from 'vitest'
import { useDesks } from './desks.ts'
import { BOUND, textOf } from './fixture.ts'

const desks = useDesks()
const main = async () => (await textOf(desks.page.locator('main'))).replace(/\s+/g, ' ')
const importFile = (name: string, text: string) =>
  desks.page.setInputFiles('.import input[type=file]', {
    name,
    mimeType: 'text/plain',
    buffer: Buffer.from(text),
  })

test('an order shows what is resealed, failed, missing and alarmed, and what must be unblocked', async () => {
  await desks.page.goto(`${desks.desk.url}/orders`)
  await expect.poll(main, BOUND).toMatch(/WO-1042 Contoso Retail 6 3 1 0 0/)
  await desks.page.locator('a', { hasText: 'WO-1042' }).click()
  await expect.poll(main, BOUND).toMatch(/Missing 2/)
  const text = await main()
  expect(text).toMatch(/Alarm since reseal 1/)
  expect(text).toMatch(/0x80180014 remote IT Reuse of the device is not unblocked/)
  expect(text).toContain('5CG4120A5X 5CG4120A6X')
})

test('a file is taken whole, or each bad line is named and nothing changes', async () => {
  await desks.page.goto(`${desks.desk.url}/orders`)
  await importFile('bad.csv', 'order,customer,tenantDomain,profile,serial\nWO-9,X,nodomain,P,S1\n')
  desks.allow(/422/)
  await desks.page.locator('.import button').click()
  const said = () => textOf(desks.page.locator('.import [role=status]'))
  await expect.poll(said, BOUND).toMatch(/Nothing was imported[\s\S]*line 2[\s\S]*no domain/)
  expect(await main()).not.toContain('WO-9')
  await importFile('good.csv', 'order,customer,tenantDomain,profile,serial\nWO-9,X,x.com,P,S1\n')
  await desks.page.locator('.import button').click()
  await expect.poll(said, BOUND).toContain('Imported: WO-9')
  await expect.poll(main, { timeout: 15_000 }).toMatch(/WO-9 X 1 0 0 0 0/)
})

test('the close-out names every device with its outcome, and prints without the frame', async () => {
  await desks.page.goto(`${desks.desk.url}/close-out?order=WO-1042`)
  await expect.poll(main, BOUND).toMatch(/5CG4120A6X Missing/)
  expect(await main()).toMatch(/5CG4120A1X resealed witnessed 2/)
  await desks.page.emulateMedia({ media: 'print' })
  expect(await desks.page.locator('.shell').isVisible()).toBe(false)
  const pdf = await desks.page.pdf({ format: 'A4' })
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
})
