// A ledger of 100,000 runs: opened, looked up and exported in bounded time, without holding up the event loop.
// The million stands in scripts/bench; what grows with the ledger would show here by a tenth.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportRuns } from '../../../agent/ledger/export.ts'
import { PAGE_MAX } from '../../../agent/ledger/queries.ts'
import { verifyExport, verifyLedger } from '../../../agent/ledger/verify.ts'
import { fillLedger, serialOf } from './parts/fill.ts'
import { aLedger, aReader } from './parts/samples.ts'
import { closing, START, step } from './parts/steps.ts'

const RUNS = 100_000
let dir = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'reseal-size-'))
  fillLedger(dir, RUNS)
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const began = performance.now()
  const value = await work()
  return { value, ms: performance.now() - began }
}
const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

describe('a ledger of 100,000 runs', () => {
  it('opens in well under a second', async () => {
    const { ms, value } = await timed(() => aLedger(dir, 'thread'))
    expect(ms).toBeLessThan(1000)
    await value.close()
    expect((await timed(() => aReader(dir, 'thread'))).ms).toBeLessThan(1000)
  })

  it('looks a device up by its serial in under 5 ms, and totals without counting', async () => {
    const reader = await aReader(dir, 'thread')
    await reader.device(serialOf(1))
    const times: number[] = []
    for (let n = 1; n <= 100; n++) {
      const { value, ms } = await timed(() => reader.device(serialOf(n * 997)))
      expect(value.runs.length).toBeGreaterThanOrEqual(1)
      times.push(ms)
    }
    expect(median(times)).toBeLessThan(5)
    const { value, ms } = await timed(() => reader.totals())
    expect(value).toMatchObject({
      runs: RUNS,
      verdicts: { failed: RUNS / 10, resealed: RUNS * 0.9 },
      unsent: 0,
    })
    expect(ms).toBeLessThan(50)
  })

  it('pages and walks while the bench commits, one page per turn of the event loop at most', async () => {
    const ledger = await aLedger(dir, 'thread')
    const reader = await aReader(dir, 'thread')
    let on = true
    let commits = 0
    const committing = (async () => {
      for (let input = 1; on; input++) {
        await ledger.commit(step('Z1', input))
        commits += 1
      }
    })()
    // Milliseconds would measure the other programs of the machine; rows per turn are what the reader decides.
    let rowsInTurn = 0
    let most = 0
    const turn = () => {
      most = Math.max(most, rowsInTurn)
      rowsInTurn = 0
      if (on) setImmediate(turn)
    }
    turn()
    expect(await reader.runs({ max: 50, verdict: 'aborted' })).toEqual([])
    expect(await reader.runs({ max: 50, until: START + 60_001 })).toHaveLength(1)
    // Since when: a page of the newest, one that reaches behind them, the page before it, and all that there is.
    const numbers = async (query: Parameters<typeof reader.runs>[0]) =>
      (await reader.runs(query)).map(({ record }) => Number(record.run.slice(4)))
    const counted = (from: number, n: number, by: number) =>
      Array.from({ length: n }, (_, index) => from - index * by)
    const since = START
    expect(await numbers({ max: 3, since })).toEqual(counted(RUNS, 3, 1))
    expect(await numbers({ max: 300, since, verdict: 'failed' })).toEqual(counted(RUNS, 300, 10))
    const before = RUNS - 5000
    expect(await numbers({ max: 3, since, before })).toEqual(counted(before - 1, 3, 1))
    const latest = START + (RUNS - 4) * 60_000
    expect(await numbers({ max: 300, since: latest })).toEqual(counted(RUNS, 5, 1))
    expect(await numbers({ max: 300, since: latest + 86_400_000 })).toEqual([])
    let runs = 0
    for await (const { record } of reader.walk({ since: START + (RUNS - 20_000) * 60_000 })) {
      if (record.run !== '') runs += 1
      rowsInTurn += 1
    }
    on = false
    await committing
    expect(runs).toBe(20_001)
    expect(most).toBeLessThanOrEqual(PAGE_MAX)
    expect(commits).toBeGreaterThan(10)
  })

  it('exports all of it in constant memory, and the export proves itself', async () => {
    const reader = await aReader(dir, 'thread')
    const heaps: number[] = []
    let bytes = 0
    async function* watched() {
      for await (const piece of exportRuns(reader, 'ndjson', {})) {
        bytes += piece.length
        if (Math.floor(bytes / 20e6) > heaps.length) heaps.push(process.memoryUsage().heapUsed)
        yield piece
      }
    }
    const verified = await verifyExport(watched())
    expect(verified).toMatchObject({ ok: true, rows: RUNS, byDigestOnly: 0 })
    expect(bytes).toBeGreaterThan(100e6)
    const growth = Math.max(...heaps.slice(1)) - (heaps[0] ?? 0)
    expect(growth).toBeLessThan(64e6)
  })

  it('is verified page by page, and a row in its middle is found', async () => {
    expect(await verifyLedger(dir)).toMatchObject({ ok: true })
    const ledger = await aLedger(dir)
    const { chain } = await ledger.commit(closing('Z2', 1, 'run-last'))
    expect(chain?.entry.seq).toBe(RUNS + 1)
  })
})
