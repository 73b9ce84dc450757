// The third TPM line of a record: what Microsoft's own service answered, told by screen, person or probe, and never more.
import { describe, expect, test } from 'vitest'
import { RED_CODE_MAP, RED_CODES } from '../../../agent/core/red-codes.ts'
import { afterRed, NOT_REACHED } from '../../../agent/core/tpm/flow-line.ts'
import { TestBay } from '../flow/bay.ts'

const assisted = () => new TestBay({ screen: 'operator' })
const flowOf = (bay: TestBay) => bay.records.at(-1)?.tpm.flow
const told = (bay: TestBay, kind: string, ref = 'log') =>
  bay.give({ kind: 'sign', evidence: { kind, source: 'probe', at: bay.at, ref } })
const MIN = 60_000

/** Codes of the phase "Securing your hardware" (facts/autopilot §5.3). */
const OF_TPM = [
  '0x800705B4',
  '0x81039001',
  '0x81039023',
  '0x81039024',
  '0x80070490',
  '0x801C03EA',
  '0x801C0003',
  '0x80190190',
  '0x80190194',
]

describe('a red page', () => {
  test.for(RED_CODES.map(({ code }) => code))('%s', (code) => {
    const isTpm = OF_TPM.includes(code)
    const line = afterRed(NOT_REACHED, code, 'operator')
    if (isTpm) expect(line).toEqual({ result: 'failed', code, source: 'operator' })
    else if (code === '0x87D1041C') expect(line.result).toBe('passed')
    else expect(line).toEqual(NOT_REACHED)
  })

  test('every TPM code is a row of the red codes', () => {
    expect(OF_TPM.every((code) => RED_CODE_MAP.has(code))).toBe(true)
  })

  test('is in the record as failed, with its code and who saw it', () => {
    const seen = new TestBay().toProvisioning().pass(MIN).see('failure', { code: '0x81039024' })
    seen.pass(30_000)
    expect(flowOf(seen)).toEqual({ result: 'failed', code: '0x81039024', source: 'screen' })
    const said = assisted()
      .toProvisioning()
      .pass(31 * MIN)
      .say('red')
    said.say('code', '0x801C03EA').pass(6000)
    expect(flowOf(said)).toEqual({ result: 'failed', code: '0x801C03EA', source: 'operator' })
  })

  test('of another kind says nothing of the TPM, and the record keeps its code elsewhere', () => {
    const bay = new TestBay().toProvisioning().pass(MIN).see('failure', { code: '0x80180018' })
    bay.pass(30_000)
    expect(flowOf(bay)).toEqual({ result: 'not-reached' })
    expect(bay.records[0]?.error?.code).toBe('0x80180018')
  })

  test('with a code that other phases show too fails it only where it was not seen to pass', () => {
    const bay = new TestBay().toProvisioning()
    bay.see('provisioning', { activity: 'Securing your hardware' })
    expect(bay.state.run?.flow).toEqual(NOT_REACHED)
    bay.see('provisioning', { activity: 'Apps (1 of 6 installed)' })
    bay.see('failure', { code: '0x80070490' }).pass(30_000)
    expect(flowOf(bay)).toEqual({ result: 'passed', source: 'screen' })
    const early = new TestBay().toProvisioning()
    early.see('provisioning', { activity: 'Securing your hardware' })
    early.see('failure', { code: '0x80070490' }).pass(30_000)
    expect(flowOf(early)).toMatchObject({ result: 'failed', code: '0x80070490' })
  })
})

describe('a green page', () => {
  test('is passed, seen or said', () => {
    const seen = new TestBay().toResealing().played()
    seen.goesOff().pass(46_000)
    expect(flowOf(seen)).toEqual({ result: 'passed', source: 'screen' })
    const said = assisted().toResealing().played()
    said.goesOff().pass(46_000)
    expect(flowOf(said)).toEqual({ result: 'passed', source: 'operator' })
  })

  test('after a Retry takes the place of the red one', () => {
    const bay = new TestBay().toProvisioning().see('failure', { code: '0x81039001' })
    bay.pass(151_000).played().see('failure', { code: '0x81039001', focus: 'retry' }).played()
    expect(bay.state.run?.flow).toEqual(NOT_REACHED)
  })
})

describe("the device's own log", () => {
  test('tells it where nobody saw it, with its code', () => {
    const bay = new TestBay().toProvisioning()
    told(bay, 'tpm-identity-failed', 'Autopilot 171 0x81039001')
    expect(bay.state.run?.flow).toEqual({
      result: 'failed',
      code: '0x81039001',
      source: 'probe',
    })
    told(bay, 'white-glove-success')
    expect(bay.state.run?.flow).toEqual({ result: 'passed', code: null, source: 'probe' })
    told(bay, 'attestation-timed-out')
    expect(bay.state.run?.flow.result).toBe('passed')
  })

  test('never speaks over what was seen, nor for an older run', () => {
    const bay = new TestBay().toProvisioning()
    told(bay, 'tpm-identity-failed-before', 'Autopilot 171 0x81039001')
    expect(bay.state.run?.flow).toEqual(NOT_REACHED)
    bay.see('provisioning', { activity: 'Apps (1 of 6 installed)' })
    told(bay, 'attestation-timed-out')
    expect(bay.state.run?.flow).toMatchObject({ result: 'passed', source: 'screen' })
  })
})

test('a run that ends before provisioning has not reached it', () => {
  const bay = new TestBay().toPreCheck()
  bay.give({ kind: 'tpm', station: 'NO-GO', windows: 'not-seen', checks: [] })
  bay.checked()
  expect(flowOf(bay)).toEqual({ result: 'not-reached' })
})
