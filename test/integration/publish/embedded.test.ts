// The embedded broker as a process: its port, its end with the station, its restart, and its bounds.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import mqtt from 'mqtt'
import { afterEach, expect, test } from 'vitest'
import { type Embedded, openEmbedded } from '../../../drivers/broker/embedded.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { aRecord } from '../../fakes/records.ts'
import { Consumer } from './parts/consumer.ts'
import { openRig } from './parts/rig.ts'
import { until } from './parts/wait.ts'

const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})
async function embedded(port = 0): Promise<Embedded> {
  const opened = await openEmbedded({ port, clock: systemClock() })
  closers.push(() => opened.close())
  return opened
}
const portOf = (url: string) => Number(new URL(url).port)
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('everything goes over the embedded broker as over another one, query included', async () => {
  const { url } = await embedded()
  const listening = await Consumer.open(url)
  closers.push(() => listening.close())
  const rig = await openRig(url, {}, { virtual: true })
  rig.ledger.closeRun(aRecord('run-1'))
  rig.events(2000)
  await until('all rows', () => listening.rows.size === 2001 && rig.unsent() === 0)
  expect(listening.order).toEqual(Array.from({ length: 2001 }, (_, at) => at + 1))
  const request = { serial: 'SN-run-1', responseTopic: 'it/answers', correlation: 'q' }
  listening.client.publish('reseal/v1/hall/bench-1/query/reseal', JSON.stringify(request))
  await until('the answer', () => listening.last('it/answers')?.['answer'] === 'resealed')
  await until('the figures', () => listening.last('/throughput') !== undefined)
  await rig.publisher.stop(1000)
  await until('stopped', () => listening.last('/status')?.['state'] === 'stopped')
  expect(listening.last('/status')?.['clock']).toMatchObject({ rate: 1 })
  expect(listening.problems).toEqual([])
})

test('its restart in the middle of a drain costs no row', async () => {
  const broker = await embedded()
  const rig = await openRig(broker.url)
  closers.push(() => rig.publisher.stop(500))
  rig.events(3000)
  await until('part of the drain', () => rig.unsent() < 2500)
  const { pid } = broker
  if (pid === null) throw new Error('no process')
  process.kill(pid, 'SIGKILL')
  await until('the rest', () => rig.unsent() === 0)
  expect(broker.pid).not.toBe(pid)
  expect(rig.ledger.rows.filter(({ parked }) => parked !== null)).toEqual([])
})

test('a taken port means another one, which is told', async () => {
  const first = await embedded()
  const second = await embedded(portOf(first.url))
  expect(portOf(second.url)).not.toBe(portOf(first.url))
  const client = await mqtt.connectAsync(second.url)
  await client.endAsync()
})

test('it ends with its station, also after kill -9', async () => {
  const clock = fileURLToPath(new URL('../../../drivers/host/clock.ts', import.meta.url))
  const driver = fileURLToPath(new URL('../../../drivers/broker/embedded.ts', import.meta.url))
  const program = `
    const { systemClock } = await import(${JSON.stringify(clock)})
    const { openEmbedded } = await import(${JSON.stringify(driver)})
    const broker = await openEmbedded({ port: 0, clock: systemClock() })
    process.stdout.write(String(broker.pid))
    setInterval(() => {}, 1000)`
  const station = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = (await once(station.stdout, 'data')) as [Buffer]
  const pid = Number(said.toString())
  expect(isAlive(pid)).toBe(true)
  station.kill('SIGKILL')
  await until('its end', () => !isAlive(pid))
})

test('closing it frees its port', async () => {
  const broker = await openEmbedded({ port: 0, clock: systemClock() })
  await broker.close()
  const server: Server = createServer()
  server.listen(portOf(broker.url), '127.0.0.1')
  await once(server, 'listening')
  server.close()
})

test('it is reached on the loopback address only', async () => {
  const { url } = await embedded()
  expect(new URL(url).hostname).toBe('127.0.0.1')
})

test('a packet over the limit is cut off before it is gathered, and others are served', async () => {
  const { url } = await embedded()
  const client = await mqtt.connectAsync(url, { reconnectPeriod: 0 })
  const closed = new Promise<void>((resolve) => client.once('close', resolve))
  client.publish('big', Buffer.alloc(2 * 1024 * 1024))
  await closed
  const other = await mqtt.connectAsync(url)
  await other.publishAsync('small', 'x', { qos: 1 })
  await other.endAsync()
})

test('one connection too many is turned away, and none of the others is lost', async () => {
  const { url } = await embedded()
  const sockets = Array.from({ length: 140 }, () => connect(portOf(url), '127.0.0.1'))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
  })
  for (const socket of sockets) socket.on('error', () => {})
  await until('some to be turned away', () => sockets.filter((s) => s.closed).length >= 40)
  expect(sockets.filter((socket) => !socket.closed).length).toBe(100)
})

test('a subscriber that does not read is cut off instead of filling the memory', async () => {
  const { url } = await embedded()
  const lazy = await mqtt.connectAsync(url, { reconnectPeriod: 0 })
  await lazy.subscribeAsync('flood')
  lazy.stream.pause()
  const closed = new Promise<void>((resolve) => lazy.once('close', resolve))
  const busy = await mqtt.connectAsync(url)
  const chunk = Buffer.alloc(500_000)
  for (let at = 0; at < 60; at += 1) await busy.publishAsync('flood', chunk, { qos: 1 })
  lazy.stream.resume()
  await closed
  await busy.endAsync()
})
