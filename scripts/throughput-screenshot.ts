// Takes docs/throughput.png: a demo day as managers see it, by shifts and bays. `node scripts/throughput-screenshot.ts`.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBrowser } from '../test/browser/chromium.ts'
import { startStation } from '../test/browser/station-process.ts'

const ROOT = join(import.meta.dirname, '..')
const TARGET = join(ROOT, 'docs/throughput.png')
/** The virtual bench's calendar begins on this day, at 06:00 UTC. */
const DAY = 'from=2026-01-05T06:00:00Z&to=2026-01-06T06:00:00Z'

const data = mkdtempSync(join(tmpdir(), 'reseal-picture-'))
execFileSync(
  process.execPath,
  ['agent/main.ts', 'demo', '--days', '1', '--speed', '0', '--data', data],
  { cwd: ROOT },
)
const station = await startStation(data, 0)
const browser = await openBrowser(station.url, { width: 1400, height: 1500 }, 'reduce')
try {
  await browser.page.goto(`${station.url}/throughput?${DAY}&by=bay`)
  await browser.page.locator('.chart canvas').last().waitFor()
  await browser.page.screenshot({ path: TARGET })
  process.stdout.write(`${TARGET} is taken\n`)
} finally {
  await browser.close()
  await station.stop()
  rmSync(data, { recursive: true, force: true, maxRetries: 5 })
}
