// Messages a second from the outbox through a real broker, against mqtt.js alone with the same payloads and window.
import mqtt from 'mqtt'
import { rowMessage } from '../../agent/core/messages.ts'
import { openLedger } from '../../agent/ledger/ledger.ts'
import type { Entry, Ledger } from '../../agent/ports.ts'
import { StationPublisher } from '../../agent/publish/publisher.ts'
import { topicsOf } from '../../agent/publish/topics.ts'
import { NO_LOGIN, openBroker } from '../../drivers/broker/index.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { randomIds } from '../../drivers/host/ids.ts'
import { FakeBench } from '../../test/fakes/fake-bench.ts'
import { FakeLedger } from '../../test/fakes/fake-ledger.ts'
import { Mosquitto } from '../../test/integration/publish/parts/mosquitto.ts'
import { until } from '../../test/integration/publish/parts/wait.ts'
import { inFolder } from './folder.ts'
import { entriesOf, record, stretched } from './recording.ts'
import { inTurns, type Row, rowOf } from './row.ts'

const ROUNDS = 7
const MESSAGES = 30_000
/** Messages of each round that do not count: new threads have to compile their code first. */
const WARM_UP = 5000
/** What Mosquitto announces when its config does not say otherwise. */
const WINDOW = 20
const FILL_LANES = 64
const SITE = 'hall'
const STATION = 'bench-1'

interface Message {
  readonly topic: string
  readonly payload: string
}

const clock = systemClock()
const open = (dir: string, durable: boolean) =>
  openLedger({
    dir,
    mode: 'thread',
    clock,
    ids: randomIds(),
    station: `${SITE}/${STATION}`,
    durable,
  })

/** Commits steps that tell something, until the outbox holds enough of them. */
async function fill(dir: string, entries: readonly Entry[]): Promise<readonly Message[]> {
  const ledger = await open(dir, false)
  const lanes = Array.from({ length: FILL_LANES }, async (_, lane) => {
    for (let at = lane; at < entries.length; at += FILL_LANES)
      await ledger.commit(entries[at] as Entry)
  })
  await Promise.all(lanes)
  const topics = topicsOf(SITE, STATION)
  const messages: Message[] = []
  for (let after = 0; ; ) {
    const rows = await ledger.unsent(after, 1000)
    if (rows.length === 0) break
    after = rows.at(-1)?.seq ?? after
    for (const { epoch, seq, at, topic, body } of rows) {
      const stamp = { station: STATION, epoch, seq, at, rate: null }
      const payload = JSON.stringify(rowMessage(stamp, topic, body))
      messages.push({ topic: topics.row(topic), payload })
    }
  }
  await ledger.close()
  return messages
}

/** The publisher drains a full outbox of the real ledger: read, sent, confirmed, marked durably. */
const ours = (entries: readonly Entry[], url: string): Promise<number> =>
  inFolder(async (dir) => {
    const { length } = await fill(dir, entries)
    const ledger = await open(dir, true)
    let isOpen = false
    let marked = 0
    let before = 0
    let from = 0
    let end = 0
    // Shut until the birth is over, so that connecting is no part of it.
    const gated: Ledger = new Proxy(ledger, {
      get: (target, name) => {
        if (name === 'unsent' && !isOpen) return async () => []
        if (name === 'markSent')
          return async (seqs: readonly number[]) => {
            await target.markSent(seqs)
            marked += seqs.length
            end = performance.now()
            if (from === 0 && marked >= WARM_UP) {
              from = end
              before = marked
            }
          }
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const { broker } = await openBroker({ url, clientId: 'bench-ours', login: NO_LOGIN, clock })
    const bench = new FakeBench(['B1'], () => length)
    const publisher = new StationPublisher({
      broker,
      ledger: gated,
      reader: new FakeLedger(),
      bench,
      clock,
      timers: clock,
      virtual: false,
      site: SITE,
      station: STATION,
      version: '0.0.0',
      bays: ['B1'],
      report: bench.report,
    })
    const life = new AbortController()
    await publisher.start(life.signal)
    await until('the publisher to connect', () => broker.state === 'connected')
    await clock.sleep(200)
    isOpen = true
    bench.tell('B1')
    await until('the outbox to be empty', () => marked >= length, 60_000)
    const rate = ((length - before) * 1000) / (end - from)
    await publisher.stop(1000)
    life.abort()
    await ledger.close()
    return rate
  })

/** mqtt.js as it comes, kept at the same number in flight. */
async function bare(messages: readonly Message[], url: string): Promise<number> {
  const client = await mqtt.connectAsync(url, { protocolVersion: 5, clientId: 'bench-bare' })
  let from = 0
  await new Promise<void>((resolve, reject) => {
    let next = 0
    let confirmed = 0
    const send = () => {
      const message = messages[next++]
      if (message === undefined) return
      client.publish(message.topic, message.payload, { qos: 1 }, (error) => {
        if (error) reject(error)
        confirmed += 1
        if (confirmed === WARM_UP) from = performance.now()
        if (confirmed === messages.length) resolve()
        else send()
      })
    }
    for (let n = 0; n < WINDOW; n += 1) send()
  })
  const rate = ((messages.length - WARM_UP) * 1000) / (performance.now() - from)
  await client.endAsync()
  return rate
}

export async function outbox(): Promise<readonly Row[]> {
  const tape = await record()
  const telling = tape.bays
    .flatMap((one) => [...entriesOf(one)])
    .filter((one) => one.record === null && one.transition !== null)
  const entries = stretched(telling, MESSAGES, FILL_LANES)
  const messages = await inFolder((dir) => fill(dir, entries))
  const broker = await Mosquitto.start(['allow_anonymous true', `max_inflight_messages ${WINDOW}`])
  try {
    const rate = await inTurns(ROUNDS, {
      bare: () => bare(messages, broker.url),
      ours: () => ours(entries, broker.url),
    })
    return [
      rowOf({
        name: 'outbox: messages through Mosquitto',
        unit: '/s',
        ours: rate.ours,
        bare: rate.bare,
        goal: { of: 'ratio', is: 'at least', value: 0.7 },
        note: `QoS 1, ${WINDOW} in flight, ${messages.length} messages; ours reads them from the ledger and marks them durably; bare: mqtt.js`,
      }),
    ]
  } finally {
    await broker.close()
  }
}
