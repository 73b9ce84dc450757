// What a probe says is read within bounds, whatever it is; and Windows' flags come through on English and German systems.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { probeEvidence, readCategory } from '../../../agent/core/probe/evidence.ts'
import { type ProbeReport, readReport } from '../../../agent/core/probe/report.ts'
import { judgeProbe } from '../../../agent/core/probe/verdict.ts'
import { machineSighting, windowsSighting } from '../../../agent/core/probe/windows.ts'
import { english, german, NOW, TPMTOOL_ENGLISH, windowsReport } from './texts.ts'

function read(text: string): ProbeReport {
  const report = readReport(text)
  if (report === null) throw new Error('no report')
  return report
}

describe('a report', () => {
  it('is read into typed values', () => {
    const report = read(english())
    expect(report.os).toEqual({
      edition: 'Professional',
      caption: 'Microsoft Windows 11 Pro',
      build: '26200.9278',
      display: '25H2',
      kind: 'Client',
    })
    expect(report.smbios.serial).toBe('5CG12345AB')
    expect(report.macs).toEqual(['c8:5a:cf:00:11:22'])
    expect(report.power).toEqual({ isOnMains: true, batteryPercent: 97 })
    expect(report.ek).toEqual({ isPresent: true, hash: 'ab'.repeat(32), certificates: 1 })
    expect(report.isSecureBoot).toBe(true)
    expect(report.tpmtool).toBe(TPMTOOL_ENGLISH.trim())
  })

  it('of another version, or of no probe at all, is none', () => {
    for (const text of ['', 'reseal-probe 2\nprobe=linux', 'GET / HTTP/1.1', '{"probe":"linux"}'])
      expect(readReport(text)).toBeNull()
    // Windows writes a mark in front.
    expect(readReport('\uFEFFreseal-probe 1\r\nprobe=windows\r\n')?.probe).toBe('windows')
  })

  it('takes what firmware writes where nothing was written for nothing', () => {
    for (const empty of [
      '',
      'To be filled by O.E.M.',
      'Default string',
      'None',
      '0000000',
      'System Serial Number',
      '........',
    ])
      expect(read(windowsReport({ 'smbios.serial': empty })).smbios.serial, empty).toBeNull()
    expect(machineSighting(read('reseal-probe 1\nprobe=linux\n'))).toBeNull()
  })

  it('is cleaned and cut: no control characters, no turned text, no more than its bounds', () => {
    const text = [
      'reseal-probe 1',
      `smbios.serial=AB\u001b[31mC\u202e1`,
      ...Array.from({ length: 5000 }, (_, index) => `event=System|1041|${index}|x`),
      ...Array.from(
        { length: 50 },
        (_, index) => `mac=00:00:00:00:00:${(index + 16).toString(16)}`,
      ),
      `smbios.model=${'m'.repeat(9999)}`,
    ].join('\n')
    const report = read(text)
    expect(report.smbios.serial).toBe('AB [31mC 1')
    expect(report.events.length).toBeLessThanOrEqual(200)
    expect(report.macs.length).toBeLessThanOrEqual(16)
    // Beyond the 2,000th line nothing is read.
    expect(report.smbios.model).toBeNull()
  })

  it('of any bytes is a report or none, and everything made of it stays bounded', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(...english().split('\n')),
      fc
        .tuple(
          fc.constantFrom(
            'event',
            'registry',
            'mac',
            'clock',
            'tpm.Information',
            'tpmtool',
            'os.build',
          ),
          fc.string({ maxLength: 40 }),
        )
        .map(([name, value]) => `${name}=${value}`),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (rest) => {
        const report = readReport(['reseal-probe 1', ...rest].join('\n'))
        if (report === null) throw new Error('the title was there')
        expect(probeEvidence(report, NOW, NOW).length).toBeLessThanOrEqual(24)
        const policy = { allowTestTpm: false, demands: [] }
        const fact = judgeProbe({ report, tpm: null, rules: [], policy, reportedAt: NOW, now: NOW })
        // Whatever a device says: only the station's own attestation makes its side go.
        expect(fact.station).not.toBe('GO')
        expect(JSON.stringify(fact).length).toBeLessThan(20_000)
      }),
      { numRuns: 2000 },
    )
  })
})

const judge = (text: string) =>
  judgeProbe({
    report: read(text),
    tpm: null,
    rules: [],
    policy: { allowTestTpm: false, demands: [] },
    reportedAt: NOW,
    now: NOW,
  })
const row = (text: string, id: string) => judge(text).checks.find((check) => check.id === id)

describe("Windows' flags", () => {
  it('are all there on an English system, by CIM and tpmtool', () => {
    expect(windowsSighting(read(english()), NOW)).toEqual({
      flags: {
        present: true,
        version: '2.0',
        initialized: true,
        readyForStorage: true,
        readyForAttestation: true,
        capableForAttestation: true,
        clearNeeded: false,
        vulnerableFirmware: false,
        lockedOut: false,
      },
      information: 0,
      firstTaskRan: true,
      clockOffsetMs: -1500,
      build: '26200.9278',
      maker: { manufacturer: 0x494e5443, firmware: [600, 18, 41, 0] },
    })
    expect(judge(english())).toMatchObject({ station: 'not-seen', windows: 'GO' })
  })

  it('are all there on a German system too, by CIM alone', () => {
    expect(windowsSighting(read(german()), NOW)?.flags).toEqual(
      windowsSighting(read(english()), NOW)?.flags,
    )
    expect(judge(german())).toMatchObject({ station: 'not-seen', windows: 'GO' })
  })

  it.each([
    [
      'vulnerable firmware by the mask',
      { 'tpm.Information': '16777216' },
      'NO-GO',
      'vulnerable firmware (attestation vulnerability)',
    ],
    [
      'a clear that is needed',
      { 'tpm.Information': '0x8' },
      'NO-GO',
      'clear needed (clear needed)',
    ],
    [
      'no EK certificate',
      { 'tpm.Information': '262144' },
      'HOLD',
      'not ready: Ready For Attestation, Is Capable For Attestation (EK certificate not read)',
    ],
    ['a lockout', { 'tpm.IsLockedOut': 'True' }, 'NO-GO', 'locked out'],
    [
      'no administrator: no mask, no flags',
      { 'tpm.Information': null, 'tpm.IsReady': null },
      'HOLD',
      null,
    ],
  ] as const)('say %s on a German system', (_, change, verdict, value) => {
    const found = row(german(change), 'windows-flags')
    expect(found?.verdict).toBe(verdict)
    expect(found?.source).toBe('probe')
    if (value !== null) expect(found?.value).toBe(value)
  })

  it('of two words about something bad take the bad one', () => {
    const text = english().replace('Vulnerable Firmware: False', 'Vulnerable Firmware: True')
    expect(row(text, 'windows-flags')?.verdict).toBe('NO-GO')
  })

  it('are none from a live system: Windows was not asked', () => {
    const text = windowsReport({ probe: 'linux' })
    expect(judge(text)).toMatchObject({ station: 'not-seen', windows: 'not-seen' })
    expect(judge(windowsReport({ probe: 'linux' }, ['vm=hypervisor bit'])).windows).toBe('NO-GO')
  })
})

describe('evidence of logs and registry', () => {
  const SHELL = 'Microsoft-Windows-Shell-Core/Operational'
  const PILOT = 'Microsoft-Windows-ModernDeployment-Diagnostics-Provider/Autopilot'
  const seen = (lines: readonly string[], openedAt = NOW - 3_600_000) =>
    probeEvidence(read(windowsReport({}, lines)), NOW, openedAt).map(
      ({ kind, ref }) => `${kind}: ${ref}`,
    )

  it('names what the telling events mean, the latest of a storm, with its code', () => {
    const found = seen([
      `event=${PILOT}|171|${NOW - 60_000}|0x80070490`,
      `event=${PILOT}|171|${NOW - 30_000}|0x81039001`,
      `event=${PILOT}|100|${NOW - 30_000}|storm`,
      `event=${PILOT}|807|${NOW - 20_000}|`,
      `event=${SHELL}|62407|${NOW - 10_000}|CommercialOOBE_ESPProgress_WhiteGlove_Success`,
    ])
    expect(found.filter((one) => one.includes('tpm-identity'))).toEqual([
      expect.stringMatching(/^tpm-identity-failed: .* 171 0x81039001$/),
    ])
    expect(found).toContainEqual(expect.stringMatching(/^not-registered: /))
    expect(found).toContainEqual(expect.stringMatching(/^white-glove-success: /))
  })

  it('does not take the green page of an earlier run for this one', () => {
    const event = `event=${SHELL}|62407|${NOW - 7_200_000}|CommercialOOBE_ESPProgress_WhiteGlove_Success`
    expect(seen([event])).toContainEqual(expect.stringMatching(/^white-glove-success-before: /))
    expect(seen([event])).not.toContainEqual(expect.stringMatching(/^white-glove-success: /))
    // Nor one from the future of the device's own clock.
    const later = event.replace(`${NOW - 7_200_000}`, `${NOW + 600_000}`)
    expect(seen([later])).not.toContainEqual(expect.stringMatching(/^white-glove-success: /))
  })

  it('reads categories of the status page: failed parts with the code at the end of their text, in any language', () => {
    const text = JSON.stringify({
      categorySucceeded: null,
      AppsSubcategory: {
        subcategoryState: 'failed',
        subcategoryStatusText: 'Apps (Fehler 0x87d1041c)',
      },
      CertificatesSubcategory: 'Certificates (1 of 1 applied)',
      SecuritySubcategory: { subcategoryState: 'succeeded', subcategoryStatusText: '' },
    })
    expect(readCategory(text)).toEqual({ succeeded: null, failed: ['Apps 0x87d1041c'] })
    for (const none of ['', '[]', 'null', '7', '{', 'x'.repeat(5000)])
      expect(readCategory(none)).toBeNull()
    const key = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Provisioning\\AutopilotSettings'
    expect(seen([`registry=${key}|DeviceSetupCategory.Status|${text}`])).toContainEqual(
      'esp-category: DeviceSetup: failed Apps 0x87d1041c',
    )
  })

  it('has source probe and nothing else', () => {
    const all = probeEvidence(read(english()), NOW, NOW)
    expect(all.length).toBeGreaterThan(3)
    expect(all.every(({ source, at }) => source === 'probe' && at === NOW)).toBe(true)
  })
})
