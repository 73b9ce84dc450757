// Properties of the flow over whole stays of devices: every state reached, every invariant held after every input.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BayTraits } from '../../../agent/core/rules.ts'
import { PHASE_NAMES } from '../../../agent/core/state.ts'
import { Chance } from './chance.ts'
import type { DeviceSpec } from './device.ts'
import { Invariants } from './invariants.ts'
import { rulesOf } from './rules.ts'
import { World } from './world.ts'

const RUNS = 1100
const device = (n: number): fc.Arbitrary<DeviceSpec> =>
  fc.record({
    serial: fc.constant(`S-${n}`),
    ztdId: fc.constant(`z-${n}`),
    mac: fc.constant(`02:00:00:00:00:0${n}`),
    windows: fc.constantFrom(10 as const, 11 as const),
    variant: fc.oneof(
      { weight: 8, arbitrary: fc.constant('ours' as const) },
      { weight: 1, arbitrary: fc.constantFrom('resealed', 'menu-2026', 'associated') },
    ),
    outcomes: fc.oneof(
      { weight: 3, arbitrary: fc.constant([null]) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          ['0x81039001', null],
          ['0x81039001', '0x81039001', '0x81039001'],
          ['0x800705B4'],
          ['0x80180014'],
          ['0x0x81039001', null],
          ['0x8badf00d', null],
          ['0x81039025'],
        ),
      },
    ),
    provisionMs: fc.integer({ min: 60_000, max: 70 * 60_000 }),
    restarts: fc.integer({ min: 0, max: 2 }),
    wrongProfile: fc.oneof(
      { weight: 6, arbitrary: fc.constant('never' as const) },
      { weight: 3, arbitrary: fc.constantFrom('first', 'always') },
    ),
    offSpeed: fc.constantFrom(null, null, 100),
    extraTab: fc.boolean(),
  }) as fc.Arbitrary<DeviceSpec>

const traits: fc.Arbitrary<Partial<BayTraits>> = fc.record({
  keyboard: fc.constantFrom('driver', 'driver', 'driver', 'manual'),
  screen: fc.constantFrom('capture', 'operator'),
  adapter: fc.constantFrom('device', 'bench'),
  echo: fc.boolean(),
  keepAwake: fc.boolean(),
  summonPlace: fc.constantFrom('signin', 'first-page'),
})

const scenario = fc.record({
  seed: fc.integer(),
  traits,
  devices: fc.tuple(device(1), device(2)),
  honest: fc.boolean(),
  faults: fc.constantFrom(0, 0.01, 0.04, 0.1),
  withOrder: fc.boolean(),
})

test('the flow keeps its word whatever devices, people and parts do, and reaches every state', {
  timeout: 60_000,
}, () => {
  const phases = new Map<string, number>()
  const grades = new Map<string, number>()
  const verdicts = new Map<string, number>()
  let delivered = 0
  fc.assert(
    fc.property(scenario, (drawn) => {
      const rules = rulesOf(drawn.traits)
      const seen = new Invariants(drawn.traits.echo === true && drawn.traits.keyboard === 'driver')
      const world = new World({ rules, stepsMax: 260, ...drawn }, new Chance(drawn.seed), seen.see)
      world.run()
      // Where a capture guards each Enter, or nobody errs, no key ever does harm.
      const { keyboard, screen } = drawn.traits
      const nobodyErrs = drawn.honest && drawn.faults === 0
      for (const { truth } of world.devices) {
        if (nobodyErrs || (keyboard === 'driver' && screen === 'capture'))
          expect(truth).toMatchObject({ resets: 0, menuNexts: 0 })
        if (nobodyErrs) expect(truth.blind).toBe(0)
      }
      // A swap that wire and page do not show is out of reach; a reseal that nobody pressed is not.
      const resealed = world.devices.reduce((sum, { truth }) => sum + truth.resealed, 0)
      const witnessed = seen.records.filter(({ grade }) => grade === 'witnessed').length
      expect(witnessed).toBeLessThanOrEqual(resealed)
      delivered += seen.delivered
      for (const [name, times] of seen.phases) phases.set(name, (phases.get(name) ?? 0) + times)
      for (const { verdict, grade } of seen.records) {
        verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
        if (grade) grades.set(grade, (grades.get(grade) ?? 0) + 1)
      }
    }),
    { numRuns: RUNS, seed: 7 },
  )
  const rare = PHASE_NAMES.filter((name) => (phases.get(name) ?? 0) < 50)
  expect(rare, 'states reached fewer than 50 times').toEqual([])
  expect(grades.get('witnessed')).toBeGreaterThan(20)
  expect(grades.get('stated')).toBeGreaterThan(20)
  expect(delivered).toBeGreaterThan(500)
  for (const verdict of ['resealed', 'failed', 'error', 'timeout', 'aborted', 'interrupted'])
    expect(verdicts.get(verdict) ?? 0, verdict).toBeGreaterThan(5)
})
