// The event stream: whole picture first, then every change, no gap over a reconnect, and no client holds up the others.
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { STREAMS_MAX } from '../../../agent/web/station-routes.ts'
import { ill, viewOf } from '../../fakes/board-bench.ts'
import { ask, type Served, Stream, serve } from './server.ts'

let served: Served
const open: Stream[] = []
beforeEach(async () => {
  served = await serve()
})
afterEach(async () => {
  for (const stream of open.splice(0)) stream.close()
  await served.close()
})
const stream = (path = '/api/v1/events', headers: Readonly<Record<string, string>> = {}) => {
  const made = new Stream(served.port, path, headers)
  open.push(made)
  return made
}
const commitTo = (seq: number) => {
  served.reader.write(seq)
  served.bench.commit(seq, '1')
}
const upTo = (last: number, from = 1) => Array.from({ length: last - from + 1 }, (_, n) => n + from)

test('a new client gets station and bays at once, then each changed bay', async () => {
  const client = stream()
  await client.until('picture', (frames) => frames.some(({ event }) => event === 'bays'))
  expect(client.frames.map(({ event }) => event)).toEqual(['station', 'bays'])
  expect(client.frames[0]?.data).toMatchObject({ station: 's1', clock: { rate: 1 } })
  expect(client.frames[1]?.data).toMatchObject([{ bay: '1' }, { bay: '2' }])
  served.bench.show(viewOf('2', 'you', served.clock))
  await client.until('bay', (frames) => frames.some(({ event }) => event === 'bay'))
  const changes = client.frames.filter(({ event }) => event === 'bay')
  expect(changes.map(({ data }) => data)).toMatchObject([{ bay: '2', signal: 'you' }])
})

test('what grew old by itself is in the picture of a board that comes a second later', async () => {
  const first = stream()
  await first.until('picture', (frames) => frames.some(({ event }) => event === 'bays'))
  const old = served.bench.bays().map((view) => ({ ...view, line: 'longer than usual' }))
  served.bench.bays = () => old
  // Nobody tells of it, so boards are opened until one shows it.
  await expect
    .poll(
      async () => {
        const late = stream()
        await late.until('picture', (frames) => frames.some(({ event }) => event === 'bays'))
        return JSON.stringify(late.frames.find(({ event }) => event === 'bays')?.data)
      },
      { interval: 200, timeout: 5000 },
    )
    .toContain('longer than usual')
})

test('a change of health is told at once', async () => {
  const client = stream('/api/v1/events?want=bays')
  await client.until('picture', (frames) => frames.length >= 2)
  served.bench.ail([ill('broker', 'BACKEND_BROKER_DOWN')])
  await client.until('ill broker', (frames) =>
    frames.some(({ data }) => JSON.stringify(data).includes('BACKEND_BROKER_DOWN')),
  )
})

test('committed events come once each, in order, with their number as id', async () => {
  const client = stream('/api/v1/events?want=ledger')
  await expect.poll(() => client.status).toBe(200)
  for (const seq of [1, 5, 6, 40]) commitTo(seq)
  await client.until('number 40', () => client.ids().at(-1) === 40)
  commitTo(1000)
  await client.until('number 1000', () => client.ids().at(-1) === 1000)
  expect(client.ids()).toEqual(upTo(1000))
})

test('a client that comes back with its last number misses nothing while the bench goes on', async () => {
  commitTo(700)
  const client = stream('/api/v1/events?want=ledger', { 'last-event-id': '120' })
  for (let seq = 701; seq <= 760; seq += 1) commitTo(seq)
  await client.until('number 760', () => client.ids().at(-1) === 760)
  expect(client.ids()).toEqual(upTo(760, 121))
  const second = stream('/api/v1/events?want=ledger&after=758')
  await second.until('number 760', () => second.ids().at(-1) === 760)
  expect(second.ids()).toEqual([759, 760])
})

test('a number of the future means a restored ledger: the client is told to start anew', async () => {
  commitTo(10)
  const client = stream('/api/v1/events?want=ledger', { 'last-event-id': '5000' })
  await client.until('reset', (frames) => frames.some(({ event }) => event === 'reset'))
  commitTo(11)
  await client.until('number 11', () => client.ids().at(-1) === 11)
  expect(client.ids()).toEqual([11])
})

test('a reader that is a moment behind the writer costs time, not events', async () => {
  const client = stream('/api/v1/events?want=ledger')
  await expect.poll(() => client.status).toBe(200)
  served.bench.commit(3, '1')
  await client.until('nothing', () => client.ids().length === 0)
  served.reader.write(3)
  await client.until('number 3', () => client.ids().at(-1) === 3)
  expect(client.ids()).toEqual([1, 2, 3])
})

test('a ledger that breaks ends the catch-up, and the stream can be had again', async () => {
  commitTo(10)
  served.reader.broken = new Error('disk')
  const client = stream('/api/v1/events?want=ledger&after=2')
  await expect.poll(() => client.isOver).toBe(true)
  served.reader.broken = null
  const again = stream('/api/v1/events?want=ledger&after=2')
  await again.until('number 10', () => again.ids().at(-1) === 10)
})

test('a client that does not read is cut off and the others go on', async () => {
  const deaf = connect(served.port, '127.0.0.1')
  deaf.on('error', () => {})
  let isCut = false
  deaf.on('close', () => {
    isCut = true
  })
  deaf.write('GET /api/v1/events?want=bays HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
  deaf.pause()
  const client = stream('/api/v1/events?want=bays')
  await client.until('picture', (frames) => frames.length >= 2)
  const line = 'x'.repeat(200_000)
  // The kernel's own buffers take some MB first.
  const flood = async () => {
    for (let n = 0; n < 200 && !isCut; n += 1) {
      const before = client.frames.length
      served.bench.show(viewOf('1', 'working', served.clock, { line, input: n }))
      await client.until('next view', (frames) => frames.length > before)
      const streams = (await ask(served.port, '/metrics')).text
      if (streams.includes('reseal_event_streams 1')) return
    }
    throw new Error('the deaf client was never cut off')
  }
  await flood()
  deaf.destroy()
  served.bench.show(viewOf('1', 'done', served.clock))
  await client.until('done', (frames) => JSON.stringify(frames.at(-1)?.data).includes('"done"'))
})

test('more streams than the station holds are refused, and a closed one makes room', async () => {
  const streams = Array.from({ length: STREAMS_MAX }, () => stream('/api/v1/events?want=bays'))
  await expect.poll(() => streams.every(({ status }) => status === 200)).toBe(true)
  const refused = await ask(served.port, '/api/v1/events')
  expect(refused).toMatchObject({ status: 503, json: { code: 'BACKEND_BUSY' } })
  expect(refused.headers['retry-after']).toBe('2')
  streams[0]?.close()
  const room = async () => {
    const next = stream()
    await expect.poll(() => next.status).not.toBe(0)
    return next.status
  }
  await expect.poll(room).toBe(200)
})

test('a clean stop ends the streams and frees the port', async () => {
  const other = await serve()
  const client = new Stream(other.port, '/api/v1/events')
  await client.until('picture', (frames) => frames.length >= 2)
  const before = performance.now()
  await other.close()
  expect(performance.now() - before).toBeLessThan(1_000)
  await expect.poll(() => client.isOver).toBe(true)
  expect(other.bench.listeners).toBe(0)
  await expect(ask(other.port, '/livez')).rejects.toThrow()
})
