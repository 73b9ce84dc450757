// Records as a run would close with, for tests that need one and do not care which.
import type { RecordBody } from '../../agent/core/record.ts'

export function aRecord(run: string, different: Partial<RecordBody> = {}): RecordBody {
  return {
    schema: 'reseal/record/1',
    site: 'hall',
    run,
    station: 'bench-1',
    bay: 'B1',
    device: { serial: `SN-${run}`, mac: '02:00:00:00:00:01', adapter: 'device' },
    verdict: 'resealed',
    grade: 'witnessed',
    startedAt: '2026-11-23T08:00:00.000Z',
    endedAt: '2026-11-23T08:40:00.000Z',
    durations: { present: 4000, provision: 1_900_000 },
    operatorWaitMs: 12_000,
    machineWaitMs: 2_380_000,
    attempt: 1,
    retries: 0,
    prompts: 1,
    agentRestarts: 0,
    tpm: { station: 'not-seen', windows: 'GO', flow: { result: 'passed' }, checks: [] },
    preCheck: null,
    keys: [],
    evidence: [
      {
        kind: 'success-page',
        source: 'screen',
        at: Date.parse('2026-11-23T08:38:00Z'),
        ref: 'frame-9',
      },
    ],
    handOverAfter: '2026-11-23T10:10:00.000Z',
    useBefore: '2027-05-23T08:40:00.000Z',
    ...different,
  }
}
