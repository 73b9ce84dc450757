// Messages of every length: what the packet writer keeps of each must not hold the memory that was beside it.
import process from 'node:process'
import { afterEach, expect, test } from 'vitest'
import type { BrokerSession } from '../../../agent/ports.ts'
import { NO_LOGIN, openBroker } from '../../../drivers/broker/index.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { aliveBytes } from '../../fakes/garbage.ts'
import { until } from './parts/wait.ts'

const MESSAGES = 1500
/** Each length holds some 4 bytes, and not a piece of the shared pool (64 kB). */
const KEPT_MAX_BYTES = 4 * 2 ** 20
const SESSION: BrokerSession = {
  subscriptions: [],
  will: () => ({ topic: 'a/will', payload: '{}', qos: 0, retain: false }),
  connected: () => undefined,
  lost: () => undefined,
  message: () => undefined,
  trouble: () => undefined,
}
const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

test('a thousand lengths leave next to nothing behind', async () => {
  const clock = systemClock()
  const opened = await openBroker({ url: 'embedded:0', clientId: 'a', login: NO_LOGIN, clock })
  closers.push(() => opened.close())
  const { broker } = opened
  const life = new AbortController()
  const running = broker.run(SESSION, life.signal)
  closers.push(() => {
    life.abort()
    return running
  })
  await until('connected', () => broker.state === 'connected')
  // A station that works uses the pool for other things between two messages.
  const otherWork = () => Buffer.from('x'.repeat(30_000))
  const publish = async (first: number, count: number) => {
    for (let n = first; n < first + count; n++) {
      const payload = 'y'.repeat(n)
      await broker.publish({ topic: 'a/b', payload, qos: 0, retain: false })
      otherWork()
    }
  }
  await publish(1, 10)
  await aliveBytes()
  const before = process.memoryUsage().arrayBuffers
  await publish(1000, MESSAGES)
  await aliveBytes()
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(KEPT_MAX_BYTES)
})
