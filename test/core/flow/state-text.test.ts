// The text of a bay's state: shorter than plain JSON, the same state again, and older texts are still read.
import { expect, test } from 'vitest'
import { bayId } from '../../../agent/core/ids.ts'
import { freshBay } from '../../../agent/core/state.ts'
import { readState, writeState } from '../../../agent/core/state-text.ts'

const line = (at: number, more: object = {}) => ({
  at,
  script: 'echo',
  proof: 'delivered',
  ...more,
})
const stateWith = (keys: readonly object[]) =>
  ({
    ...freshBay(bayId('B1'), 7),
    run: { run: 'r-1', summons: 1, sinceEcho: 2, keys, evidence: [] },
  }) as unknown as ReturnType<typeof freshBay>
const ten = Array.from({ length: 10 }, (_, at) => line(at))

test.each([
  ['nothing', []],
  ['lines alike', ten],
  ['a line with a field more', [...ten, line(10, { on: 'options seen' })]],
  ['the same fields in another order', [...ten, { script: 'echo', at: 10, proof: 'unknown' }]],
  ['null, lists and texts with quotes', ten.map((one) => ({ ...one, on: ['"', null] }))],
])('%s comes back as it was', (_, keys) => {
  const state = stateWith(keys)
  expect(readState(writeState(state))).toStrictEqual(state)
})

test('names of fields stand in it once', () => {
  const state = stateWith(ten)
  expect(writeState(state).split('script').length).toBe(2)
  expect(writeState(state).length).toBeLessThan(JSON.stringify(state).length * 0.8)
})

test('a state that was written plainly, by an agent before, is read', () => {
  const state = stateWith(ten)
  expect(readState(JSON.stringify(state))).toStrictEqual(state)
})

test('a text that is none of ours is undefined', () => {
  for (const text of ['', '{', '{"v":1}', '{"v":2}', 'null'])
    expect(readState(text)).toBeUndefined()
})
