// The board's colours as Chromium paints them: each signal's text and glyph on its tile, hatching and see-through text included.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SIGNALS } from '../../agent/core/signals.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { viewOf } from '../fakes/board-bench.ts'
import { type Browser, openBrowser } from './chromium.ts'
import { type ServedBoard, serveBoard } from './served.ts'

/** WCAG 2.2, 1.4.3 and 1.4.11. */
const TEXT = 4.5
const GLYPH = 3
const clock = systemClock()
let served: ServedBoard
let browser: Browser

beforeAll(async () => {
  const more = { line: 'Names right, Next framed?', state: 'closed', code: '0x80180014' }
  const progress = { share: 0.5, startedAt: clock.now() - 600_000, n: 40, longer: false } as const
  served = await serveBoard(
    SIGNALS.map((signal, at) =>
      viewOf(String(at + 1), signal, clock, {
        ...more,
        serial: '5CG4120A1X',
        ...(signal === 'working'
          ? { progress: { ...progress, p50Ms: 1_200_000, p90Ms: 1_800_000 } }
          : {}),
      }),
    ),
  )
  browser = await openBrowser(served.url, { width: 1920, height: 1080 }, 'reduce')
})
afterAll(async () => {
  await browser.close()
  await served.close()
  expect(browser.complaints).toEqual([])
})

/** Lines `signal part ratio` of everything that is read on the board; a part that a signal has not is not there. */
const MEASURE = `(() => {
  const paper = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  // The browser itself says what a colour is, mixed or not.
  const rgba = (text) => {
    paper.clearRect(0, 0, 1, 1)
    paper.fillStyle = text
    paper.fillRect(0, 0, 1, 1)
    const [r, g, b, a] = paper.getImageData(0, 0, 1, 1).data
    return [r, g, b, a / 255]
  }
  const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a), 1]
  const light = ([r, g, b]) => [r, g, b]
    .map((one) => one / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0)
  const ratio = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x)
    return (high + 0.05) / (low + 0.05)
  }
  const page = rgba(getComputedStyle(document.body).backgroundColor)
  /** The ground of a box and, where it is hatched, its stripes. */
  const grounds = (box) => {
    const { backgroundColor, backgroundImage } = getComputedStyle(box)
    const ground = over(rgba(backgroundColor), page)
    const stripes = [...backgroundImage.matchAll(/(?:rgba?|color)\\([^)]*\\)/g)].map(([text]) => over(rgba(text), ground))
    return [ground, ...stripes]
  }
  const seen = (part, box, paint) => {
    const [r, g, b, a] = rgba(getComputedStyle(part)[paint])
    const { opacity } = getComputedStyle(part.closest('.small') ?? part)
    return Math.min(...grounds(box).map((ground) => ratio(over([r, g, b, a * Number(opacity)], ground), ground)))
  }
  const tiles = [...document.querySelectorAll('.tile')].flatMap((tile) => {
    const signal = tile.classList[1]
    const parts = [
      ...['.number', '.word', '.line', '.small span'].flatMap((name) =>
        [...tile.querySelectorAll(name)].filter((part) => part.textContent !== '').map((part) => [name, part, 'color'])),
      ...[...tile.querySelectorAll('.arc text')].map((part) => ['percent', part, 'fill']),
      ...[...tile.querySelectorAll('svg.glyph:not(.arc)')].map((part) => ['glyph', part, 'color']),
      ...[...tile.querySelectorAll('.arc .share')].map((part) => ['glyph', part, 'stroke']),
    ]
    return parts.map(([name, part, paint]) => ({ what: signal + ' ' + name, ratio: seen(part, tile, paint) }))
  })
  const lines = ['.strip', '.foot'].flatMap((name) => {
    const box = document.querySelector(name)
    return [...box.querySelectorAll('b, span, button')].filter((part) => part.children.length === 0 && part.textContent !== '')
      .map((part) => ({ what: name + ' ' + part.textContent, ratio: seen(part, part.closest('.trouble, .ask') ?? box, 'color') }))
  })
  return [...tiles, ...lines]
})()`

interface Measured {
  readonly what: string
  readonly ratio: number
}

test.each(['dark', 'light'])('in %s every signal can be read', async (theme) => {
  const { page } = browser
  await page.goto(served.url)
  await page.evaluate(`localStorage.setItem('reseal.theme', '${theme}')`)
  await page.reload()
  await page.waitForSelector('.tile')
  const all = await page.evaluate<readonly Measured[]>(MEASURE)
  for (const signal of SIGNALS) {
    const parts = all.filter(({ what }) => what.startsWith(`${signal} `)).map(({ what }) => what)
    expect(parts, signal).toEqual(
      expect.arrayContaining(
        ['number', 'word', 'line', 'glyph'].map(
          (name) => `${signal} ${name === 'glyph' ? '' : '.'}${name}`,
        ),
      ),
    )
  }
  expect(all.length).toBeGreaterThan(70)
  const low = all.filter(({ what, ratio }) => ratio < (what.endsWith('glyph') ? GLYPH : TEXT))
  expect(low.map(({ what, ratio }) => `${what} ${ratio.toFixed(2)}`)).toEqual([])
})
