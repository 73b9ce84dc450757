// Eight hours on one board in a real Chromium: every change of 64 virtual bays, as fast as it goes; does the page grow? `node board.ts [hours]`.
import process from 'node:process'
import type { CDPSession } from 'playwright-core'
import { openBrowser } from '../../test/browser/chromium.ts'
import { mean } from './figures.ts'
import { GROWTH_MAX, type Line, tell } from './verdict.ts'
import { BAYS, EVENTS_MAX, HOUR, openDays } from './virtual-days.ts'

const SAMPLE_EVERY_MS = 2 * 60_000
/** Time stands still so often until the page has shown what was told to it, virtual ms. */
const PACE_MS = 15_000
const TOLD_MS = 30_000
/** The page may have so many more elements and listeners than in its second hour: what bays show comes and goes. */
const COUNT_MAX = 1.05

interface PageSample {
  readonly at: number
  /** Objects of the page after a collection, MB. */
  readonly heapMb: number
  readonly nodes: number
  readonly listeners: number
}

const hours = Number(process.argv[2] ?? 8)
if (!(hours >= 3)) throw new RangeError('less than three hours have no second and no last one')
const say = (text: string): void => void process.stdout.write(`${text}\n`)
const days = await openDays()
const { clock, station } = days
const { bench } = station
const web = await days.serveBoard()
const browser = await openBrowser(web.url, undefined, 'no-preference')
const { page } = browser
await page.goto(`${web.url}/?kiosk`)
await page.waitForSelector('.tile')
const session = await page.context().newCDPSession(page)
await session.send('Performance.enable')

let transitions = 0
bench.subscribe(() => {
  transitions++
})

async function sample(at: number): Promise<PageSample> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const { metrics } = await session.send('Performance.getMetrics')
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? Number.NaN
  return {
    at,
    heapMb: usedSize / 2 ** 20,
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
  }
}

/** Two painted frames of the page: what was told before has come to it. */
const PAINTED = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))'
const painted = (cdp: CDPSession) =>
  cdp.send('Runtime.evaluate', { expression: PAINTED, awaitPromise: true })

const samples: PageSample[] = []
const from = performance.now()
for (let due = PACE_MS; due <= hours * HOUR; due += PACE_MS) {
  await clock.run(() => clock.mono() >= due, EVENTS_MAX)
  await painted(session)
  if (due % SAMPLE_EVERY_MS !== 0) continue
  const hour = Math.floor((due - 1) / HOUR)
  const isWhole = due % HOUR === 0
  if (hour === 1 || hour === hours - 1 || isWhole) samples.push(await sample(due - 1))
  const last = samples.at(-1)
  if (isWhole && last !== undefined)
    say(
      `${String(hour + 1).padStart(3)} h: ${last.heapMb.toFixed(2)} MB, ${last.nodes} nodes, ${last.listeners} listeners, ${transitions} commits`,
    )
}
const seconds = (performance.now() - from) / 1000

/** Bays whose tile says another word than the bench's view. */
async function differing(): Promise<readonly string[]> {
  const shown: Record<string, string> = await page.evaluate(
    `Object.fromEntries([...document.querySelectorAll('.tile')].map((one) => [one.dataset.bay, one.textContent]))`,
  )
  return bench
    .bays()
    .filter(({ bay, serial }) => serial !== null && shown[bay]?.includes(serial.slice(-4)) !== true)
    .map(({ bay }) => bay)
}
await clock.run(() => clock.mono() >= hours * HOUR + TOLD_MS, EVENTS_MAX)
await painted(session)
const behind = await differing()

const part = (hour: number) => samples.filter(({ at }) => Math.floor(at / HOUR) === hour)
const grown = (name: string, of: (sample: PageSample) => number, most: number): Line => {
  const before = mean(part(1).map(of))
  const after = mean(part(hours - 1).map(of))
  const times = after / before
  const text = `second hour ${before.toFixed(2)}, last hour ${after.toFixed(2)}: × ${times.toFixed(3)} (at most ${most})`
  return { name, text, ok: times <= most }
}
const lines: readonly Line[] = [
  grown("the page's objects, MB", ({ heapMb }) => heapMb, GROWTH_MAX),
  grown('elements', ({ nodes }) => nodes, COUNT_MAX),
  grown('listeners', ({ listeners }) => listeners, COUNT_MAX),
  {
    name: 'work',
    text: `${BAYS} virtual bays for ${hours} h in ${seconds.toFixed(0)} s: ${transitions} commits told to one page of Chromium`,
    ok: transitions > hours * BAYS * 10,
  },
  {
    name: 'the page at the end',
    text: behind.length === 0 ? 'as the bench' : `other devices than the bench at ${behind.join()}`,
    ok: behind.length === 0,
  },
  {
    name: 'complaints of the page',
    text: browser.complaints.slice(0, 3).join('; ') || 'none',
    ok: browser.complaints.length === 0,
  },
]
const isGood = tell(lines, say)
await browser.close()
await web.close()
await days.close()
process.exitCode = isGood ? 0 : 1
