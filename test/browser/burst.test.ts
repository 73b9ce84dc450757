// What the board takes for a scanner and what for a hand, key by key.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BurstReader, IDLE_MS, type Meaning } from '../../agent/dashboard/burst.ts'

/** Types a text with the given gaps and ends it by silence. */
function type(text: string, gap: (index: number) => number): Meaning[] {
  const reader = new BurstReader()
  const meanings: Meaning[] = []
  let at = 1_000
  for (const [index, key] of [...text].entries()) {
    at += gap(index)
    if (reader.isOver(at)) meanings.push(reader.end(false))
    const before = reader.key(key, at)
    if (before !== null) meanings.push(before)
  }
  expect(reader.isOver(at + 1_000)).toBe(true)
  return [...meanings, reader.end(false)]
}

test('a wedge at any usual speed is one scan', () => {
  for (const gap of [0, 1, 5, 16, 25, 34]) {
    expect(type('5CG1234567', () => gap)).toEqual([{ is: 'scan', text: '5CG1234567' }])
  }
})

test('a stall of the wedge inside a label makes no key of its beginning', () => {
  expect(type('A5CG1234567', (index) => (index === 1 ? 250 : 8))).toEqual([
    { is: 'scan', text: 'A5CG1234567' },
  ])
})

test('a hand types digits and letters, each for itself', () => {
  expect(type('1', () => 0)).toEqual([{ is: 'keys', keys: '1' }])
  expect(type('12', () => 90)).toEqual([{ is: 'keys', keys: '12' }])
  expect(type('3a', () => 400)).toEqual([
    { is: 'keys', keys: '3' },
    { is: 'keys', keys: 'A' },
  ])
})

test('several letters in a row, and what is too short for a label, mean nothing', () => {
  for (const text of ['ab', '3a', 'abc', 'a1b']) {
    expect(type(text, () => 10)).toEqual([{ is: 'nothing' }])
  }
  expect(type('hello', () => 80)).toEqual([{ is: 'nothing' }])
})

test('half a label is never a serial number: it is scanned again', () => {
  for (let index = 1; index < 11; index += 1) {
    for (const stall of [320, 500, 900]) {
      const meanings = type('5CG1234567A', (at) => (at === index ? stall : 5))
      expect(meanings.filter(({ is }) => is === 'scan')).toEqual([])
      expect(meanings.at(-1)).toEqual({ is: 'pieces' })
    }
  }
})

test('a letter that a hand types right after a label is neither an answer nor a part of it', () => {
  expect(type('5CG1234567A', (at) => (at === 10 ? 700 : 5))).toEqual([{ is: 'pieces' }])
})

test('two labels one after the other, each with its Enter, are two scans', () => {
  const reader = new BurstReader()
  const scan = (text: string, from: number) => {
    for (const [index, key] of [...text].entries()) reader.key(key, from + index * 5)
    return reader.end(true)
  }
  expect(scan('RSL.3.bay', 1_000)).toEqual({ is: 'scan', text: 'RSL.3.bay' })
  expect(scan('5CG1234567', 1_200)).toEqual({ is: 'scan', text: '5CG1234567' })
})

test('no burst of two or more letters ever answers a question', () => {
  const texts = fc.string({ minLength: 2, maxLength: 40, unit: fc.constantFrom(...'ABCXZ123-.') })
  fc.assert(
    fc.property(
      texts,
      fc.array(fc.integer({ min: 0, max: IDLE_MS - 1 }), { minLength: 40 }),
      (text, gaps) => {
        const meanings = type(text, (index) => gaps[index] ?? 0)
        return meanings.every((meaning) => meaning.is !== 'keys' || /^\d\d$/.test(meaning.keys))
      },
    ),
    { numRuns: 2_000, seed: 7 },
  )
})
