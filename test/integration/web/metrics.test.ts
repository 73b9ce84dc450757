// The figures for Prometheus: promtool's rules hold, known labels are there as 0, and alerts and dashboard name what exists.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { GRADES, VERDICTS } from '../../../agent/core/evidence.ts'
import { STEPS } from '../../../agent/core/flow/steps.ts'
import { SIGNALS } from '../../../agent/core/signals.ts'
import { CommitMeter } from '../../../agent/station/commit-meter.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { comparePrompt, ill, viewOf } from '../../fakes/board-bench.ts'
import { FakeLedger } from '../../fakes/fake-ledger.ts'
import { ask, post, type Served, serve } from './server.ts'

const MONITORING = resolve(import.meta.dirname, '../../../docs/monitoring')

let served: Served
let committed: (ok: boolean, ms: number) => void = () => {}
beforeEach(async () => {
  served = await serve({
    parts: {
      gauges: {
        diskFree: async () => 123_456_789,
        onCommit: (tell) => {
          committed = tell
        },
      },
    },
  })
})
afterEach(() => served.close())

const scrape = async () => (await ask(served.port, '/metrics')).text
/** Value of a line, by its name with labels. */
const value = (text: string, series: string) => {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `))
  return line === undefined ? null : Number(line.slice(series.length + 1))
}

/** Names of all families, and of the parts of histograms. */
const namesIn = (text: string) =>
  new Set(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => /^\w+/.exec(line)?.[0] ?? ''),
  )
const labelsIn = (text: string) =>
  new Set([...text.matchAll(/[{,](\w+)="/g)].map(([, name]) => name))

test('promtool finds nothing to mend in a live scrape', async () => {
  await post(served.port, '/api/v1/scan', { text: '5CG4012ABC' })
  served.bench.ail([ill('lamp', 'STATION_LAMP_GONE', '1')])
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: await scrape(),
    encoding: 'utf8',
  })
  expect(`${stdout}${stderr}`).toBe('')
  expect(status).toBe(0)
})

test('promtool would find a name without its unit', () => {
  const { status } = spawnSync('promtool', ['check', 'metrics'], {
    input: '# TYPE reseal_wait_milliseconds gauge\nreseal_wait_milliseconds 1\n',
    encoding: 'utf8',
  })
  expect(status).not.toBe(0)
})

test('what is known is there as 0 before it happens', async () => {
  const text = await scrape()
  for (const verdict of VERDICTS) expect(value(text, `reseal_runs{verdict="${verdict}"}`)).toBe(0)
  for (const grade of GRADES)
    expect(value(text, `reseal_runs_closed_total{verdict="resealed",grade="${grade}"}`)).toBe(0)
  expect(value(text, 'reseal_runs_closed_total{verdict="failed",grade="none"}')).toBe(0)
  for (const signal of SIGNALS)
    expect(value(text, `reseal_bays{signal="${signal}"}`)).not.toBeNull()
  for (const step of STEPS)
    expect(value(text, `reseal_run_step_seconds_count{step="${step}"}`)).toBe(0)
  for (const verb of ['Scan', 'Look', 'Compare'])
    expect(value(text, `reseal_prompts_open{verb="${verb}"}`)).toBe(0)
  for (const part of ['keyboard', 'lamp', 'link', 'broker', 'printer'])
    expect(value(text, `reseal_parts_down{part="${part}"}`)).toBe(0)
  expect(value(text, 'reseal_http_requests_total{method="GET",status="429"}')).toBe(0)
  expect(value(text, 'reseal_ledger_commit_failures_total')).toBe(0)
  expect(value(text, 'reseal_prompt_oldest_seconds')).toBe(0)
})

test('what waits, what is broken and what is left are told', async () => {
  const now = served.clock.now()
  const prompt = { ...comparePrompt('p1', served.clock), since: now - 65_000 }
  served.bench.show(viewOf('1', 'you', served.clock, { prompt }))
  served.bench.show(viewOf('2', 'you', served.clock, { prompt: { ...prompt, loud: false } }))
  served.bench.ail([
    ill('lamp', 'STATION_LAMP_GONE', '1'),
    ill('lamp', 'STATION_LAMP_GONE', '2'),
    ill('broker', 'BACKEND_BROKER_DOWN'),
  ])
  const text = await scrape()
  expect(value(text, 'reseal_prompts_open{verb="Compare"}')).toBe(1)
  expect(value(text, 'reseal_prompt_oldest_seconds')).toBeGreaterThanOrEqual(65)
  expect(value(text, 'reseal_prompt_oldest_seconds')).toBeLessThan(80)
  expect(value(text, 'reseal_parts_down{part="lamp"}')).toBe(2)
  expect(value(text, 'reseal_part_ok{part="lamp",bay="1"}')).toBe(0)
  expect(value(text, 'reseal_broker_up')).toBe(0)
  expect(value(text, 'reseal_disk_free_bytes')).toBe(123_456_789)
  expect(value(text, 'reseal_event_loop_delay_max_seconds')).toBeGreaterThanOrEqual(0)
})

test('each run that closes after the start is counted once, with its times', async () => {
  served.reader.closeRun('before', {})
  await scrape()
  served.reader.closeRun('r1', {
    grade: 'stated',
    operatorWaitMs: 12_000,
    machineWaitMs: 100_000,
    durations: { summon: 30_000, provision: 82_000, 'step-of-a-later-version': 1000 },
    prompts: 3,
    retries: 1,
  })
  served.reader.closeRun('r2', { verdict: 'failed', operatorWaitMs: 3_000 })
  await scrape()
  const text = await scrape()
  expect(value(text, 'reseal_runs_closed_total{verdict="resealed",grade="stated"}')).toBe(1)
  expect(value(text, 'reseal_runs_closed_total{verdict="failed",grade="none"}')).toBe(1)
  expect(value(text, 'reseal_run_operator_wait_seconds_sum')).toBe(15)
  expect(value(text, 'reseal_run_operator_wait_seconds_bucket{le="10"}')).toBe(1)
  expect(value(text, 'reseal_run_step_seconds_sum{step="provision"}')).toBe(82)
  expect(value(text, 'reseal_run_step_seconds_count{step="other"}')).toBe(1)
  expect(value(text, 'reseal_prompts_total')).toBe(7)
  expect(value(text, 'reseal_retries_total')).toBe(1)
})

test('no label carries a serial number, a run or a person', async () => {
  served.bench.ail([ill('lamp', 'STATION_LAMP_GONE', '1')])
  served.reader.closeRun('r1', { operator: 'ana', device: { serial: 'SECRET123' } })
  await scrape()
  served.reader.closeRun('r2', { operator: 'ana', device: { serial: 'SECRET123' } })
  await ask(served.port, '/api/v1/devices/SECRET123/reseal')
  await ask(served.port, '/api/v1/runs/SECRET123')
  await ask(served.port, '/nothing/SECRET123')
  const text = await scrape()
  expect(text).not.toMatch(/SECRET123|\bana\b/)
  expect(text).toContain('route="/api/v1/devices/:serial/reseal"')
  expect(text).toContain('route="/*"')
  expect([...labelsIn(text)].toSorted()).toEqual(
    [
      ...['bay', 'grade', 'le', 'method', 'node', 'part', 'route', 'signal', 'site', 'station'],
      ...['status', 'step', 'verb', 'verdict', 'version', 'virtual'],
    ].toSorted(),
  )
})

test('a ledger that cannot be read does not hide the figures that say so', async () => {
  await scrape()
  served.reader.broken = new Error('the disk is gone')
  const text = await scrape()
  expect(value(text, 'reseal_bays{signal="working"}')).toBe(1)
})

test('commits are timed, and those that fail are counted', async () => {
  const meter = new CommitMeter(systemClock())
  meter.listen(committed)
  const ledger = meter.watch(new FakeLedger())
  const entry = {} as Parameters<FakeLedger['commit']>[0]
  await ledger.commit(entry).catch(() => undefined)
  const text = await scrape()
  const good = value(text, 'reseal_ledger_commit_duration_seconds_count') ?? 0
  const bad = value(text, 'reseal_ledger_commit_failures_total') ?? 0
  expect(good + bad).toBe(1)
  expect(await ledger.seq()).toBeTypeOf('number')
})

describe('the files for Prometheus and Grafana', () => {
  const rules = join(MONITORING, 'alert-rules.yml')

  test('hold rules that promtool takes, and each says what its test expects', () => {
    execFileSync('promtool', ['check', 'rules', rules])
    execFileSync('promtool', ['test', 'rules', join(MONITORING, 'alert-rules.test.yml')])
  })

  test('a broken rule would be seen', () => {
    const folder = mkdtempSync(join(tmpdir(), 'reseal-rules-'))
    try {
      const file = join(folder, 'rules.yml')
      writeFileSync(file, readFileSync(rules, 'utf8').replace('> 900', '> > 900'))
      expect(spawnSync('promtool', ['check', 'rules', file]).status).not.toBe(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('hold a dashboard whose every query is one for Prometheus', () => {
    const folder = mkdtempSync(join(tmpdir(), 'reseal-queries-'))
    try {
      const exprs = dashboardQueries().map((expr) => expr.replaceAll('$instance', '.*'))
      const file = join(folder, 'queries.yml')
      const group = (all: readonly string[]) =>
        JSON.stringify({
          groups: [{ name: 'q', rules: all.map((expr, n) => ({ record: `q${n}`, expr })) }],
        })
      writeFileSync(file, group(exprs))
      execFileSync('promtool', ['check', 'rules', file])
      writeFileSync(file, group([...exprs, 'sum(']))
      expect(spawnSync('promtool', ['check', 'rules', file]).status).not.toBe(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  const dashboardQueries = () => {
    const { panels } = JSON.parse(
      readFileSync(join(MONITORING, 'grafana-dashboard.json'), 'utf8'),
    ) as { readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[] }
    return panels.flatMap(({ targets }) => targets ?? []).map(({ expr }) => expr)
  }

  /** Metrics that a text of PromQL names, without those that Prometheus makes itself. */
  const metricsIn = (text: string) =>
    new Set([...text.matchAll(/\b((?:reseal|process|nodejs)_\w+)/g)].map(([name]) => name))

  test('name only metrics and labels that a station has', async () => {
    await post(served.port, '/api/v1/scan', { text: '5CG4012ABC' })
    committed(true, 1)
    const text = await scrape()
    const there = namesIn(text)
    const labels = labelsIn(text)
    const queries = dashboardQueries()
    expect(queries.length).toBeGreaterThan(25)
    const alerts = readFileSync(rules, 'utf8')
    const readme = readFileSync(join(MONITORING, 'README.md'), 'utf8')
    // Only a board with TLS has a certificate.
    there.add('reseal_tls_certificate_expiry_timestamp_seconds')
    for (const name of metricsIn([...queries, alerts].join('\n')))
      expect([...there]).toContain(name)
    for (const family of new Set(
      [...text.matchAll(/^# TYPE (reseal_\w+)/gm)].map(([, one]) => one),
    ))
      if (!family?.includes('event_loop')) expect(readme).toContain(family)
    const asked = [...`${queries.join('\n')}\n${alerts}`.matchAll(/[{,](\w+)(?:=~|!=|=)"/g)]
    for (const [, label = ''] of asked) expect([...labels, 'instance', 'job']).toContain(label)
  })
})
