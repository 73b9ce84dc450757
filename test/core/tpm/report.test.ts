// The report over TPM lines: counts are exact, nothing is claimed from few runs, and its size does not grow with them.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TpmCheck, TpmVerdict } from '../../../agent/core/facts.ts'
import type { RecordBody } from '../../../agent/core/record.ts'
import { TpmReportBook } from '../../../agent/core/tpm/report.ts'
import { CLAIM_MIN, compare, wilson } from '../../../agent/core/tpm/report-claim.ts'

const check = (id: string, verdict: TpmVerdict, value = ''): TpmCheck => ({
  id,
  verdict,
  value,
  source: 'tpm',
  hint: '',
})
const tpm = (
  flow: RecordBody['tpm']['flow'],
  checks: readonly TpmCheck[],
  station: TpmVerdict = 'GO',
): Pick<RecordBody, 'tpm'> => ({ tpm: { station, windows: 'not-seen', flow, checks } })
const PASSED = { result: 'passed', source: 'screen' } as const
const FAILED = { result: 'failed', code: '0x81039001', source: 'screen' } as const
const NOT = { result: 'not-reached' } as const
const IFX = (version: string) => check('firmware', 'GO', `IFX ${version}: said so [rule]`)
const times = (n: number, one: Pick<RecordBody, 'tpm'>) => Array.from({ length: n }, () => one)
function report(...runs: readonly (readonly Pick<RecordBody, 'tpm'>[])[]) {
  const book = new TpmReportBook()
  for (const run of runs.flat()) book.add(run)
  return book.report()
}

describe('the lines', () => {
  test('are counted per vendor and firmware, the largest group first', () => {
    const { runs, told, groups } = report(
      times(2, tpm(PASSED, [IFX('7.85.4555.0')])),
      times(3, tpm(FAILED, [check('firmware', 'GO', 'AMD 3.94.2.5 (Windows)')], 'HOLD')),
      times(1, tpm(NOT, [])),
    )
    expect([runs, told]).toEqual([6, 5])
    expect(groups.map(({ vendor, firmware, runs: n }) => [vendor, firmware, n])).toEqual([
      ['AMD', '3.94.2.5', 3],
      ['IFX', '7.85.4555.0', 2],
      ['unknown', 'unknown', 1],
    ])
    expect(groups[0]).toMatchObject({
      station: { GO: 0, HOLD: 3, 'NO-GO': 0, 'not-seen': 0 },
      flow: { passed: 0, failed: 3, 'not-reached': 0 },
      codes: { '0x81039001': 3 },
    })
  })

  test('of texts that no TPM writes stay few', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 30 }), { maxLength: 40 }), (texts) => {
        const { groups } = report(texts.map((text) => tpm(PASSED, [check('firmware', 'GO', text)])))
        expect(groups.reduce((sum, { runs }) => sum + runs, 0)).toBe(texts.length)
      }),
    )
    const many = Array.from({ length: 1000 }, (_, n) => tpm(PASSED, [IFX(`7.${n}.0.0`)]))
    const { groups } = report(many)
    expect(groups).toHaveLength(301)
    expect(groups[0]).toMatchObject({ vendor: 'others', runs: 700 })
  })
})

describe('a check', () => {
  const weak = (flow: RecordBody['tpm']['flow']) => tpm(flow, [check('ek-chain', 'HOLD')], 'HOLD')
  const sound = (flow: RecordBody['tpm']['flow']) => tpm(flow, [check('ek-chain', 'GO')])

  test('that red screens follow is said to foretell them, from 20 runs on', () => {
    const { checks } = report(
      times(15, weak(FAILED)),
      times(5, weak(PASSED)),
      times(2, sound(FAILED)),
      times(78, sound(PASSED)),
    )
    expect(checks).toEqual([
      {
        id: 'ek-chain',
        side: 'station',
        words: "The maker's certificate of the TPM is not trusted here",
        runs: 20,
        bad: { told: 20, failed: 15, share: 0.75 },
        good: { told: 80, failed: 2, share: 0.025 },
        claim: 'foretells',
        says: 'foretells a red screen here',
      },
    ])
  })

  test('is claimed nothing of below that, however red it looks', () => {
    const few = report(times(19, weak(FAILED)), times(500, sound(PASSED))).checks[0]
    expect(few).toMatchObject({ claim: 'too-few', bad: { told: 19, failed: 19, share: null } })
    expect(few?.says).toBe('too few runs to say: 19 with it, 20 are needed')
    const alone = report(times(500, weak(FAILED)), times(3, sound(PASSED))).checks[0]
    expect(alone).toMatchObject({ claim: 'too-few', good: { share: null } })
    expect(alone?.says).toContain('3 without it')
  })

  test('with as many red screens without it is no sign', () => {
    const { checks } = report(
      times(10, weak(FAILED)),
      times(30, weak(PASSED)),
      times(25, sound(FAILED)),
      times(75, sound(PASSED)),
    )
    expect(checks[0]).toMatchObject({ claim: 'no-difference' })
  })

  test('that nobody saw, or that was refused before, is no evidence of the service', () => {
    const { checks, told } = report(
      times(50, tpm(NOT, [check('roca', 'NO-GO')], 'NO-GO')),
      times(50, tpm(FAILED, [check('roca', 'not-seen')])),
    )
    expect(told).toBe(50)
    expect(checks).toMatchObject([{ id: 'roca', runs: 50, bad: { told: 0 }, good: { told: 0 } }])
  })
})

test('the claim stands only where the intervals of both shares do not meet', () => {
  // Published example of the method: 0 of 20 gives 0 to 16.1 %.
  expect(wilson(0, 20)[0]).toBeCloseTo(0, 6)
  expect(wilson(0, 20)[1]).toBeCloseTo(0.1611, 3)
  fc.assert(
    fc.property(fc.nat(200), fc.nat(200), fc.nat(200), fc.nat(200), (a, b, c, d) => {
      const bad = { told: Math.max(a, b), failed: Math.min(a, b) }
      const good = { told: Math.max(c, d), failed: Math.min(c, d) }
      const { claim, bad: one, good: two } = compare(bad, good)
      const enough = bad.told >= CLAIM_MIN && good.told >= CLAIM_MIN
      expect(claim === 'too-few').toBe(!enough)
      if (claim === 'foretells') expect((one.share ?? 0) > (two.share ?? 0)).toBe(true)
    }),
  )
})
