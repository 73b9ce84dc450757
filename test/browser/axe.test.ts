// Every page in every language, both themes, on the wall and in the hand: nothing that keeps a person out, nothing that runs over.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../drivers/host/clock.ts'
import { aRecord } from '../fakes/records.ts'
import { type Browser, openBrowser } from './chromium.ts'
import { STICKS_OUT } from './in-page.ts'
import { dress, isTooWide, LOOKS, nameOf, seriousOf } from './page-sweep.ts'
import { scene } from './scene.ts'
import { type ServedBoard, serveBoard } from './served.ts'

/** Opened in axe-guarded.test.ts, at a station where people sign in. */
const GUARDED = ['login', 'accounts', 'audit']
const PAGES = readdirSync(join(import.meta.dirname, '../../agent/dashboard/dist/pages')).filter(
  (name) => !GUARDED.includes(name),
)
/** The board with what opens on it, then each page of the bundle with what it needs to show something. */
const QUERY: Readonly<Record<string, string>> = { bay: '?bay=3', phone: '?bay=3', run: '?run=r-1' }
/** Where a page has not finished what it asks, this stands alone. */
const READY = 'main, .panel, .grid .tile'
const BOUND = { timeout: 10_000 }

let served: ServedBoard
let browser: Browser

beforeAll(async () => {
  served = await serveBoard(scene(systemClock()))
  served.reader.closeRun('r-1', aRecord('r-1', { bay: '3' }))
  browser = await openBrowser(served.url)
})
afterAll(async () => {
  await browser.close()
  await served.close()
})

describe.each(LOOKS)('$language $theme $size.width', (look) => {
  const open = async (path: string) => {
    const { page } = browser
    await page.goto(`${served.url}/icon.svg`)
    await dress(page, look)
    await page.goto(`${served.url}${path}`)
    await page.waitForSelector(READY)
    return page
  }

  test('the board, a question, something else, settings', async () => {
    const page = await open('/')
    await page.waitForSelector('.tile')
    expect(await seriousOf(page), nameOf(look)).toEqual([])
    const tiles = `(${STICKS_OUT})([...document.querySelectorAll('.tile')])`
    expect(await page.evaluate<string[]>(tiles)).toEqual([])
    await page.locator('.tile[data-bay="3"]').click()
    await page.locator('[data-answer="else"]').click()
    await page.waitForSelector('.pictures')
    expect(await seriousOf(page), `${nameOf(look)}, question`).toEqual([])
    await page.keyboard.press('Escape')
    await page.locator('.gear').click()
    await page.waitForSelector('.panel select')
    expect(await seriousOf(page), `${nameOf(look)}, settings`).toEqual([])
    expect(await isTooWide(page)).toBe(false)
  })

  test.each(PAGES)('%s', async (name) => {
    const page = await open(`/${name}${QUERY[name] ?? ''}`)
    await expect.poll(() => page.locator('main h1').count(), BOUND).toBeGreaterThan(0)
    await expect.poll(() => page.evaluate('document.fonts.status'), BOUND).toBe('loaded')
    expect(await seriousOf(page), `${name}, ${nameOf(look)}`).toEqual([])
    expect(await isTooWide(page), `${name} is wider than ${nameOf(look)}`).toBe(false)
  })
})
