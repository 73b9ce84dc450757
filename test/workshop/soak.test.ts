// The verdict of the soak: what grows is a leak, what only comes and goes is not, and nothing measured is nothing proved.
import { expect, test } from 'vitest'
import type { Sample } from '../../scripts/soak/figures.ts'
import { between, leaks, tell } from '../../scripts/soak/verdict.ts'

const sample = (
  at: number,
  more: Partial<Omit<Sample, 'open'>> & { files?: number } = {},
): Sample => {
  const { files = 10, ...rest } = more
  return {
    at,
    liveMb: 40,
    codeMb: 5,
    ownMb: 100,
    open: { files: { socket: files }, timers: 5 },
    ...rest,
  }
}
const PARTS = ['second', 'last'] as const
const badOf = (second: readonly Sample[], last: readonly Sample[]) =>
  leaks(second, last, PARTS)
    .filter(({ ok }) => ok === false)
    .map(({ name }) => name)

test('a station that stays as it is passes', () => {
  const second = [sample(1, { liveMb: 39, files: 12 }), sample(2, { liveMb: 41, files: 9 })]
  expect(badOf(second, [sample(8, { liveMb: 41.9, files: 11 })])).toEqual([])
})

test('memory that grows by more than a twentieth fails, objects and the rest apart', () => {
  expect(badOf([sample(1)], [sample(8, { liveMb: 42.1 })])).toEqual(['objects alive'])
  expect(badOf([sample(1)], [sample(8, { ownMb: 105.1 })])).toEqual(['memory of its own'])
})

test('compiled code is told and not judged', () => {
  expect(badOf([sample(1)], [sample(8, { codeMb: 9 })])).toEqual([])
})

test('handles that never come back to what they were fail', () => {
  const last = [sample(8, { files: 12 }), sample(9, { files: 11 })]
  expect(badOf([sample(1)], last)).toEqual(['open files, sockets, ports'])
})

test('no sample is no proof', () => {
  expect(() => leaks([], [sample(8)], PARTS)).toThrow(RangeError)
  expect(between([sample(1), sample(2), sample(3)], 2, 3)).toHaveLength(1)
})

test('one bad line fails the whole, and is told', () => {
  const said: string[] = []
  const good = { name: 'a', text: 'b', ok: true }
  expect(tell([good, { ...good, ok: null }], () => undefined)).toBe(true)
  expect(tell([good, { ...good, ok: false }], (text) => said.push(text))).toBe(false)
  expect(said).toEqual(['ok  a: b', 'BAD a: b'])
})
