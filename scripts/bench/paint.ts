// First paint in Chromium: from asking for the board to the first tile, against a bare page with as many plain tiles.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '../../drivers/host/clock.ts'
import { openBrowser } from '../../test/browser/chromium.ts'
import { scene } from '../../test/browser/scene.ts'
import { serveBoard } from '../../test/browser/served.ts'
import { inTurns, type Row, rowOf } from './row.ts'

const ROUNDS = 7
const BAYS = 64
const BARE = `<!doctype html><title>bare</title>${Array.from({ length: BAYS }, (_, n) => `<button data-bay="${n}">${n}</button>`).join('')}`

/** The frame after the one that laid a tile out: it is on the screen then. */
const WATCH_PAINT = `{
  const look = () => {
    if (document.querySelector('[data-bay]') === null) requestAnimationFrame(look)
    else requestAnimationFrame(() => { window.firstTileMs = performance.now() })
  }
  look()
}`

/** Ms from the navigation to the first frame that shows a tile, in a browser that never saw the page. */
async function firstTile(url: string): Promise<number> {
  const browser = await openBrowser(url, undefined, 'no-preference')
  try {
    await browser.page.addInitScript(WATCH_PAINT)
    await browser.page.goto(url)
    // Asked from outside: the page's own policy lets nothing be evaluated in it.
    for (;;) {
      const ms = await browser.page.evaluate<number | null>('window.firstTileMs ?? null')
      if (ms !== null) return ms
      await browser.page.waitForTimeout(50)
    }
  } finally {
    await browser.close()
  }
}

export async function paint(): Promise<readonly Row[]> {
  const served = await serveBoard(scene(systemClock()))
  const plain = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(BARE))
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
  const { port } = plain.address() as AddressInfo
  try {
    const { ours, bare } = await inTurns(ROUNDS, {
      ours: () => firstTile(served.url),
      bare: () => firstTile(`http://127.0.0.1:${port}`),
    })
    return [
      rowOf({
        name: 'board: first tile on the screen',
        unit: 'ms',
        ours,
        bare,
        goal: { of: 'figure', is: 'below', value: 1000 },
        note: 'A fresh Chromium each time, nothing cached. Bare: a page of 64 plain buttons from a plain server.',
      }),
    ]
  } finally {
    await served.close()
    plain.close()
  }
}
