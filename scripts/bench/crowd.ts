// A hall that looks on: 64 busy bays, a ledger of a million runs, 100 streams, a browser, and 50 look-ups a second.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openBrowser } from '../../test/browser/chromium.ts'
import { fillLedger } from '../../test/integration/ledger/parts/fill.ts'
import { AGENT_FLAGS } from '../launcher/checkout.js'
import type { CrowdDesk } from './crowd-desk.ts'
import type { CrowdStation } from './crowd-station.ts'
import { inFolder } from './folder.ts'
import { percentile, type Row, rowOf } from './row.ts'

const RUNS = 1_000_000
const WARM_UP_MS = 20_000
const ALONE_MS = 15_000
const CROWD_S = 40
const STATION = fileURLToPath(new URL('./crowd-station.ts', import.meta.url))
const DESK = fileURLToPath(new URL('./crowd-desk.ts', import.meta.url))

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** The station as a process of its own, spoken to line by line. */
class Station {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor(dir: string) {
    const args = [...AGENT_FLAGS, STATION, dir]
    this.#child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    if (this.#child.stdout === null) throw new Error('no output')
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  async next<T>(): Promise<T> {
    const line = await this.#lines.next()
    if (line.done === true) throw new Error('the station ended')
    return JSON.parse(line.value) as T
  }

  say(word: 'watch' | 'end' | 'stop'): void {
    this.#child.stdin?.write(`${word}\n`)
  }

  async stop(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()))
    if (this.#child.exitCode !== null) return
    this.say('stop')
    await ended
  }
}

interface Shown {
  readonly bay: string
  readonly atMs: number
  /** Of its tile: its signal is one of them. */
  readonly classes: string
}

/** Runs in the page: each change of a tile's signal with its time. */
const WATCH_TILES = `{
  window.shown = []
  new MutationObserver((changes) => {
    const atMs = Date.now()
    for (const { target } of changes)
      if (target.dataset.bay !== undefined) window.shown.push({ bay: target.dataset.bay, atMs, classes: target.className })
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['class'] })
}`

/** From the commit that changed a signal to the tile that shows it, ms; one that was over before its frame is not shown. */
function delaysOf({ edges }: CrowdStation, shown: readonly Shown[]): readonly number[] {
  return shown.flatMap(({ bay, atMs, classes }) => {
    const told = edges.findLast(
      ([one, at, signal]) => one === bay && at <= atMs && classes.split(' ').includes(signal),
    )
    return told === undefined ? [] : [atMs - told[1]]
  })
}

export const crowd = (): Promise<readonly Row[]> =>
  inFolder(async (dir) => {
    // Up to now, as a bench would have them: runs of the future would all be counted as today's.
    fillLedger(dir, RUNS, Date.now())
    const station = new Station(dir)
    try {
      const { url } = await station.next<{ url: string }>()
      await pause(WARM_UP_MS)
      station.say('watch')
      await pause(ALONE_MS)
      station.say('end')
      const alone = await station.next<CrowdStation>()
      const browser = await openBrowser(url, undefined, 'no-preference')
      try {
        await browser.page.goto(url)
        await browser.page.locator('[data-bay]').first().waitFor()
        await browser.page.evaluate(WATCH_TILES)
        station.say('watch')
        const { stdout } = await promisify(execFile)(process.execPath, [DESK, url, `${CROWD_S}`])
        const shown = await browser.page.evaluate<Shown[]>('window.shown')
        station.say('end')
        const crowded = await station.next<CrowdStation>()
        const troubles = [...browser.complaints, ...crowded.faults]
        if (troubles.length > 0) throw new Error(`in the crowd: ${troubles.join('; ')}`)
        return rows({ alone, crowded, desk: JSON.parse(stdout) as CrowdDesk, shown })
      } finally {
        await browser.close()
      }
    } finally {
      await station.stop()
    }
  })

interface Seen {
  readonly alone: CrowdStation
  readonly crowded: CrowdStation
  readonly desk: CrowdDesk
  readonly shown: readonly Shown[]
}

function rows({ alone, crowded, desk, shown }: Seen): readonly Row[] {
  const { open, frames, gaps, dropped, resumed, lookupMs } = desk
  if (open !== 100 || gaps > 0) throw new Error(`${open} of 100 streams are left, ${gaps} gaps`)
  if (resumed === 0) throw new Error('who stopped reading was given nothing on its return')
  const tiles = delaysOf(crowded, shown)
  const rate = (of: CrowdStation): number => of.commits / of.seconds
  const what = `64 bays at 60 times the speed of a bench, 100 streams (${frames} frames), one Chromium, 50 look-ups/s, 1,000,000 runs`
  return [
    rowOf({
      name: 'crowd: signal to tile in Chromium, p99',
      unit: 'ms',
      ours: [percentile(tiles, 0.99)],
      goal: { of: 'figure', is: 'below', value: 500 },
      note: `${tiles.length} changes of signal; median ${percentile(tiles, 0.5).toFixed(0)} ms. ${what}.`,
    }),
    rowOf({
      name: 'crowd: look-up over HTTP, p99',
      unit: 'ms',
      ours: [percentile(lookupMs, 0.99)],
      goal: { of: 'figure', is: 'below', value: 50 },
      note: `${lookupMs.length} look-ups; median ${percentile(lookupMs, 0.5).toFixed(1)} ms`,
    }),
    rowOf({
      name: 'crowd: event-loop delay, p99',
      unit: 'ms',
      ours: [crowded.delayP99Ms],
      bare: [alone.delayP99Ms],
      goal: { of: 'figure', is: 'below', value: 10 },
      note: `longest ${crowded.delayMaxMs.toFixed(0)} ms; bare: the same station before the crowd came`,
    }),
    rowOf({
      name: 'crowd: commits of the bench',
      unit: '/s',
      ours: [rate(crowded)],
      bare: [rate(alone)],
      goal: { of: 'ratio', is: 'at least', value: 0.85 },
      note: `no stream missed an event; one stopped reading, was ${dropped === 1 ? 'cut off' : 'still within what the kernel keeps for it'}, and had ${resumed} events on its return`,
    }),
  ]
}
