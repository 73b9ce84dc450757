// What the core says to people is said in every language: a new sentence without its words fails here.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { GRADES, VERDICTS } from '../../agent/core/evidence.ts'
import { STEPS } from '../../agent/core/flow/steps.ts'
import { RED_CODES } from '../../agent/core/red-codes.ts'
import { SIGNAL_TABLE } from '../../agent/core/signals.ts'
import { BOARD_DE } from '../../agent/dashboard/words/board/de.ts'
import { BOARD_EN } from '../../agent/dashboard/words/board/en.ts'
import { BOARD_ES } from '../../agent/dashboard/words/board/es.ts'
import { SAID_DE } from '../../agent/dashboard/words/said/de.ts'
import { SAID_EN } from '../../agent/dashboard/words/said/en.ts'
import { SAID_ES } from '../../agent/dashboard/words/said/es.ts'
import { FAULTS } from '../../agent/fault.ts'

const CORE = join(import.meta.dirname, '../../agent/core')
const LITERAL = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/g

/** Texts in quotes of a file of the core, between two marks of its source. */
function texts(file: string, from = '', to = ''): readonly string[] {
  const source = readFileSync(join(CORE, file), 'utf8')
  const start = source.indexOf(from)
  const end = to === '' ? source.length : source.indexOf(to, start)
  expect(start, `${file}: ${from}`).toBeGreaterThanOrEqual(0)
  expect(end, `${file}: ${to}`).toBeGreaterThan(start)
  return [...source.slice(start, end).matchAll(LITERAL)].map(([, one, two]) => one ?? two ?? '')
}

/** Templates of a file, their gaps numbered. */
const templates = (file: string): readonly string[] =>
  [...readFileSync(join(CORE, file), 'utf8').matchAll(/`([^`\n]*)`/g)].map(([, text = '']) => {
    let gap = 0
    return text.replace(/\$\{[^}]*\}/g, () => `{${gap++}}`)
  })

const isSentence = (text: string) => /^[A-Z]/.test(text)
const known = new Set<string>(Object.keys(SAID_EN))
const unknown = (all: readonly string[]) => [...new Set(all)].filter((text) => !known.has(text))

describe('every text that the station shows to a person has its words', () => {
  test('questions, answers and holds', () => {
    const all = [...texts('prompt-specs.ts'), ...texts('choices.ts')].filter(isSentence)
    expect(all.length).toBeGreaterThan(90)
    expect(unknown(all)).toEqual([])
  })

  test('words of the signals and lines of the phases', () => {
    const words = Object.values(SIGNAL_TABLE).map(({ word }) => word)
    const lines = texts('render-view.ts', 'const LINES', '\n}\n').filter(
      (text) => text !== 'retry-wait' && text !== 'retry-confirm',
    )
    expect(lines.length).toBeGreaterThan(20)
    expect(unknown([...words, ...lines, ...VERDICTS, ...GRADES])).toEqual([])
  })

  test('codes of the red page, and what a closed bay says of them', () => {
    const all = RED_CODES.flatMap(({ who, meaning, hint }) => [who, meaning, hint])
    const closed = texts('render-view.ts', 'function closedLine', '\n}\n')
      .filter((text) => isSentence(text) && !text.startsWith('STATION_'))
      .map((text) => text.replace(/^Red shelf: .+/, 'Red shelf: {0}'))
    expect(all.length).toBeGreaterThan(70)
    expect(closed.length).toBeGreaterThan(3)
    expect(unknown([...all, ...closed])).toEqual([])
  })

  test('sentences of the TPM', () => {
    const all = texts('tpm/words.ts', 'const WORDS', '/** The sentence of a check').filter(
      (text) => text.includes(' ') && isSentence(text),
    )
    expect(all.length).toBeGreaterThan(20)
    expect(unknown(all)).toEqual([])
  })

  test('what the checks of a TPM ask for', () => {
    const all = texts('tpm/table.ts').filter((text) => isSentence(text) && text.endsWith('.'))
    expect(all.length).toBeGreaterThan(40)
    expect(unknown(all)).toEqual([])
  })

  test('findings of the network and of the bench PC, and what an address is needed for', () => {
    const files = ['troubles', 'binding', 'grade', 'clock-finding', 'controller', 'child', 'index']
    const all = [
      ...files.map((file) => `../../drivers/network/${file}.ts`),
      '../../drivers/host/findings.ts',
      '../bench/pre-check.ts',
      '../bench/probes.ts',
    ].flatMap((file) => [...texts(file), ...templates(file)])
    // What begins a sentence by a value, as the clock does, has its place for it.
    const isKnown = (text: string) => known.has(text) || known.has(`{0}. ${text}`)
    const sentences = all.filter((text) => /^[A-Z{].* .*\.$|^Run /.test(text))
    expect(sentences.length).toBeGreaterThan(25)
    expect(sentences.filter((text) => !isKnown(text))).toEqual([])
    const addresses = readFileSync(
      join(CORE, '../../station-config/network/addresses.yaml'),
      'utf8',
    )
    const purposes = [...addresses.matchAll(/\bfor: ([^}\n]+?) *(?:\}|$)/gm)].map(([, text]) =>
      (text ?? '').replace(/ of [A-Z].*/, ' of {0}'),
    )
    // A product's own name is the same in every language.
    expect(unknown(purposes.filter((text) => text !== 'Intune'))).toEqual([])
    expect(purposes.length).toBeGreaterThan(30)
  })

  test('what an operator is refused with, and what is wrong with a part of a bay', () => {
    const parts =
      /^STATION_(?:KEYBOARD|PORT|HID|LINK|SWITCH|SCANNER|BUTTON|LAMP|SCREEN|BAY|LEDGER)_/
    const away = ['STATION_LEDGER_LOCKED', 'STATION_LEDGER_NEWER', 'STATION_PORT_FIXED']
    const all = Object.entries(FAULTS).flatMap(([code, { who, meaning, hint }]) =>
      who === 'operator' ? [meaning, hint] : parts.test(code) && !away.includes(code) ? [hint] : [],
    )
    expect(all.length).toBeGreaterThan(50)
    expect(unknown(all)).toEqual([])
  })

  test('a port is a serial port or a keyboard node: what is said of it is true of both', () => {
    const all = (['BUSY', 'DENIED', 'GONE'] as const).map((what) => FAULTS[`STATION_PORT_${what}`])
    for (const { meaning } of all) expect(meaning).toMatch(/serial port or keyboard node/)
    const hints = all.map(({ hint }) => hint)
    expect(hints).toEqual([
      expect.stringMatching(/a path of its own/),
      expect.stringMatching(/dialout.*plugdev/),
      expect.stringMatching(/adapter.*reseal gadget setup/),
    ])
    const said: Readonly<Record<string, string>>[] = [SAID_DE, SAID_ES]
    for (const own of said) expect(own[hints[2] ?? '']).toContain('reseal gadget setup')
    for (const { todo } of [BOARD_EN, BOARD_DE, BOARD_ES]) expect(todo.port).not.toMatch(/seri/i)
  })

  test('why a run closed: every code that the flow and the bench name, and the notes beside it', () => {
    const named = ['flow', '../bench'].flatMap((folder) =>
      readdirSync(join(CORE, folder))
        .filter((name) => name.endsWith('.ts'))
        .flatMap((name) => texts(`${folder}/${name}`)),
    )
    const codes = Object.entries(FAULTS).filter(
      ([code]) =>
        named.includes(code) && /^(?:DEVICE|OPERATOR)_|_(?:BAY|KEYBOARD|NETWORK)/.test(code),
    )
    expect(codes.length).toBeGreaterThan(25)
    expect(unknown(codes.flatMap(([, { meaning, hint }]) => [meaning, hint]))).toEqual([])
    const notes = readdirSync(join(CORE, 'flow')).flatMap((name) =>
      [
        ...readFileSync(join(CORE, 'flow', name), 'utf8').matchAll(
          /note: (?:'([^']+)'|"([^"]+)")/g,
        ),
      ].map(([, one, two]) => one ?? two ?? ''),
    )
    expect(notes.length).toBeGreaterThan(4)
    expect(unknown(notes)).toEqual([])
  })

  test('verdicts, grades and steps by their own keys', () => {
    expect(Object.keys(BOARD_EN.verdicts).toSorted()).toEqual([...VERDICTS].toSorted())
    expect(Object.keys(BOARD_EN.grades).toSorted()).toEqual([...GRADES].toSorted())
    expect(Object.keys(BOARD_EN.steps).toSorted()).toEqual([...STEPS].toSorted())
  })
})

test.each([
  ['German', SAID_DE],
  ['Spanish', SAID_ES],
])('%s says something of its own, and short where the tile is small', (_name, said) => {
  const same = Object.entries(said).filter(([english, own]) => english === own)
  // `{0} ({1})`, Test, Desktop and Error are the same in one or the other.
  expect(same.length).toBeLessThan(8)
  for (const { word } of Object.values(SIGNAL_TABLE)) {
    const own = (said as Readonly<Record<string, string>>)[word] ?? ''
    expect(own.length, own).toBeLessThanOrEqual(10)
  }
})
