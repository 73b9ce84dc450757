// A station that is killed in the middle of commits: what it said is done is there once, and the rest is whole.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { verifyLedger } from '../../../agent/ledger/verify.ts'
import { aDir, aLedger, aReader, codeOf } from './parts/samples.ts'
import { step } from './parts/steps.ts'

const COMMITTER = new URL('./parts/committer.ts', import.meta.url).pathname

/** Runs the committer until it said `lines` things, kills it, and gives what it said until it was dead. */
async function commitAndKill(dir: string, generation: number, lines: number): Promise<string[]> {
  const child = spawn(process.execPath, [COMMITTER, dir, String(generation)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line)
    if (said.length === lines) child.kill('SIGKILL')
  }
  return said.slice(1)
}

describe('kill -9 in the middle of commits', () => {
  it('leaves one record per run, all that was answered among them, and the chain whole', async () => {
    const dir = aDir()
    const done: string[] = []
    for (const [generation, lines] of [7, 40, 83, 121, 250].entries()) {
      done.push(...(await commitAndKill(dir, generation, lines)))
      const opening = performance.now()
      const ledger = await aLedger(dir)
      expect(performance.now() - opening).toBeLessThan(1000)
      const states = await ledger.states()
      await ledger.close()
      expect(states.size).toBe(4)

      const reader = await aReader(dir)
      const found: string[] = []
      for await (const { record } of reader.walk({})) found.push(record.run)
      await reader.close()
      expect(new Set(found).size).toBe(found.length)
      expect(done.filter((run) => !found.includes(run))).toEqual([])
      expect(await verifyLedger(dir)).toMatchObject({ ok: true, rows: found.length })
    }
    expect(done.length).toBeGreaterThan(400)
    const ledger = await aLedger(dir)
    const topics = (await ledger.unsent(0, 1000)).map(({ topic }) => topic)
    // Each record waits for the broker exactly once.
    for (const run of done)
      expect(topics.filter((topic) => topic === `records/${run}`).length).toBeLessThanOrEqual(1)
  })
})

describe('the lock', () => {
  it('refuses a second station, lets readers in, and is gone with a killed process', async () => {
    const dir = aDir()
    const child = spawn(process.execPath, [COMMITTER, dir, '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    for (let n = 0; n < 3; n++) await lines.next()
    expect(await codeOf(aLedger(dir))).toBe('STATION_LEDGER_LOCKED')
    expect(await codeOf(aLedger(dir, 'thread'))).toBe('STATION_LEDGER_LOCKED')
    const reader = await aReader(dir)
    expect((await reader.totals()).runs).toBeGreaterThan(1)
    expect(await verifyLedger(dir)).toMatchObject({ ok: true })
    await reader.close()

    child.kill('SIGKILL')
    while (!(await lines.next()).done);
    const ledger = await aLedger(dir)
    await ledger.commit(step('B1', 1_000_001))
  })

  it('holds within one process too', async () => {
    const dir = aDir()
    const ledger = await aLedger(dir, 'thread')
    expect(await codeOf(aLedger(dir))).toBe('STATION_LEDGER_LOCKED')
    await ledger.close()
    expect(await codeOf(aLedger(dir))).toMatch(/^no fault/)
  })

  it('lets a reader see a ledger whose station was killed and is not back', async () => {
    const dir = aDir()
    const done = await commitAndKill(dir, 0, 30)
    const reader = await aReader(dir)
    expect((await reader.totals()).runs).toBeGreaterThanOrEqual(done.length)
  })
})
