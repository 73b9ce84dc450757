// The simulated operator's line to the agent: calls to a dead agent come back empty, and nothing of an answered one is kept.
import { expect, test } from 'vitest'
import type { BenchControl, Taken } from '../../../agent/ports.ts'
import { AgentLine } from '../../../drivers/virtual/agent-line.ts'
import { aliveBytes } from '../../fakes/garbage.ts'

const CALLS = 10_000
/** A promise that somebody still waits for takes several times as much. */
const KEPT_MAX_BYTES = 50

const benchOf = (act: () => Promise<Taken>): BenchControl => {
  const never = () => Promise.reject(new Error('nobody asks this'))
  return {
    ...{ bays: () => [], bay: () => null, seq: () => 0, health: () => [] },
    ...{ answer: never, undo: never, scan: never, act, subscribe: () => () => undefined },
  }
}

test('answered calls leave nothing behind while the agent lives', async () => {
  const line = new AgentLine(() => undefined)
  const taken: Taken = { taken: 'taken' }
  line.attach(benchOf(async () => taken))
  const ask = async (times: number) => {
    for (let n = 0; n < times; n++) await line.act('01', 'abort', 'test')
  }
  await ask(CALLS)
  const before = await aliveBytes()
  await ask(CALLS)
  expect((await aliveBytes()) - before).toBeLessThan(CALLS * KEPT_MAX_BYTES)
  line.attach(null)
})

test('a call to an agent that dies comes back empty, and its late answer harms nobody', async () => {
  const line = new AgentLine(() => undefined)
  const late = Promise.withResolvers<Taken>()
  line.attach(benchOf(() => late.promise))
  const asked = line.act('01', 'abort', 'test')
  line.attach(null)
  expect(await asked).toBeNull()
  late.resolve({ taken: 'taken' })
  expect(await line.act('01', 'abort', 'test')).toBeNull()
})
