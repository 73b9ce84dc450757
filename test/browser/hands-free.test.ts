// An operator with gloves on: keyboard and barcodes only, no mouse and no touch, until 20 bays ask nothing more.
import { expect, test } from 'vitest'
import type { BayView, Prompt } from '../../agent/core/view.ts'
import type { Taken } from '../../agent/ports.ts'
import { type Call, codePrompt, comparePrompt, viewOf } from '../fakes/board-bench.ts'
import { BOUND, clock, textOf, useBoard } from './fixture.ts'
import { scanBy } from './wedge.ts'

const board = useBoard()
const BAYS = 20

type Kind = 'compare' | 'code' | 'scan' | 'take-out' | 'dark'
const KINDS: readonly Kind[] = ['compare', 'code', 'scan', 'take-out', 'dark']
const kindOf = (bay: number): Kind => KINDS[bay % KINDS.length] ?? 'compare'

const plain = (id: string, more: Partial<Prompt>): Prompt => ({
  ...comparePrompt(id, clock),
  expected: null,
  scan: false,
  ...more,
})
const choice = (answer: string, label: string, more = {}) => ({
  answer,
  label,
  pictured: false,
  closes: false,
  ...more,
})

function promptOf(bay: number): Prompt {
  const id = `${bay}.1`
  switch (kindOf(bay)) {
    case 'compare':
      return comparePrompt(id, clock)
    case 'code':
      return codePrompt(id, clock)
    case 'scan':
      return plain(id, {
        verb: 'Scan',
        line: 'Scan the serial number. Charger in? Lid open?',
        scan: true,
        choices: [choice('serial', 'Type the serial', { text: 'serial' })],
      })
    case 'take-out':
      return plain(id, {
        verb: 'Take out',
        line: 'Take the device out',
        expected: 'taken-out',
        choices: [choice('taken-out', 'Taken out')],
      })
    case 'dark':
      return plain(id, {
        line: 'Did it go dark by itself?',
        choices: [choice('dark', 'Yes, it went dark', { closes: true }), choice('no', 'No')],
      })
  }
}

/** What settles each question, as the flow would take it. */
function settles(bay: number, { what, args }: Call): boolean {
  const text = args[0] ?? ''
  if (what === 'scan' && kindOf(bay) === 'scan') return text === `SERIAL${bay}X`
  if (what === 'scan') return text === `RSL.${bay}.confirm`
  if (what !== 'answer' || args[0] !== `${bay}.1`) return false
  return kindOf(bay) === 'code' ? args[2] === '0x81039001' : true
}

/** Asks at all bays, and takes a question back once it is settled. */
function askAll(): void {
  for (let bay = 1; bay <= 24; bay += 1) {
    const prompt = bay <= BAYS ? promptOf(bay) : null
    board.bench.show(
      prompt === null
        ? viewOf(String(bay), 'empty', clock)
        : viewOf(String(bay), 'you', clock, { word: prompt.verb, line: prompt.line, prompt }),
    )
  }
  board.bench.reply = (call): Taken => {
    const named = call.bay ?? /^RSL\.(\d+)\./.exec(call.args[0] ?? '')?.[1] ?? ''
    const bay = Number(named)
    if (!settles(bay, call)) return { taken: 'refused', code: 'OPERATOR_NOT_NOW' }
    queueMicrotask(() => board.bench.show(viewOf(named, 'working', clock)))
    return { taken: 'taken' }
  }
}

/** The bay that waits longest, as the strip says it. */
const nextBay = async (): Promise<number | null> => {
  const first = board.page.locator('[data-strip]').first()
  return (await first.count()) === 0 ? null : Number(await first.getAttribute('data-strip'))
}
const view = (bay: number): BayView | null => board.bench.bay(String(bay))
const isAsking = (bay: number) => view(bay)?.prompt !== null

/** True as soon as `is` holds, false when it does not within `ms`: a person looks, and tries again. */
async function sees(is: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  const end = performance.now() + ms
  while (performance.now() < end) {
    if (await is()) return true
    await board.page.waitForTimeout(40)
  }
  return false
}

async function tryUntil(
  what: string,
  is: () => boolean | Promise<boolean>,
  act: () => Promise<void>,
) {
  for (let count = 0; count < 8; count += 1) {
    if (await is()) return
    await act()
    if (await sees(is, 1_400)) return
  }
  throw new Error(`${what}: not after eight tries`)
}

/** Types the number of the bay; two digits count as one number only when they come together. */
async function openBay(bay: number): Promise<void> {
  const header = board.panel().locator('header .number')
  const isOpen = async () => (await header.count()) > 0 && (await textOf(header)) === String(bay)
  await tryUntil(`bay ${bay} is open`, isOpen, () =>
    board.page.keyboard.type(String(bay), { delay: 90 }),
  )
}

async function byKeys(bay: number): Promise<void> {
  const { page } = board
  const isSettled = () => !isAsking(bay)
  const field = board.panel().locator('.field input')
  await openBay(bay)
  if (kindOf(bay) !== 'code')
    return tryUntil(`bay ${bay} is answered`, isSettled, () => page.keyboard.press('a'))
  await tryUntil(
    `bay ${bay} asks for the code`,
    async () => (await field.count()) > 0,
    () => page.keyboard.press('a'),
  )
  await field.pressSequentially('0x81039001', { delay: 60 })
  // Escape leaves the field, the letter sends: Enter belongs to scanners.
  await page.keyboard.press('Escape')
  await tryUntil(`the code of bay ${bay} is sent`, isSettled, () => page.keyboard.press('s'))
}

async function byBarcode(bay: number): Promise<void> {
  const isSerial = kindOf(bay) === 'scan'
  // A serial number belongs to the bay whose panel is open; a command barcode says its bay itself.
  if (isSerial) await openBay(bay)
  const text = isSerial ? `SERIAL${bay}X` : `RSL.${bay}.confirm`
  // Right behind typed keys the page says that the scan came in pieces: a person scans again.
  await tryUntil(
    `the scan of bay ${bay} is taken`,
    () => !isAsking(bay),
    () => scanBy(board.page, text, 'Enter'),
  )
}

test('twenty bays are answered from the strip without a mouse or a touch', async () => {
  await board.page.evaluate(
    `window.pressed = 0; addEventListener('pointerdown', () => { window.pressed += 1 }, true)`,
  )
  // On a slow machine a second press may come after the first was taken: the station refuses it.
  board.allow(/409/)
  askAll()
  await expect.poll(() => textOf(board.page.locator('.strip')), BOUND).toContain('20 bays')
  let keys = 0
  for (let round = 0; round < BAYS; round += 1) {
    const bay = await nextBay()
    if (bay === null) throw new Error(`the strip names nobody after ${round} bays`)
    const isByKeys = kindOf(bay) === 'code' || (kindOf(bay) !== 'scan' && bay % 2 === 0)
    if (isByKeys) keys += 1
    await (isByKeys ? byKeys(bay) : byBarcode(bay))
    await board.page.keyboard.press('Escape')
    await expect.poll(() => board.panel().count(), BOUND).toBe(0)
    const left = BAYS - round - 1
    await expect
      .poll(() => textOf(board.page.locator('.strip')), BOUND)
      .toMatch(
        left === 0 ? /Nobody is needed/ : left === 1 ? /^1 bay/ : new RegExp(`^${left} bays`),
      )
  }
  expect(keys).toBeGreaterThan(5)
  expect(await board.page.evaluate('window.pressed')).toBe(0)
})
