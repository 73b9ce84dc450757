// From every named state, every kind of input to depth 3: the step is total, and no edge breaks the flow's word.
import { strict as assert } from 'node:assert'
import { expect, test } from 'vitest'
import { ACTIONS, type Fact } from '../../../agent/core/facts.ts'
import type { LookId, PlayId, PromptId, RunId } from '../../../agent/core/ids.ts'
import type { Output } from '../../../agent/core/output.ts'
import { PAGES } from '../../../agent/core/pages.ts'
import { promptOf } from '../../../agent/core/prompts.ts'
import { deadlineOf, renderView } from '../../../agent/core/render-view.ts'
import type { BayTraits, Rules } from '../../../agent/core/rules.ts'
import { type BayState, PHASE_NAMES } from '../../../agent/core/state.ts'
import { readState, writeState } from '../../../agent/core/state-text.ts'
import { step } from '../../../agent/core/step.ts'
import { DEFAULT_ESTIMATE } from '../../../station-config/defaults.ts'
import { Chance } from './chance.ts'
import type { DeviceSpec } from './device.ts'
import { rulesOf } from './rules.ts'
import { ORDER, World } from './world.ts'

const SPEC: DeviceSpec = {
  serial: 'S-1',
  ztdId: 'z-1',
  mac: '02:00:00:00:00:01',
  windows: 11,
  variant: 'ours',
  outcomes: [null],
  provisionMs: 600_000,
  restarts: 1,
  wrongProfile: 'never',
  offSpeed: null,
  extraTab: false,
}

/** One state for each name that a kind of bay can be in, met in simulated stays. */
function samples(rules: Rules): ReadonlyMap<string, BayState> {
  const found = new Map<string, BayState>()
  for (let seed = 1; seed <= 120; seed++) {
    const red = seed % 3 === 0 ? ['0x81039001', null] : [null]
    const devices = [
      { ...SPEC, outcomes: red, wrongProfile: seed % 4 === 0 ? 'first' : 'never' },
      { ...SPEC, serial: 'S-2', ztdId: 'z-2' },
    ] as const
    const scenario = {
      rules,
      devices,
      honest: seed % 4 !== 1,
      faults: 0.05,
      withOrder: true,
      stepsMax: 250,
    }
    new World(scenario, new Chance(seed), (_before, _fact, _input, { state }) => {
      // The one that is richest: in the middle of something.
      const known = found.get(state.phase.at)
      if (known === undefined || (known.play === null && state.play !== null))
        found.set(state.phase.at, state)
    }).run()
  }
  return found
}

/** A representative of every kind of input, made for the state that takes it. */
function inputsFor(state: BayState, rules: Rules): readonly Fact[] {
  const by = 'ann'
  const prompt = promptOf(state, rules)
  const given = state.at
  const link = (state.wire.downs ?? 0) + 1
  const facts: Fact[] = [
    { kind: 'link', link: 'up', speed: 1000, downs: link },
    { kind: 'link', link: 'up', speed: 100, downs: link },
    { kind: 'link', link: 'down', downs: link },
    { kind: 'link', link: 'gone' },
    { kind: 'link', link: 'back' },
    { kind: 'mac', mac: '02:00:00:00:00:01' },
    { kind: 'mac', mac: '02:00:00:00:00:99' },
    { kind: 'keyboard', enumerated: true, health: 'ok' },
    { kind: 'keyboard', enumerated: false, health: 'ok' },
    { kind: 'keyboard', enumerated: null, health: 'gone' },
    { kind: 'played', play: 'foreign' as PlayId, proof: 'accepted' },
    { kind: 'answered', prompt: 'p0' as PromptId, answer: 'yes', by, given },
    { kind: 'undo', prompt: '' as PromptId, by },
    { kind: 'timer', due: deadlineOf(state) ?? state.at },
    { kind: 'restarted', boot: state.boot },
    { kind: 'restarted', boot: 'another' },
    { kind: 'clock-jumped', byMs: -3_600_000 },
    { kind: 'poisoned', fault: 'STATION_BAY_CRASHED', detail: '' },
    { kind: 'tpm', station: 'NO-GO', windows: 'GO', checks: [] },
    { kind: 'sign', evidence: { kind: 'lease', source: 'wire', at: given, ref: '' } },
    ...ACTIONS.map((action) => ({ kind: 'action', action, by }) as const),
    ...(['S-1', 'S-9'] as const).map(
      (serial) =>
        ({
          kind: 'identified',
          serial,
          source: 'scan',
          by,
          order: ORDER,
          otherOrder: null,
          listed: true,
          runsBefore: 0,
          alsoIn: null,
        }) as const,
    ),
    ...([null, 'Success', 'Failure'] as const).map(
      (result) =>
        ({
          kind: 'qr',
          ztdId: 'z-1',
          result,
          deviceLink: false,
          known: true,
          alsoIn: null,
          by,
        }) as const,
    ),
    { kind: 'qr', ztdId: null, result: null, deviceLink: true, known: false, alsoIn: null, by },
  ]
  if (state.play !== null)
    for (const proof of ['accepted', 'unknown', 'expired', 'fault'] as const)
      facts.push({ kind: 'played', play: state.play.play, proof, echo: proof === 'accepted' })
  if (state.look !== null)
    for (const page of PAGES)
      facts.push({
        kind: 'looked',
        look: state.look.id as LookId,
        page,
        fields: FIELDS[page] ?? {},
        seenAt: given,
        frame: 'f',
      })
  for (const { answer } of prompt?.choices ?? [])
    facts.push({
      kind: 'answered',
      prompt: prompt?.id as PromptId,
      answer,
      by,
      given,
      text: '0x800705B4',
    })
  if (state.phase.at === 'precheck' && state.phase.check !== null)
    for (const grade of ['ok', 'hold'] as const)
      facts.push({
        kind: 'prechecked',
        check: state.phase.check,
        result: { at: given, findings: [{ id: 'dns', grade, value: '', hint: '' }] },
      })
  return facts
}
const FIELDS: Readonly<Record<string, object>> = {
  options: {
    windows: 11,
    entries: ['Install provisioning package', 'Pre-provision with Windows Autopilot', 'Reset'],
    selected: 'Pre-provision with Windows Autopilot',
    focus: 'next',
  },
  landing: { organisation: 'contoso.com', profile: 'Kiosk', focus: 'next' },
  success: { organisation: 'contoso.com', profile: 'Kiosk', focus: 'reseal' },
  failure: { code: '0x80180014', focus: 'retry' },
}

const ENTER = 0x28
function edgeHolds(before: BayState, output: Output): void {
  const { state, record, effects } = output
  if (state.run !== null) assert(deadlineOf(state) !== null, `no deadline in ${state.phase.at}`)
  const closes = before.run !== null && state.run?.run !== before.run.run
  assert.equal(record !== null, closes, 'one record per run')
  if (closes) assert(effects.some((effect) => effect.do === 'release'))
  const plays = effects.filter((effect) => effect.do === 'play')
  assert(plays.length <= 1, 'one play at a time')
  for (const play of plays) {
    const enters = play.request.reports.some(({ bytes }) => bytes[2] === ENTER)
    if (!enters) continue
    const on = state.run?.keys.at(-1)?.on
    assert(before.play === null && (on === before.prompt?.id || on === before.look?.id), 'a guard')
    assert(play.notAfter !== null)
  }
  if (record?.verdict === 'resealed')
    assert(['accepted', 'delivered', 'person'].includes(before.run?.reseal?.proof ?? ''))
  const during = state.play !== null && state.phase.at !== 'summon'
  assert(!during || (state.prompt === null && state.look === null), 'no question while keys play')
}

const KINDS: readonly (readonly [string, Partial<BayTraits>])[] = [
  ['a bay with a capture', { screen: 'capture' }],
  ['an assisted bay', { screen: 'operator' }],
]

test.for(KINDS)('every input to depth 3 from every state of %s', ([, traits]) => {
  const rules = rulesOf(traits)
  const starts = samples(rules)
  const assisted = new Set(['refreshing', 'succeeding'])
  const missing = PHASE_NAMES.filter(
    (name) => !starts.has(name) && !(traits.screen === 'operator' && assisted.has(name)),
  )
  expect(missing).toEqual([])
  let edges = 0
  for (const start of starts.values()) {
    let level: readonly BayState[] = [start]
    for (let depth = 1; depth <= 3; depth++) {
      const next = new Map<string, BayState>()
      for (const before of level) {
        for (const fact of inputsFor(before, rules)) {
          const at =
            fact.kind === 'timer'
              ? Math.max(before.at, fact.due)
              : before.at + (fact.kind === 'clock-jumped' ? fact.byMs : 1)
          const input = before.input + 1
          const output = step(rules, before, { input, at, uid: `r${input}` as RunId, fact })
          edges++
          edgeHolds(before, output)
          if (depth === 3) continue
          const text = writeState(output.state)
          const key = shapeOf(output.state)
          if (next.has(key)) continue
          assert.deepEqual(readState(text), output.state)
          renderView(output.state, rules, DEFAULT_ESTIMATE, null, output.state.at)
          next.set(key, output.state)
        }
      }
      level = [...next.values()]
    }
  }
  expect(edges).toBeGreaterThan(50_000)
})

/** What decides how a state goes on: without the history that only the record tells. */
function shapeOf(state: BayState): string {
  const { phase, play, prompt, look, wire, keyboard, limits, run, last } = state
  const told =
    run === null
      ? null
      : [
          run.serial,
          run.ztdId,
          run.mac,
          run.reseal?.proof,
          run.success?.source,
          run.retries,
          run.tpm.station,
          run.moved,
          run.names === null,
          run.provisionFrom === null,
        ]
  return JSON.stringify([
    phase.at,
    JSON.stringify(phase).replace(/\d{6,}/g, '#'),
    play?.burst,
    prompt?.loud,
    look !== null,
    wire.link,
    wire.speed,
    wire.mac,
    keyboard.enumerated,
    keyboard.health,
    Object.keys(limits).sort(),
    told,
    last?.verdict,
  ])
}
