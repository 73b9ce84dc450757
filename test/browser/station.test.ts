// The board of the real program on its virtual bench: devices become resealed, and a person at the page has the last word.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BayView, Choice } from '../../agent/core/view.ts'
import { labelOf } from '../../agent/dashboard/label.ts'
import { lettered } from '../../agent/dashboard/letters.ts'
import { type Browser, openBrowser } from './chromium.ts'
import { textOf } from './fixture.ts'
import { type StationProcess, startStation, until } from './station-process.ts'
import { scanBy } from './wedge.ts'

/** A run takes about 40 s at this speed; the machine may be busy. */
const LONG = { timeout: 110_000, interval: 300 }
const SOON = { timeout: 20_000, interval: 100 }

let data: string
let station: StationProcess
let url: string
let browser: Browser

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'reseal-station-'))
  station = await startStation(data, 0)
  url = station.url
  browser = await openBrowser(url)
  await browser.page.goto(url)
  await browser.page.waitForSelector('.tile')
})
afterAll(async () => {
  await browser.close()
  await station.stop()
  rmSync(data, { recursive: true, force: true, maxRetries: 5 })
})

const notice = async () => {
  const all = await browser.page.locator('.notice').allInnerTexts()
  return all[0] ?? ''
}
const bays = async (): Promise<readonly BayView[]> => {
  const response = await fetch(`${url}/api/v1/bays`)
  return ((await response.json()) as { bays: readonly BayView[] }).bays
}

/** An open question and one of its answers that a person may give with one press. */
interface Question {
  readonly view: BayView
  readonly prompt: NonNullable<BayView['prompt']>
  readonly choice: Choice
}

/**
 * Answers a question in the way that `act` says, until the station took one. The simulated operator may be quicker;
 * then the next question is tried.
 */
async function answerOne(
  fits: (choice: Choice, view: BayView) => boolean,
  act: (question: Question) => Promise<void>,
): Promise<Question> {
  return until('a question that could be answered', LONG.timeout, async () => {
    for (const view of await bays()) {
      const choice = view.prompt?.choices.find((one) => fits(one, view))
      if (view.prompt === null || choice === undefined) continue
      const question = { view, prompt: view.prompt, choice }
      const isTaken = await act(question)
        .then(() =>
          until('taken', 2_000, async () => (/taken$/.test(await notice()) ? true : null)),
        )
        .catch(() => false)
      await browser.page.keyboard.press('Escape')
      if (isTaken) return question
    }
    return null
  })
}

const isExpected = (choice: Choice, { prompt }: BayView) =>
  prompt?.loud === true && prompt.expected === choice.answer
/** The panel shows this question and its freshness is over. */
const opened = async ({ view, prompt }: Question) => {
  const panel = browser.page.locator('.panel')
  await panel.waitFor({ timeout: 2_000 })
  await expect.poll(() => textOf(panel), { timeout: 2_000 }).toContain(prompt.line)
  await new Promise((resolve) => setTimeout(resolve, 450))
  expect(await textOf(panel.locator('.number'))).toBe(labelOf(view.bay))
}

test('a question is answered by click', async () => {
  const { view, choice } = await answerOne(isExpected, async (question) => {
    await browser.page.locator(`.tile[data-bay="${question.view.bay}"]`).click({ timeout: 2_000 })
    await opened(question)
    const answer = `.panel [data-answer="${question.choice.answer}"]`
    await browser.page.locator(answer).click({ timeout: 2_000 })
  })
  expect(await notice()).toBe(`Bay ${labelOf(view.bay)}, ${choice.label}: taken`)
})

test('a question is answered by bay number and letter', async () => {
  await answerOne(isExpected, async (question) => {
    await browser.page.keyboard.type(labelOf(question.view.bay))
    await opened(question)
    const letter = lettered(question.prompt).main.find(
      ({ choice }) => choice.answer === question.choice.answer,
    )?.letter
    await browser.page.keyboard.press((letter ?? '').toLowerCase())
  })
})

test('a question is answered by a scanned command barcode', async () => {
  const { view, prompt } = await answerOne(isExpected, async ({ view: { bay }, choice }) =>
    scanBy(browser.page, `RSL.${bay}.${choice.answer}`, 'Enter'),
  )
  const asks = async () => (await bays()).find(({ bay }) => bay === view.bay)?.prompt?.id
  await expect.poll(asks, SOON).not.toBe(prompt.id)
})

test('an answer that ends a run is taken back while its seconds run', async () => {
  const { view } = await answerOne(
    (choice, { prompt }) => choice.closes && prompt?.loud === true,
    async (question) => {
      await browser.page.locator(`.tile[data-bay="${question.view.bay}"]`).click({ timeout: 2_000 })
      await opened(question)
      const { answer } = question.choice
      await browser.page.locator(`.panel [data-answer="${answer}"]`).click({ timeout: 2_000 })
      await browser.page.locator('.panel .undo').click({ timeout: 4_000 })
      await expect.poll(notice, { timeout: 3_000 }).toContain('Take back: taken')
    },
  )
  const runs = await (await fetch(`${url}/api/v1/runs?bay=${view.bay}&verdict=aborted`)).json()
  expect(
    (runs as { runs: { record: { run: string } }[] }).runs.map(({ record }) => record.run),
  ).not.toContain(view.run)
})

test('bays become resealed, and the board shows each only after its record is there', async () => {
  const done = browser.page.locator('.tile.done')
  await expect.poll(() => done.count(), LONG).toBeGreaterThan(0)
  const bay = await done.first().getAttribute('data-bay')
  const response = await fetch(`${url}/api/v1/runs?verdict=resealed&bay=${bay}`)
  const { runs } = (await response.json()) as { runs: { record: { grade?: string } }[] }
  expect(runs.length).toBeGreaterThan(0)
  expect(['witnessed', 'reported', 'stated']).toContain(runs[0]?.record.grade)
  const figures = () => textOf(browser.page.locator('.foot'))
  await expect.poll(figures, SOON).toMatch(/today [1-9]\d* resealed/)
})

test('a station that stops is told on the board, and its bays are there again when it is back', async () => {
  const port = Number(new URL(url).port)
  await station.stop()
  const strip = browser.page.locator('.strip')
  await expect.poll(() => textOf(strip), SOON).toContain('No connection to the station')
  station = await startStation(data, port)
  await expect.poll(() => textOf(strip), SOON).not.toContain('No connection')
  expect(await browser.page.locator('.grid').getAttribute('class')).not.toContain('old')
})

test('the browser has nothing to complain of but the station that was away and answers that came late', () => {
  const real = browser.complaints.filter(
    (text) =>
      !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|status of 409/.test(
        text,
      ),
  )
  expect(real).toEqual([])
})
