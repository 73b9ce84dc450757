// The one answer about a device: never `resealed` without its newest run saying so, never `failed` for a device not seen.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { VERDICTS } from '../../agent/core/evidence.ts'
import type { RecordBody } from '../../agent/core/record.ts'
import { type AnswerHistory, resealAnswer } from '../../agent/core/reseal-answer.ts'
import { aRecord } from '../fakes/records.ts'

const NOW = Date.parse('2026-11-23T09:00:00Z')
const chain = {
  entry: { seq: 1, kind: 'record', digest: 'd', prev: 'p' },
  head: 'h',
}
const runsOf = (...records: readonly RecordBody[]) =>
  records.map((record, at) => ({ seq: at + 1, record, chain }))
const history = (different: Partial<AnswerHistory> = {}): AnswerHistory => ({
  runs: [],
  annotations: [],
  open: null,
  ...different,
})
const alarm = (at: string, code = 'OPERATOR_POWERED_ON_AFTER_RESEAL') => ({
  kind: 'alarm',
  at,
  body: { code, detail: 'link up' },
})

test('a device that never was here is not seen, which is not failed', () => {
  const answer = resealAnswer('SN-9', history(), NOW)
  expect(answer).toMatchObject({ serial: 'SN-9', answer: 'not-seen', attempts: 0, exit: 1 })
  expect(answer.words).toBe('Not seen at this station. That says nothing about the device.')
  expect(answer).not.toHaveProperty('verdict')
})

test('a resealed device names its proof, and when to hand it over', () => {
  const answer = resealAnswer('SN-1', history({ runs: runsOf(aRecord('run-1')) }), NOW)
  expect(answer).toMatchObject({
    answer: 'resealed',
    verdict: 'resealed',
    grade: 'witnessed',
    run: 'run-1',
    bay: 'B1',
    endedAt: '2026-11-23T08:40:00.000Z',
    handOverAfter: '2026-11-23T10:10:00.000Z',
    useBefore: '2027-05-23T08:40:00.000Z',
    attempts: 1,
    alarms: [],
    chain: { head: 'h' },
    exit: 0,
  })
  expect(answer.words).toBe(
    'Resealed at 2026-11-23 08:40 UTC (witnessed). Hand over after 2026-11-23 10:10 UTC. Use before 2027-05-23.',
  )
  expect(answer.evidence).toEqual([
    {
      kind: 'success-page',
      source: 'screen',
      at: '2026-11-23T08:38:00.000Z',
      ref: 'frame-9',
    },
  ])
})

test('words follow the time: no waiting once it is over, and a warning past the use-before date', () => {
  const runs = runsOf(aRecord('run-1'))
  const words = (now: string) => resealAnswer('SN-1', history({ runs }), Date.parse(now)).words
  expect(words('2026-11-24T00:00:00Z')).toBe(
    'Resealed at 2026-11-23 08:40 UTC (witnessed). Use before 2027-05-23.',
  )
  expect(words('2027-06-01T00:00:00Z')).toContain('use-before date 2027-05-23 is past')
})

test('an alarm after the reseal is a hold: the words change and a script must not go on', () => {
  const runs = runsOf(aRecord('run-1'))
  const after = history({ runs, annotations: [alarm('2026-11-23T08:50:00.000Z')] })
  const answer = resealAnswer('SN-1', after, NOW)
  expect(answer).toMatchObject({ answer: 'resealed', exit: 4 })
  expect(answer.alarms).toEqual([
    {
      at: '2026-11-23T08:50:00.000Z',
      code: 'OPERATOR_POWERED_ON_AFTER_RESEAL',
      detail: 'link up',
    },
  ])
  expect(answer.words).toContain('Switched on again after that, at 2026-11-23 08:50 UTC')
  expect(answer.words).not.toContain('Hand over after')
})

test('an alarm of a run before, or a note that is none, changes nothing', () => {
  const annotations = [
    alarm('2026-11-20T08:50:00.000Z'),
    { kind: 'confirmed', at: '2026-11-23T08:55:00.000Z', body: {} },
  ]
  const answer = resealAnswer('SN', history({ runs: runsOf(aRecord('r')), annotations }), NOW)
  expect(answer).toMatchObject({ exit: 0, alarms: [] })
})

test('a later run that was not resealed decides, and the earlier one is only mentioned', () => {
  const error = { code: 'DEVICE_RED', action: 'Read the code on the bay' }
  const later = aRecord('run-2', {
    verdict: 'failed',
    endedAt: '2026-11-23T08:55:00.000Z',
    error,
  })
  const answer = resealAnswer('SN', history({ runs: runsOf(aRecord('run-1'), later) }), NOW)
  expect(answer).toMatchObject({ answer: 'not-resealed', verdict: 'failed', exit: 1, attempts: 2 })
  expect(answer.words).toBe(
    'Failed: the device cannot be provisioned as it stands (DEVICE_RED), at 2026-11-23 08:55 UTC. ' +
      'Read the code on the bay. An earlier run ended resealed at 2026-11-23 08:40 UTC.',
  )
})

test('an open run is open, on hold or not, and says how the one before ended', () => {
  const open = { bay: 'B4', phase: 'hold', run: 'run-2' }
  const answer = resealAnswer('SN', history({ runs: runsOf(aRecord('run-1')), open }), NOW)
  expect(answer).toMatchObject({ answer: 'open', bay: 'B4', run: 'run-2', phase: 'hold', exit: 4 })
  expect(answer.words).toBe(
    'On hold in bay B4: a person must decide. The run before ended resealed.',
  )
  expect(answer).not.toHaveProperty('verdict')
})

test('whatever the history, exit 0 means that the newest run is resealed and nothing came after it', () => {
  const anyRun = fc.record({
    verdict: fc.constantFrom(...VERDICTS),
    minute: fc.integer({ min: 0, max: 59 }),
  })
  const anyHistory = fc.record({
    runs: fc.array(anyRun, { maxLength: 6 }),
    alarms: fc.array(fc.integer({ min: 0, max: 59 }), { maxLength: 3 }),
    isOpen: fc.boolean(),
  })
  const at = (minute: number) => `2026-11-23T08:${String(minute).padStart(2, '0')}:00.000Z`
  fc.assert(
    fc.property(anyHistory, ({ runs, alarms, isOpen }) => {
      const records = runs.map(({ verdict, minute }, index) =>
        aRecord(`r${index}`, { verdict, endedAt: at(minute) }),
      )
      const given = history({
        runs: runsOf(...records).toReversed(),
        annotations: alarms.map((minute) => alarm(at(minute))),
        open: isOpen ? { bay: 'B1', phase: 'summon', run: 'x' } : null,
      })
      const answer = resealAnswer('SN', given, NOW)
      const last = records.at(-1)
      const isClean = alarms.every((minute) => last !== undefined && at(minute) < last.endedAt)
      expect(answer.exit === 0).toBe(!isOpen && last?.verdict === 'resealed' && isClean)
      expect(answer.answer === 'resealed').toBe(!isOpen && last?.verdict === 'resealed')
      expect(answer.answer === 'not-seen').toBe(!isOpen && last === undefined)
      expect(answer.attempts).toBe(records.length)
    }),
  )
})
