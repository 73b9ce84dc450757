// Status, export, verify, backup and restore on a ledger that a whole bench wrote, and against a station that runs.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../../fakes/pty.ts'
import { reseal, start } from './reseal.ts'

const dir = mkdtempSync(join(tmpdir(), 'reseal-cli-'))
const DATA = ['--data', 'data']
const DEVICES = 6
interface Row {
  record: { verdict: string; device: { serial: string }; run: string; endedAt: string }
  chain: { head: string }
}
let rows: Row[] = []

beforeAll(async () => {
  const line = `demo --devices ${DEVICES} --bays 3 --seed 11 --faults --exit-when-done --json --data data`
  const demo = await reseal(line.split(' '), dir)
  // All that is said beside the summary is where to look at it.
  expect([demo.code, demo.err]).toEqual([0, expect.stringMatching(/^Look at it: [^\n]+\n$/)])
  const json = await reseal(['export', '--format', 'json', ...DATA], dir)
  rows = JSON.parse(json.out)
  expect(rows.length).toBeGreaterThanOrEqual(DEVICES)
}, 60_000)
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('export', () => {
  it('has the same runs in every format', async () => {
    const ndjson = (await reseal(['export', '--format', 'ndjson', ...DATA], dir)).out
    expect(
      ndjson
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(rows)
    const csv = (await reseal(['export', '--format', 'csv', ...DATA], dir)).out
      .trimEnd()
      .split('\r\n')
    expect(csv).toHaveLength(rows.length + 1)
  })
  it('takes since and until by the end of a run', async () => {
    const cut = rows[2]?.record.endedAt ?? ''
    const part = async (option: string) =>
      JSON.parse(
        (await reseal(['export', '--format', 'json', option, cut, ...DATA], dir)).out,
      ) as Row[]
    const since = await part('--since')
    const before = await part('--until')
    expect(since.length + before.length).toBe(rows.length)
    expect(since.every(({ record }) => record.endedAt >= cut)).toBe(true)
  })
  it('ends quietly when its reader goes away', async () => {
    const run = start(['export', '--format', 'ndjson', ...DATA], dir)
    run.child.stdout?.destroy()
    const { err } = await run.ended
    expect(err).toBe('')
  })
})

describe('verify', () => {
  it('holds for the ledger, for exports and for the published head', async () => {
    const head = rows.at(-1)?.chain.head ?? ''
    const whole = await reseal(['verify', ...DATA, '--head', head, '--json'], dir)
    expect([whole.code, JSON.parse(whole.out).ok]).toEqual([0, true])
    writeFileSync(
      join(dir, 'part.ndjson'),
      rows
        .slice(1, 4)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(''),
    )
    expect((await reseal(['verify', 'part.ndjson'], dir)).code).toBe(0)
  })
  it('names the first bad row of a changed, a shortened and an empty file', async () => {
    const lines = rows.map((row) => JSON.stringify(row))
    const serial = rows[1]?.record.device.serial ?? ''
    const files = {
      'changed.ndjson': [
        ...lines.slice(0, 1),
        (lines[1] ?? '').replace(serial, 'OTHER'),
        ...lines.slice(2),
      ],
      'missing.ndjson': lines.filter((_, index) => index !== 2),
      'cut.ndjson': [...lines.slice(0, 2), (lines[2] ?? '').slice(0, 40)],
    }
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(dir, name), text.join('\n'))
      const { code, out, err } = await reseal(['verify', name], dir)
      expect([name, code, out]).toEqual([name, 1, ''])
      expect(err).toMatch(/^reseal: STATION_CHAIN_BROKEN: .*row \d+/)
    }
  })
  it('says no when a head was published that is not there', async () => {
    expect((await reseal(['verify', ...DATA, '--head', 'a'.repeat(64)], dir)).code).toBe(1)
  })
})

describe('status of a device', () => {
  it('from the ledger: exit 0 resealed, 1 not or not seen', async () => {
    const done =
      rows.findLast(({ record }) => record.verdict === 'resealed')?.record.device.serial ?? ''
    const yes = await reseal(['status', done, ...DATA, '--json'], dir)
    const answer = JSON.parse(yes.out)
    expect([answer.answer, answer.serial, yes.code]).toEqual(['resealed', done, answer.exit])
    const none = await reseal(['status', 'NEVER-SEEN', ...DATA], dir)
    expect([none.code, none.err, /not-seen/.test(none.out)]).toEqual([1, '', true])
  })
})

describe('backup and restore', () => {
  it('bring the same chain back under a new epoch and keep the ledger that was there', async () => {
    expect((await reseal(['backup', 'copy.db', ...DATA], dir)).code).toBe(0)
    const restored = await reseal(['restore', 'copy.db', '--data', 'again'], dir)
    expect([restored.code, restored.err]).toEqual([0, ''])
    const json = await reseal(['export', '--format', 'json', '--data', 'again'], dir)
    expect(JSON.parse(json.out)).toEqual(rows)
    const over = await reseal(['restore', 'copy.db', '--data', 'again'], dir)
    expect(over.out).toMatch(/the ledger before is kept: /)
    expect((await reseal(['verify', '--data', 'again'], dir)).code).toBe(0)
  })
  it('refuse a damaged copy and leave the ledger alone', async () => {
    const bytes = readFileSync(join(dir, 'copy.db'))
    bytes.fill(0x55, 4_096, 12_288)
    writeFileSync(join(dir, 'damaged.db'), bytes)
    const { code, err } = await reseal(['restore', 'damaged.db', ...DATA], dir)
    expect(code).toBe(1)
    expect(err).toMatch(/^reseal: STATION_(?:LEDGER_CORRUPT|CHAIN_BROKEN)/)
    expect((await reseal(['verify', ...DATA], dir)).code).toBe(0)
  })
})

describe('a running station', () => {
  it('answers status and doctor, keeps its ledger to itself, and stops cleanly in 2 s', async () => {
    const run = start(['run', '--data', 'live', '--port', '0', '--log', 'error'], dir)
    await until(
      'the address of the board',
      () => /board at http:\/\/127\.0\.0\.1:\d+/.test(run.said()) || run.child.exitCode !== null,
      20_000,
    )
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(run.said())?.[0] ?? ''
    const all = await reseal(['status', '--url', url, '--json'], dir)
    expect([all.code, all.err]).toEqual([0, ''])
    const { bays } = JSON.parse(all.out)
    expect(bays.length).toBeGreaterThan(0)
    const one = await reseal(['status', '--url', url, '--bay', bays[0].bay], dir)
    expect(one.out.startsWith(bays[0].bay)).toBe(true)
    expect((await reseal(['status', '--url', url, '--bay', 'nope'], dir)).code).toBe(2)
    expect((await reseal(['status', 'NEVER-SEEN', '--url', url], dir)).code).toBe(1)
    const locked = await reseal(['restore', 'copy.db', '--data', 'live'], dir)
    expect([locked.code, /STATION_LEDGER_LOCKED/.test(locked.err)]).toEqual([3, true])
    const port = new URL(url).port
    writeFileSync(
      join(dir, 'same.yaml'),
      `web: {port: ${port}}\nbays: [{bay: a, link: "virtual:", keyboard: "virtual:"}]\n`,
    )
    const doctor = await reseal(['doctor', '--config', 'same.yaml', '--data', 'live'], dir)
    expect(doctor.out).toContain(`a station runs at 127.0.0.1:${port}`)
    const from = performance.now()
    run.child.kill('SIGTERM')
    const { code } = await run.ended
    expect(code).toBe(0)
    expect(performance.now() - from).toBeLessThan(2_000)
    expect((await reseal(['verify', '--data', 'live'], dir)).code).toBe(0)
  })
})
