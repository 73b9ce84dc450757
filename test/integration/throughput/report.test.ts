// The throughput report over HTTP, from a ledger whose truth was written down by hand.
import { describe, expect, it, onTestFinished } from 'vitest'
import type { RecordBody } from '../../../agent/core/record.ts'
import { silentLog } from '../../../agent/log.ts'
import { startWeb } from '../../../agent/web/web.ts'
import { throughputAnswer } from '../../../agent/wire/throughput.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { BoardBench } from '../../fakes/board-bench.ts'
import { aRecord } from '../../fakes/records.ts'
import { aDir, aReader } from '../ledger/parts/samples.ts'
import { ask } from '../web/server.ts'
import { commitAll } from './parts/history.ts'

/** A run of 40 minutes that ended at a local time of Berlin, UTC+1. */
function run(
  n: number,
  ended: string,
  serial: string | null,
  bay: string,
  more: Partial<RecordBody> = {},
): RecordBody {
  const endedAt = Date.parse(`${ended}:00+01:00`)
  const { verdict = 'resealed' } = more
  return aRecord(`run-${n}`, {
    bay,
    device: { serial, model: n % 2 === 0 ? 'Book 14' : 'Book 15' },
    startedAt: new Date(endedAt - 40 * 60_000).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    workOrder: 'WO-1',
    durations: { provision: 2_000_000 + n * 1000 },
    operatorWaitMs: 60_000,
    machineWaitMs: 40 * 60_000 - 60_000,
    prompts: 2,
    ...(verdict === 'resealed' ? {} : { error: { code: '0x80180014', action: 'remote IT' } }),
    ...more,
  })
}

/** Two shifts of a Monday: 5 devices, of them 3 right at once, one after a Retry, one in its second run. */
const HISTORY: readonly RecordBody[] = [
  run(1, '2026-11-16T07:00', '5CG1', '1'),
  run(2, '2026-11-16T07:10', '5CG2', '2', { retries: 1 }),
  run(3, '2026-11-16T08:00', '5CG3', '1', { verdict: 'failed' }),
  run(4, '2026-11-16T09:59', '5CG4', '2'),
  run(5, '2026-11-16T14:00', '5CG3', '1'),
  run(6, '2026-11-16T21:59', '5CG5', '=2+3'),
  run(7, '2026-11-16T15:00', '123456', '2'),
  run(8, '2026-11-16T15:30', null, '2', { verdict: 'aborted' }),
]
const PLAN = {
  zone: 'Europe/Berlin',
  list: [
    { name: 'early', minute: 360 },
    { name: 'late', minute: 840 },
    { name: 'night', minute: 1320 },
  ],
}

async function served(records: readonly RecordBody[]) {
  const dir = aDir()
  commitAll(dir, records, 3)
  const clock = systemClock()
  const reader = await aReader(dir, 'thread')
  const web = await startWeb({
    bench: new BoardBench([]),
    reader,
    clock,
    resealAnswer: async () => ({}),
    log: silentLog,
    host: '127.0.0.1',
    port: 0,
    station: { site: 'site1', station: 's1', version: '0.1.0', virtual: true },
    board: '/nonexistent',
    throughput: { figures: reader, shifts: PLAN },
  })
  onTestFinished(() => web.close())
  const port = Number(new URL(web.url).port)
  return (path: string) => ask(port, `/api/v1/${path}`)
}

describe('the throughput report', () => {
  it('gives the newest local day when no range is asked for', async () => {
    const get = await served(HISTORY)
    const { status, json } = await get('throughput?bucket=shift&by=bay')
    expect(status).toBe(200)
    expect(throughputAnswer.strict().parse(json)).toEqual(json)
    expect(json).toMatchObject({
      from: '2026-11-15T23:00:00.000Z',
      to: '2026-11-16T23:00:00.000Z',
      zone: 'Europe/Berlin',
      total: {
        runs: 8,
        verdicts: { resealed: 6, failed: 1, aborted: 1 },
        devices: 5,
        journeys: 5,
        firstTimeRight: 3,
        yield: 0.6,
        apart: { junkSerials: 1, withoutSerial: 1 },
        prompts: 16,
        promptsPerDevice: 3.2,
        operatorWaitMs: 480_000,
        durationMs: 8 * 2_400_000,
        unattributedMs: 0,
        operatorWaitPerDeviceMs: 96_000,
      },
    })
  })

  it('cuts shifts where the wall clock has them, and counts a device where its last run ended', async () => {
    const get = await served(HISTORY)
    const { json } = await get('throughput?from=2026-11-16&to=2026-11-16&bucket=shift')
    const rows = json['buckets'] as Record<string, unknown>[]
    expect(rows.map(({ date, shift, devices, runs }) => [date, shift, devices, runs])).toEqual([
      ['2026-11-15', 'night', 0, 0],
      ['2026-11-16', 'early', 3, 4],
      ['2026-11-16', 'late', 2, 4],
      ['2026-11-16', 'night', 0, 0],
    ])
    // 5CG3 failed in the early shift and was resealed in the late one: the early yield is that of three devices.
    expect(rows[1]).toMatchObject({ journeys: 3, firstTimeRight: 2, yield: 0.6667 })
    expect(rows[2]).toMatchObject({ journeys: 2, firstTimeRight: 1 })
  })

  it('shows one group alone, with its own steps and causes', async () => {
    const get = await served(HISTORY)
    const { json } = await get('throughput?from=2026-11-16&to=2026-11-16&by=bay&key=1')
    expect(json['total']).toMatchObject({ runs: 3, devices: 2, occupancy: 0.0833 })
    expect(json['causes']).toMatchObject([
      { code: '0x80180014', runs: 1, share: 1, upTo: 1, who: 'remote IT' },
    ])
    const steps = json['steps'] as Record<string, unknown>[]
    expect(steps).toMatchObject([{ step: 'provision', n: 3, few: true, sumMs: 6_009_000 }])
    expect(Math.abs(Number(steps[0]?.['p50Ms']) - 2_003_000)).toBeLessThan(2_003_000 * 0.02)
  })

  it('gives each table as CSV in which no cell is a formula', async () => {
    const get = await served(HISTORY)
    const { text, headers } = await get('throughput?by=bay&format=csv&table=groups')
    expect(headers['content-type']).toContain('text/csv')
    expect(headers['content-disposition']).toContain('throughput-groups-2026-11-15.csv')
    const [head, ...rows] = text.trimEnd().split('\r\n')
    expect(head?.startsWith('key,devices_resealed,')).toBe(true)
    expect(rows.map((row) => row.split(',').slice(0, 2))).toEqual([
      ['1', '2'],
      ['2', '2'],
      ["'=2+3", '1'],
    ])
    for (const table of ['buckets', 'steps', 'causes'])
      expect((await get(`throughput?format=csv&table=${table}`)).status).toBe(200)
  })

  it('refuses ranges that are none, too long, or in too many pieces', async () => {
    const get = await served(HISTORY)
    for (const wrong of [
      'from=2026-11-17&to=2026-11-16',
      'from=2020-01-01&to=2026-01-01&bucket=week',
      'from=2026-01-01&to=2026-11-16&bucket=hour',
      'from=yesterday',
      'bucket=minute',
      'by=serial',
      'more=1',
    ]) {
      const { status, json } = await get(`throughput?${wrong}`)
      expect([wrong, status, json['code']]).toEqual([wrong, 400, 'BACKEND_REQUEST_INVALID'])
    }
  })

  it('lists the shifts that worked, however long the hall stood still between them', async () => {
    const get = await served([run(9, '2026-03-02T23:00', '5CG9', '1'), ...HISTORY])
    const { json } = await get('shifts')
    const rows = json['shifts'] as Record<string, unknown>[]
    expect(rows.map(({ date, shift, runs }) => [date, shift, runs])).toEqual([
      ['2026-11-16', 'late', 4],
      ['2026-11-16', 'early', 4],
      ['2026-03-02', 'night', 1],
    ])
    expect((await (await served([]))('shifts')).json).toMatchObject({ shifts: [] })
  })

  it('answers for an empty ledger with nothing', async () => {
    const { json } = await (await served([]))('throughput')
    expect(json).toMatchObject({
      ledger: { first: null, last: null },
      total: { runs: 0, yield: null, operatorWaitPerDeviceMs: null },
      causes: [],
    })
  })
})
