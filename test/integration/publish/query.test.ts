// `/query/reseal` from both sides of the versions, and from strangers who write anything.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readRequest } from '../../../agent/publish/request.ts'
import { topicsOf } from '../../../agent/publish/topics.ts'
import { aRecord } from '../../fakes/records.ts'
import { Consumer } from './parts/consumer.ts'
import { Mosquitto } from './parts/mosquitto.ts'
import { type Gate, openGate } from './parts/old-broker.ts'
import { openRig, PREFIX, type Rig } from './parts/rig.ts'
import { until } from './parts/wait.ts'

const QUERY = `${PREFIX}/query/reseal`
let broker: Mosquitto
let gate: Gate
let rig: Rig

beforeAll(async () => {
  broker = await Mosquitto.start()
  gate = await openGate(broker.port, 'with a word')
  rig = await openRig(broker.url)
  rig.ledger.closeRun(aRecord('run-1'))
  await until('connected', () => rig.publisher.state === 'connected')
})
afterAll(async () => {
  await rig.publisher.stop(500)
  await gate.close()
  await broker.close()
})

async function asking<T>(version: 4 | 5, topic: string, work: (asker: Consumer) => Promise<T>) {
  const asker = await Consumer.open(broker.url, [topic], { protocolVersion: version })
  try {
    return await work(asker)
  } finally {
    await asker.close()
  }
}
const answered = async (asker: Consumer, count = 1) => {
  await until(`${count} answers`, () => asker.heard.length >= count)
  expect(asker.problems).toEqual([])
  return asker.heard
}

test('MQTT 5 asks with response topic and correlation data', async () => {
  await asking(5, 'it/answers/7', async (asker) => {
    const properties = { responseTopic: 'it/answers/7', correlationData: Buffer.from('q-7') }
    asker.client.publish(QUERY, JSON.stringify({ serial: 'SN-run-1' }), { qos: 1, properties })
    const [answer] = await answered(asker)
    expect(answer).toMatchObject({ correlation: 'q-7', retain: false })
    expect(answer?.payload).toMatchObject({
      schema: 'reseal/answer/1',
      serial: 'SN-run-1',
      answer: 'resealed',
      run: 'run-1',
      exit: 0,
      station: 'bench-1',
    })
  })
})

test('MQTT 3.1.1 asks with both in the payload, of a station that speaks 3.1.1 itself', async () => {
  const old = await openRig(gate.url, {}, { station: 'bench-2' })
  await until('connected', () => old.publisher.state === 'connected')
  await asking(4, 'it/answers', async (asker) => {
    const request = { serial: 'SN-unknown', responseTopic: 'it/answers', correlation: 'q-8' }
    asker.client.publish('reseal/v1/hall/bench-2/query/reseal', JSON.stringify(request))
    const [answer] = await answered(asker)
    expect(answer?.payload).toMatchObject({
      answer: 'not-seen',
      correlation: 'q-8',
      exit: 1,
      station: 'bench-2',
    })
  })
  await old.publisher.stop(500)
})

test('an answer may go below our own reply/', async () => {
  await asking(5, `${PREFIX}/reply/#`, async (asker) => {
    const request = { serial: 'SN-run-1', responseTopic: `${PREFIX}/reply/me` }
    asker.client.publish(QUERY, JSON.stringify(request))
    await until('an answer', () => asker.heard.length === 1)
    expect(asker.heard[0]?.payload['answer']).toBe('resealed')
  })
})

const to = 'it/bad'
const bad: readonly (readonly [name: string, payload: string | Buffer])[] = [
  ['no serial', JSON.stringify({ responseTopic: to })],
  ['a number as serial', JSON.stringify({ serial: 7, responseTopic: to })],
  ['an empty serial', JSON.stringify({ serial: ' ', responseTopic: to })],
  ['a serial with a line feed', JSON.stringify({ serial: 'a\nb', responseTopic: to })],
  ['a long serial', JSON.stringify({ serial: 'x'.repeat(129), responseTopic: to })],
  [
    'a correlation that is none',
    JSON.stringify({ serial: 'a', responseTopic: to, correlation: 1 }),
  ],
  [
    'a long correlation',
    JSON.stringify({ serial: 'a', responseTopic: to, correlation: 'x'.repeat(129) }),
  ],
]

test.each(bad)('a 3.1.1 request with %s gets an error object', async (_name, payload) => {
  await asking(4, to, async (asker) => {
    asker.client.publish(QUERY, payload)
    const [answer] = await answered(asker)
    expect(answer?.payload['schema']).toBe('reseal/error/1')
    expect(answer?.payload['error']).toMatchObject({ code: 'BACKEND_REQUEST_INVALID' })
  })
})

test.each([
  ['no JSON', 'serial=1'],
  ['an array', '[]'],
  ['null', 'null'],
  ['broken UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ['too much', JSON.stringify({ serial: 'a', more: 'x'.repeat(4000) })],
  ['nothing', ''],
])('an MQTT 5 request with %s gets an error object', async (_name, payload) => {
  await asking(5, to, async (asker) => {
    const properties = { responseTopic: to, correlationData: Buffer.from('c') }
    asker.client.publish(QUERY, payload, { qos: 1, properties })
    const [answer] = await answered(asker)
    expect(answer?.correlation).toBe('c')
    expect(answer?.payload['error']).toMatchObject({ code: 'BACKEND_REQUEST_INVALID' })
  })
})

test('an answer never goes where it could pass for a message of a station', () => {
  const { takesAnswers } = topicsOf('hall', 'bench-1')
  const refused = [
    '',
    '#',
    'a/+/b',
    'a/#',
    '$SYS/x',
    '$share/g/t',
    'a\u0000b',
    'x'.repeat(257),
    `${PREFIX}/records/run-1`,
    `${PREFIX}/status`,
    QUERY,
    `${PREFIX}/reply/`,
    `${PREFIX}/reply`,
    'reseal/v1/hall/bench-2/status',
    'reseal/v1/hall/bench-2/reply/me',
  ]
  expect(refused.filter(takesAnswers)).toEqual([])
  const taken = ['a', 'it/answers', `${PREFIX}/reply/me`, 'x'.repeat(256), 'réseau/réponse']
  expect(taken.filter(takesAnswers)).toEqual(taken)
})

test('any bytes are a request or a problem, and never a throw', () => {
  const { takesAnswers } = topicsOf('hall', 'bench-1')
  const anyJson = fc.json().map((text) => new TextEncoder().encode(text))
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 300 }), anyJson),
      fc.option(fc.string({ unit: 'binary' })),
      (payload, responseTopic) => {
        const message = { topic: QUERY, payload, retain: false, responseTopic, correlation: null }
        const request = readRequest(message, takesAnswers)
        expect((request.serial === null) === (request.problem !== null)).toBe(true)
        if (request.answerTo !== null) expect(takesAnswers(request.answerTo)).toBe(true)
      },
    ),
    { numRuns: 500 },
  )
})

test('a retained request is not asked again, and one without an address is dropped', async () => {
  await asking(5, 'it/retained', async (asker) => {
    const request = { serial: 'SN-run-1', responseTopic: 'it/retained' }
    await asker.client.publishAsync(QUERY, JSON.stringify({ serial: 'SN-run-1' }), { qos: 1 })
    await asker.client.publishAsync(QUERY, JSON.stringify(request), { qos: 1, retain: true })
    // To those who listen already it comes as a new one; to a later connect as a retained one.
    await answered(asker)
    const later = await openRig(broker.url, {}, { station: 'bench-1' })
    await until('taken over', () => later.publisher.state === 'connected')
    const marker = { serial: 'SN-marker', responseTopic: 'it/retained' }
    asker.client.publish(QUERY, JSON.stringify(marker))
    await until('the marker', () =>
      asker.heard.some((one) => one.payload['serial'] === 'SN-marker'),
    )
    const asked = asker.heard.filter((one) => one.payload['serial'] === 'SN-run-1')
    expect(asked).toHaveLength(1)
    await asker.client.publishAsync(QUERY, '', { retain: true })
    await later.publisher.stop(500)
  })
  await until('our own is back', () => rig.publisher.state === 'connected')
})

test('a flood is answered at a bounded rate, the rest is told so, and rows go on', async () => {
  await asking(5, 'it/flood', async (asker) => {
    const properties = { responseTopic: 'it/flood' }
    for (let at = 0; at < 600; at += 1) {
      asker.client.publish(QUERY, JSON.stringify({ serial: 'SN-run-1' }), { properties })
    }
    rig.events(50)
    await until('the rows', () => rig.unsent() === 0)
    await until('a refusal', () => asker.heard.some(({ payload }) => 'error' in payload))
    const refusal = asker.heard.find(({ payload }) => 'error' in payload)
    expect(refusal?.payload['error']).toMatchObject({ code: 'BACKEND_TOO_MANY' })
    const served = asker.heard.filter(({ payload }) => payload['schema'] === 'reseal/answer/1')
    expect(served.length).toBeLessThan(200)
    expect(asker.heard.length).toBeLessThan(300)
  })
})
