// What must stay in its bay and what must pass by itself: a step that throws, a start that kills, a flood, a disk that refuses.
import { describe, expect, test } from 'vitest'
import type { BayId } from '../../agent/core/ids.ts'
import { step } from '../../agent/core/step.ts'
import { Sim } from './parts/bench-sim.ts'
import { runToEnd } from './parts/end.ts'
import type { SimOptions } from './parts/running.ts'

const FAULTLESS = { bays: 3, devices: 6, faults: false } as const
const BAD = '02' as BayId
const MINUTE = 60_000

describe('a step that throws in one bay', () => {
  test('closes that run as error and takes the bay out of service; the others go on', async () => {
    let thrown = 0
    const sim = new Sim({
      seed: 11,
      ...FAULTLESS,
      step: (rules, state, input) => {
        if (state.bay === BAD && state.phase.at === 'summon' && input.fact.kind === 'played') {
          thrown++
          throw new Error('a case that nobody thought of')
        }
        return step(rules, state, input)
      },
    })
    const others = sim.bays.filter((bay) => bay !== BAD)
    await sim.run(() => sim.bench?.bay(BAD)?.state === 'faulted')
    expect(thrown).toBe(1)
    expect(sim.bench?.bay(BAD)).toMatchObject({ signal: 'station' })
    const seen = new Set<BayId>()
    await sim.run(() => {
      for (const bay of others) {
        const view = sim.bench?.bay(bay)
        if (view?.signal === 'station') sim.book.complain(`${bay} suffers with it`)
        if (view?.state === 'provisioning') seen.add(bay)
      }
      return seen.size === others.length
    })
    expect([...seen].sort()).toEqual(others)
    const [crashed] = await sim.settle(sim.reader.runs({ max: 1, bay: BAD }))
    expect(crashed?.record).toMatchObject({
      verdict: 'error',
      error: { code: 'STATION_BAY_CRASHED' },
    })
    expect(sim.book.complaints).toEqual([])
    await sim.close()
  })

  test('is over once somebody put the bay back into service', async () => {
    let throws = true
    const sim = new Sim({
      seed: 12,
      ...FAULTLESS,
      step: (rules, state, input) => {
        if (throws && state.bay === BAD && state.phase.at === 'summon') {
          throws = false
          throw new Error('only once')
        }
        return step(rules, state, input)
      },
    })
    const end = await runToEnd(sim)
    expect(throws).toBe(false)
    expect(end.complaints).toEqual([])
    expect(end.verdicts['error']).toBe(1)
  })
})

describe('a bay that kills the process', () => {
  /** Kills the agent whenever it takes up the open run of the bad bay, before the commit. */
  const killsAtRestart = (
    limit: number,
  ): Required<Pick<SimOptions, 'kill'>> & { readonly kills: () => number } => {
    let kills = 0
    let armed = false
    return {
      kills: () => kills,
      kill: ({ entry, side }) => {
        if (entry?.bay !== BAD || side !== 'before') return false
        if (!armed) {
          // The first death, in the middle of a run.
          armed = entry.phase === 'summon'
          return armed
        }
        const takesUp = entry.input.fact.kind === 'restarted' && entry.run !== null
        if (!takesUp || kills >= limit) return false
        kills++
        return true
      },
    }
  }

  test('twice at its start is out of service the third time, and the others work', async () => {
    const plan = killsAtRestart(Number.POSITIVE_INFINITY)
    const sim = new Sim({ seed: 13, ...FAULTLESS, kill: plan.kill })
    const others = sim.bays.filter((bay) => bay !== BAD)
    await sim.run(() => sim.bench?.bay(BAD)?.state === 'faulted' || plan.kills() > 5)
    expect(plan.kills()).toBe(2)
    expect(sim.bench?.bay(BAD)).toMatchObject({ state: 'faulted', signal: 'station' })
    const [crashed] = await sim.settle(sim.reader.runs({ max: 1, bay: BAD }))
    expect(crashed?.record).toMatchObject({
      verdict: 'error',
      error: { code: 'STATION_BAY_CRASH_LOOP' },
    })
    const seen = new Set<BayId>()
    await sim.run(() => {
      for (const bay of others) if (sim.bench?.bay(bay)?.state === 'provisioning') seen.add(bay)
      return seen.size === others.length
    })
    expect([...seen].sort()).toEqual(others)
    expect(sim.book.complaints).toEqual([])
    await sim.close()
  })

  test('once only goes on with its run', async () => {
    const plan = killsAtRestart(1)
    const end = await runToEnd(new Sim({ seed: 14, ...FAULTLESS, kill: plan.kill }))
    expect(plan.kills()).toBe(1)
    expect(end.complaints).toEqual([])
    expect(end.verdicts['error']).toBeUndefined()
  })
})

describe('a mailbox that overflows', () => {
  test('is a fault of the bay, loses no fact that stands, and recovers by itself', async () => {
    let refuses = false
    const sim = new Sim({
      seed: 15,
      bays: 1,
      devices: 1,
      faults: false,
      assisted: 'none',
      refuse: () => (refuses ? 'STATION_LEDGER_FULL' : null),
    })
    const [bay] = sim.bays
    if (bay === undefined) throw new RangeError('no bay')
    await sim.run(() => sim.bench?.bay(bay)?.state === 'provisioning')
    refuses = true
    const taken: string[] = []
    for (let n = 0; n < 400; n++)
      void sim.bench?.act(bay, 'lamp-test', `hand ${n}`).then(({ taken: how, code }) => {
        taken.push(code ?? how)
      })
    const healthOf = () => sim.bench?.health().find(({ part }) => part === 'bay')
    expect(healthOf()).toMatchObject({ ok: false, code: 'STATION_MAILBOX_FULL', bay })
    // The wire falls while nothing can be taken: the bay must learn of it afterwards.
    sim.world.bench.place(bay).device?.pull(['link'])
    const upTo = sim.clock.now() + MINUTE
    await sim.run(() => sim.clock.now() > upTo)
    refuses = false
    await sim.run(() => sim.bench?.quiet === true && healthOf()?.ok === true)
    expect(healthOf()).toMatchObject({ ok: true })
    expect(taken.filter((how) => how === 'STATION_MAILBOX_FULL').length).toBeGreaterThan(100)
    expect(taken.filter((how) => how === 'taken').length).toBeGreaterThan(200)
    await sim.run(() => sim.bench?.bay(bay)?.state !== 'provisioning')
    expect(sim.bench?.bay(bay)?.state).toBe('restarting')
    expect(sim.book.complaints).toEqual([])
    await sim.close()
  })
})

describe('a ledger that refuses commits for a while', () => {
  test.each([
    ['STATION_LEDGER_FULL', 21],
    ['STATION_LEDGER_READONLY', 22],
    ['STATION_LEDGER_FAULT', 23],
  ] as const)('(%s) stops keys, lamps and messages, and nothing else', async (code, seed) => {
    let refuses = false
    const pressed: BayId[] = []
    const refused = new Map<BayId, string>()
    const first = new Map<BayId, string>()
    const sim: Sim = new Sim({
      seed,
      bays: 4,
      devices: 12,
      faults: false,
      publishes: true,
      pressed: (bay) => {
        if (refuses) pressed.push(bay)
      },
      refuse: ({ bay, input }) => {
        const fact = `${input.input} ${JSON.stringify(input.fact)}`
        if (!refuses) {
          if (refused.has(bay) && !first.has(bay)) first.set(bay, fact)
          return null
        }
        if (!refused.has(bay)) refused.set(bay, fact)
        return code
      },
    })
    // Every bay is somewhere in the middle, one of them among its keys.
    await sim.run(() => sim.bays.some((bay) => sim.bench?.bay(bay)?.state === 'summon'))
    const startedAt = sim.clock.now()
    refuses = true
    await sim.run(() => refused.size > 0 && sim.clock.now() > startedAt + MINUTE)
    const [sent, commits] = [sim.consumer.seen.size, sim.book.commits]
    await sim.run(() => sim.clock.now() > startedAt + 10 * MINUTE)
    expect(pressed).toEqual([])
    expect(sim.book.commits).toBe(commits)
    expect(sim.consumer.seen.size).toBe(sent)
    for (const bay of sim.bays) {
      expect(sim.bench?.bay(bay), `bay ${bay}`).toMatchObject({ fault: { code } })
      expect(sim.world.bench.lamps().get(bay), `lamp of bay ${bay}`).toBe('station')
    }
    refuses = false
    const until = sim.clock.now() + MINUTE
    await sim.run(() => sim.clock.now() > until)
    for (const [bay, fact] of refused) expect(first.get(bay), `first of bay ${bay}`).toBe(fact)
    for (const bay of sim.bays) expect(sim.bench?.bay(bay)?.fault, `bay ${bay}`).toBeNull()
    expect((await runToEnd(sim)).complaints).toEqual([])
  })
})
