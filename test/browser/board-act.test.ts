// What a person does at the board in a real browser: clicks, keys, scans, taking back, and what must do nothing.
import { expect, test } from 'vitest'
import { bayId } from '../../agent/core/ids.ts'
import { codePrompt, viewOf } from '../fakes/board-bench.ts'
import { BOUND, clock, textOf, useBoard } from './fixture.ts'
import { HEIGHTS } from './in-page.ts'
import { scanBy } from './wedge.ts'

const board = useBoard()

test('a click answers: the expected one stands first, and the panel shows the names to compare', async () => {
  await board.tile('3').click()
  expect(await textOf(board.panel().locator('.names'))).toContain('contoso.onmicrosoft.com')
  const first = board.panel().locator('.answers .answer').first()
  expect(await first.getAttribute('data-answer')).toBe('yes')
  const heights = await board.all<number[]>('.panel button', HEIGHTS)
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(48)
  await expect
    .poll(async () => {
      await first.click()
      return board.answers().length
    }, BOUND)
    .toBeGreaterThan(0)
  expect(board.answers()[0]).toEqual({
    what: 'answer',
    bay: '3',
    args: ['3.7', 'yes', undefined, 'board'],
  })
  expect(await textOf(board.page.locator('.notice'))).toBe('Bay 3, Yes, right: taken')
})

test('the keyboard answers by bay number and letter, and Escape closes', async () => {
  board.ask('12', '12.4')
  await expect.poll(() => textOf(board.tile('12')), BOUND).toContain('Compare')
  await board.page.keyboard.press('1', { delay: 20 })
  await expect.poll(() => textOf(board.panel().locator('header')), BOUND).toMatch(/^1\s/)
  // Two digits make one number only when they come soon after each other; a busy machine may need a second try.
  await expect
    .poll(
      async () => {
        await board.page.keyboard.type('12', { delay: 120 })
        return textOf(board.panel().locator('header'))
      },
      { ...BOUND, interval: 1500 },
    )
    .toMatch(/^12\s/)
  await board.offers('A', 'Yes, right')
  expect(await textOf(board.panel().locator('header'))).toMatch(/^12\s/)
  await expect
    .poll(
      async () => {
        await board.page.keyboard.press('b')
        return board.answers().length
      },
      // Keys closer together than a second may be halves of a scan, and mean nothing.
      { ...BOUND, interval: 1_200 },
    )
    .toBeGreaterThan(0)
  expect(board.answers()[0]?.args.slice(0, 2)).toEqual(['12.4', 'differs-organisation'])
  await board.page.keyboard.press('Escape')
  await expect.poll(() => board.panel().count(), BOUND).toBe(0)
})

test('Enter and Space never answer, wherever the focus stands', async () => {
  await board.tile('3').click()
  await board.offers('A', 'Yes, right')
  for (const selector of ['[data-answer="yes"]', '[data-action="abort"]', '[data-answer="else"]']) {
    await board.panel().locator(selector).focus()
    for (const key of ['Enter', ' ', 'NumpadEnter', 'Enter']) {
      await board.page.keyboard.press(key, { delay: 250 })
    }
  }
  await board.page.locator('.panel').focus()
  await board.page.keyboard.press('Enter')
  expect(board.bench.calls).toEqual([])
  expect(await board.panel().locator('.pictures').count()).toBe(0)
  expect(await board.panel().locator('.sure').count()).toBe(0)
})

test('something else opens the pictured list of eight, each with a drawing', async () => {
  await board.tile('3').click()
  await board.offers('X', 'Something else')
  await board.panel().locator('[data-answer="else"]').click()
  const pictured = board.panel().locator('.pictures .answer')
  expect(await pictured.count()).toBe(8)
  expect(await pictured.locator('svg.picture').count()).toBe(8)
  await expect
    .poll(async () => {
      await board.panel().locator('[data-answer="see-bitlocker"]').click()
      return board.answers().length
    }, BOUND)
    .toBeGreaterThan(0)
  expect(board.answers()[0]?.args[1]).toBe('see-bitlocker')
})

test('a code is typed into its field and sent by its button, not by Enter', async () => {
  const prompt = codePrompt('9.2', clock)
  board.bench.show(viewOf('9', 'you', clock, { word: 'Look', line: prompt.line, prompt }))
  await expect.poll(() => textOf(board.tile('9')), BOUND).toContain('Look')
  await board.tile('9').click()
  await board.offers('A', 'Red: this code')
  const input = board.panel().locator('.field input')
  await expect
    .poll(async () => {
      if ((await input.count()) === 0) await board.panel().locator('[data-answer="code"]').click()
      return input.count()
    }, BOUND)
    .toBe(1)
  await input.pressSequentially('0x81039001', { delay: 70 })
  await board.page.keyboard.press('Enter')
  expect(await input.inputValue()).toBe('0x81039001')
  expect(board.bench.calls).toEqual([])
  await board.panel().locator('[data-answer="send"]').click()
  await expect
    .poll(() => board.answers().at(-1)?.args, BOUND)
    .toEqual(['9.2', 'code', '0x81039001', 'board'])
})

test('a scanner that types a label and Enter scans, and answers nothing', async () => {
  board.bench.reply = () => ({ taken: 'taken', bay: bayId('7') })
  await scanBy(board.page, '5CGABCDXZ1', 'Enter')
  await expect
    .poll(() => board.bench.calls, BOUND)
    .toEqual([{ what: 'scan', bay: null, args: ['5CGABCDXZ1', 'board'] }])
  await expect
    .poll(() => textOf(board.page.locator('.notice')), BOUND)
    .toBe('Scan 5CGABCDXZ1 → bay 7: taken')
  expect(await board.panel().count()).toBe(0)

  // At an open bay that asks for a scan it is that bay's; a command barcode goes the same way by its content.
  await board.tile('3').click()
  await board.offers('A', 'Yes, right')
  await scanBy(board.page, 'RSL.3.yes', 'Tab')
  await expect.poll(() => board.bench.calls.length, BOUND).toBe(2)
  expect(board.bench.calls[1]).toEqual({ what: 'scan', bay: '3', args: ['RSL.3.yes', 'board'] })

  // Without a suffix, silence ends it.
  await board.page.keyboard.press('Escape')
  await scanBy(board.page, 'MJ0ABC12', null)
  await expect.poll(() => board.bench.calls.length, BOUND).toBe(3)
  expect(board.answers()).toEqual([])
})

test('a refusal is told with its hint', async () => {
  board.allow(/409/)
  board.bench.reply = () => ({ taken: 'refused', code: 'OPERATOR_SCAN_NO_BAY' })
  await scanBy(board.page, '5CG0000001', 'Enter')
  const notice = board.page.locator('.notice')
  await expect.poll(() => textOf(notice), BOUND).toContain('Scan the label of the bay first')
  expect(await notice.getAttribute('class')).toContain('bad')
})

test('a closing can be taken back while its seconds run, by button and by letter', async () => {
  board.ask('2', '2.9')
  await expect.poll(() => textOf(board.tile('2')), BOUND).toContain('Compare')
  const closing = () =>
    board.bench.show(
      viewOf('2', 'working', clock, { state: 'closing', undoUntil: clock.now() + 5_000 }),
    )
  closing()
  await board.tile('2').click()
  const undo = board.panel().locator('.undo')
  await expect.poll(() => textOf(undo), BOUND).toMatch(/Take back \([1-5] s\)/)
  await undo.click()
  await expect
    .poll(() => board.bench.calls, BOUND)
    .toEqual([{ what: 'undo', bay: '2', args: ['2.9', 'board'] }])
  await board.page.keyboard.press('z')
  await expect.poll(() => board.bench.calls.length, BOUND).toBe(2)
  // After its time it is gone, without a word of the station.
  await expect.poll(() => undo.count(), BOUND).toBe(0)
})

test('a press meant for the question before does not answer the next one', async () => {
  board.ask('3', '3.8')
  await board.tile('3').click()
  await board.offers('A', 'Yes, right')
  await board.page.keyboard.down('a')
  board.ask('3', '3.9')
  await board.page.keyboard.up('a')
  await board.page.keyboard.press('Escape')
  await expect.poll(() => board.panel().count(), BOUND).toBe(0)
  const wrong = board.answers().filter(({ args }) => args[0] === '3.9')
  expect(wrong).toEqual([])
})

test('ending a run is asked twice, and the other actions are sent at once', async () => {
  await board.tile('1').click()
  const abort = board.panel().locator('[data-action="abort"]')
  await abort.click()
  expect(await textOf(abort)).toBe('Yes, end this run')
  expect(board.bench.calls).toEqual([])
  await abort.click()
  await board.panel().locator('[data-action="lamp-test"]').click()
  await expect
    .poll(() => board.bench.calls.map(({ args }) => args[0]), BOUND)
    .toEqual(['abort', 'lamp-test'])
})
