// What a probe may do to the flow, and what it may not: open a run, report a success, keep an unfit device from the keys.
import { describe, expect, test } from 'vitest'
import type { TpmFact } from '../../../agent/core/facts.ts'
import { TestBay } from './bay.ts'

const assisted = () => new TestBay({ screen: 'operator' })

function sign(bay: TestBay, kind: string): TestBay {
  bay.give({ kind: 'sign', evidence: { kind, source: 'probe', at: bay.at, ref: 'log' } })
  return bay
}
function tpm(bay: TestBay, station: TpmFact['station'], windows: TpmFact['windows']): TestBay {
  bay.give({ kind: 'tpm', station, windows, checks: [] })
  return bay
}
const probed = (bay: TestBay, serial: string, model = 'Book 9') =>
  bay.scan(serial, { source: 'probe', by: 'probe', manufacturer: 'Maker', model })

describe('a probe in a free bay', () => {
  test('opens the run and says who it is; nobody becomes its operator', () => {
    const bay = new TestBay().link('up').pass(4000)
    expect(bay.name).toBe('present')
    probed(sign(bay, 'probe'), 'S-1')
    expect(bay.state.run).toMatchObject({
      openedBy: 'probe',
      serial: 'S-1',
      manufacturer: 'Maker',
      operator: null,
    })
    expect(bay.state.run?.evidence).toContainEqual(
      expect.objectContaining({ kind: 'serial', source: 'probe' }),
    )
  })

  test('where a resealed device stands is the alarm: it is on', () => {
    const bay = new TestBay().toDone()
    expect(bay.name).toBe('done')
    probed(bay, 'S-1')
    expect(bay.alarms).toContain('OPERATOR_POWERED_ON_AFTER_RESEAL')
  })
})

describe('a probe in an open run', () => {
  test('adds maker and model to a device that was scanned, and nothing else', () => {
    const bay = new TestBay().toSummon()
    const before = bay.name
    probed(bay, 'S-1')
    expect(bay.name).toBe(before)
    expect(bay.state.run).toMatchObject({ model: 'Book 9', operator: 'ann' })
  })

  test('that says it is another device stops the keys', () => {
    const bay = probed(new TestBay().toSummon(), 'S-2')
    expect(bay.phase).toMatchObject({ at: 'hold', why: 'swapped' })
    // Its own word does not settle a hold: only a scan by a person does.
    expect(probed(bay, 'S-1').phase).toMatchObject({ at: 'hold', why: 'swapped' })
    expect(bay.scan('S-1').name).not.toBe('hold')
  })
})

describe('the verdict on its TPM', () => {
  test.for<[TpmFact['station'], TpmFact['windows'], string]>([
    ['GO', 'GO', 'echo'],
    ['not-seen', 'GO', 'echo'],
    ['HOLD', 'GO', 'hold'],
    ['not-seen', 'HOLD', 'hold'],
    ['NO-GO', 'GO', 'closed'],
    ['GO', 'NO-GO', 'closed'],
  ])('%s and %s before the pre-check ends: %s', ([station, windows, state]) => {
    const bay = tpm(new TestBay().toPreCheck(), station, windows).checked()
    expect(bay.name).toBe(state)
    const source = station === 'not-seen' ? 'probe' : 'tpm'
    const evidence = bay.state.run?.evidence ?? bay.records[0]?.evidence
    expect(evidence).toContainEqual(expect.objectContaining({ kind: 'tpm', source }))
  })

  test('NO-GO that comes late closes the run while nothing was begun: keys up, failed', () => {
    for (const way of ['toSummon', 'toSelecting', 'toReviewing'] as const) {
      const bay = tpm(new TestBay()[way](), 'NO-GO', 'not-seen')
      expect(bay.records[0]).toMatchObject({ verdict: 'failed', error: { code: 'DEVICE_TPM' } })
      expect(bay.effects).toContainEqual({ do: 'release' })
    }
  })

  test('NO-GO after provisioning began is a line in the record, no more', () => {
    const bay = tpm(new TestBay().toProvisioning(), 'NO-GO', 'not-seen')
    expect(bay.name).toBe('provisioning')
  })
})

describe('success that the device itself reports', () => {
  test('raises what an operator stated to reported', () => {
    const bay = sign(
      assisted()
        .toProvisioning()
        .pass(31 * 60_000),
      'white-glove-success',
    )
    bay.say('green').played()
    bay.goesOff().pass(46_000)
    expect(bay.records[0]).toMatchObject({ verdict: 'resealed', grade: 'reported' })
    expect(bay.records[0]?.proves).toMatch(/^The device reported/)
  })

  test('also when it comes after the word of the operator', () => {
    const bay = sign(assisted().toResealing(), 'white-glove-success').played()
    bay.goesOff().pass(46_000)
    expect(bay.records[0]).toMatchObject({ grade: 'reported' })
  })

  test('never replaces the word itself, nor makes a stated press more than it is', () => {
    const bay = sign(
      assisted()
        .toProvisioning()
        .pass(31 * 60_000),
      'white-glove-success',
    )
    expect(bay.records).toEqual([])
    expect(bay.state.run?.success).toBeNull()
    const older = sign(
      assisted()
        .toProvisioning()
        .pass(31 * 60_000),
      'white-glove-success-before',
    )
    older.say('green').played()
    older.goesOff().pass(46_000)
    expect(older.records[0]).toMatchObject({ verdict: 'resealed', grade: 'stated' })
  })
})
