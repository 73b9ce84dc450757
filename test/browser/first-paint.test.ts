// The first picture of a quiet bench comes between the first paint and its effects: it must be shown all the same.
import { expect, test } from 'vitest'
import { systemClock } from '../../drivers/host/clock.ts'
import { openBrowser } from './chromium.ts'
import { scene } from './scene.ts'
import { serveBoard } from './served.ts'

/** Effects wait for a frame or a short timer: both come late here, as on a busy bench PC. */
const LATE_EFFECTS = `
  const later = window.setTimeout.bind(window)
  window.requestAnimationFrame = (fn) => later(() => fn(performance.now()), 1500)
  window.setTimeout = (fn, ms, ...rest) => later(fn, ms <= 200 ? 1500 : ms, ...rest)
`

test('bays that arrive before the page listens are shown', async () => {
  const served = await serveBoard(scene(systemClock()))
  const browser = await openBrowser(served.url)
  try {
    await browser.page.addInitScript(LATE_EFFECTS)
    await browser.page.goto(served.url)
    await browser.page.waitForSelector('.tile', { timeout: 15_000 })
    expect(browser.complaints).toEqual([])
  } finally {
    await browser.close()
    await served.close()
  }
})
