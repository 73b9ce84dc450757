// What Windows must be for the technician flow: editions, builds with their end of updates, TPM and machine, as a table.
import { describe, expect, it } from 'vitest'
import { prerequisites } from '../../../agent/core/probe/prerequisites.ts'
import { type ProbeReport, readReport } from '../../../agent/core/probe/report.ts'
import { NOW, windowsReport } from './texts.ts'

function read(text: string): ProbeReport {
  const report = readReport(text)
  if (report === null) throw new Error('no report')
  return report
}

describe('the prerequisites', () => {
  const verdictOf = (id: string, change: Readonly<Record<string, string | null>>) =>
    prerequisites(read(windowsReport(change)), NOW, false).find((check) => check.id === id)?.verdict

  it.each([
    ['Professional', 'GO'],
    ['ProfessionalEducation', 'GO'],
    ['ProfessionalWorkstation', 'GO'],
    ['Enterprise', 'GO'],
    ['Education', 'GO'],
    ['EnterpriseS', 'GO'],
    ['Core', 'NO-GO'],
    ['CoreSingleLanguage', 'NO-GO'],
    ['ProfessionalN', 'HOLD'],
    ['IoTEnterprise', 'HOLD'],
    ['constructor', 'HOLD'],
    [null, 'HOLD'],
  ])('say of edition %s: %s', (edition, verdict) => {
    expect(verdictOf('windows-edition', { 'os.edition': edition })).toBe(verdict)
  })

  it('want an installed Windows', () => {
    expect(verdictOf('windows-edition', { 'os.kind': 'WindowsPE' })).toBe('HOLD')
  })

  it.each([
    ['17763', 'Enterprise', 'NO-GO'],
    ['18361', 'Enterprise', 'NO-GO'],
    ['18362', 'Enterprise', 'HOLD'],
    ['19044', 'EnterpriseS', 'GO'],
    ['19045', 'Professional', 'HOLD'],
    ['22631', 'Enterprise', 'HOLD'],
    ['26100', 'Professional', 'HOLD'],
    ['26100', 'Enterprise', 'GO'],
    ['26200', 'Professional', 'GO'],
    ['28000', 'Professional', 'HOLD'],
    [null, 'Professional', 'HOLD'],
  ])('say of build %s %s in November 2026: %s', (build, edition, verdict) => {
    expect(verdictOf('windows-version', { 'os.build': build, 'os.edition': edition })).toBe(verdict)
  })

  it('want TPM 2.0 and a physical device, and give a hint with every no', () => {
    expect(verdictOf('windows-tpm', {})).toBe('GO')
    expect(verdictOf('windows-tpm', { 'tpm.SpecVersion': '1.2, 2, 3' })).toBe('NO-GO')
    expect(verdictOf('windows-tpm', { 'tpm.Present': 'False' })).toBe('NO-GO')
    expect(verdictOf('windows-tpm', { 'tpm.SpecVersion': null })).toBe('HOLD')
    expect(verdictOf('physical-device', {})).toBe('GO')
    const hyperV = {
      'smbios.manufacturer': 'Microsoft Corporation',
      'smbios.model': 'Virtual Machine',
    }
    expect(verdictOf('physical-device', hyperV)).toBe('NO-GO')
    expect(prerequisites(read(windowsReport(hyperV)), NOW, true).at(-1)).toMatchObject({
      verdict: 'GO',
      value: expect.stringContaining('accepted for tests'),
    })
    const surface = {
      'smbios.manufacturer': 'Microsoft Corporation',
      'smbios.model': 'Surface Laptop 6',
    }
    expect(verdictOf('physical-device', surface)).toBe('GO')
    for (const change of [
      { 'os.edition': 'Core', 'os.build': '17763', 'tpm.Present': 'False', ...hyperV },
    ])
      for (const check of prerequisites(read(windowsReport(change)), NOW, false))
        expect(check).toMatchObject({ verdict: 'NO-GO', hint: expect.stringMatching(/\w+ \w+/) })
  })
})
