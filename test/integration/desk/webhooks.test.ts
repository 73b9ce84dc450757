// Webhooks against a real HTTP server with every failure: delivered at least once, under one key, and never anywhere else.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keyOf } from '../../../agent/publish/hook-sign.ts'
import type { HookSettings } from '../../../agent/publish/webhooks.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { until } from '../publish/parts/wait.ts'
import { ask, post } from '../web/server.ts'
import { type DeskStation, openDesk } from './desk-station.ts'
import { CUTS, HANGS, Receiver, says, TAKES } from './receiver.ts'

const SECRET = 'a shared secret of the test'

/** Real time, some hundred times as fast: pauses of hours pass in seconds. */
const fast = (rate: number) => {
  const clock = systemClock()
  const from = clock.now()
  return {
    ...clock,
    now: () => from + (clock.now() - from) * rate,
    mono: () => clock.mono() * rate,
    sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms / rate, signal),
    after: (ms: number, fn: () => void) => clock.after(ms / rate, fn),
    rate: 1,
  }
}

let receiver: Receiver
let desk: DeskStation | null = null
let port = 0
beforeEach(async () => {
  receiver = new Receiver(SECRET)
  port = await receiver.listen()
})
afterEach(async () => {
  await desk?.close()
  desk = null
  await receiver.close()
})

const waited = (holds: () => boolean | Promise<boolean>, ms?: number) =>
  until('what the webhook should have done', holds, ms)

const hook = (more: Partial<HookSettings> = {}): HookSettings => ({
  id: 'erp',
  target: {
    url: `http://127.0.0.1:${port}/hook?token=x`,
    allow: [],
    plainLoopback: true,
    ca: null,
  },
  events: ['record', 'alarm'],
  key: keyOf(SECRET),
  ...more,
})
/** @param patience how many times as fast the limit of one try passes */
const start = async (rate: number, settings = hook(), patience = 1) => {
  const timers = fast(rate)
  desk = await openDesk({ timers, patience: fast(patience), hooks: [settings] })
  // A hook begins with what is committed from now on.
  await waited(async () => (await desk?.reader.hookCursor('erp')) !== null)
  return desk
}
const states = async (of: DeskStation) => (await of.reader.hookStates(['erp']))[0]

test('a record and an alarm come signed, with the key of their row and the record itself', async () => {
  const station = await start(1)
  const record = await station.run('5CG1')
  await waited(() => receiver.got.length === 1)
  const [got] = receiver.got
  expect(got).toMatchObject({
    isSigned: true,
    body: { type: 'reseal.record', site: 'hall', station: 's1', data: { record } },
  })
  expect(got?.id).toBe(`hall-s1-${station.ledger.epoch}-${got?.body.data['seq']}`)
  expect(got?.headers['idempotency-key']).toBe(got?.id)
  const at = Number(got?.headers['webhook-timestamp']) * 1000
  expect(Math.abs(station.clock.now() - at)).toBeLessThan(60_000)
  await waited(async () => (await states(station))?.delivered === 1)
  const { json } = await ask(station.port, '/api/v1/webhooks')
  expect(json).toMatchObject({
    // The query may hold a token of the receiver: it is not shown.
    webhooks: [{ hook: 'erp', url: `http://127.0.0.1:${port}/hook`, delivered: 1, trouble: null }],
  })
})

test.each([
  ['500', says(500)],
  ['a redirect, which is not followed', says(302, { location: '/elsewhere' })],
  ['a connection that is cut', CUTS],
  ['too many requests', says(429, { 'retry-after': '7' })],
])('after %s it comes again under the same key', async (_name, mood) => {
  const station = await start(50)
  receiver.mood = mood
  await station.run('5CG1')
  await waited(() => receiver.got.length >= 2)
  receiver.mood = TAKES
  await waited(async () => (await states(station))?.delivered === 1)
  expect(receiver.ids()).toHaveLength(1)
  expect(receiver.got.every(({ isSigned }) => isSigned)).toBe(true)
  expect(await states(station)).toMatchObject({ waiting: 0, dead: 0 })
})

test('a receiver that hangs holds up its own queue alone, and no longer than its limit', async () => {
  receiver.mood = HANGS
  const station = await start(50, hook(), 50)
  await station.run('5CG1')
  await waited(async () => (await station.reader.hooksDue('erp', 1))[0]?.tries === 1)
  expect((await station.reader.hooksDue('erp', 1))[0]?.why).toMatch(/no answer in 10 s/)
  receiver.mood = TAKES
  await waited(async () => (await states(station))?.delivered === 1)
})

test('what fails for a day is given up, is shown, and goes again when a person says so', async () => {
  receiver.mood = says(500)
  const station = await start(30_000)
  await station.run('5CG1')
  await waited(async () => (await states(station))?.dead === 1, 30_000)
  expect(receiver.got).toHaveLength(11)
  const { json } = await ask(station.port, '/api/v1/webhooks/erp/dead')
  expect(json).toMatchObject({ dead: [{ event: 'record', tries: 11, why: 'HTTP 500' }] })
  receiver.mood = TAKES
  const again = await post(station.port, '/api/v1/webhooks/erp/resend', {})
  expect(again.json).toEqual({ resent: 1 })
  await waited(async () => (await states(station))?.delivered === 1)
  expect(receiver.ids()).toHaveLength(1)
})

test('one message that is refused for ever does not hold up the others', async () => {
  const station = await start(30_000)
  const bad = await station.run('BAD')
  receiver.mood = (got, answer) =>
    JSON.stringify(got.body).includes(bad.run) ? says(400)(got, answer) : TAKES(got, answer)
  for (const serial of ['A', 'B', 'C']) await station.run(serial)
  await waited(async () => (await states(station))?.delivered === 3, 30_000)
})

test('a test message is signed and says what came back, past the queue', async () => {
  const station = await start(1)
  const ok = await post(station.port, '/api/v1/webhooks/erp/test', {})
  expect(ok.json).toEqual({ ok: true, words: 'HTTP 204' })
  expect(receiver.got[0]).toMatchObject({ isSigned: true, body: { type: 'reseal.test' } })
  receiver.mood = says(503)
  const bad = await post(station.port, '/api/v1/webhooks/erp/test', {})
  expect(bad.json).toEqual({ ok: false, words: 'HTTP 503' })
  expect(await states(station)).toMatchObject({ waiting: 0, delivered: 0 })
})

test('a hook hears only what it asked for', async () => {
  const station = await start(1, hook({ events: ['alarm'] }))
  await station.run('5CG1')
  await station.alarm('5CG1')
  await waited(() => receiver.got.length === 1)
  expect(receiver.got[0]?.body).toMatchObject({ type: 'reseal.alarm', data: { serial: '5CG1' } })
})
