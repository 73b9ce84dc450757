// Takes docs/board.png: the board of the virtual bench as it is after a minute, on a screen of 1920 by 1080.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BayView } from '../agent/core/view.ts'
import { openBrowser } from '../test/browser/chromium.ts'
import { startStation, until } from '../test/browser/station-process.ts'

const TARGET = join(import.meta.dirname, '../docs/board.png')
const WAIT_MS = 240_000
/** A picture says most when a bay works, one is done and one asks. */
const WANTED = ['working', 'done', 'you'] as const

const data = mkdtempSync(join(tmpdir(), 'reseal-picture-'))
const station = await startStation(data, 0)
// No blinking: a picture should not catch a glyph while it is dim.
const browser = await openBrowser(station.url, undefined, 'reduce')
try {
  await browser.page.goto(station.url)
  await until('a bench with something to see', WAIT_MS, async () => {
    const response = await fetch(`${station.url}/api/v1/bays`)
    const { bays } = (await response.json()) as { bays: readonly BayView[] }
    const signals = bays.map(({ signal }) => signal)
    return WANTED.every((signal) => signals.includes(signal)) ? true : null
  })
  await browser.page.screenshot({ path: TARGET })
  process.stdout.write(`${TARGET} is taken\n`)
} finally {
  await browser.close()
  await station.stop()
  rmSync(data, { recursive: true, force: true, maxRetries: 5 })
}
