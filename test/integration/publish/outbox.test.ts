// The outbox against a real Mosquitto: every row at a consumer once, whatever happens to the broker meanwhile.
import { afterEach, expect, test } from 'vitest'
import { aRecord } from '../../fakes/records.ts'
import { Consumer } from './parts/consumer.ts'
import { Mosquitto } from './parts/mosquitto.ts'
import { openGate } from './parts/old-broker.ts'
import { eventBody, openRig, type Rig } from './parts/rig.ts'
import { until } from './parts/wait.ts'

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function mosquitto(lines?: readonly string[]): Promise<Mosquitto> {
  const broker = await Mosquitto.start(lines)
  closers.push(() => broker.close())
  return broker
}

async function rig(url: string): Promise<Rig> {
  const opened = await openRig(url)
  closers.push(() => opened.publisher.stop(500))
  return opened
}

async function consumer(...args: Parameters<typeof Consumer.open>): Promise<Consumer> {
  const opened = await Consumer.open(...args)
  closers.push(() => opened.close())
  return opened
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1)

test('each row comes once and in order, and each message is as the document says', async () => {
  const broker = await mosquitto()
  const listening = await consumer(broker.url)
  const { ledger, bench, unsent } = await rig(broker.url)
  for (const at of upTo(40)) {
    ledger.add('events', eventBody(at))
    ledger.closeRun(aRecord(`run-${at}`))
    const who = { bay: 'B2', serial: `SN-run-${at}`, run: `run-${at}` }
    ledger.add('alarms', { ...who, code: 'OPERATOR_POWERED_ON_AFTER_RESEAL', detail: 'link up' })
    bench.tell('B2')
  }
  await until('all rows', () => listening.rows.size === 120 && unsent() === 0)
  expect(listening.problems).toEqual([])
  expect(listening.order).toEqual(upTo(120))
  expect([...listening.rows.values()].every(({ count }) => count === 1)).toBe(true)
  const record = listening.last('/records/run-7')?.['record']
  expect(record).toEqual(aRecord('run-7'))
})

test('a broker without MQTT 5 gets the same rows, and is asked for it once', async () => {
  const broker = await mosquitto()
  const gate = await openGate(broker.port, 'with a word')
  closers.push(() => gate.close())
  const listening = await consumer(broker.url)
  const { events, bench } = await rig(gate.url)
  events(200)
  await until('all rows', () => listening.rows.size === 200)
  gate.cut()
  events(200)
  await until('the rows after the cut', () => listening.rows.size === 400)
  expect(gate.versions).toEqual([5, 4, 4])
  expect(listening.order).toEqual(upTo(400))
  const codes = bench.health().map(({ code }) => code)
  expect(codes).not.toContain('BACKEND_BROKER_REFUSED')
})

test('a broker that hangs up on MQTT 5 without a word is spoken to in 3.1.1', async () => {
  const broker = await mosquitto()
  const gate = await openGate(broker.port, 'silently')
  closers.push(() => gate.close())
  const listening = await consumer(broker.url)
  const { events } = await rig(gate.url)
  events(10)
  await until('all rows', () => listening.rows.size === 10)
  expect(gate.versions).toEqual([5, 4])
})

test('a broker that is stopped and comes back loses nothing, though it goes down in the middle of a drain', async () => {
  const lines = ['allow_anonymous true', 'max_queued_messages 0', 'max_inflight_messages 100']
  const broker = await mosquitto()
  await broker.stop()
  const kept = [`persistence true`, `persistence_location ${broker.dir}/`]
  await broker.start([...lines, ...kept])
  const session = { clean: false, clientId: 'another-system' }
  const listening = await consumer(broker.url, ['reseal/#'], session)
  const { ledger, unsent, events } = await rig(broker.url)
  for (let round = 1; round <= 3; round += 1) {
    events(5000)
    await until('part of the drain', () => unsent() < 4500)
    await broker.stop('SIGTERM')
    const atStop = unsent()
    expect(atStop).toBeGreaterThan(0)
    await broker.start()
    await until('the rest', () => unsent() === 0)
  }
  await until('all at the consumer', () => listening.rows.size === 15_000)
  expect(ledger.rows.filter(({ parked }) => parked !== null)).toEqual([])
  expect(listening.problems).toEqual([])
})

test('a broker killed in the middle of a drain has confirmed every row in the end, and none is parked', async () => {
  const broker = await mosquitto()
  const { ledger, unsent, events, health } = await rig(broker.url)
  for (let round = 1; round <= 3; round += 1) {
    events(3000)
    await until('part of the drain', () => unsent() < 2000)
    await broker.stop('SIGKILL')
    await until('the loss is reported', () => health()?.code === 'BACKEND_BROKER_DOWN')
    await broker.start()
    await until('the rest', () => unsent() === 0)
  }
  expect(ledger.rows.filter(({ parked }) => parked !== null)).toEqual([])
  await until('health', () => health()?.code === null)
})

test('a backlog of 20,000 rows drains in order, in batches, and lets the process breathe', async () => {
  // A consumer that is slower than we are would lose what is over Mosquitto's default of 1000.
  const broker = await mosquitto(['allow_anonymous true', 'max_queued_messages 0'])
  const listening = await consumer(broker.url)
  const { ledger, unsent, events } = await rig(broker.url)
  let longest = 0
  let last = performance.now()
  const watch = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 5)
  events(20_000)
  await until('the drain', () => unsent() === 0, 30_000)
  clearInterval(watch)
  await until('the consumer', () => listening.rows.size === 20_000, 30_000)
  expect(listening.order).toEqual(upTo(20_000))
  expect(Math.max(...ledger.batches)).toBeGreaterThan(50)
  // One page and a batch of marks at a time; the machine of the tests is shared, so the bound is wide.
  expect(longest).toBeLessThan(500)
})

const big = { ...eventBody(0), why: 'x'.repeat(9000) }

test.each(['MQTT 5', '3.1.1'] as const)(
  'a row that the broker never takes is parked over %s, and the others go on',
  async (version) => {
    const broker = await mosquitto(['allow_anonymous true', 'max_packet_size 5000'])
    const gate = await openGate(broker.port, 'with a word')
    closers.push(() => gate.close())
    const listening = await consumer(broker.url)
    const { ledger, bench, unsent, events, health } = await rig(
      version === 'MQTT 5' ? broker.url : gate.url,
    )
    await until('the birth', () => listening.last('/bays/B3') !== undefined)
    events(100)
    const seq = ledger.add('events', big)
    events(300)
    await until('everything else', () => unsent() === 0, 30_000)
    const parked = ledger.rows.filter((row) => row.parked !== null)
    expect(parked.map((row) => row.seq)).toEqual([seq])
    await until('the rows', () => listening.rows.size === 400)
    expect(health()?.code).toBe('BACKEND_MESSAGE_PARKED')
    expect(listening.problems).toEqual([])
    bench.show('B1', { line: 'goes on' })
    await until('the bay', () => listening.last('/bays/B1')?.['line'] === 'goes on')
  },
)

test('a bay that the broker never takes holds up neither the rows nor the other bays', async () => {
  const broker = await mosquitto(['allow_anonymous true', 'max_packet_size 3000'])
  const gate = await openGate(broker.port, 'with a word')
  closers.push(() => gate.close())
  const listening = await consumer(broker.url)
  const { bench, events, unsent } = await rig(gate.url)
  await until('the birth', () => listening.last('/bays/B3') !== undefined)
  bench.show('B1', { line: 'y'.repeat(4000) })
  events(200)
  await until('the rows', () => unsent() === 0 && listening.rows.size === 200)
  bench.show('B2', { line: 'is told' })
  await until('the other bay', () => listening.last('/bays/B2')?.['line'] === 'is told')
  bench.show('B1', { line: 'short again' })
  await until('the bay', () => listening.last('/bays/B1')?.['line'] === 'short again')
})

test('a ledger that fails for a while delays rows and sends none of them for ever', async () => {
  const broker = await mosquitto()
  const listening = await consumer(broker.url)
  const { ledger, events, unsent } = await rig(broker.url)
  events(50)
  await until('some rows', () => listening.rows.size > 0)
  ledger.isBroken = true
  events(50)
  await until('the consumer has the first', () => listening.rows.size >= 50)
  ledger.isBroken = false
  await until('the rest', () => listening.rows.size === 100 && unsent() === 0)
  expect([...listening.rows.values()].every(({ count }) => count === 1)).toBe(true)
})

test('rows keep the epoch they were written in, so that numbers used again after a restore are new ones', async () => {
  const broker = await mosquitto()
  const listening = await consumer(broker.url)
  const before = await openRig(broker.url)
  before.events(30)
  await until('the rows before', () => listening.rows.size === 30)
  await before.publisher.stop(1000)
  const restored = await rig(broker.url)
  // The backup held ten rows, three of them not yet sent; from then on a new epoch counts on.
  restored.events(10)
  for (const row of restored.ledger.rows.slice(0, 7)) row.sent = true
  restored.ledger.epoch = 'epoch-2'
  restored.events(20)
  await until('the rows after', () => restored.unsent() === 0 && listening.rows.size === 50)
  const twice = [...listening.rows].filter(([, { count }]) => count > 1).map(([key]) => key)
  expect(twice.filter((key) => key.includes('epoch-2'))).toEqual([])
  expect([...listening.rows.keys()].filter((key) => key.includes('epoch-2'))).toHaveLength(20)
  await until('the bays', () => listening.last('/bays/B1')?.['epoch'] === 'epoch-2')
})

test('a broker that hangs up on our subscription still gets every row', async () => {
  const broker = await mosquitto()
  const gate = await openGate(broker.port, 'hangs up on SUBSCRIBE')
  closers.push(() => gate.close())
  const listening = await consumer(broker.url)
  const { events } = await rig(gate.url)
  events(100)
  await until('all rows', () => listening.rows.size === 100)
  expect(listening.order).toEqual(upTo(100))
})
