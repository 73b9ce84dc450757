// What the HTTP API answers to people and programs that mean well.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bayId } from '../../../agent/core/ids.ts'
import { FAULTS } from '../../../agent/fault.ts'
import { silentLog } from '../../../agent/log.ts'
import { startWeb } from '../../../agent/web/web.ts'
import { scaledClock } from '../../../drivers/host/clock.ts'
import { ill, viewOf } from '../../fakes/board-bench.ts'
import { ask, post, type Served, STATION, serve } from './server.ts'

let served: Served
beforeEach(async () => {
  served = await serve()
})
afterEach(() => served.close())

test('the station says who it is, what time it is there and how well its parts are', async () => {
  served.bench.ail([ill('broker', 'BACKEND_BROKER_DOWN')])
  const before = Date.now()
  const { status, json } = await ask(served.port, '/api/v1/station')
  expect(status).toBe(200)
  expect(json).toMatchObject({ ...STATION, bays: ['1', '2'], clock: { rate: 1 }, runs: 0 })
  expect((json['clock'] as { now: number }).now).toBeGreaterThanOrEqual(before)
  expect(json['health']).toMatchObject([{ part: 'broker', ok: false }])
})

test('the time of a virtual bench is told with its rate', async () => {
  const start = Date.parse('2026-01-05T08:00:00Z')
  const virtual = await serve({ clock: scaledClock(50, start) })
  try {
    const { json } = await ask(virtual.port, '/api/v1/station')
    const { now, rate } = json['clock'] as { now: number; rate: number }
    expect(rate).toBe(50)
    expect(Math.abs(now - start)).toBeLessThan(10 * 60_000)
  } finally {
    await virtual.close()
  }
})

test('the day counts resealed devices and those that were right the first time', async () => {
  served.reader.closeRun('a', {})
  served.reader.closeRun('b', { verdict: 'failed' })
  served.reader.closeRun('c', { retries: 1 })
  served.reader.closeRun('d', { attempt: 2 })
  served.reader.closeRun('e', { endedAt: '2020-01-01T00:00:00.000Z' })
  const first = await serve()
  try {
    first.reader.stored.push(...served.reader.stored)
    const { json } = await ask(first.port, '/api/v1/station')
    // The overview may have read the empty ledger at start; its figures are at most two seconds old.
    const figures = async () => (await ask(first.port, '/api/v1/station')).json['today']
    await expect.poll(figures, { timeout: 5_000 }).toEqual({
      resealed: 3,
      firstTimeRight: 1 / 3,
      closed: 4,
    })
    expect(json['site']).toBe('site1')
  } finally {
    await first.close()
  }
})

test('bays are there as a list and one by one', async () => {
  const all = await ask(served.port, '/api/v1/bays')
  expect((all.json['bays'] as { bay: string }[]).map(({ bay }) => bay)).toEqual(['1', '2'])
  const one = await ask(served.port, '/api/v1/bays/2')
  expect(one.json).toMatchObject({ bay: '2', signal: 'empty' })
  const none = await ask(served.port, '/api/v1/bays/77')
  expect(none.status).toBe(404)
  expect(none.headers['content-type']).toContain('application/problem+json')
  expect(none.json).toMatchObject({ code: 'BACKEND_NOT_FOUND', status: 404 })
})

test('an answer reaches the bench with its prompt, text, person and time', async () => {
  const body = { prompt: 'p1', answer: 'code', text: '0x81039001', by: 'Ada' }
  const { status, json } = await post(served.port, '/api/v1/bays/1/actions/answer', body)
  expect(status).toBe(200)
  expect(json).toEqual({ taken: 'taken' })
  expect(served.bench.calls).toEqual([
    { what: 'answer', bay: '1', args: ['p1', 'code', '0x81039001', 'Ada'] },
  ])
})

test('the same answer again is fine, another one or a stale prompt is a conflict with a hint', async () => {
  const answer = () =>
    post(served.port, '/api/v1/bays/1/actions/answer', { prompt: 'p1', answer: 'yes' })
  served.bench.reply = () => ({ taken: 'same' })
  expect(await answer()).toMatchObject({ status: 200, json: { taken: 'same' } })
  served.bench.reply = () => ({ taken: 'refused', code: 'OPERATOR_OTHER_ANSWER' })
  expect(await answer()).toMatchObject({ status: 409, json: { code: 'OPERATOR_OTHER_ANSWER' } })
  served.bench.reply = () => ({ taken: 'stale' })
  const stale = await answer()
  expect(stale).toMatchObject({ status: 409, json: { code: 'OPERATOR_STALE_PROMPT' } })
  expect(stale.json['hint']).toMatch(/Look at the bay again/)
})

test('undo, every plain action and a scan at a bay are passed on', async () => {
  const plain = ['abort', 'retry', 'removed', 'powered', 'seen', 'look', 'out-of-service']
  for (const action of [...plain, 'in-service', 'lamp-test']) {
    const { status } = await post(served.port, `/api/v1/bays/2/actions/${action}`, { by: 'Ada' })
    expect([action, status]).toEqual([action, 200])
    expect(served.bench.calls.at(-1)).toEqual({ what: 'act', bay: '2', args: [action, 'Ada'] })
  }
  await post(served.port, '/api/v1/bays/1/actions/undo', { prompt: 'p1' })
  expect(served.bench.calls.at(-1)).toEqual({ what: 'undo', bay: '1', args: ['p1', 'http'] })
  await post(served.port, '/api/v1/bays/1/actions/scan', { text: '5CG1' })
  expect(served.bench.calls.at(-1)).toEqual({ what: 'scan', bay: '1', args: ['5CG1', 'http'] })
})

test('a scan of the station says which bay took it, or why none did', async () => {
  served.bench.reply = () => ({ taken: 'taken', bay: bayId('2') })
  const taken = await post(served.port, '/api/v1/scan', { text: '5CG1234567' })
  expect(taken).toMatchObject({ status: 200, json: { bay: '2' } })
  expect(served.bench.calls.at(-1)?.bay).toBeNull()
  served.bench.reply = () => ({ taken: 'refused', code: 'OPERATOR_SCAN_NO_BAY', detail: 'x' })
  const refused = await post(served.port, '/api/v1/scan', { text: '5CG1234567' })
  expect(refused).toMatchObject({ status: 409, json: { code: 'OPERATOR_SCAN_NO_BAY' } })
  served.bench.reply = () => ({ taken: 'refused', code: 'OPERATOR_SCAN_UNREADABLE' })
  expect((await post(served.port, '/api/v1/scan', { text: '??' })).status).toBe(422)
})

test('an answer that the ledger cannot take now is told as waiting, with the cause', async () => {
  const fast = await serve({ clock: scaledClock(100, Date.now()) })
  try {
    // 5 s of the wall are the limit; the fake never answers.
    fast.bench.reply = () => new Promise(() => {})
    fast.bench.ail([ill('ledger', 'STATION_LEDGER_FULL')])
    const late = await post(fast.port, '/api/v1/bays/1/actions/seen', {})
    expect(late).toMatchObject({ status: 503, json: { code: 'STATION_LEDGER_FULL' } })
    expect(late.json['detail']).toMatch(/waits/)
  } finally {
    await fast.close()
  }
})

test('runs come in pages that a cursor walks through without gap or double', async () => {
  for (let n = 1; n <= 25; n += 1) served.reader.closeRun(`r${n}`, { bay: n % 2 ? '1' : '2' })
  const seen: string[] = []
  let cursor: unknown = ''
  for (let pages = 0; cursor !== null && pages < 10; pages += 1) {
    const path = `/api/v1/runs?max=10${cursor === '' ? '' : `&cursor=${cursor}`}`
    const { json } = await ask(served.port, path)
    const runs = json['runs'] as { record: { run: string } }[]
    seen.push(...runs.map(({ record }) => record.run))
    cursor = json['next']
  }
  expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => `r${25 - n}`))
  const some = await ask(served.port, '/api/v1/runs?bay=2&verdict=resealed')
  expect(some.json['runs']).toHaveLength(12)
  expect((await ask(served.port, '/api/v1/runs/r3')).json).toMatchObject({ seq: 3 })
  expect((await ask(served.port, '/api/v1/runs/r99')).status).toBe(404)
  // What a code means stands beside the record, which stays as it was written.
  const error = { code: 'STATION_KEYBOARD_GONE', action: 'See the fault code in the documents' }
  served.reader.closeRun('r26', { verdict: 'error', error })
  const closed = (await ask(served.port, '/api/v1/runs/r26')).json
  expect(closed['cause']).toEqual({
    meaning: FAULTS.STATION_KEYBOARD_GONE.meaning,
    hint: FAULTS.STATION_KEYBOARD_GONE.hint,
  })
  expect(closed['record']).toMatchObject({ error })
})

test('the reseal status of a device is the one answer of the station', async () => {
  const { status, json } = await ask(served.port, '/api/v1/devices/5CG1234567/reseal')
  expect(status).toBe(200)
  expect(json).toMatchObject({ serial: '5CG1234567', answer: 'not-seen', exit: 1 })
})

test('ready means that ledger and hardware are there; lamp, scanner and broker are only told', async () => {
  expect((await ask(served.port, '/livez')).status).toBe(200)
  expect(await ask(served.port, '/readyz')).toMatchObject({ status: 200, json: { ready: true } })
  served.bench.ail([
    ill('broker', 'BACKEND_BROKER_DOWN'),
    ill('lamp', 'STATION_LAMP_GONE', '1'),
    ill('scanner', 'STATION_SCANNER_GONE'),
  ])
  const told = await ask(served.port, '/readyz')
  expect(told.status).toBe(200)
  expect(told.json['problems']).toHaveLength(3)
  served.bench.ail([ill('keyboard', 'STATION_KEYBOARD_GONE', '2')])
  const not = await ask(served.port, '/readyz')
  expect(not).toMatchObject({ status: 503, json: { ready: false } })
  expect(not.json['problems']).toMatchObject([
    { part: 'keyboard', bay: '2', code: 'STATION_KEYBOARD_GONE', blocks: true },
  ])
})

test('a ledger that cannot be read makes the station not ready, and it lives on', async () => {
  const broken = await serve({ clock: scaledClock(20, Date.now()) })
  try {
    broken.reader.stuck = new Promise(() => {})
    const ready = async () => (await ask(broken.port, '/readyz')).status
    await expect.poll(ready, { timeout: 20_000, interval: 200 }).toBe(503)
    expect((await ask(broken.port, '/livez')).status).toBe(200)
    expect((await ask(broken.port, '/api/v1/bays')).status).toBe(200)
  } finally {
    await broken.close()
  }
})

test('metrics count bays by signal and are plain text', async () => {
  served.bench.show(viewOf('1', 'you', served.clock))
  const { headers, text } = await ask(served.port, '/metrics')
  expect(headers['content-type']).toContain('text/plain')
  expect(text).toContain('reseal_bays{signal="you"} 1')
  expect(text).toContain('reseal_bays{signal="working"} 0')
  expect(text).toMatch(/^process_resident_memory_bytes \d+/m)
})

test('a taken address is a fault with its code', async () => {
  const again = startWeb({
    bench: served.bench,
    reader: served.reader,
    clock: served.clock,
    resealAnswer: async () => ({}),
    log: silentLog,
    host: '127.0.0.1',
    port: served.port,
    station: STATION,
  })
  await expect(again).rejects.toMatchObject({ code: 'STATION_ADDRESS_IN_USE' })
  // A server that did not start listens to nothing.
  expect(served.bench.listeners).toBe(1)
})
