// One board in one browser for each test of the page, with what the tests ask of it.
import type { Locator, Page } from 'playwright-core'
import { afterEach, beforeEach, expect } from 'vitest'
import type { BayView } from '../../agent/core/view.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { type BoardBench, type Call, comparePrompt, viewOf } from '../fakes/board-bench.ts'
import type { BoardReader } from '../fakes/board-reader.ts'
import { type Browser, openBrowser } from './chromium.ts'
import { scene } from './scene.ts'
import { type ServedBoard, serveBoard } from './served.ts'

export const clock = systemClock()
export const BOUND = { timeout: 8_000 }

/** As a person sees it: with the line ends of the layout, without what is hidden. */
export const textOf = (element: Locator): Promise<string> =>
  // biome-ignore lint/performance/useDomNodeTextContent: the layout is what is tested
  element.innerText()

export interface BoardFixture {
  readonly page: Page
  readonly bench: BoardBench
  readonly reader: BoardReader
  readonly url: string
  tile(bay: string): Locator
  panel(): Locator
  answers(): readonly Call[]
  ask(bay: string, prompt: string): void
  /** Runs a text of in-page.ts over all elements of a selector. */
  all<T>(selector: string, fn: string): Promise<T>
  /** Runs it over the first one. */
  one<T>(selector: string, fn: string): Promise<T>
  /** Waits until the open panel offers this answer. */
  offers(letter: string, label: string): Promise<void>
  /** What the browser itself reports when the test provokes it: a refusal, a lost station. */
  allow(pattern: RegExp): void
  /** Ends the station and starts another one at the same address. */
  stop(): Promise<void>
  restart(views: readonly BayView[], version?: string): Promise<void>
}

export function useBoard(): BoardFixture {
  let served: ServedBoard
  let browser: Browser
  let allowed: RegExp | null = null
  beforeEach(async () => {
    allowed = null
    served = await serveBoard(scene(clock))
    browser = await openBrowser(served.url)
    await browser.page.goto(served.url)
    await browser.page.waitForSelector('.tile')
  })
  afterEach(async () => {
    await browser.close()
    await served.close()
    expect(browser.complaints.filter((text) => allowed?.test(text) !== true)).toEqual([])
  })
  const panel = () => browser.page.locator('.panel')
  return {
    get page() {
      return browser.page
    },
    get bench() {
      return served.bench
    },
    get reader() {
      return served.reader
    },
    get url() {
      return served.url
    },
    tile: (bay) => browser.page.locator(`.tile[data-bay="${bay}"]`),
    panel,
    answers: () => served.bench.calls.filter(({ what }) => what === 'answer'),
    ask: (bay, id) => {
      const prompt = comparePrompt(id, clock)
      served.bench.show(viewOf(bay, 'you', clock, { word: 'Compare', line: prompt.line, prompt }))
    },
    all: (selector, fn) =>
      browser.page.evaluate(`(${fn})([...document.querySelectorAll('${selector}')])`),
    one: (selector, fn) => browser.page.evaluate(`(${fn})(document.querySelector('${selector}'))`),
    offers: async (letter, label) => {
      const offered = async () => (await textOf(panel())).replace(/\s+/g, ' ')
      await expect.poll(offered, BOUND).toContain(`${letter} ${label}`)
    },
    allow: (pattern) => {
      allowed = pattern
    },
    stop: () => served.close(),
    restart: async (views, version) => {
      served = await serveBoard(views, served.port, version)
    },
  }
}
