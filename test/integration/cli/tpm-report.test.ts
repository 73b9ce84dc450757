// `tpm-report` over a ledger whose truth is known: counts, claims, ranges of time, both outputs, and memory that stays.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TpmCheck } from '../../../agent/core/facts.ts'
import type { RecordBody } from '../../../agent/core/record.ts'
import type { TpmReport } from '../../../agent/core/tpm/report.ts'
import { commitRow } from '../../../agent/ledger/ops.ts'
import { Writer } from '../../../agent/ledger/writer.ts'
import { aRecord } from '../../fakes/records.ts'
import { START, step } from '../ledger/parts/steps.ts'
import { inProcess, reseal } from './reseal.ts'

const RUNS = 4000
const HOUR = 3_600_000
let dir = ''

const check = (id: string, verdict: TpmCheck['verdict'], value = ''): TpmCheck => ({
  id,
  verdict,
  value,
  source: 'tpm',
  hint: 'do',
})

/** The truth: a weak chain makes half of the runs red; the clock makes no difference; ROCA devices never get there. */
function truth(n: number): RecordBody['tpm'] {
  const vendor = n % 4 === 0 ? 'AMD 3.94.2.5' : 'IFX 7.85.4555.0'
  const isWeak = n % 10 === 0
  const isLate = n % 8 === 1
  const isRoca = n % 100 === 7
  const isRed = isWeak ? n % 20 === 0 : n % 50 === 3
  const checks = [
    check('firmware', 'GO', vendor),
    check('ek-chain', isWeak ? 'HOLD' : 'GO'),
    check('device-clock', isLate ? 'HOLD' : 'GO'),
    check('roca', isRoca ? 'NO-GO' : 'GO'),
    ...(n < 5 ? [check('lockout', 'HOLD')] : [check('lockout', 'GO')]),
  ]
  return {
    station: isRoca ? 'NO-GO' : isWeak ? 'HOLD' : 'GO',
    windows: isLate ? 'HOLD' : 'GO',
    flow: isRoca
      ? { result: 'not-reached' }
      : isRed
        ? { result: 'failed', code: '0x81039001', source: 'screen' }
        : { result: 'passed', source: 'screen' },
    checks,
  }
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'reseal-report-'))
  const options = { durable: false, ballastBytes: 0, epoch: 'E-1', station: 'bench-1', at: START }
  const writer = new Writer({ dir: join(dir, 'data'), ...options })
  for (let from = 1; from <= RUNS; from += 500) {
    const rows = Array.from({ length: 500 }, (_, index) => {
      const n = from + index
      const endedAt = new Date(START + n * HOUR).toISOString()
      const record = aRecord(`run-${n}`, { bay: 'B1', endedAt, tpm: truth(n) })
      return commitRow(step('B1', n, { record, transition: null, phase: 'done' }))
    })
    const bad = writer.flush(rows).find((answer) => 'failure' in answer)
    if (bad !== undefined) throw new Error(JSON.stringify(bad))
  }
  writer.close()
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const json = async (...more: string[]) => {
  const { code, out, err } = await inProcess([
    'tpm-report',
    '--data',
    join(dir, 'data'),
    '--json',
    ...more,
  ])
  expect([code, err]).toEqual([0, ''])
  return JSON.parse(out) as TpmReport & { notes: string[]; claimMin: number }
}
const count = (is: (tpm: RecordBody['tpm'], n: number) => boolean, from = 1) => {
  let sum = 0
  for (let n = from; n <= RUNS; n += 1) if (is(truth(n), n)) sum += 1
  return sum
}
const stands = (tpm: RecordBody['tpm'], id: string) =>
  tpm.checks.some((one) => one.id === id && one.verdict !== 'GO')

describe('tpm-report', () => {
  it('counts exactly what the ledger holds, per vendor and firmware', async () => {
    const { runs, told, groups } = await json()
    expect(runs).toBe(RUNS)
    expect(told).toBe(count(({ flow }) => flow.result !== 'not-reached'))
    for (const name of ['IFX', 'AMD']) {
      const group = groups.find(({ vendor }) => vendor === name)
      const own = (is: (tpm: RecordBody['tpm']) => boolean) =>
        count((tpm) => tpm.checks[0]?.value.startsWith(name) === true && is(tpm))
      expect(group).toMatchObject({
        runs: own(() => true),
        station: { 'NO-GO': own(({ station }) => station === 'NO-GO') },
        windows: { HOLD: own(({ windows }) => windows === 'HOLD') },
        flow: { failed: own(({ flow }) => flow.result === 'failed') },
        codes: { '0x81039001': own(({ flow }) => flow.result === 'failed') },
      })
    }
  })

  it('finds the check that foretells, and claims nothing of the others', async () => {
    const { checks } = await json()
    const of = (id: string) => checks.find((one) => one.id === id)
    expect(of('ek-chain')).toMatchObject({
      claim: 'foretells',
      bad: {
        told: count((tpm) => stands(tpm, 'ek-chain') && tpm.flow.result !== 'not-reached'),
        failed: count((tpm) => stands(tpm, 'ek-chain') && tpm.flow.result === 'failed'),
      },
    })
    expect(of('device-clock')).toMatchObject({ claim: 'no-difference', side: 'windows' })
    // Refused before provisioning: the service was never asked.
    expect(of('roca')).toMatchObject({ runs: 40, claim: 'too-few', bad: { told: 0 } })
    expect(of('lockout')).toMatchObject({ claim: 'too-few', bad: { told: 4, share: null } })
    expect(checks[0]?.id).toBe('ek-chain')
  })

  it('takes since by the end of a run', async () => {
    const cut = new Date(START + 3900 * HOUR).toISOString()
    const late = await json('--since', cut)
    expect(late.runs).toBe(101)
    // Eleven weak ones in it: however red they are, that is not enough.
    expect(late.checks.find(({ id }) => id === 'ek-chain')).toMatchObject({
      claim: 'too-few',
      bad: { told: 11, share: null },
    })
  })

  it('prints a table for people, with n everywhere and no share below 20', async () => {
    const { code, out, err } = await reseal(['tpm-report', '--data', 'data'], dir)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^4000 runs, Microsoft's service answered in 3960\n/)
    expect(out).toMatch(/^IFX +7\.85\.4555\.0 +3000 /m)
    expect(out).toMatch(
      /^ek-chain +400 +200 of 400 red \(50\.0 %\) +\d+ of 3560 red \(\d\.\d %\) +foretells/m,
    )
    expect(out).toMatch(
      /^lockout +4 +\d of 4 red +\d+ of 3956 red \(.*too few runs to say: 4 with it/m,
    )
    expect(out).toContain('Below n=20 nothing is claimed and no share is told.')
  })

  it('says so when there is no ledger, and when nothing stood against any run', async () => {
    const none = await inProcess(['tpm-report', '--data', join(dir, 'nowhere')])
    expect([none.code, none.out]).toEqual([2, ''])
    const future = await inProcess([
      'tpm-report',
      '--data',
      join(dir, 'data'),
      '--since',
      '2099-01-01',
    ])
    expect(future.out).toMatch(/^0 runs, .*\n\nNo check stood against any run\./)
  })
})
