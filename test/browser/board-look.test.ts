// What the board shows in a real browser: every signal, sizes, the strip, repaints, and that something is gone.
import { expect, test } from 'vitest'
import { SIGNAL_TABLE, SIGNALS } from '../../agent/core/signals.ts'
import { ill, viewOf } from '../fakes/board-bench.ts'
import { openBrowser } from './chromium.ts'
import { BOUND, clock, textOf, useBoard } from './fixture.ts'
import {
  ANIMATIONS,
  BACKGROUND,
  BAY_NUMBERS,
  CAPITALS,
  GLYPH_SHARE,
  SCROLLS,
  STICKS_OUT,
  TABLE_COLOUR,
  TOUCHED,
  WATCH_TILES,
} from './in-page.ts'
import { workingView } from './scene.ts'

const board = useBoard()

test('every bay shows number, word, line, small print and its glyph, filled only where a person must act', async () => {
  expect(await board.page.locator('.tile').count()).toBe(24)
  expect(await textOf(board.tile('3'))).toMatch(
    /^3\s+Compare\s+Names right, Next framed\?\s+…000003\s+[45]\d s$/,
  )
  expect(await textOf(board.tile('1'))).toMatch(/1[\s\S]*37%[\s\S]*Works[\s\S]*9 \/ 34 min/)
  expect(await textOf(board.tile('21'))).toContain('longer than usual')
  expect(await board.tile('21').locator('.bar.longer').count()).toBe(1)
  const filled = await board.all<number[]>('.tile.loud', BAY_NUMBERS)
  expect(filled.toSorted((a, b) => a - b)).toEqual([3, 4, 9, 13, 16, 19, 22])
  const colour = await board.one<string>('.tile[data-bay="9"]', BACKGROUND)
  expect(colour).toBe('rgb(198, 40, 40)')
})

test('the strip names who needs a person by what to do, the longest wait first', async () => {
  const text = (await textOf(board.page.locator('.strip'))).replace(/\s+/g, ' ')
  expect(text).toMatch(
    /^7 bays need you 9 red shelf 4 13 22 take out 16 fetch the lead 19 keyboard 3 compare \(\d+ s\)$/,
  )
  board.bench.show(viewOf('12', 'alarm', clock, { line: 'Resealed device is on' }))
  await expect
    .poll(() => textOf(board.page.locator('.strip')), BOUND)
    .toMatch(/8 bays need you\s+12/)
})

test('all eleven signals of the table are drawn with their word and colour', async () => {
  for (const [index, signal] of SIGNALS.entries()) {
    board.bench.show(viewOf(String(index + 1), signal, clock))
  }
  for (const [index, signal] of SIGNALS.entries()) {
    const one = board.tile(String(index + 1))
    await expect.poll(() => one.getAttribute('class'), BOUND).toContain(signal)
    expect(await textOf(one.locator('.word'))).toBe(SIGNAL_TABLE[signal].word)
    expect(await one.locator('svg.glyph').count()).toBe(1)
    const colour = await board.one<string>(`.tile[data-bay="${index + 1}"]`, TABLE_COLOUR)
    expect(colour).toBe(SIGNAL_TABLE[signal].colour)
  }
})

test('glyph, number and word are as large as the signal page asks, and nothing runs out of its tile', async () => {
  for (const size of [
    { width: 1920, height: 1080 },
    { width: 1280, height: 1024 },
    { width: 1080, height: 1920 },
  ]) {
    await board.page.setViewportSize(size)
    const share = await board.one<number>('.tile[data-bay="3"]', GLYPH_SHARE)
    expect(share).toBeGreaterThan(size.width > size.height ? 0.35 : 0.25)
    const over = await board.all<string[]>('.tile', STICKS_OUT)
    expect(over).toEqual([])
    const scrolls = await board.page.evaluate<boolean>(SCROLLS)
    expect(scrolls).toBe(false)
  }
  // A 43-inch screen of this size shows 35 px as 17.5 mm: both are read from 3 m there.
  await board.page.setViewportSize({ width: 1920, height: 1080 })
  const capitals = await board.one<number[]>('.tile[data-bay="1"]', CAPITALS)
  expect(Math.min(...capitals)).toBeGreaterThanOrEqual(34.5)
})

test('a change repaints its own tile only and moves nothing', async () => {
  const before = await board.tile('24').boundingBox()
  await board.page.evaluate(WATCH_TILES)
  board.bench.show(viewOf('5', 'done', clock, { line: 'resealed, witnessed' }))
  await expect.poll(() => textOf(board.tile('5')), BOUND).toContain('Take out')
  // A commit that changes nothing a person sees.
  const same = board.bench.bay('6')
  if (same === null) throw new Error('no bay 6')
  board.bench.show({ ...same, input: same.input + 1, at: same.at + 1 })
  board.bench.show(viewOf('8', 'you', clock))
  await expect.poll(() => board.tile('8').getAttribute('class'), BOUND).toContain('you')
  const touched = await board.page.evaluate<string[]>(TOUCHED)
  expect(touched.toSorted()).toEqual(['5', '8'])
  expect(await board.tile('24').boundingBox()).toEqual(before)
})

test('a lost station is told at once, what is shown looks old, and it comes back by itself', async () => {
  board.allow(/ERR_|Failed to load/)
  await board.stop()
  const strip = board.page.locator('.strip')
  await expect.poll(() => textOf(strip), BOUND).toContain('No connection to the station')
  expect(await board.page.locator('.grid').getAttribute('class')).toContain('old')
  await board.restart([viewOf('1', 'done', clock), workingView('2', 50, clock)])
  await expect.poll(() => textOf(strip), { timeout: 15_000 }).toContain('1 bay needs you')
  expect(await board.page.locator('.tile').count()).toBe(2)
  expect(await board.page.locator('.grid').getAttribute('class')).not.toContain('old')
})

test('a broker or ledger that is gone is told in words and by its mark', async () => {
  board.bench.ail([ill('broker', 'BACKEND_BROKER_DOWN')])
  await expect
    .poll(() => textOf(board.page.locator('.trouble')), BOUND)
    .toContain('nothing is lost')
  expect(await textOf(board.page.locator('.dot.sick'))).toBe('broker')
  board.bench.ail([ill('broker', 'BACKEND_BROKER_DOWN'), ill('ledger', 'STATION_LEDGER_FULL')])
  await expect.poll(() => textOf(board.page.locator('.trouble')), BOUND).toContain('disk is full')
  board.bench.ail([])
  await expect.poll(() => board.page.locator('.trouble').count(), BOUND).toBe(0)
})

test('settings say from how many metres the present grid can be read', async () => {
  await board.page.locator('.gear').click()
  const distance = () => textOf(board.page.locator('.distance'))
  expect(await distance()).toMatch(/24 bays on this screen can be read from 2\.\d m \(number\)/)
  await board.page.locator('.panel select').first().selectOption('43')
  await expect.poll(distance, BOUND).toMatch(/from [45]\.\d m \(number\) and 3\.\d m \(word\)/)
})

test('motion stands still for those who want none', async () => {
  const moving = await openBrowser(board.url, undefined, 'no-preference')
  try {
    await moving.page.goto(board.url)
    await moving.page.waitForSelector('.tile')
    expect(await moving.page.evaluate<number>(ANIMATIONS)).toBeGreaterThan(0)
    expect(await board.page.evaluate<number>(ANIMATIONS)).toBe(0)
    expect(moving.complaints).toEqual([])
  } finally {
    await moving.close()
  }
})
