// The simulated pages against the facts: counting rule, dialogs and their hazards, names, results, a reseal and its end.
import { describe, expect, it } from 'vitest'
import { LWIN5, Rig, reportOf } from './rig.ts'

const truth = (rig: Rig) => rig.device.truth.read()
const fields = (rig: Rig) => rig.device.page.fields()

describe('the left Windows key', () => {
  const SEQUENCES: readonly (readonly [what: string, keys: readonly string[], opens: boolean])[] = [
    ['five taps', ['tab', ...LWIN5], true],
    ['four taps', ['tab', ...LWIN5.slice(1)], false],
    ['five taps as a usage in the array', ['tab', ...LWIN5.map(() => 'lwinInArray')], true],
    ['another key after the fourth', ['tab', ...LWIN5.slice(1), 'x', 'lwin'], false],
    ['a lock key among them', ['tab', 'lwin', 'lwin', 'scroll', 'lwin', 'lwin', 'lwin'], false],
    ['a harmless key, then five', ['tab', 'lwin', 'f15', ...LWIN5], true],
    ['the right Windows key', ['tab', 'rwin', 'rwin', 'rwin', 'rwin', 'rwin'], false],
    ['five taps without focus inside the sign-in page', [...LWIN5], false],
    ['seven taps', ['tab', 'lwin', 'lwin', ...LWIN5], true],
  ]
  it.each(SEQUENCES)('%s', async (_, keys, opens) => {
    const rig = new Rig()
    await rig.until('signin')
    await rig.when('a living driver', () => rig.device.leds !== null)
    await rig.tap(...keys)
    await rig.pass(5000)
    expect(rig.device.page.name).toBe(opens ? 'options' : 'signin')
  })

  it('has no time window', async () => {
    const rig = new Rig()
    await rig.until('signin')
    await rig.pass(2000)
    await rig.tap('tab')
    for (const key of LWIN5) {
      await rig.tap(key)
      await rig.pass(600_000)
    }
    expect(rig.device.page.name).toBe('options')
  })

  it('counts a key-up alone: keys left down by a killed agent count when they are released', async () => {
    const rig = new Rig()
    await rig.until('signin')
    await rig.pass(2000)
    await rig.tap('tab', 'lwin', 'lwin', 'lwin', 'lwin')
    rig.device.report(reportOf('lwin'))
    await rig.pass(60_000)
    expect(rig.device.page.name).toBe('signin')
    rig.device.report([0, 0, 0, 0, 0, 0, 0, 0])
    await rig.pass(2000)
    expect(rig.device.page.name).toBe('options')
  })

  it('does nothing in firmware, at BitLocker and on the desktop, though the lock-key LED answers there', async () => {
    for (const obstacle of ['bitlocker', 'firmware', 'boot-error', 'desktop'] as const) {
      const rig = new Rig({ obstacle })
      await rig.until(obstacle)
      await rig.when('a living driver', () => rig.device.leds !== null)
      const before = rig.device.leds
      await rig.tap('scroll', 'tab', ...LWIN5)
      await rig.pass(5000)
      expect(rig.device.leds).not.toBe(before)
      expect(rig.device.page.name).toBe(obstacle)
    }
  })
})

describe('the options', () => {
  it('of Windows 11 preselect nothing, and Next is disabled until a choice', async () => {
    const rig = new Rig()
    await rig.summon()
    expect(fields(rig)).toMatchObject({ focus: 'list', nextEnabled: false })
    expect(fields(rig).selected).toBeUndefined()
    await rig.tap('tab', 'tab')
    expect(fields(rig).focus).toBe('list')
    await rig.tap('down', 'space', 'tab', 'tab')
    expect(fields(rig)).toMatchObject({
      selected: 'Pre-provision with Windows Autopilot',
      focus: 'next',
      nextEnabled: true,
    })
    await rig.tap('enter')
    await rig.until('landing')
    expect(truth(rig).strayPresses).toEqual([])
  })

  it('of Windows 10 preselect the first entry, and Continue is enabled at once', async () => {
    const rig = new Rig({ windows: 10 })
    await rig.summon()
    expect(fields(rig)).toMatchObject({
      selected: 'Install provisioning package',
      nextEnabled: true,
    })
    await rig.tap('down', 'tab', 'tab')
    expect(fields(rig)).toMatchObject({ selected: 'Windows Autopilot provisioning', focus: 'next' })
  })

  it('have Reset last, with or without the export of logs', async () => {
    for (const exportLogs of [true, false]) {
      const rig = new Rig({ exportLogs })
      await rig.summon()
      expect(fields(rig).entries?.at(-1)).toBe('Reset')
      expect(fields(rig).entries).toHaveLength(exportLogs ? 4 : 3)
    }
  })

  it('of a resealed or associated device hide pre-provision: the place of old leads to a reset', async () => {
    for (const more of [{ resealedBefore: true }, { associated: true }]) {
      const rig = new Rig(more)
      await rig.summon()
      expect(fields(rig).entries).toEqual(['Install provisioning package', 'Reset'])
      await rig.tap('down', 'space', 'tab', 'tab', 'enter')
      await rig.until('resetting')
      expect(truth(rig).resetsByKeys).toBe(1)
    }
  })

  it('take Space on a button for a press: moving again with the wrong entry selected resets', async () => {
    const rig = new Rig()
    await rig.summon()
    await rig.tap('down', 'down', 'space', 'tab', 'tab')
    expect(fields(rig)).toMatchObject({ selected: 'Reset', focus: 'next' })
    await rig.tap('down', 'space')
    expect(truth(rig).resetsByKeys).toBe(1)
  })

  it('close by Cancel, and a stop more in the Tab order shifts Next', async () => {
    const rig = new Rig({ extraStop: true })
    await rig.summon()
    await rig.tap('down', 'space', 'tab', 'tab')
    expect(fields(rig).focus).toBe('other')
    await rig.tap('tab', 'tab', 'tab', 'enter')
    await rig.until('signin')
    expect(truth(rig).presses.at(-1)).toMatchObject({ page: 'options', focus: 'cancel' })
  })
})

describe('the menu of 2026', () => {
  const menu = { menu2026: true, firstPages: ['region', 'keyboard', 'signin'] } as const

  it('opens on the region page, has no ZtdId in its code, and its Next ties the device to a tenant', async () => {
    const rig = new Rig(menu)
    await rig.summon('menu')
    expect(fields(rig).entries).toEqual(['Scan QR code', 'Export device information'])
    expect(fields(rig).qr).toMatch(/^deviceLink:/)
    await rig.tap('tab', 'tab', 'enter')
    expect(truth(rig)).toMatchObject({ unknownNextPressed: 1, provisionable: false })
    expect(truth(rig).strayPresses).toHaveLength(1)
  })

  it('does no harm by Cancel, and the sign-in page opens the known options', async () => {
    const rig = new Rig(menu)
    await rig.summon('menu')
    await rig.tap('tab', 'enter')
    await rig.until('region')
    await rig.tap('enter')
    await rig.until('keyboard')
    await rig.tap('enter')
    await rig.until('signin')
    await rig.summon()
    expect(truth(rig)).toMatchObject({ unknownNextPressed: 0, provisionable: true })
  })
})

describe('the configuration page', () => {
  it('shows names and a QR code with the ZtdId once it has loaded', async () => {
    const rig = new Rig()
    await rig.summon()
    await rig.tap('down', 'space', 'tab', 'tab', 'enter')
    await rig.until('landing')
    expect(fields(rig)).toMatchObject({ loading: true, nextEnabled: false })
    expect(fields(rig).qr).toBeUndefined()
    await rig.pass(5000)
    expect(JSON.parse(fields(rig).qr ?? '')).toEqual({ ZtdId: rig.device.spec.ztdId })
    expect(fields(rig)).toMatchObject({
      organisation: 'contoso.example',
      nextEnabled: true,
      focus: 'refresh',
    })
  })

  it('keeps Next disabled without a profile; Refresh downloads it again', async () => {
    const rig = new Rig({ refreshes: 1 })
    await rig.land()
    expect(fields(rig)).toMatchObject({ profile: '', nextEnabled: false })
    await rig.tap('tab', 'tab')
    expect(fields(rig).focus).toBe('refresh')
    await rig.tap('enter')
    expect(fields(rig).loading).toBe(true)
    await rig.pass(5000)
    expect(fields(rig)).toMatchObject({ profile: 'Contoso Standard', nextEnabled: true })
    expect(truth(rig).strayPresses).toEqual([])
  })

  it('fails at once without internet, and a Retry leads back to it', async () => {
    const rig = new Rig({ offline: 1 })
    await rig.summon()
    await rig.tap('down', 'space', 'tab', 'tab', 'enter')
    await rig.until('failure')
    expect(fields(rig)).toMatchObject({ code: '0x800C0003', focus: 'other' })
    await rig.tap('tab', 'enter')
    await rig.until('landing')
    await rig.pass(5000)
    expect(fields(rig).nextEnabled).toBe(true)
  })
})
