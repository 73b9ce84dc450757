// The buttons of a bay: a press is the expected answer, held "something else"; green or red takes two of them.
import { afterEach, describe, expect, test } from 'vitest'
import { answerOfPress } from '../../agent/bench/buttons.ts'
import { promptOf } from '../../agent/core/prompts.ts'
import type { ButtonReport } from '../../agent/ports.ts'
import { clock, HandBay, HandBench } from '../fakes/hand-bay.ts'
import { TestBay } from './flow/bay.ts'

const press = (key = 0, how: ButtonReport['press'] = 'short'): ButtonReport => ({
  kind: 'button',
  press: how,
  key,
  at: clock.now(),
})
const meant = (bay: TestBay, report: ButtonReport, keys = 1) => {
  const prompt = promptOf(bay.state, bay.rules)
  if (prompt === null) throw new Error(`nothing is asked in ${bay.name}`)
  return answerOfPress(prompt, report, keys)
}
const assisted = () => new TestBay({ screen: 'operator' })

describe('what a press means', () => {
  test.for<[string, () => TestBay, string]>([
    ['the options, on Windows 11', () => assisted().toSummon(), 'options'],
    ['the entry', () => assisted().toSelecting(), 'yes'],
    ['the names', () => assisted().toReviewing(), 'yes'],
    ['a device to take out', () => assisted().toDone(), 'taken-out'],
  ])('%s: the expected answer', ([, make, answer]) => {
    expect(meant(make(), press())).toEqual({ answer })
    expect(meant(make(), press(1), 2)).toHaveProperty('refused')
  })

  test.for<[string, () => TestBay]>([
    ['the options', () => assisted().toSummon()],
    ['the entry', () => assisted().toSelecting()],
    [
      'green or red',
      () =>
        assisted()
          .toProvisioning()
          .pass(31 * 60_000),
    ],
    ['whether it went dark', () => assisted().toOffProof().pass(181_000)],
  ])('held, at %s: something else', ([, make]) => {
    expect(meant(make(), press(0, 'long'))).toEqual({ answer: 'something-else' })
  })

  test('green or red is not for one button; of two the first is green', () => {
    const bay = assisted()
      .toProvisioning()
      .pass(31 * 60_000)
    expect(meant(bay, press())).toEqual({
      refused: 'Green or red takes two buttons, a barcode or the board.',
    })
    expect(meant(bay, press(0), 2)).toEqual({ answer: 'green' })
    expect(meant(bay, press(1), 2)).toEqual({ answer: 'red' })
    expect(meant(bay, press(2), 3)).toHaveProperty('refused')
  })

  test('before it asks, nothing says green by accident', () => {
    const bay = assisted().toProvisioning()
    expect(bay.state.prompt?.loud).toBe(false)
    expect(meant(bay, press(0), 2)).toHaveProperty('refused')
  })

  test.for<[string, () => TestBay]>([
    ['who it is', () => assisted().link('up').pass(4000)],
    ['a hold', () => assisted().toReviewing().say('no-profile')],
    ['whether it went dark', () => assisted().toOffProof().pass(181_000)],
    ['an alarm', () => assisted().toDone().keyboard(true).link('up').pass(120_000)],
  ])('%s has no expected answer: a press is refused with a sentence', ([, make]) => {
    expect(meant(make(), press())).toEqual({ refused: expect.stringMatching(/\.$/) })
  })
})

describe('a bay with buttons on the bench', () => {
  let open: HandBench | null = null
  afterEach(async () => {
    await open?.bench.close()
    open = null
  })

  async function bench(): Promise<{ own: HandBench; bay: HandBay }> {
    const bay = new HandBay('01')
    const own = await HandBench.open([bay])
    open = own
    await own.until('its buttons are watched', () => bay.buttons.watchers === 1)
    return { own, bay }
  }
  /** Presses as somebody does who has read the question. */
  const pressed = (own: HandBench, bay: HandBay, key = 0, how: ButtonReport['press'] = 'short') =>
    bay.buttons.say({
      ...press(key, how),
      at: (own.bench.bay('01')?.prompt?.since ?? clock.now()) + 500,
    })

  test('goes from the options to provisioning by presses alone, and red by the second button', async () => {
    const { own, bay } = await bench()
    bay.buttons.say({ health: 'ok', keys: 2, at: clock.now() })
    await own.toSummon(bay)
    for (const next of ['selecting', 'reviewing', 'provisioning']) {
      pressed(own, bay)
      await own.state('01', next)
    }
    await own.bench.act('01', 'look', 'ann')
    await own.until('it asks', () => own.bench.bay('01')?.prompt?.loud === true)
    pressed(own, bay, 1)
    await own.state('01', 'failing')
    expect(own.refused).toEqual([])
  })

  test('with one button green is refused with a sentence, and nothing happens', async () => {
    const { own, bay } = await bench()
    await own.toSummon(bay)
    for (const next of ['selecting', 'reviewing', 'provisioning']) {
      pressed(own, bay)
      await own.state('01', next)
    }
    await own.bench.act('01', 'look', 'ann')
    await own.until('it asks', () => own.bench.bay('01')?.prompt?.loud === true)
    pressed(own, bay)
    await own.until('the refusal', () => own.refused.length > 0)
    expect(own.refused).toMatchObject([
      { taken: 'refused', code: 'OPERATOR_BUTTON', bay: '01', detail: expect.any(String) },
    ])
    expect(own.bench.bay('01')?.state).toBe('provisioning')
  })

  test('a press that was too quick to have read the question is for the one before', async () => {
    const { own, bay } = await bench()
    await own.toSummon(bay)
    pressed(own, bay)
    await own.state('01', 'selecting')
    bay.buttons.say({ ...press(), at: own.bench.bay('01')?.prompt?.since ?? 0 })
    await own.until('the refusal', () => own.refused.length > 0)
    expect(own.refused).toMatchObject([{ taken: 'stale', code: 'OPERATOR_STALE_PROMPT' }])
    expect(own.bench.bay('01')?.state).toBe('selecting')
  })

  test('without a question a press does nothing; lost buttons are told and stop no bay', async () => {
    const { own, bay } = await bench()
    bay.buttons.say(press())
    await own.until('the refusal', () => own.refused.length > 0)
    expect(own.refused).toMatchObject([{ code: 'OPERATOR_NOT_NOW' }])
    bay.buttons.say({ health: 'gone', at: clock.now() })
    await own.until('the report', () => own.bench.health().some(({ ok }) => !ok))
    expect(own.bench.health()).toMatchObject([{ part: 'button', code: 'STATION_BUTTON_GONE' }])
    expect(own.bench.bay('01')?.signal).not.toBe('station')
    bay.buttons.say({ health: 'gone', code: 'STATION_HID_DENIED', at: clock.now() })
    await own.until('the reason', () =>
      own.bench.health().some(({ code }) => code === 'STATION_HID_DENIED'),
    )
    bay.buttons.say({ health: 'ok', keys: 1, at: clock.now() })
    await own.until('its return', () => own.bench.health().every(({ ok }) => ok))
  })
})
