// Birth, will and goodbye: what the retained topics say while a station comes, lives, dies and goes.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { Consumer } from './parts/consumer.ts'
import { Mosquitto } from './parts/mosquitto.ts'
import { openGate } from './parts/old-broker.ts'
import { BAYS, openRig, PREFIX } from './parts/rig.ts'
import { until } from './parts/wait.ts'

const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const PROGRAM = fileURLToPath(new URL('./parts/station-process.ts', import.meta.url))

async function mosquitto(): Promise<Mosquitto> {
  const broker = await Mosquitto.start()
  closers.push(() => broker.close())
  return broker
}
async function consumer(url: string, version: 4 | 5 = 5): Promise<Consumer> {
  const opened = await Consumer.open(url, ['#'], { protocolVersion: version })
  closers.push(() => opened.close())
  return opened
}
async function stationProcess(url: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [PROGRAM, url], { stdio: ['ignore', 'pipe', 'inherit'] })
  closers.push(() => child.kill('SIGKILL'))
  if (child.stdout === null) throw new Error('no output')
  await once(child.stdout, 'data')
  return child
}
const state = (listening: Consumer) => listening.last('/status')?.['state']

test('a station killed with -9 is offline for everybody, those who come later included', async () => {
  const broker = await mosquitto()
  const listening = await consumer(broker.url)
  const child = await stationProcess(broker.url)
  expect(state(listening)).toBe('online')
  child.kill('SIGKILL')
  await until('the will', () => state(listening) === 'offline')
  const late = await consumer(broker.url)
  await until('the retained status', () => state(late) === 'offline')
  const status = late.heard.find(({ topic }) => topic === `${PREFIX}/status`)
  expect(status?.retain).toBe(true)
  expect(status?.payload).toMatchObject({ version: '0.1.0', bays: BAYS, epoch: 'epoch-1' })
  expect([...listening.problems, ...late.problems]).toEqual([])
})

test('a station that is stopped says so, and its will is not heard', async () => {
  const broker = await mosquitto()
  const listening = await consumer(broker.url)
  const child = await stationProcess(broker.url)
  child.kill('SIGTERM')
  await once(child, 'exit')
  await until('stopped', () => state(listening) === 'stopped')
  const late = await consumer(broker.url)
  await until('the retained status', () => state(late) === 'stopped')
  const said = listening.heard.filter(({ topic }) => topic.endsWith('/status'))
  expect(said.map(({ payload }) => payload['state'])).toEqual(['online', 'stopped'])
})

test('a station that is killed and started again ends online: its old will comes before its birth', async () => {
  const broker = await mosquitto()
  const listening = await consumer(broker.url)
  const first = await stationProcess(broker.url)
  // Stopped, not dead: the broker still holds the old connection when the new one takes over.
  first.kill('SIGSTOP')
  await stationProcess(broker.url)
  await until('two births', () => {
    const births = listening.heard.filter(({ payload }) => payload['state'] === 'online')
    return births.length === 2
  })
  const said = listening.heard.filter(({ topic }) => topic.endsWith('/status'))
  expect(said.map(({ payload }) => payload['state'])).toEqual(['online', 'offline', 'online'])
})

test('bays are told at birth and after commits, coalesced, with the seq they were rendered at', async () => {
  const broker = await mosquitto()
  const listening = await consumer(broker.url)
  const { bench, ledger, publisher } = await openRig(broker.url)
  closers.push(() => publisher.stop(500))
  await until('the birth', () => BAYS.every((bay) => listening.last(`/bays/${bay}`)))
  for (let at = 1; at <= 500; at += 1) {
    ledger.add('events', {
      bay: 'B2',
      run: null,
      serial: null,
      input: at,
      from: 'a',
      to: 'b',
      why: '',
    })
    bench.show('B2', { line: `step ${at}` })
  }
  await until('the last one', () => listening.last('/bays/B2')?.['line'] === 'step 500')
  const told = listening.heard.filter(({ topic }) => topic === `${PREFIX}/bays/B2`)
  expect(told.length).toBeLessThan(100)
  expect(told.at(-1)?.payload).toMatchObject({ seq: 500, input: 500 })
  const seqs = told.map(({ payload }) => Number(payload['seq']))
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
  expect(listening.problems).toEqual([])
})

test('after a broker came back empty, everything retained is there again', async () => {
  const broker = await mosquitto()
  const { bench, publisher, events } = await openRig(broker.url)
  closers.push(() => publisher.stop(500))
  await until('connected', () => publisher.state === 'connected')
  await broker.stop('SIGKILL')
  await until('noticed', () => publisher.state !== 'connected')
  bench.show('B1', { line: 'changed meanwhile' })
  events(5)
  await broker.start()
  const listening = await consumer(broker.url)
  const ends = ['/status', '/throughput', ...BAYS.map((bay) => `/bays/${bay}`)]
  await until('all of it', () => ends.every((end) => listening.last(end)))
  expect(listening.last('/bays/B1')?.['line']).toBe('changed meanwhile')
  expect(state(listening)).toBe('online')
  await until('the rows of the time without', () => listening.rows.size === 5)
  expect(listening.problems).toEqual([])
})

test('a stop without any broker is quick, and one before the first connection too', async () => {
  const { publisher, health } = await openRig('mqtt://127.0.0.1:1')
  await until('the report', () => health()?.code === 'BACKEND_BROKER_DOWN')
  const from = performance.now()
  await publisher.stop(2000)
  expect(performance.now() - from).toBeLessThan(500)
})

test('a stop keeps its time though the broker no longer answers', async () => {
  const broker = await mosquitto()
  const gate = await openGate(broker.port, 'with a word')
  closers.push(() => gate.close())
  const { publisher, events } = await openRig(gate.url)
  await until('connected', () => publisher.state === 'connected')
  gate.freeze()
  events(1000)
  const from = performance.now()
  await publisher.stop(1000)
  expect(performance.now() - from).toBeLessThan(2000)
})

test('what waits is drained before the goodbye', async () => {
  const broker = await mosquitto()
  const listening = await consumer(broker.url)
  const { publisher, events, unsent } = await openRig(broker.url)
  await until('connected', () => publisher.state === 'connected')
  events(2000)
  await publisher.stop(10_000)
  expect(unsent()).toBe(0)
  await until('stopped', () => state(listening) === 'stopped')
  expect(listening.heard.at(-1)?.payload['state']).toBe('stopped')
  expect(listening.rows.size).toBe(2000)
})
