// The third proof of a press: a lock-key echo before and after makes an accepted burst delivered, at nobody's cost.
import { describe, expect, test } from 'vitest'
import { TestBay } from './bay.ts'

const assisted = () => new TestBay({ screen: 'operator' })
/** Proof of each burst, echoes apart. */
const proofs = (bay: TestBay) =>
  Object.fromEntries(
    (bay.state.run ?? bay.records.at(-1))?.keys
      .filter(({ script }) => script !== 'echo')
      .map(({ script, burst, proof }) => [`${script.split('@')[0]} ${burst}`, proof]) ?? [],
  )
/** A bay whose next echo after keys waits for its answer. */
function byHand(bay: TestBay): TestBay {
  bay.answersEchoes = false
  return bay
}

describe('a burst between two echoes', () => {
  test('is delivered in state, record and evidence; Reseal, after which it goes dark, stays accepted', () => {
    const bay = assisted().toProvisioning()
    const wanted = {
      'first-page windows-x5': 'delivered',
      'options-11 moves': 'delivered',
      'options-11 enter': 'delivered',
      'landing-11 moves': 'delivered',
      'landing-11 enter': 'delivered',
    }
    expect(proofs(bay)).toEqual(wanted)
    const told = bay.state.run?.evidence.filter(({ kind }) => kind === 'keys-delivered') ?? []
    expect(told.map(({ source, ref }) => [source, ref])).toEqual([
      ['keyboard', 'options-11@1 enter'],
      ['keyboard', 'landing-11@1 enter'],
    ])
    bay
      .pass(31 * 60_000)
      .say('green')
      .played()
      .goesOff()
      .pass(46_000)
    expect(proofs(bay)).toEqual({ ...wanted, 'success enter': 'accepted' })
    expect(bay.records.at(-1)).toMatchObject({ verdict: 'resealed', grade: 'stated' })
  })

  test('an echo that was answered was delivered itself', () => {
    const bay = assisted().toPreCheck().checked().played('accepted', false)
    expect(bay.state.run?.keys.at(-1)?.proof).toBe('accepted')
    expect(bay.pass(16_000).played('accepted', true).state.run?.keys.at(0)?.proof).toBe('accepted')
    expect(bay.state.run?.keys.filter(({ script }) => script === 'echo').at(-1)?.proof).toBe(
      'delivered',
    )
  })

  test('Retry is delivered by the echo of the wait before and the one after it', () => {
    const bay = new TestBay().toProvisioning().pass(60_000).link('down').pass(5000).link('up')
    bay.see('failure', { code: '0x81039001' }).pass(31_000)
    expect([bay.name, bay.lastPlay?.echo]).toEqual(['retry-wait', true])
    bay.played('accepted', true).pass(121_000).played()
    bay.see('failure', { code: '0x81039001', focus: 'retry' }).played()
    expect(bay.name).toBe('provisioning')
    expect(proofs(bay)).toMatchObject({
      'failure moves': 'delivered',
      'failure enter': 'delivered',
    })
  })

  test.for<[string, (bay: TestBay) => TestBay]>([
    ['the echo after was not answered', (bay) => bay.played('accepted', false)],
    ['the echo after was cut off', (bay) => bay.played('unknown', true)],
    [
      'the keyboard left and came again',
      (bay) => bay.keyboard(false).keyboard(true).played('accepted', true),
    ],
    ['the link flapped unseen', (bay) => bay.unseenFlap().played('accepted', true)],
    ['the agent was started anew', (bay) => bay.restart().restart()],
  ])('stays accepted when %s', ([, lose]) => {
    const bay = byHand(assisted().toReviewing())
    bay.say('yes').played()
    expect([bay.name, bay.lastPlay?.echo]).toEqual(['provisioning', true])
    expect(proofs(lose(bay))).toMatchObject({ 'landing-11 enter': 'accepted' })
  })

  test('stays accepted without a good echo before it', () => {
    const bay = byHand(assisted().toSelecting())
    bay.keyboard(false).keyboard(true).say('yes').played()
    expect(bay.played('accepted', true).name).toBe('landing')
    expect(proofs(bay)).toMatchObject({
      'options-11 moves': 'accepted',
      'options-11 enter': 'accepted',
    })
  })

  test('an interrupted burst stays unknown, whatever an echo says later', () => {
    const bay = new TestBay().toSummon().played('unknown').pass(20_000)
    bay.played('accepted', true)
    expect(proofs(bay)).toMatchObject({ 'first-page windows-x5': 'unknown' })
  })

  test('where no echo is wanted none is played and accepted stays', () => {
    const bay = new TestBay({ screen: 'operator', echo: false }).toProvisioning()
    expect(bay.effects.some((effect) => effect.do === 'play' && effect.echo)).toBe(false)
    expect(new Set(Object.values(proofs(bay)))).toEqual(new Set(['accepted']))
  })
})

describe('the echo after keys keeps nobody waiting', () => {
  test('no echo stands between the moves and their question, nor between an answer and its Enter', () => {
    const bay = byHand(assisted().toSummon())
    bay.played().played('accepted', true)
    bay.say('options').played()
    expect([bay.name, bay.state.prompt?.loud, bay.state.play]).toEqual(['selecting', true, null])
    bay.say('yes')
    expect(bay.lastPlay?.request.burst).toBe('enter')
  })

  test('the question of the summon stays open beside it, and its answer waits for the echo alone', () => {
    const bay = byHand(assisted().toSummon())
    const { prompt } = bay.state
    bay.played()
    expect([bay.lastPlay?.echo, bay.state.prompt?.id]).toEqual([true, prompt?.id])
    expect(bay.say('options').name).toBe('summon')
    expect(bay.played('accepted', true).name).toBe('moving')
  })

  test('rounds go on at their pace, also when an echo outlasts the rest', () => {
    const bay = byHand(new TestBay({}, { summonEveryMs: 3000 }).toSummon())
    bay.played().played('accepted', true).pass(2800)
    expect(bay.phase).toMatchObject({ at: 'summon', round: 1 })
    expect(bay.pass(200).phase).toMatchObject({ round: 2 })
    bay.played().played().pass(4000)
    expect(bay.phase).toMatchObject({ round: 2, stage: 'rest' })
    expect(bay.played('accepted', true).phase).toMatchObject({ round: 3 })
  })

  test('the page loads meanwhile; an echo that takes longer is waited for', () => {
    const bay = byHand(assisted().toSelecting())
    bay.say('yes').played()
    expect([bay.name, bay.lastPlay?.echo]).toEqual(['landing', true])
    bay.pass(11_000)
    expect(bay.lastPlay?.echo).toBe(true)
    bay.played('accepted', true)
    expect(bay.lastKeys).toBe('landing-11@1 moves')
  })
})

describe('a summon that never gets on', () => {
  test('has an end over restarts of the agent, whatever is killed', () => {
    const bay = assisted().toSummon()
    let restarts = 0
    for (; bay.name !== 'hold' && restarts < 100; restarts++) {
      bay.restart()
      if (bay.name === 'echo') bay.played('accepted', true)
    }
    expect(bay.phase).toMatchObject({ at: 'hold', why: 'no-options' })
    expect(restarts).toBeLessThan(25)
    // A person's word begins anew.
    expect(bay.say('go-on').name).toBe('echo')
  })

  test('counts its rounds on over a restart', () => {
    const bay = new TestBay().toSummon().played().pass(21_000).played()
    const { phase } = bay
    if (phase.at !== 'summon') throw new Error(bay.name)
    expect(phase.round).toBeGreaterThan(1)
    bay.restart().played('accepted', true)
    expect(bay.phase).toMatchObject({ at: 'summon', round: phase.round + 1 })
  })

  test('has an end over restarts of the device too', () => {
    const bay = assisted().toSummon()
    let restarts = 0
    for (; bay.name !== 'hold' && restarts < 100; restarts++) {
      bay.link('down')
      if (bay.state.play !== null) bay.played('unknown')
      bay.pass(30_000).link('up')
      if (bay.name === 'echo') bay.played('accepted', true)
    }
    expect(bay.phase).toMatchObject({ at: 'hold', why: 'no-options' })
    expect(restarts).toBeLessThan(25)
  })
})
