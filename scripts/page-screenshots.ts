// Takes docs/board-light.png, bay-page.png, run-page.png and phone-page.png over a made-up bench. `node scripts/page-screenshots.ts`.
import { join } from 'node:path'
import { systemClock } from '../drivers/host/clock.ts'
import { openBrowser } from '../test/browser/chromium.ts'
import { scene } from '../test/browser/scene.ts'
import { serveBoard } from '../test/browser/served.ts'
import { viewOf } from '../test/fakes/board-bench.ts'
import { aRecord } from '../test/fakes/records.ts'

const DOCS = join(import.meta.dirname, '../docs')
const MIN = 60_000
const clock = systemClock()
const served = await serveBoard(scene(clock))
const { bench, reader, url } = served
const started = clock.now() - 60 * MIN
const after = (ms: number) => started + ms
const iso = (at: number) => new Date(at).toISOString()
const SEEN = [
  ['serial', 'operator', 20_000, 'scan'],
  ['link-up', 'wire', 26_000, '1000 Mb/s'],
  ['echo', 'keyboard', 68_000, 'lock-key'],
  ['names-match', 'operator', 2 * MIN, 'prompt 3.4'],
  ['success-page', 'screen', 40 * MIN, 'frame-9'],
  ['reseal-accepted', 'keyboard', 40.5 * MIN, 'play 12'],
  ['off-proof', 'wire', 41.5 * MIN, '45 s'],
] as const
reader.closeRun(
  '01KAT3F6Q1',
  aRecord('01KAT3F6Q1', {
    bay: '3',
    device: { serial: '5CG4107919', manufacturer: 'HP', model: 'EliteBook 840 G11' },
    workOrder: 'WO-2026-118',
    operator: 'mk',
    startedAt: iso(started),
    endedAt: iso(after(42 * MIN)),
    handOverAfter: iso(after(132 * MIN)),
    useBefore: iso(after(180 * 24 * 60 * MIN)),
    durations: {
      ...{ identify: 14_000, precheck: 6_000, summon: 38_000, choose: 22_000, review: 41_000 },
      ...{ provision: 36 * MIN, restart: 2 * MIN, reseal: 74_000 },
    },
    operatorWaitMs: 96_000,
    machineWaitMs: 39 * MIN,
    evidence: SEEN.map(([kind, source, ms, ref]) => ({ kind, source, at: after(ms), ref })),
  }),
)

/** @param path of the page @param isWhole all of it, not what the screen shows */
async function take(
  name: string,
  path: string,
  size: { readonly width: number; readonly height: number },
  { language = 'en', isWhole = false } = {},
): Promise<void> {
  const browser = await openBrowser(url, size, 'reduce')
  try {
    const { page } = browser
    await page.goto(`${url}/lookup`)
    await page.evaluate(
      `localStorage.setItem('reseal.language', '${language}'); localStorage.setItem('reseal.theme', 'light')`,
    )
    await page.goto(`${url}${path}`)
    await page.waitForSelector('.tile, .now, .verdict, .answers')
    await page.waitForLoadState('load')
    // The line on top comes with the answer to who is here.
    if (path !== '/') await page.waitForSelector('.shell .way')
    await page.screenshot({ path: join(DOCS, name), fullPage: isWhole })
    process.stdout.write(`docs/${name} is taken\n`)
  } finally {
    await browser.close()
  }
}

const REVIEW = { run: '01KAT3F6Q1', state: 'reviewing', step: 'review' }
const asked = bench.bay('3')
if (asked !== null) bench.show(viewOf('3', 'you', clock, { ...asked, ...REVIEW }))
await take('board-light.png', '/', { width: 1920, height: 1080 }, { language: 'de' })
await take('bay-page.png', '/bay?bay=3', { width: 1400, height: 1000 })
await take('run-page.png', '/run?run=01KAT3F6Q1', { width: 1200, height: 900 }, { isWhole: true })
await take('phone-page.png', '/phone?bay=3', { width: 390, height: 844 }, { isWhole: true })
await served.close()
