// The signal of every state, and what a bay shows after each way a run can close, as the signals page says.
import { describe, expect, test } from 'vitest'
import { renderView, signalOf } from '../../agent/core/render-view.ts'
import {
  hueOf,
  isTwoStateOn,
  SIGNAL_TABLE,
  SIGNALS,
  SOUND_TABLE,
  TOWER_TABLE,
} from '../../agent/core/signals.ts'
import { FAULTS } from '../../agent/fault.ts'
import { TestBay } from './flow/bay.ts'

const assisted = () => new TestBay({ screen: 'operator' })

describe('the signal of a state', () => {
  test.for<[string, () => TestBay, string]>([
    ['nothing there', assisted, 'empty'],
    ['link settling', () => assisted().link('up'), 'waiting'],
    ['steady and not alive: a person scans', () => assisted().link('up').pass(4000), 'you'],
    ['a link that never settles: a person looks at the cable', () => flapping(assisted()), 'you'],
    ['identity asked for', () => assisted().link('up').pass(4000).keyboard(true), 'you'],
    ['checks run', () => assisted().toPreCheck(), 'working'],
    ['held by the network', () => assisted().toPreCheck().checked('hold'), 'waiting'],
    ['keys, with a capture', () => new TestBay().toSummon(), 'working'],
    ['options asked for', () => assisted().toSummon(), 'you'],
    ['provisioning', () => assisted().toProvisioning(), 'working'],
    [
      'provisioning, the end is expected',
      () =>
        assisted()
          .toProvisioning()
          .pass(31 * 60_000),
      'you',
    ],
    ['the device restarts', () => assisted().toProvisioning().link('down'), 'waiting'],
    ['off-proof', () => assisted().toOffProof(), 'working'],
    ['went it dark?', () => assisted().toOffProof().pass(181_000), 'you'],
    ['wrong customer', () => assisted().link('up').scan('S-1', { otherOrder: 'WO-2' }), 'hold'],
    ['device swapped', () => assisted().toProvisioning().mac('02:99:00:00:00:00'), 'alarm'],
    ['retry timer', () => new TestBay().toFailing('0x81039001').pass(31_000), 'waiting'],
    ['keyboard missing, not long', () => keyless(), 'waiting'],
    ['keyboard missing for 30 s', () => keyless().pass(31_000), 'station'],
    ['resealed', () => assisted().toDone(), 'done'],
    ['out of service by a person', () => assisted().act('out-of-service'), 'closed'],
    ['out of service by the agent', () => poisoned(assisted()), 'station'],
    ['lamp test', () => assisted().toDone().act('lamp-test'), 'test'],
  ])('%s', ([, make, wanted]) => {
    expect(signalOf(make().state)).toBe(wanted)
  })
  const keyless = () =>
    new TestBay({ echo: false }).keyboard(true, 'silent').link('up').scan().pass(4000).checked()
  const flapping = (bay: TestBay) => {
    for (let n = 0; n < 45; n++) bay.link(n % 2 === 0 ? 'up' : 'down').pass(1500)
    return bay
  }
  const poisoned = (bay: TestBay) => {
    bay.give({ kind: 'poisoned', fault: 'STATION_BAY_CRASHED', detail: '' })
    return bay
  }
})

describe('a run that closed', () => {
  const closed = (verdict: string): TestBay => {
    const bay = assisted().toProvisioning()
    if (verdict === 'timeout') return bay.pass(100 * 60_000)
    if (verdict === 'aborted') return bay.act('abort').pass(6000)
    if (verdict === 'interrupted') return bay.act('removed').pass(6000)
    bay.pass(31 * 60_000).say('red')
    return bay
      .say('code', verdict === 'failed' ? '0x80180014' : '0x800C0003')
      .pass(verdict === 'failed' ? 6000 : 0)
  }
  test.for([
    ['failed', 'failed'],
    ['timeout', 'hold'],
    ['aborted', 'you'],
    ['interrupted', 'you'],
  ] as const)('%s shows %s while something is plugged in', ([verdict, wanted]) => {
    const bay = closed(verdict)
    expect([bay.records.at(-1)?.verdict, bay.name, signalOf(bay.state)]).toEqual([
      verdict,
      'closed',
      wanted,
    ])
  })
  test('its line says who acts, in words; the code stands for itself', () => {
    const ready = { p50Ms: 1, p90Ms: 2, n: 0 }
    const viewOf = ({ state, rules }: TestBay) => renderView(state, rules, ready, null, state.at)
    expect(viewOf(closed('failed'))).toMatchObject({
      line: 'Red shelf: remote IT',
      code: '0x80180014',
    })
    const bay = new TestBay({ screen: 'operator' }).toSummon()
    const error = viewOf(
      bay
        .keyboard(null, 'gone')
        .played('fault')
        .pass(11 * 60_000),
    )
    // A person at the bay reads what is wrong, not that something is.
    expect(error.line).toBe(FAULTS.STATION_KEYBOARD_GONE.hint)
    expect(error.code).toBe('STATION_KEYBOARD_GONE')
    expect(bay.records.at(-1)?.error).toEqual({ code: error.code, action: error.line })
    const lost = assisted()
    lost.give({ kind: 'poisoned', fault: 'STATION_BAY_CRASHED', detail: '' })
    expect(viewOf(lost)).toMatchObject({ code: 'STATION_BAY_CRASHED' })
    expect(viewOf(lost).line).toContain('fetch the owner of the bench')
  })
  test('error shows the station', () => {
    const bay = new TestBay({ screen: 'operator' }).toSummon()
    bay
      .keyboard(null, 'gone')
      .played('fault')
      .pass(11 * 60_000)
    expect([bay.records.at(-1)?.verdict, signalOf(bay.state)]).toEqual(['error', 'station'])
  })
  test('aborted with nothing plugged in is empty, and free after a while', () => {
    const bay = closed('aborted').link('down').keyboard(false)
    expect(signalOf(bay.state)).toBe('empty')
    expect(bay.pass(91_000).name).toBe('empty')
  })
  test('a run that closes in silence frees its bay by itself', () => {
    const bay = assisted()
      .toProvisioning()
      .link('down')
      .keyboard(false)
      .pass(15 * 60_000 + 1)
    expect([bay.records.at(-1)?.verdict, bay.name]).toEqual(['interrupted', 'closed'])
    expect(bay.pass(91_000).name).toBe('empty')
  })
  test('the next run opens after "taken out", a retry or another label, not at the label of what failed', () => {
    expect(closed('failed').scan('S-1').name).toBe('closed')
    expect(closed('failed').scan('S-2').name).toBe('precheck')
    expect(closed('failed').act('retry').state.run).toMatchObject({ serial: 'S-1', attempt: 2 })
    expect(closed('failed').say('taken-out').pass(4000).name).toBe('present')
    expect(closed('aborted').scan('S-1').name).toBe('precheck')
  })
})

describe('after resealed', () => {
  const done = () => assisted().toDone()
  test('silence does not count: the bay stays done for days', () => {
    expect(done().pass(3 * 86_400_000).name).toBe('done')
  })
  test('its own MAC on a link that is up is the alarm; so are its label and its page', () => {
    const bay = done().link('up').mac('02:00:00:00:00:01')
    expect([bay.name, bay.alarms, signalOf(bay.state)]).toEqual([
      'alarm',
      ['OPERATOR_POWERED_ON_AFTER_RESEAL'],
      'alarm',
    ])
    expect(done().link('up').scan('S-1').name).toBe('alarm')
    expect(done().keyboard(true).scan('S-1').name).toBe('alarm')
    const seen = new TestBay().toDone().link('up')
    seen.give({
      kind: 'qr',
      ztdId: 'z-1',
      result: null,
      deviceLink: false,
      known: true,
      alsoIn: null,
      by: 'ann',
    })
    expect(seen.name).toBe('alarm')
  })
  test('something unknown is a question, and the alarm after 60 s', () => {
    const bay = done().link('up')
    expect([bay.name, signalOf(bay.state)]).toEqual(['back', 'you'])
    expect(bay.pass(59_000).name).toBe('back')
    expect(bay.pass(2000).name).toBe('alarm')
  })
  test('another device is a new run; the label of the one that went off is nothing', () => {
    expect(done().link('up').scan('S-2').state.run?.serial).toBe('S-2')
    expect(done().scan('S-2').state.run?.serial).toBe('S-2')
    expect(done().scan('S-1').name).toBe('done')
  })
  test('a keyboard that could not tell and now is enumerated is life, also over a restart of the agent', () => {
    const bay = assisted().toOffProof().keyboard(null, 'silent').link('down').pass(46_000)
    expect(bay.name).toBe('done')
    expect(bay.restart('boot2').link('down').keyboard(true).name).toBe('back')
    expect(bay.keyboard(false).name).toBe('done')
  })
  test('out of service and back keeps the watch', () => {
    const bay = done().act('out-of-service').link('up').act('in-service')
    expect(bay.name).toBe('back')
  })
})

test('every signal has a row, and nothing flashes faster than 3 times a second', () => {
  for (const signal of SIGNALS) {
    for (const [on, off] of SIGNAL_TABLE[signal].rhythm)
      if (off > 0 && on > 0) expect(on + off).toBeGreaterThanOrEqual(334)
  }
})

describe('lamps with fewer abilities', () => {
  test('the tower in data is the tower in words', () => {
    const perSecond: Readonly<Record<string, string>> = {
      '500/500': 'blink 1 Hz',
      '1000/1000': 'blink 0.5 Hz',
      '200/200': 'blink 2.5 Hz',
      '1/0': 'steady',
    }
    for (const signal of SIGNALS) {
      const { lit, rhythm } = TOWER_TABLE[signal]
      const beat = perSecond[rhythm.map(([on, off]) => `${on}/${off}`).join()] ?? ''
      const buzzer = signal === 'alarm' ? ' + buzzer' : ''
      const words =
        signal === 'test'
          ? 'in turn'
          : lit.length === 0
            ? 'off'
            : `${lit.join(' + ')} ${beat}${buzzer}`
      expect(words, signal).toBe(SIGNAL_TABLE[signal].tower)
    }
  })
  test('a lamp that is only on or off is on for what a person must touch', () => {
    expect(SIGNALS.filter(isTwoStateOn).toSorted()).toEqual([
      'alarm',
      'done',
      'failed',
      'hold',
      'station',
      'you',
    ])
  })
  test('green stands still on a tower for done alone, and no two signals that ask different people look alike', () => {
    const looks = new Map<string, string>()
    for (const signal of SIGNALS.filter((one) => one !== 'test')) {
      const { lit, rhythm } = TOWER_TABLE[signal]
      const look = `${lit.toSorted()} ${lit.length === 0 ? '' : rhythm}`
      const who = SIGNAL_TABLE[signal].who
      expect(looks.get(look) ?? who, signal).toBe(who)
      looks.set(look, who)
      if (lit.includes('green') && rhythm[0]?.[1] === 0) expect(signal).toBe('done')
    }
  })
  test('every colour of the table has a name, and every sound its beeps', () => {
    expect(new Set(SIGNALS.map(hueOf)).size).toBe(8)
    for (const signal of SIGNALS) {
      const { beeps, endless } = SOUND_TABLE[SIGNAL_TABLE[signal].sound]
      expect(beeps.length > 0, signal).toBe(SIGNAL_TABLE[signal].sound !== 'none')
      expect(endless).toBe(signal === 'alarm')
    }
  })
})
