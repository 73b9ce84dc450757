// Takes docs/lookup.png and docs/pack-out.png: the look-up and the packing table over a day of made-up devices.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBrowser } from '../test/browser/chromium.ts'
import { aDay } from '../test/browser/desk-day.ts'
import { scanBy } from '../test/browser/wedge.ts'
import { openDesk } from '../test/integration/desk/desk-station.ts'

const DOCS = join(import.meta.dirname, '../docs')
const BOARD = join(import.meta.dirname, '../agent/dashboard/dist')

const dir = mkdtempSync(join(tmpdir(), 'reseal-picture-'))
const desk = await openDesk({ board: BOARD, dir })
await aDay(desk)
const browser = await openBrowser(desk.url, { width: 1280, height: 800 })
const { page } = browser
try {
  await page.goto(`${desk.url}/lookup?of=5CG4120A1X`)
  await page.waitForSelector('.answer')
  await page.screenshot({ path: join(DOCS, 'lookup.png') })
  await page.goto(`${desk.url}/pack-out`)
  for (const [serial, look] of [
    ['5CG4120A4X', 'stop'],
    ['5CG4120A1X', 'go'],
  ] as const) {
    await scanBy(page, serial, 'Enter')
    await page.waitForSelector(`.pack.${look}`)
  }
  await page.screenshot({ path: join(DOCS, 'pack-out.png') })
  process.stdout.write('docs/lookup.png and docs/pack-out.png are taken\n')
} finally {
  await browser.close()
  await desk.close()
  rmSync(dir, { recursive: true, force: true })
}
