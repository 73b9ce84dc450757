// Keys and their guards, identity and its holds, restarts and undo: the safety rules one by one.
import { describe, expect, test } from 'vitest'
import { promptOf } from '../../../agent/core/prompts.ts'
import { NAMES, OPTIONS, TestBay } from './bay.ts'
import { ENTRY_NAMES } from './rules.ts'

const assisted = () => new TestBay({ screen: 'operator' })
const burst = (bay: TestBay) => bay.lastKeys

describe('before any key', () => {
  test('a network that holds is asked again, and no key is sent meanwhile', () => {
    const bay = assisted().toPreCheck().checked('hold').pass(59_000)
    expect([bay.name, bay.lastPlay]).toEqual(['precheck', undefined])
    expect(bay.pass(2000).checked().name).toBe('echo')
  })
  test('the wire first: a device scanned without its cable waits for it', () => {
    const bay = assisted().scan()
    expect(bay.name).toBe('wiring')
    expect(bay.link('up').pass(3001).name).toBe('precheck')
  })
  test('no word leads past identity and checks', () => {
    const bay = assisted().link('up').pass(4000).keyboard(true).say('something-else')
    expect(bay.phase).toMatchObject({ at: 'hold', from: 'precheck' })
    expect(bay.say('go-on').name).toBe('identify')
  })
  test('wrong customer, not listed, another bay, another model', () => {
    const held = (more: Parameters<TestBay['scan']>[1]) =>
      assisted().link('up').pass(4000).scan('S-1', more)
    expect(held({ otherOrder: 'WO-2' }).phase).toMatchObject({ at: 'hold', why: 'wrong-customer' })
    expect(
      promptOf(held({ otherOrder: 'WO-2' }).state, assisted().rules)?.choices.map(
        ({ answer }) => answer,
      ),
    ).toEqual(['serial', 'close-aborted'])
    expect(held({ listed: false }).phase).toMatchObject({ at: 'hold', why: 'not-listed' })
    expect(held({ listed: false }).say('go-on').name).toBe('precheck')
    expect(held({ alsoIn: 'b2' as never }).phase).toMatchObject({
      at: 'hold',
      why: 'duplicate-serial',
    })
    expect(held({ alsoIn: 'b2' as never }).scan('S-2').name).toBe('precheck')
  })
})

describe('the summon', () => {
  test('starts over after an interrupted burst: a lock key first, then all five taps', () => {
    const bay = new TestBay().toSummon()
    expect(burst(bay)).toBe('first-page@1 windows-x5')
    bay.played('unknown').pass(20_000)
    expect(bay.lastPlay?.echo).toBe(true)
    bay.played('accepted', true).played()
    expect(bay.lastPlay?.request.reports.filter(({ bytes }) => bytes[0] === 0x08)).toHaveLength(5)
  })
  test('an unknown menu stops the taps at once, and nothing is pressed in it', () => {
    const bay = new TestBay().toSummon().see('menu', { entries: ['Scan QR code'] })
    expect(bay.last?.effects.map((effect) => effect.do)).toEqual(['cancel', 'release'])
    bay.played('unknown').see('menu', { entries: ['Scan QR code'] })
    expect(bay.phase).toMatchObject({ at: 'hold', why: 'unknown-menu' })
    const said = assisted().toSummon().played().say('see-menu')
    expect(said.phase).toMatchObject({ at: 'hold', why: 'unknown-menu' })
    const scanned = assisted().toSummon().played()
    scanned.give({
      kind: 'qr',
      ztdId: null,
      result: null,
      deviceLink: true,
      known: false,
      alsoIn: null,
      by: 'a',
    })
    expect(scanned.phase).toMatchObject({ at: 'hold', why: 'unknown-menu' })
  })
  test('device preparation is a hold for remote IT', () => {
    const bay = new TestBay().toSummon().played().see('provisioning')
    expect(bay.phase).toMatchObject({ at: 'hold', why: 'associated-elsewhere' })
    const said = assisted()
      .toSummon()
      .played()
      .say('something-else')
      .say('go-on')
      .say('provisioning')
    expect(said.phase).toMatchObject({ at: 'hold', why: 'associated-elsewhere' })
  })
})

describe('the options', () => {
  test('a resealed device hides the entry: failed, and nothing is pressed', () => {
    const entries = [OPTIONS.entries[0], OPTIONS.entries[2]]
    const bay = new TestBay().toSummon().played().see('options', { windows: 11, entries })
    expect(bay.records.at(-1)).toMatchObject({
      verdict: 'failed',
      error: { code: 'DEVICE_ALREADY_RESEALED' },
    })
    expect(burst(bay)).toBe('first-page@1 windows-x5')
    const said = assisted().toSelecting().say('no-entry').pass(6000)
    expect(said.records.at(-1)?.error?.code).toBe('DEVICE_ALREADY_RESEALED')
  })
  test('blue and white pages have their own script', () => {
    expect(burst(assisted().toSummon().played().say('options-10'))).toBe('options-10@1 moves')
    expect(burst(assisted().toSummon().played().say('options'))).toBe('options-11@1 moves')
    const bay = new TestBay().toSummon().played()
    bay.see('options', {
      windows: 10,
      entries: [OPTIONS.entries[0], 'Windows Autopilot provisioning', 'Reset'],
      focus: 'list',
      selected: OPTIONS.entries[0],
    })
    expect(burst(bay)).toBe('options-10@1 moves')
  })
  test.for(ENTRY_NAMES.filter(({ entry }) => entry === 'pre-provision'))(
    '$language: "$text" is the entry',
    ({ text, language }) => {
      const own = ENTRY_NAMES.filter((name) => name.language === language)
      const other = (entry: string) => own.find((name) => name.entry === entry)?.text ?? ''
      const entries = [other('install-package'), text, other('reset')]
      const bay = new TestBay()
        .toSummon()
        .played()
        .see('options', { windows: 11, entries, focus: 'list' })
      bay
        .played()
        .see('options', { windows: 11, entries, focus: 'next', selected: text.toUpperCase() })
      expect(burst(bay)).toBe('options-11@1 enter')
    },
  )
  test.for([
    ['Reset selected', { selected: OPTIONS.entries[2], focus: 'next' }],
    ['nothing selected', { focus: 'next' }],
    ['focus on Cancel', { selected: OPTIONS.entries[1], focus: 'cancel' }],
    ['Next disabled', { selected: OPTIONS.entries[1], focus: 'next', nextEnabled: false }],
  ] as const)('no Enter with %s', ([, fields]) => {
    const bay = new TestBay().toSelecting().see('options', { ...OPTIONS, ...fields })
    expect(burst(bay)).toBe('options-11@1 nudge')
  })
  test('moves that were played are not played blind again: a Space would press what holds the focus', () => {
    const bay = assisted().toSelecting().restart().say('options')
    expect(bay.name).toBe('selecting')
    expect(
      bay.effects.filter((effect) => effect.do === 'play' && effect.request.burst === 'moves'),
    ).toHaveLength(1)
  })
})

describe('an Enter and its guard', () => {
  test('answer and Enter are at most 2 s apart: later it is asked again', () => {
    const bay = assisted().toSelecting()
    const said = bay.at
    bay.say('yes')
    expect(bay.lastPlay?.notAfter).toBe(said + 2000)
    bay.played('expired')
    expect(bay.name).toBe('selecting')
    expect(bay.say('yes').lastPlay?.request.burst).toBe('enter')
  })
  test('a look is no older than that either', () => {
    const bay = new TestBay().toSelecting()
    const seen = bay.at
    bay.see('options', { ...OPTIONS, selected: OPTIONS.entries[1], focus: 'next' })
    expect(bay.lastPlay?.notAfter).toBe(seen + 2000)
  })
  test('no question is open while keys play, keep-awake included: it opens anew after them', () => {
    const bay = new TestBay({ screen: 'operator', keepAwake: true }).toProvisioning()
    const asked = bay.state.prompt?.id
    bay.pass(4 * 60_000)
    expect([bay.lastPlay?.request.burst, bay.state.prompt]).toEqual(['awake', null])
    bay.played()
    expect(bay.state.prompt?.id).not.toBe(asked)
    const late = bay.give({
      kind: 'answered',
      prompt: asked as never,
      answer: 'green',
      by: 'a',
      given: bay.at,
    })
    expect(late.taken).toBe('stale')
  })
  test('an unknown Enter never counts as pressed', () => {
    const bay = assisted().toResealing().played('unknown')
    expect([bay.name, bay.state.run?.reseal?.proof]).toEqual(['locate', 'unknown'])
    expect(bay.say('see-dark').pass(6000).records.at(-1)?.verdict).toBe('interrupted')
  })
  test('names that differ hold, after Refresh was tried under its own guard', () => {
    const wrong = { ...NAMES, profile: 'Other', focus: 'next' } as const
    const bay = new TestBay().toReviewing().see('landing', wrong)
    for (let n = 0; n < 2; n++) {
      expect(burst(bay)).toBe('refresh-11@1 moves')
      bay.played().see('landing', { ...wrong, focus: 'refresh' })
      expect(burst(bay)).toBe('refresh-11@1 enter')
      bay.played().see('landing', wrong).played().see('landing', wrong)
    }
    expect(bay.phase).toMatchObject({ at: 'hold', why: 'names-differ', detail: 'profile' })
  })
  test('other names on the green page, or a failure in its code: no Reseal', () => {
    const green = (fields: object) =>
      new TestBay()
        .toProvisioning()
        .pass(60_000)
        .see('success', fields)
        .see('success', { ...fields, focus: 'reseal' })
    expect(green({ ...NAMES, profile: 'Old' }).phase).toMatchObject({ at: 'hold', why: 'swapped' })
    expect(green({ ...NAMES, qr: '{"ZtdId":"z-9"}' }).phase).toMatchObject({
      at: 'hold',
      why: 'swapped',
    })
    expect(burst(green({ ...NAMES, qr: '{"ZtdId":"z-9"}' }))).toBe('landing-11@1 enter')
  })
  test('keys that do nothing come to an end', () => {
    const bay = new TestBay().toProvisioning().pass(60_000)
    const fields = { ...NAMES, focus: 'reseal' } as const
    bay.see('success', fields)
    for (let n = 0; n < 20 && bay.name !== 'hold'; n++) {
      bay.see('success', fields)
      if (bay.state.play !== null) bay.played('unknown')
    }
    expect(bay.phase).toMatchObject({ at: 'hold', why: 'guard-failed' })
  })
})

describe('another device than the label said', () => {
  test('the order names another ZtdId for this serial: a person scans, nothing is pressed', () => {
    const bay = new TestBay().toReviewing()
    const look = bay.state.look?.id ?? ('none' as never)
    const fields = { ...NAMES, qr: '{"ZtdId":"z-9"}', focus: 'next' } as const
    bay.give({
      kind: 'looked',
      look,
      page: 'landing',
      fields,
      seenAt: bay.at,
      frame: 'f',
      foreign: true,
    })
    expect(bay.phase).toMatchObject({ at: 'hold', why: 'swapped' })
    expect(bay.last?.effects.some((effect) => effect.do === 'play')).toBe(false)
  })
})

describe('Reseal without its focus', () => {
  test('Tab until a fresh look says Reseal, and only then Enter; never for ever', () => {
    const bay = new TestBay().toProvisioning().pass(31 * 60_000)
    const green = { ...NAMES, qr: '{"ZtdId":"z-1"}' } as const
    bay.see('success', green).see('success', { ...green, focus: 'other' })
    expect([bay.name, burst(bay)]).toEqual(['succeeding', 'success@1 nudge'])
    bay.played().see('success', { ...green, focus: 'reseal' })
    expect([bay.name, burst(bay)]).toEqual(['resealing', 'success@1 enter'])
    const lost = new TestBay()
      .toProvisioning()
      .pass(31 * 60_000)
      .see('success', green)
    for (let n = 0; n < 6; n++) lost.see('success', { ...green, focus: 'other' }).played()
    lost.see('success', { ...green, focus: 'other' }).pass(3 * 60_000)
    expect(lost.phase).toMatchObject({ at: 'hold', why: 'guard-failed' })
  })
})
