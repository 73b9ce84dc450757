// The pure parts of the ledger: digests after RFC 8785, rows cut from any stream, cells that are no formulas.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CSV_HEADER, csvLine } from '../../agent/ledger/csv.ts'
import { canonicalText, FIRST_PREV, headOf, link, sha256 } from '../../agent/ledger/digest.ts'
import { jsonRows } from '../../agent/ledger/json-rows.ts'
import { noteDigestText, noteRow } from '../../agent/ledger/ops.ts'
import { aRecord } from '../fakes/records.ts'

describe('a digest', () => {
  it('keeps to the examples of RFC 8785', () => {
    // Section 3.2.2 and 3.2.3: numbers, escapes and the order of keys by UTF-16 code units.
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    }
    expect(canonicalText(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
    expect(canonicalText({ '\ufb33': 1, '\ud83d\ude00': 2, '\u20ac': 3, '1': 4, '\r': 5 })).toBe(
      '{"\\r":5,"1":4,"€":3,"😀":2,"\ufb33":1}',
    )
  })

  it('is the same for the same record in any order of keys', () => {
    const record = aRecord('r-1')
    const turned = Object.fromEntries(Object.entries(record).reverse())
    expect(canonicalText(turned)).toBe(canonicalText(record))
  })

  it('of an entry is that of its RFC 8785 form', () => {
    const { entry, head } = link(7, FIRST_PREV, 'record', sha256('x'))
    const text = canonicalText(entry)
    expect(head).toBe(createHash('sha256').update(text).digest('hex'))
    expect(headOf(entry)).toBe(head)
  })

  it('of a note is that of its RFC 8785 form, whatever the texts', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        fc.jsonValue(),
        (serial, name, value) => {
          const body = { value }
          const row = noteRow('annotation', serial, name, 0, body)
          const whole = {
            schema: 'reseal/note/1',
            at: '1970-01-01T00:00:00.000Z',
            serial,
            kind: name,
            body,
          }
          expect(noteDigestText(row)).toBe(canonicalText(whole))
        },
      ),
    )
  })

  it('takes torn characters and numbers that JSON lacks', () => {
    expect(canonicalText({ a: 'x\ud800y', '\udc00': Number.NaN })).toBe(
      '{"a":"x\ufffdy","\ufffd":null}',
    )
    expect(() => canonicalText(undefined)).toThrow(TypeError)
  })
})

async function cut(text: string, size: number): Promise<unknown[]> {
  async function* pieces() {
    for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
  }
  const rows: unknown[] = []
  for await (const row of jsonRows(pieces())) rows.push('why' in row ? row.why : row.value)
  return rows
}

describe('rows of a stream', () => {
  it('are the same however the stream is cut and laid out', async () => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(objects, fc.integer({ min: 1, max: 40 }), async (rows, size) => {
        const wanted = JSON.parse(JSON.stringify(rows))
        expect(await cut(JSON.stringify(rows), size)).toEqual(wanted)
        expect(await cut(JSON.stringify(rows, null, 2), size)).toEqual(wanted)
        expect(await cut(rows.map((row) => JSON.stringify(row)).join('\n'), size)).toEqual(wanted)
      }),
    )
  })

  it('never throw, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }),
        fc.integer({ min: 1, max: 9 }),
        async (text, size) => {
          expect(Array.isArray(await cut(text, size))).toBe(true)
        },
      ),
    )
  })

  it('say what is wrong', async () => {
    expect(await cut('{"a":1}{"b"', 3)).toEqual([{ a: 1 }, 'the file ends in the middle of a row'])
    expect(await cut('serial,verdict', 100)).toEqual([expect.stringContaining('no JSON or NDJSON')])
    expect(await cut('{nonsense}', 100)).toEqual(['a row is no JSON'])
  })
})

describe('a line of CSV', () => {
  it('has a cell per column and quotes what needs it', () => {
    const { entry, head } = link(1, FIRST_PREV, 'record', sha256('x'))
    const record = aRecord('r-1', { operator: 'Ann "A", line\n2', workOrder: '=1+1' })
    const line = csvLine({ seq: 1, record, chain: { entry, head } })
    expect(line).toContain('"Ann ""A"", line\n2"')
    expect(line).toContain(",'=1+1,")
    expect(line.replace(/"(?:[^"]|"")*"/g, '').split(',')).toHaveLength(
      CSV_HEADER.split(',').length,
    )
  })
})
