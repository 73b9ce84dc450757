// What a work order demands of a TPM holds the run until it is seen, with the reason in words, and no word leads past it.
import { describe, expect, test } from 'vitest'
import type { TpmCheck, TpmFact } from '../../../agent/core/facts.ts'
import type { Order } from '../../../agent/core/order.ts'
import { readReport } from '../../../agent/core/probe/report.ts'
import { judgeProbe } from '../../../agent/core/probe/verdict.ts'
import { promptOf } from '../../../agent/core/prompts.ts'
import { renderView } from '../../../agent/core/render-view.ts'
import { demandedRows, demandsOf } from '../../../agent/core/tpm/demands.ts'
import { TABLE } from '../../../agent/core/tpm/table.ts'
import { reasonLine, reasonsOf, wordsOf } from '../../../agent/core/tpm/words.ts'
import { SIGHTING } from '../../fakes/tpm-sighting.ts'
import { TestBay } from '../flow/bay.ts'
import { ORDER } from '../flow/world.ts'
import { NOW, windowsReport } from '../probe/texts.ts'

const check = (id: string, verdict: TpmCheck['verdict'], hint = 'do'): TpmCheck => ({
  id,
  verdict,
  value: `value of ${id}`,
  source: 'tpm',
  hint,
})
const fact = (
  station: TpmFact['station'],
  windows: TpmFact['windows'],
  checks: readonly TpmCheck[] = [check('tpm-family', 'GO')],
): TpmFact => ({ kind: 'tpm', station, windows, checks })

const ordered = (order: Order) =>
  new TestBay().keyboard(true).link('up').mac('02:00:00:00:00:01').scan('S-1', { order }).pass(4000)

/** A bay at the end of its pre-check, for an order with demands. */
function atPreCheck(demands: Order['demands'], tpm: TpmFact | null): TestBay {
  const order: Order = { ...ORDER, demandsAttestation: false, demands: demands ?? [] }
  const bay = ordered(order)
  if (tpm !== null) bay.give(tpm)
  return bay.checked()
}
const line = (bay: TestBay) => promptOf(bay.state, bay.rules)?.line ?? ''
const view = (bay: TestBay) =>
  renderView(bay.state, bay.rules, { p50Ms: 1, p90Ms: 2, n: 0 }, null, bay.at)

describe('an order that demands attestation', () => {
  test('holds the run when no probe came, and says so', () => {
    const bay = atPreCheck(['attestation'], null)
    expect(bay.phase).toMatchObject({ at: 'hold', why: 'attestation-demanded' })
    expect(line(bay)).toBe('The order demands a TPM proof (no probe came: start it on the device)')
    expect(view(bay).tpm).toEqual({
      station: 'not-seen',
      windows: 'not-seen',
      flow: { result: 'not-reached' },
      demands: ['attestation'],
      reasons: [],
    })
  })

  test('holds it too when a probe told of the TPM and did not relay it', () => {
    const bay = atPreCheck(['attestation'], fact('not-seen', 'GO'))
    expect(line(bay)).toContain('the probe did not relay the TPM')
  })

  test('is not talked past: going on checks again, and a proof lets the run go on by itself', () => {
    const bay = atPreCheck(['attestation'], null)
    bay.say('go-on')
    expect(bay.name).toBe('precheck')
    expect(bay.checked().phase).toMatchObject({ at: 'hold', why: 'attestation-demanded' })
    bay.give(fact('GO', 'GO'))
    expect(bay.name).toBe('precheck')
    expect(bay.checked().name).toBe('echo')
  })

  test('written in the older way is the same', () => {
    const order: Order = { ...ORDER, demandsAttestation: true }
    expect(demandsOf(order)).toEqual(['attestation'])
    const bay = ordered(order).checked()
    expect(bay.phase).toMatchObject({ at: 'hold', why: 'attestation-demanded' })
  })
})

describe("an order that demands Windows' word", () => {
  test('holds the run while no probe ran in Windows', () => {
    expect(line(atPreCheck(['windows-ready'], null))).toContain('start it in Windows')
    expect(line(atPreCheck(['windows-ready'], fact('GO', 'not-seen')))).toContain(
      'did not run in Windows',
    )
    expect(atPreCheck(['windows-ready'], fact('not-seen', 'GO')).name).toBe('echo')
  })
})

test('without demands a device without a probe goes on', () => {
  expect(atPreCheck([], null).name).toBe('echo')
  expect(view(atPreCheck([], null)).tpm).toBeUndefined()
})

test('every demand names rows of the table, and windows rows stand for Windows only', () => {
  const rows = demandedRows(['attestation', 'boot-log', 'secure-boot', 'windows-ready'])
  expect(rows.every((id) => Object.hasOwn(TABLE, id))).toBe(true)
  expect(demandedRows(['windows-ready']).map((id) => TABLE[id].side)).toEqual([
    'windows',
    'windows',
  ])
  expect(demandedRows([])).toEqual([])
})

test('what is demanded of a side that nobody spoke for is left to the flow: no person decides about nothing', () => {
  const report = readReport(windowsReport({ clock: null }))
  if (report === null) throw new Error('no report')
  const demands = demandedRows(['attestation', 'boot-log', 'windows-ready'])
  const policy = { allowTestTpm: true, demands }
  const told = { report, rules: [], policy, reportedAt: NOW, now: NOW }
  const row = (tpm: typeof SIGHTING | null, id: string) =>
    judgeProbe({ ...told, tpm }).checks.find((one) => one.id === id)?.verdict
  expect(judgeProbe({ ...told, tpm: null }).station).toBe('not-seen')
  expect(row(null, 'activation')).toBe('not-seen')
  // Windows spoke and left its clock out; the TPM was attested and no log could come that way.
  expect(row(null, 'device-clock')).toBe('HOLD')
  const noLog = { ...SIGHTING, log: { absent: 'no boot log on this path' } }
  expect(row(noLog, 'event-log')).toBe('HOLD')
  const mild = { ...told, tpm: noLog, policy: { ...policy, demands: [] } }
  expect(judgeProbe(mild).checks.find(({ id }) => id === 'event-log')?.verdict).toBe('not-seen')
})

describe('a hold', () => {
  const checks = [
    check('tpm-family', 'GO'),
    check('ek-chain', 'HOLD'),
    check('secure-boot', 'not-seen'),
    check('windows-flags', 'HOLD'),
  ]

  test('names its reasons in the question, and all of them in the view', () => {
    const bay = atPreCheck([], fact('HOLD', 'HOLD', checks))
    expect(bay.phase).toMatchObject({ at: 'hold', why: 'tpm-hold' })
    expect(line(bay)).toBe(
      "TPM: fetch the lead (The maker's certificate of the TPM is not trusted here, and 1 more)",
    )
    expect(view(bay).tpm).toMatchObject({ station: 'HOLD', windows: 'HOLD' })
    expect(view(bay).tpm?.reasons.map(({ id, side, verdict }) => [id, side, verdict])).toEqual([
      ['ek-chain', 'station', 'HOLD'],
      ['windows-flags', 'windows', 'HOLD'],
    ])
  })

  test('by the network stands in the view with its findings', () => {
    const bay = new TestBay().toPreCheck()
    const phase = bay.phase
    if (phase.at !== 'precheck' || phase.check === null) throw new Error('no check is open')
    const findings = [
      { id: 'uplink', grade: 'ok', value: '', hint: '' },
      { id: 'network.clock', grade: 'hold', value: '5 min', hint: 'Set the clock.' },
    ] as const
    bay.give({ kind: 'prechecked', check: phase.check, result: { at: bay.at, findings } })
    expect(view(bay).preCheck).toEqual([findings[1]])
  })
})

describe('a device that is refused', () => {
  const checks = [check('event-log', 'HOLD'), check('roca', 'NO-GO')]

  test('has the reason in its record, and the bay shows it while the device still stands there', () => {
    const bay = atPreCheck([], fact('NO-GO', 'not-seen', checks))
    expect(bay.records[0]?.error).toEqual({
      code: 'DEVICE_TPM',
      action: 'The TPM has a weak key: the TPM checks in the record say more',
    })
    expect(view(bay).tpm?.reasons.map(({ id }) => id)).toEqual(['roca', 'event-log'])
  })
})

test('every row has words of its own, and a reason is bounded', () => {
  const words = Object.keys(TABLE).map((id) => wordsOf(id))
  expect(new Set(words).size).toBe(words.length)
  expect(words.every((one) => /^[A-Z].{10,80}[^.]$/.test(one))).toBe(true)
  expect(wordsOf('a-later-row')).toBe('a-later-row')
  const long = { ...check('roca', 'HOLD'), value: 'x'.repeat(1000) }
  expect(reasonsOf([long])[0]?.value).toHaveLength(160)
  expect(reasonLine([])).toBe('')
})
