// The off-proof as a table: which signs prove that a device went off after Reseal, and which are only a question.
import { describe, expect, test } from 'vitest'
import { TestBay } from './bay.ts'

const assisted = () => new TestBay({ screen: 'operator' }).toOffProof()
const capture = () => new TestBay().toOffProof()
const HOLD = 45_000

/** What came of it after the hold, and after the limit for a beginning: `<verdict> <grade>` or the open question. */
const outcome = (bay: TestBay): string => {
  bay.pass(4 * 60_000)
  const record = bay.records.at(-1)
  if (record) return `${record.verdict} ${record.grade}`
  return bay.phase.at === 'dark-ask' ? `asks ${bay.phase.why}` : bay.name
}

describe('assisted: wire and keyboard alone', () => {
  test.for<[string, (bay: TestBay) => TestBay, string]>([
    ['link down, keyboard gone', (b) => b.link('down').keyboard(false), 'resealed stated'],
    [
      'link down, keyboard cannot tell',
      (b) => b.keyboard(null, 'silent').link('down'),
      'resealed stated',
    ],
    ['link down, keyboard still enumerated', (b) => b.link('down'), 'asks keyboard-still-there'],
    [
      'link fell to 100, keyboard gone',
      (b) => b.link('up', 100).keyboard(false),
      'resealed stated',
    ],
    [
      'link fell to 100, keyboard cannot tell',
      (b) => b.link('up', 100).keyboard(null, 'silent'),
      'asks nothing-gone',
    ],
    ['link fell to 100, keyboard there', (b) => b.link('up', 100), 'asks nothing-gone'],
    [
      'down for a moment, then at 100',
      (b) => b.link('down').keyboard(false).pass(2000).link('up', 100),
      'resealed stated',
    ],
    ['keyboard gone, link untouched', (b) => b.keyboard(false), 'asks nothing-gone'],
    [
      'the port itself is gone: nobody can say',
      (b) => b.link('gone').keyboard(false),
      'asks nothing-gone',
    ],
    [
      'the port is gone inside the hold, and does not come back',
      (b) => b.link('down').keyboard(false).pass(20_000).link('gone'),
      'asks nothing-gone',
    ],
    [
      'the port is gone for a while inside the hold',
      (b) => b.link('down').keyboard(false).pass(20_000).link('gone').link('back').link('down'),
      'resealed stated',
    ],
    ['nothing changes: a silent network proves nothing', (b) => b, 'asks nothing-gone'],
    [
      'a scan inside the hold',
      (b) => b.link('down').keyboard(false).pass(20_000).scan('S-1'),
      'asks removal-sign',
    ],
    [
      '"taken out" inside the hold',
      (b) => b.link('down').keyboard(false).pass(20_000).act('removed'),
      'asks removal-sign',
    ],
    [
      'another MAC inside the hold',
      (b) => b.link('up', 100).keyboard(false).pass(9000).mac('02:99:00:00:00:00'),
      'asks removal-sign',
    ],
    [
      'it is on again with wire and keyboard',
      (b) => b.link('down').keyboard(false).pass(9000).link('up').keyboard(true),
      'asks restarted',
    ],
  ])('%s', ([, act, wanted]) => {
    expect(outcome(act(assisted()))).toBe(wanted)
  })

  test('a link that was at 100 before proves nothing by being at 100', () => {
    const bay = new TestBay({ screen: 'operator' }).toProvisioning().link('up', 100)
    bay
      .pass(31 * 60_000)
      .say('green')
      .played()
    expect(outcome(bay.link('up', 100).keyboard(false))).toBe('asks nothing-gone')
  })

  test('a link that is told down twice did not fall twice, and one that fell before the key does not count', () => {
    const bay = assisted().link('down').keyboard(false).pass(40_000).link('down').pass(6000)
    expect(bay.records.at(-1)?.verdict).toBe('resealed')
  })

  test('a flap starts the hold over, also one that only the counter saw', () => {
    for (const flap of [
      (b: TestBay) => b.link('up').link('down'),
      (b: TestBay) => b.unseenFlap(),
    ]) {
      const bay = flap(assisted().link('down').keyboard(false).pass(40_000)).pass(40_000)
      expect(bay.name).toBe('offproof')
      expect(bay.pass(6000).records.at(-1)?.verdict).toBe('resealed')
    }
  })
})

describe('with a capture the picture must have gone dark before the link changed', () => {
  test.for<[string, (bay: TestBay) => TestBay, string]>([
    ['dark, then link down', (b) => b.goesOff(), 'resealed witnessed'],
    [
      'link down, then dark',
      (b) => b.link('down').keyboard(false).pass(500).see('dark'),
      'asks nothing-gone',
    ],
    [
      'dark and link in one instant, as when the power is pulled',
      (b) => b.see('dark').link('down').keyboard(false),
      'asks nothing-gone',
    ],
    ['link down, never dark', (b) => b.link('down').keyboard(false), 'asks nothing-gone'],
    [
      'dark, back, then link down',
      (b) => b.see('dark').pass(900).see('signin').pass(900).link('down').keyboard(false),
      'asks nothing-gone',
    ],
    [
      'dark, then 100 and no keyboard',
      (b) => b.pass(900).see('dark').pass(900).link('up', 100).keyboard(false),
      'resealed witnessed',
    ],
  ])('%s', ([, act, wanted]) => {
    expect(outcome(act(capture()))).toBe(wanted)
  })
})

describe('a restart of the agent inside the hold', () => {
  const held = () => assisted().link('down').keyboard(false).pass(30_000)
  test('same PC, same counter, both parts heard: the hold goes on', () => {
    const bay = held().restart().link('down').keyboard(false).pass(15_000)
    expect(bay.records.at(-1)?.verdict).toBe('resealed')
  })
  test('the hold never ends before wire and keyboard were heard again', () => {
    const bay = held().restart().pass(40_000)
    expect(bay.name).toBe('offproof')
    expect(bay.link('down').pass(1000).name).toBe('offproof')
    bay.keyboard(false).pass(1)
    expect(bay.records.at(-1)?.verdict).toBe('resealed')
  })
  test.for<[string, (bay: TestBay) => TestBay]>([
    ['another counter', (b) => b.restart().unseenFlap().keyboard(false)],
    ['the PC itself was restarted', (b) => b.restart('boot2').link('down').keyboard(false)],
  ])('%s: the hold starts over', ([, act]) => {
    const bay = act(held()).pass(HOLD - 1000)
    expect(bay.name).toBe('offproof')
    expect(bay.pass(2000).records.at(-1)?.verdict).toBe('resealed')
  })
  test('a keyboard that is there after all is a question', () => {
    const bay = held().restart().link('down').keyboard(true)
    expect(outcome(bay)).toBe('asks keyboard-still-there')
  })
  test('an Enter that was on its way is unknown, and such a run is never resealed by signs alone', () => {
    const bay = new TestBay({ screen: 'operator' })
      .toResealing()
      .restart()
      .link('down')
      .keyboard(false)
    bay.pass(16 * 60_000)
    expect(bay.records.map(({ verdict }) => verdict)).toEqual(['interrupted'])
    expect(bay.effects.filter((effect) => effect.do === 'play').at(-1)).toBe(bay.lastPlay)
  })
})

describe('the question whether it went dark', () => {
  const asked = () => assisted().pass(3 * 60_000)
  test('dark: resealed with the lowest grade, after its five seconds', () => {
    const bay = asked().say('dark')
    expect(bay.records).toEqual([])
    bay.pass(5000)
    expect(bay.records.at(-1)).toMatchObject({ verdict: 'resealed', grade: 'stated' })
  })
  test('life in the last seconds takes the word back', () => {
    const bay = assisted()
      .link('down')
      .pass(3 * 60_000)
      .say('dark')
      .pass(2000)
      .link('up')
    expect(bay.name).toBe('dark-ask')
  })
  test('pulled before: interrupted; still on: the flow looks again and presses nothing by itself', () => {
    expect(asked().say('removed').pass(5000).records.at(-1)?.verdict).toBe('interrupted')
    const bay = asked()
    const plays = bay.effects.length
    bay.say('still-on')
    expect([bay.name, bay.state.run?.reseal, bay.effects.length]).toEqual(['locate', null, plays])
  })
})

describe('where a person presses, the word of the press is the weakest link', () => {
  test('manual keyboard: stated, also with a capture, and also when the link fell before the word', () => {
    for (const screen of ['operator', 'capture'] as const) {
      const bay = new TestBay({ keyboard: 'manual', screen }).toProvisioning().pass(20 * 60_000)
      bay.link('down').pass(3000)
      expect(bay.name).toBe('restarting')
      bay.say('green').pass(46_000)
      expect(bay.records.at(-1)).toMatchObject({ verdict: 'resealed', grade: 'stated' })
      expect(bay.effects.some((effect) => effect.do === 'play')).toBe(false)
    }
  })
})
