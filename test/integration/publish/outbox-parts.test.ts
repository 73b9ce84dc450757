// The outbox and its parts alone: what a refusal is, how many may be in flight, and that no wake is lost.
import { expect, test } from 'vitest'
import type { OutboxRow } from '../../../agent/ports.ts'
import { Link } from '../../../agent/publish/link.ts'
import { Outbox } from '../../../agent/publish/outbox.ts'
import { Strikes } from '../../../agent/publish/strikes.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { FakeLedger } from '../../fakes/fake-ledger.ts'
import { eventBody } from './parts/rig.ts'
import { until } from './parts/wait.ts'

test('a message alone in flight is refused when the broker is there again at once, three times', () => {
  const strikes = new Strikes()
  for (let time = 1; time <= 3; time += 1) {
    expect(strikes.isOut('row 1')).toBe(false)
    strikes.lost(['row 1'])
    strikes.connected(true)
  }
  expect(strikes.isOut('row 1')).toBe(true)
  strikes.forget('row 1')
  expect(strikes.isOut('row 1')).toBe(false)
})

test('a broker that was away refused nothing, and nobody is guilty among several', () => {
  const strikes = new Strikes()
  for (let time = 1; time <= 10; time += 1) {
    strikes.lost(['row 1'])
    strikes.connected(false)
    strikes.lost(['row 1', 'row 2'])
    strikes.connected(true)
    strikes.lost([])
    strikes.connected(true)
  }
  expect(strikes.isOut('row 1') || strikes.isOut('row 2')).toBe(false)
})

test('before the birth and after a loss messages go one by one, then as many as the broker takes', () => {
  const link = new Link(20, 2)
  expect(link.take('status')).toBe(true)
  expect(link.take('bay')).toBeInstanceOf(Promise)
  link.release('status', true)
  expect(link.inFlight).toEqual(['bay'])
  link.release('bay', true)
  link.born()
  for (const suspect of ['row 1', 'row 2']) {
    expect(link.take(suspect)).toBe(true)
    expect(link.inFlight).toEqual([suspect])
    link.release(suspect, true)
  }
  const taken = Array.from({ length: 30 }, (_, at) => link.take(`row ${at}`) === true)
  expect(taken.filter(Boolean)).toHaveLength(20)
})

test('whoever waits for a place is let go when the connection ends', async () => {
  const link = new Link(1, 0)
  link.born()
  expect(link.take('row 1')).toBe(true)
  const second = link.take('row 2')
  link.close()
  expect(await second).toBe(false)
  expect(link.take('row 3')).toBe(false)
})

/** An outbox over a broker that takes everything at once, or when `answers` are called. */
function outboxOver(ledger: FakeLedger, answers?: (() => void)[]) {
  const published: string[] = []
  const outbox = new Outbox({
    ledger,
    broker: {
      state: 'connected',
      run: async () => {},
      disconnect: async () => {},
      publish: ({ topic }, taken = () => undefined) => {
        published.push(topic)
        if (answers === undefined) return Promise.resolve()
        return new Promise((resolve) =>
          answers.push(() => {
            resolve()
            taken()
          }),
        )
      },
    },
    timers: systemClock(),
    strikes: new Strikes(),
    render: ({ seq }) => ({ topic: String(seq), payload: '{}' }),
    sent: () => {},
    parked: () => {},
  })
  return { outbox, published }
}

test('a commit while an empty page is still being read is not slept over', async () => {
  /** Its answers are as old as the question, as those of another thread are. */
  class SlowLedger extends FakeLedger {
    waiting: (() => void)[] = []
    override async unsent(after: number, max: number): Promise<readonly OutboxRow[]> {
      const rows = await super.unsent(after, max)
      await new Promise<void>((resolve) => this.waiting.push(resolve))
      return rows
    }
  }
  const ledger = new SlowLedger()
  const { outbox, published } = outboxOver(ledger)
  const link = new Link(64, 0)
  link.born()
  const drained = outbox.drain(link)
  await until('the first read', () => ledger.waiting.length === 1)
  ledger.add('events', eventBody(1))
  outbox.wake()
  ledger.waiting.shift()?.()
  await until('another read', () => ledger.waiting.length === 1, 2000)
  ledger.waiting.shift()?.()
  await until('the row', () => published.length === 1, 2000)
  link.close()
  for (const go of ledger.waiting.splice(0)) go()
  await drained
})

test('drained means sent and marked, however late the marks are', async () => {
  const ledger = new FakeLedger()
  for (let at = 0; at < 1200; at += 1) ledger.add('events', eventBody(at))
  const { outbox, published } = outboxOver(ledger)
  const link = new Link(64, 0)
  link.born()
  const over = outbox.drain(link)
  await outbox.drained()
  expect(published).toHaveLength(1200)
  expect(ledger.rows.filter(({ sent }) => !sent)).toEqual([])
  link.close()
  await over
})

test('an answer brings the next row on its way in the same turn, and none twice', async () => {
  const ledger = new FakeLedger()
  for (let at = 0; at < 5; at += 1) ledger.add('events', eventBody(at))
  const answers: (() => void)[] = []
  const { outbox, published } = outboxOver(ledger, answers)
  const link = new Link(2, 0)
  link.born()
  const over = outbox.drain(link)
  await until('two are in flight', () => published.length === 2)
  answers[0]?.()
  expect(published).toHaveLength(3)
  answers[1]?.()
  answers[2]?.()
  expect(published).toHaveLength(5)
  for (const answer of answers.slice(3)) answer()
  await outbox.drained()
  expect(published.map(Number)).toEqual(ledger.rows.map(({ seq }) => seq))
  expect(ledger.rows.filter(({ sent }) => !sent)).toEqual([])
  link.close()
  await over
})
