// The packing table's one decision: green only for a device that is resealed, quiet since, due, and of the order packed here.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type PackReason, packOut } from '../../agent/core/pack-out.ts'
import type { RecordBody } from '../../agent/core/record.ts'
import { type AnswerHistory, resealAnswer } from '../../agent/core/reseal-answer.ts'
import { aRecord } from '../fakes/records.ts'

const NOW = Date.parse('2026-11-23T12:00:00Z')
const ANY = { listed: null, wanted: null }
const chain = { entry: { seq: 1, kind: 'record', digest: 'd', prev: 'p' }, head: 'h' }
const answerOf = (record: Partial<RecordBody> | null, more: Partial<AnswerHistory> = {}) =>
  resealAnswer(
    'SN-1',
    {
      runs: record === null ? [] : [{ seq: 1, record: aRecord('run-1', record), chain }],
      annotations: [],
      open: null,
      ...more,
    },
    NOW,
  )
const alarm = { kind: 'alarm', at: '2026-11-23T09:00:00.000Z', body: { code: 'X', detail: '' } }

test('a resealed, due and quiet device is green with its grade', () => {
  expect(packOut(answerOf({}), ANY, NOW)).toMatchObject({ go: true, why: null, grade: 'witnessed' })
})

const RED: readonly (readonly [PackReason, ReturnType<typeof packOut>])[] = [
  ['unreadable', packOut({ ...answerOf(null), serial: '' }, ANY, NOW)],
  ['not-seen', packOut(answerOf(null), ANY, NOW)],
  ['open', packOut(answerOf({}, { open: { bay: '1', phase: 'x', run: 'r' } }), ANY, NOW)],
  ['not-resealed', packOut(answerOf({ verdict: 'failed' }), ANY, NOW)],
  ['alarm', packOut(answerOf({}, { annotations: [alarm] }), ANY, NOW)],
  ['other-order', packOut(answerOf({ workOrder: 'B' }), { listed: null, wanted: 'A' }, NOW)],
  ['other-order', packOut(answerOf({ workOrder: 'A' }), { listed: 'B', wanted: 'A' }, NOW)],
  ['other-order', packOut(answerOf({ workOrder: 'A' }), { listed: 'B', wanted: null }, NOW)],
  ['other-order', packOut(answerOf({}), { listed: null, wanted: 'A' }, NOW)],
  ['past-use', packOut(answerOf({ useBefore: '2026-11-23T11:59:59.000Z' }), ANY, NOW)],
  ['too-early', packOut(answerOf({ handOverAfter: '2026-11-23T12:00:01.000Z' }), ANY, NOW)],
]

test.each(RED)('red, because %s', (why, decided) => {
  expect(decided).toMatchObject({ go: false, why })
})

test('a device of the order packed here is green, by its run or by the list alone', () => {
  expect(packOut(answerOf({ workOrder: 'A' }), { listed: 'A', wanted: 'A' }, NOW).go).toBe(true)
  expect(packOut(answerOf({}), { listed: 'A', wanted: 'A' }, NOW).go).toBe(true)
})

test('an earlier green scan is told, and a later run forgets it', () => {
  const packed = { kind: 'pack-out', at: '2026-11-23T11:00:00.000Z', body: { go: true, why: '' } }
  expect(packOut(answerOf({}, { annotations: [packed] }), ANY, NOW).before).toBe(packed.at)
  const later = { startedAt: '2026-11-23T11:10:00.000Z', endedAt: '2026-11-23T11:20:00.000Z' }
  expect(packOut(answerOf(later, { annotations: [packed] }), ANY, NOW).before).toBe(null)
})

test('nothing is ever green that does not say resealed, whatever else is known', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('failed', 'error', 'timeout', 'aborted', 'interrupted'),
      fc.option(fc.constantFrom('A', 'B'), { nil: null }),
      fc.option(fc.constantFrom('A', 'B'), { nil: null }),
      fc.integer({ min: 0, max: 2 * NOW }),
      (verdict, listed, wanted, now) => {
        const answer = answerOf({ verdict: verdict as RecordBody['verdict'] })
        expect(packOut(answer, { listed, wanted }, now).go).toBe(false)
      },
    ),
  )
})

test('a date that cannot be read is no date that has come', () => {
  expect(packOut(answerOf({ handOverAfter: 'soon' }), ANY, NOW).why).toBe('too-early')
  expect(packOut(answerOf({ useBefore: 'later' }), ANY, NOW).why).toBe('past-use')
})
