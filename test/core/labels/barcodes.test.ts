// The sheet of command barcodes: each code can be read, each is understood, and none that a bay may ask for is missing.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { barcodeSheet } from '../../../agent/cli/barcode-sheet.ts'
import { ACTIONS } from '../../../agent/core/facts.ts'
import { BARCODE_COMMANDS, bayCode, commandCode } from '../../../agent/core/labels/barcodes.ts'
import { LABEL_LANGUAGES } from '../../../agent/core/labels/words.ts'
import { readScan } from '../../../agent/core/scan.ts'
import { barsOf } from '../../../agent/dashboard/shared/bars.ts'
import { linesIn } from '../../fakes/code-reader.ts'

const CORE = resolve(import.meta.dirname, '../../../agent/core')
const BAYS = ['1', '02', 'A-7_b', 'bay-with-the-longest-name-of-all']

/** Answers of every question there is, as the sources name them; those with a text are typed or scanned. */
const ANSWERS = ['choices.ts', 'prompt-specs.ts'].flatMap((file) => {
  const source = readFileSync(join(CORE, file), 'utf8')
  return [...source.matchAll(/\bchoice\(\s*'([a-z0-9-]+)',\s*[^)]*?(\)|\{[^}]*\})/g)]
    .filter(([, , more]) => !/text:/.test(more ?? ''))
    .map(([, answer = '']) => answer)
})

describe('the commands', () => {
  test('are all that a bay may ask for and all that a person may ask of a bay', () => {
    expect(new Set(ANSWERS).size).toBeGreaterThan(30)
    const spoken = new Set<string>(BARCODE_COMMANDS)
    expect(
      [...new Set([...ANSWERS, ...ACTIONS, 'undo', 'confirm', 'probe'])].filter(
        (one) => !spoken.has(one),
      ),
    ).toEqual([])
  })

  test('are nothing that no bay understands', () => {
    const known = new Set<string>([...ANSWERS, ...ACTIONS, 'undo', 'confirm', 'probe'])
    expect(BARCODE_COMMANDS.filter((one) => !known.has(one))).toEqual([])
  })

  test('stand on the sheet once each', () => {
    expect(new Set(BARCODE_COMMANDS).size).toBe(BARCODE_COMMANDS.length)
  })

  test.each([null, ...BAYS])('are read by the station as what they say, for bay %s', (bay) => {
    for (const command of BARCODE_COMMANDS)
      expect(readScan(commandCode(bay, command))).toEqual({ kind: 'command', bay, command })
  })

  test('and the code of a bay selects it', () => {
    for (const bay of BAYS) expect(readScan(bayCode(bay))).toEqual({ kind: 'bay', bay })
  })
})

describe.each(LABEL_LANGUAGES)('the sheet in %s', (language) => {
  const page = barcodeSheet(BAYS, null, language)
  /** Every drawing of the page with the text that stands below it. */
  const codes = [
    ...page.matchAll(
      /<figcaption>(.*?)<\/figcaption><svg viewBox="0 0 (\d+) (\d+)"[^>]*>(.*?)<\/svg><code>(.*?)<\/code>/g,
    ),
  ].map(([, word = '', width, height, shapes = '', text = '']) => ({
    word,
    text,
    width: Number(width),
    height: Number(height),
    bars: [...shapes.matchAll(/<rect x="([\d.]+)" width="(\d+)"/g)].map(([, x, w]) => ({
      x: Number(x),
      width: Number(w),
    })),
  }))

  test('has a word and a code for each bay and each command', () => {
    expect(codes.map(({ text }) => text).toSorted()).toEqual(
      [
        ...BAYS.map(bayCode),
        ...BARCODE_COMMANDS.map((command) => commandCode(null, command)),
      ].toSorted(),
    )
    expect(codes.filter(({ word }) => word.trim() === '')).toEqual([])
    expect(new Set(codes.map(({ word }) => word)).size).toBe(codes.length)
  })

  test('is read back code by code by a reader that we did not write', async () => {
    for (const { text, ...drawing } of codes)
      expect(await linesIn(drawing), text).toEqual([{ format: 'Code128', text }])
  })

  test('has no bar finer than 0.4 mm on A4, and 0.36 mm for the longest name of a bay', () => {
    const drawn = [...page.matchAll(/<figure( class="wide")?>.*?viewBox="0 0 (\d+) /g)]
    expect(drawn).toHaveLength(codes.length)
    // Inner width of a card on 186 mm of print, in one column of two or in both.
    for (const [, wide, modules] of drawn)
      expect((wide === undefined ? 84 : 179) / Number(modules)).toBeGreaterThan(0.36)
  })

  test('needs no other file and no script', () => {
    expect(page).not.toMatch(/<script|<link|src=|href=|url\(/)
  })
})

test('a code that is cut short is not read as another', async () => {
  const drawing = barsOf('RSL.0.confirm')
  expect(drawing).not.toBeNull()
  if (drawing === null) return
  expect(await linesIn({ ...drawing, bars: drawing.bars.slice(0, -3) })).toEqual([])
})

test('words of others stand on the sheet as text', () => {
  expect(barcodeSheet(['1'], '<b>&"', 'en')).toContain('&#60;b&#62;&#38;&#34;')
})
