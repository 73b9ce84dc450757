// Steps and records for the tests of the ledger, without anything of the test runner: child processes use them too.
import { bayId, runId } from '../../../../agent/core/ids.ts'
import type { Entry } from '../../../../agent/ports.ts'
import { aRecord } from '../../../fakes/records.ts'

/** 2026-11-23T08:00Z, when the records of the tests begin. */
export const START = Date.parse('2026-11-23T08:00:00Z')

/** Step number `input` of a bay: a link fact and a state that names both. */
export function step(bay: string, input: number, more: Partial<Entry> = {}): Entry {
  return {
    bay: bayId(bay),
    input: {
      input,
      at: START + input * 1000,
      uid: `${bay}-${input}`,
      fact: { kind: 'link', link: 'up', speed: 1000 },
    },
    state: JSON.stringify({ bay, input }),
    phase: 'present',
    run: null,
    serial: null,
    effects: [],
    record: null,
    transition: { from: 'settling', to: 'present', why: 'steady link' },
    alarms: [],
    ...more,
  }
}

/** The step that closes a run of `serial`, with its record. */
export function closing(bay: string, input: number, run: string, serial = `SN-${run}`): Entry {
  const endedAt = new Date(START + input * 1000).toISOString()
  const record = aRecord(run, { bay, device: { serial }, endedAt })
  return step(bay, input, { record, run: null, serial, phase: 'done' })
}

/** An alarm of a resealed device, as its step carries it. */
export const anAlarm = (serial: string) => ({
  code: 'OPERATOR_POWERED_ON_AFTER_RESEAL',
  serial,
  run: runId('r-1'),
  detail: 'link up after reseal',
})
