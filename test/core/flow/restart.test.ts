// Swaps of devices, restarts of the agent, and answers that come twice, late or are taken back.
import { describe, expect, test } from 'vitest'
import { promptOf } from '../../../agent/core/prompts.ts'
import { NAMES, TestBay } from './bay.ts'

const assisted = () => new TestBay({ screen: 'operator' })
const _burst = (bay: TestBay) => `${bay.lastPlay?.request.script} ${bay.lastPlay?.request.burst}`

describe('a swap', () => {
  test('inside a restart: another MAC asks for a scan; the same label goes on, another closes', () => {
    const swapped = () =>
      assisted().toProvisioning().link('down').pass(60_000).link('up').mac('02:99:00:00:00:00')
    expect(swapped().phase).toMatchObject({ at: 'hold', why: 'swapped', stop: true })
    expect(swapped().scan('S-1').name).toBe('locate')
    expect(swapped().scan('S-9').pass(6000).records.at(-1)).toMatchObject({
      verdict: 'interrupted',
      error: { code: 'OPERATOR_SWAPPED' },
    })
    expect(
      promptOf(swapped().state, assisted().rules)?.choices.some(({ answer }) => answer === 'go-on'),
    ).toBe(false)
  })
  test('the MAC of a bench adapter names no device', () => {
    const bay = new TestBay({ screen: 'operator', adapter: 'bench' })
      .toProvisioning()
      .mac('02:99:00:00:00:00')
    expect(bay.name).toBe('provisioning')
  })
  test('one ZtdId in two bays holds', () => {
    const bay = new TestBay().toReviewing()
    bay.give({
      kind: 'looked',
      look: bay.state.look?.id as never,
      page: 'landing',
      fields: { ...NAMES, qr: '{"ZtdId":"z-1"}', focus: 'next' },
      seenAt: bay.at,
      frame: '',
      alsoIn: 'b2' as never,
    })
    expect(bay.phase).toMatchObject({ at: 'hold', why: 'duplicate-ztd' })
  })
})

describe('a restart of the agent', () => {
  test.for<[string, () => TestBay, string]>([
    ['identify', () => assisted().link('up').pass(4000).keyboard(true), 'identify'],
    ['precheck', () => assisted().toPreCheck(), 'precheck'],
    ['summon', () => assisted().toSummon(), 'echo'],
    ['selecting', () => assisted().toSelecting(), 'locate'],
    ['reviewing', () => assisted().toReviewing(), 'locate'],
    ['accepting', () => assisted().toReviewing().say('yes'), 'locate'],
    ['provisioning', () => assisted().toProvisioning(), 'provisioning'],
    ['restarting', () => assisted().toProvisioning().link('down'), 'restarting'],
    ['resealing', () => assisted().toResealing(), 'locate'],
    ['offproof', () => assisted().toOffProof(), 'offproof'],
    ['dark-ask', () => assisted().toOffProof().pass(181_000), 'dark-ask'],
    ['retry-wait', () => new TestBay().toFailing('0x81039001').pass(31_000), 'retry-wait'],
    ['hold', () => assisted().toPreCheck().checked().act('abort').undo(), 'locate'],
    ['closing', () => assisted().toProvisioning().act('abort'), 'closing'],
    ['done', () => assisted().toDone(), 'done'],
  ])('in %s', ([, make, wanted]) => {
    const bay = make()
    const { keys } = bay.state.run ?? { keys: [] }
    bay.restart('boot2')
    expect(bay.name).toBe(wanted)
    expect(bay.last?.effects.some((effect) => effect.do === 'release')).toBe(true)
    if (bay.state.run === null) return
    expect(bay.state.run.agentRestarts).toBe(1)
    // Whatever was on its way is unknown and never sent again.
    const again = bay.last?.effects.filter((effect) => effect.do === 'play' && !effect.echo) ?? []
    expect(again).toEqual([])
    expect(bay.state.run.keys.length).toBeGreaterThanOrEqual(keys.length)
  })
  test('a clock that was set back while the agent was down makes no wait longer', () => {
    const bay = assisted().toProvisioning()
    const left = (bay.state.limits.provision ?? 0) - bay.at
    bay.at -= 365 * 86_400_000
    bay.give({ kind: 'restarted', boot: 'boot2' })
    expect((bay.state.limits.provision ?? 0) - bay.at).toBe(left)
  })
})

describe('answers', () => {
  test('the same again is the same, another is refused, a late one is stale', () => {
    const bay = assisted().toSelecting()
    const prompt = bay.state.prompt?.id as never
    const give = (answer: string) =>
      bay.give({ kind: 'answered', prompt, answer, by: 'a', given: bay.at }).taken
    expect([give('nonsense'), give('yes'), give('yes'), give('again')]).toEqual([
      'refused',
      'taken',
      'same',
      'refused',
    ])
    bay.played()
    expect(
      bay.give({ kind: 'answered', prompt: 'p1' as never, answer: 'yes', by: 'a', given: bay.at })
        .taken,
    ).toBe('stale')
  })
  test('an answer that would close waits and can be taken back, by its own question only', () => {
    const bay = assisted().toOffProof().pass(181_000)
    const prompt = bay.state.prompt?.id as never
    bay.say('removed').pass(3000)
    expect(bay.give({ kind: 'undo', prompt: 'p1' as never, by: 'a' }).taken).toBe('stale')
    expect(bay.give({ kind: 'undo', prompt, by: 'a' }).taken).toBe('taken')
    expect(bay.name).toBe('dark-ask')
    expect(bay.state.prompt?.id).not.toBe(prompt)
  })
  test('a lamp test ends, whatever happens meanwhile', () => {
    const bay = assisted().act('lamp-test').link('up').pass(11_000)
    expect(bay.state.testUntil).toBeNull()
  })
})
