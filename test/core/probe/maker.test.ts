// Who made the TPM, by Windows' word alone: it chooses the addresses that are required, and it is never taken for a proof.
import { describe, expect, it } from 'vitest'
import { preCheckOf, tpmVendorOf } from '../../../agent/bench/pre-check.ts'
import { bayId } from '../../../agent/core/ids.ts'
import { readReport } from '../../../agent/core/probe/report.ts'
import { judgeProbe } from '../../../agent/core/probe/verdict.ts'
import type { Clock, HostFacts } from '../../../agent/ports.ts'
import { loadFirmwareRules } from '../../../station-config/tpm/firmware-rules.ts'
import { english, german, NOW, windowsReport } from './texts.ts'

function judged(text: string) {
  const report = readReport(text)
  if (report === null) throw new Error('no report')
  const rules = loadFirmwareRules().value ?? []
  const policy = { allowTestTpm: false, demands: [] }
  return judgeProbe({ report, tpm: null, rules, policy, reportedAt: NOW, now: NOW })
}
const row = (text: string, id: string) => judged(text).checks.find((check) => check.id === id)
const vendor = (text: string) => tpmVendorOf(judged(text).checks)

describe('the maker of a TPM that only Windows tells of', () => {
  it('is known by tpmtool, by the number of Win32_Tpm and by its text', () => {
    expect(vendor(english())).toBe('INTC')
    expect(vendor(windowsReport({ 'tpm.ManufacturerId': `${0x53544d20}` }))).toBe('STM')
    expect(vendor(windowsReport({ 'tpm.ManufacturerIdTxt': 'IFX' }))).toBe('IFX')
    expect(vendor(windowsReport({ 'tpm.ManufacturerId': `${0x414d4400}` }))).toBe('AMD')
  })

  it('is known on a German system by CIM, where tpmtool speaks German', () => {
    expect(vendor(german())).toBeNull()
    expect(vendor(german({ 'tpm.ManufacturerId': '1229870147' }))).toBe('INTC')
  })

  it('is none where nothing or nonsense is told', () => {
    expect(vendor(windowsReport())).toBeNull()
    for (const text of ['0', '99999999999', 'ifx', 'TOOLONG', 'A B', '<b>', '-1'])
      expect(vendor(windowsReport({ 'tpm.ManufacturerId': text }))).toBeNull()
  })

  it('is named as not proved', () => {
    expect(row(english(), 'tpm-physical')).toEqual({
      id: 'tpm-physical',
      verdict: 'not-seen',
      value: "INTC Intel, by Windows' word",
      source: 'probe',
      hint: '',
    })
    expect(judged(english()).station).toBe('not-seen')
  })

  it('has its firmware held against the rules: what it admits itself counts against it', () => {
    const weak = windowsReport({
      'tpm.ManufacturerIdTxt': 'IFX',
      'tpm.ManufacturerVersion': '7.61.2785.0',
    })
    expect(row(weak, 'firmware')).toMatchObject({ verdict: 'NO-GO', source: 'probe' })
    expect(row(weak, 'firmware')?.value).toMatch(/^IFX 7\.61\.2785\.0 \(Windows\): /)
    expect(judged(weak).station).toBe('NO-GO')
    const newer = windowsReport({
      'tpm.ManufacturerIdTxt': 'IFX',
      'tpm.ManufacturerVersion': '7.85.4555.0',
    })
    expect(row(newer, 'firmware')).toMatchObject({ verdict: 'GO' })
    expect(judged(newer).station).toBe('not-seen')
    expect(row(windowsReport({ 'tpm.ManufacturerIdTxt': 'IFX' }), 'firmware')?.value).toBe(
      'not attested',
    )
  })

  it('is what the network of its bay is asked for, also when it comes while that check runs', async () => {
    const asked: (string | null)[] = []
    const told = Promise.withResolvers<void>()
    let checks: ReturnType<typeof judged>['checks'] = []
    const network = {
      check: async (_bay: string, _signal: AbortSignal, tpm: string | null) => {
        asked.push(tpm)
        return []
      },
    }
    const clock = { now: () => NOW } as Clock
    const host = { findings: async () => [] } as unknown as HostFacts
    const probe = told.promise.then(() => [])
    const work = preCheckOf(
      bayId('01'),
      { clock, network: network as never, host },
      new AbortController().signal,
      () => tpmVendorOf(checks),
      probe,
    )
    checks = judged(english()).checks
    told.resolve()
    await work
    expect(asked).toEqual([null, 'INTC'])
  })
})
