// A row's payload is the same text whether its body was parsed or not, and no body shadows the envelope either way.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowMessage, type Stamp } from '../../agent/core/messages.ts'
import { rangesOf, rowsOf } from '../../agent/ledger/outbox-rows.ts'
import { rowText } from '../../agent/publish/row-text.ts'

const AT = Date.parse('2026-11-23T09:00:00Z')
const stamps = fc.record<Stamp>({
  station: fc.constantFrom('bench-1', 'b"2'),
  epoch: fc.constantFrom('e-1', 'é'),
  seq: fc.nat(),
  at: fc.integer({ min: AT, max: AT + 1e9 }),
  rate: fc.constantFrom(null, 1, 60),
})
const names = fc.constantFrom(
  'schema',
  'station',
  'epoch',
  'seq',
  'at',
  'clock',
  'bay',
  'a"t":',
  '12',
)
const bodies = fc.dictionary(fc.oneof(names, fc.string()), fc.jsonValue())
const topics = fc.constantFrom('events', 'alarms', 'records/run-1')

test('a row goes out as the same bytes from its text as from its body', () => {
  fc.assert(
    fc.property(stamps, topics, bodies, (stamp, topic, made) => {
      const text = JSON.stringify(made)
      const [row] = rowsOf({
        seqs: [stamp.seq],
        epochs: [stamp.epoch],
        topics: [topic],
        ats: [stamp.at],
        texts: [text],
      })
      if (row === undefined) throw new Error('no row')
      const wanted = JSON.stringify(rowMessage(stamp, topic, JSON.parse(text)))
      expect(rowText(stamp, row)).toBe(wanted)
      expect(rowText(stamp, { ...row, topic, body: row.body })).toBe(wanted)
    }),
    { numRuns: 2000 },
  )
})

test('confirmed rows become ranges that hold these rows and no other', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 60 })), (seqs) => {
      const ranges = rangesOf(seqs)
      const held = ranges.flatMap(([from, to]) =>
        Array.from({ length: to - from + 1 }, (_, n) => from + n),
      )
      expect(held).toEqual(seqs.toSorted((a, b) => a - b))
      // No two of them touch: a batch without gaps is one statement.
      expect(ranges.every(([from], n) => n === 0 || from > (ranges[n - 1]?.[1] ?? 0) + 1)).toBe(
        true,
      )
    }),
  )
})
