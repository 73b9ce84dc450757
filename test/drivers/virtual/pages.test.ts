// The simulated pages against the facts: counting rule, dialogs and their hazards, names, results, a reseal and its end.
import { describe, expect, it } from 'vitest'
import { CABLES } from '../../../drivers/virtual/device.ts'
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

describe('provisioning', () => {
  it('shows its lines, restarts with the link down, and ends green', async () => {
    const rig = new Rig()
    await rig.land()
    await rig.tap('tab', 'tab', 'enter')
    await rig.until('provisioning')
    expect(fields(rig).activity).toBe('Securing your hardware')
    await rig.until('dark')
    expect(rig.device.wire).toBe(0)
    expect(rig.device.enumerated).toBe(false)
    const from = rig.clock.mono()
    await rig.until('provisioning')
    expect(rig.clock.mono() - from).toBe(30_000)
    expect(rig.device.wire).toBe(1000)
    await rig.until('success')
    expect(fields(rig)).toMatchObject({ focus: 'reseal', organisation: 'contoso.example' })
    expect(JSON.parse(fields(rig).qr ?? '')).toMatchObject({
      Result: 'Success',
      ZtdId: rig.device.spec.ztdId,
    })
  })

  it('waits for its network, sleeps with its lid, and goes on after a power cut', async () => {
    const rig = new Rig()
    await rig.land()
    await rig.tap('tab', 'tab', 'enter')
    await rig.until('provisioning')
    rig.device.pull(['link'])
    await rig.pass(7_200_000)
    expect(fields(rig).activity).toBe('Securing your hardware')
    rig.device.plug(['link'])
    rig.device.sleep(true)
    expect([rig.device.page.name, rig.device.wire, rig.device.enumerated]).toEqual([
      'dark',
      0,
      false,
    ])
    await rig.pass(7_200_000)
    rig.device.sleep(false)
    expect(fields(rig).activity).toBe('Securing your hardware')
    await rig.until('dark')
    await rig.until('provisioning')
    rig.device.powerOff()
    rig.device.powerOn()
    await rig.until('provisioning')
    expect(fields(rig).activity).toBe('Apps (5 of 6 installed)')
    await rig.until('success')
  })

  it('ends red, and Retry and Reset stand side by side', async () => {
    const red = { kind: 'red', code: '0x81039001', at: 0 } as const
    const rig = new Rig({ outcomes: [red, { kind: 'green' }] })
    await rig.provision('failure')
    expect(fields(rig)).toMatchObject({ code: '0x81039001', focus: 'other' })
    await rig.tap('tab')
    expect(fields(rig).focus).toBe('retry')
    await rig.tap('enter')
    await rig.until('provisioning')
    await rig.until('success')
    expect(truth(rig)).toMatchObject({ resetsByKeys: 0, strayPresses: [] })

    const other = new Rig({ outcomes: [red], redFocus: 'retry' })
    await other.provision('failure')
    await other.tap('tab', 'enter')
    await other.until('resetting')
    expect(truth(other).resetsByKeys).toBe(1)
    await other.until('signin')
  })

  it('may hang for ever', async () => {
    const rig = new Rig({ outcomes: [{ kind: 'hang', at: 0 }] })
    await rig.land()
    await rig.tap('tab', 'tab', 'enter')
    await rig.pass(86_400_000)
    expect(rig.device.page.name).toBe('provisioning')
  })
})

describe('a reseal', () => {
  const KINDS = [
    ['drop', false, 0, false],
    ['drop', true, 0, true],
    ['speed-100', false, 100, false],
    ['speed-100', true, 100, true],
    ['stays', false, 1000, false],
  ] as const
  it.each(KINDS)(
    'by %s with always-on USB %s leaves %d Mb/s and the keyboard %s',
    async (shutdown, usbWhenOff, speed, enumerated) => {
      const rig = new Rig({ shutdown, usbWhenOff })
      await rig.provision('success')
      await rig.tap('enter')
      expect(truth(rig).resealedAt).toEqual([])
      await rig.until('dark')
      // Dark comes first: a capture tells a shutdown from a pulled cable by that order.
      expect([rig.device.wire, truth(rig).resealedAt.length]).toEqual([1000, 1])
      await rig.pass(600_000)
      expect([rig.device.wire, rig.device.enumerated, rig.device.leds]).toEqual([
        speed,
        enumerated,
        null,
      ])
    },
  )

  it('that is cut before it took effect is none', async () => {
    const rig = new Rig()
    await rig.provision('success')
    await rig.tap('enter')
    rig.device.pull(CABLES)
    rig.device.powerOff()
    await rig.pass(600_000)
    expect(truth(rig).resealedAt).toEqual([])
  })

  it('whose button comes late takes no Enter before', async () => {
    const rig = new Rig({ resealDelayMs: 60_000 })
    await rig.provision('success')
    expect(fields(rig).focus).toBe('other')
    await rig.tap('enter')
    expect(truth(rig).strayPresses).toHaveLength(1)
    await rig.pass(61_000)
    expect(fields(rig).focus).toBe('reseal')
  })

  it('may be lost by a chip that answers ok', async () => {
    const rig = new Rig({ dropsReseal: true })
    await rig.provision('success')
    await rig.tap('enter')
    await rig.pass(60_000)
    expect(rig.device.page.name).toBe('success')
    expect(truth(rig).reportsDropped).toBe(1)
    await rig.tap('enter')
    await rig.until('dark')
    expect(truth(rig).resealedAt).toHaveLength(1)
  })

  it('may be undone by a device that wakes, and then shows the resealed options', async () => {
    const rig = new Rig({ wakesAfterMs: 60_000 })
    await rig.provision('success')
    await rig.tap('enter')
    await rig.until('dark')
    await rig.until('signin')
    expect(rig.device.wire).toBe(1000)
    await rig.summon()
    expect(fields(rig).entries).not.toContain('Pre-provision with Windows Autopilot')
  })
})

describe('the keyboard of a device', () => {
  it('is enumerated in firmware, and takes nothing until a slow driver is up', async () => {
    const rig = new Rig({ driverMs: 30_000 })
    await rig.when('firmware', () => rig.device.enumerated)
    expect(rig.device.page.name).toBe('dark')
    expect(rig.device.leds).not.toBeNull()
    await rig.until('signin')
    expect([rig.device.enumerated, rig.device.leds]).toEqual([true, null])
    await rig.tap('tab', ...LWIN5)
    await rig.pass(20_000)
    expect(rig.device.page.name).toBe('signin')
    await rig.pass(12_000)
    expect(rig.device.leds).not.toBeNull()
  })

  it('is plugged out and in at any moment', async () => {
    const rig = new Rig()
    await rig.until('signin')
    await rig.pass(2000)
    rig.device.pull(['keyboard'])
    expect(rig.device.enumerated).toBe(false)
    rig.device.plug(['keyboard'])
    await rig.when('enumerated', () => rig.device.enumerated)
  })
})

describe('a start', () => {
  it('may update and restart before the first page', async () => {
    const rig = new Rig({ updates: [{ ms: 30_000, downMs: 20_000 }] })
    await rig.until('updating')
    await rig.until('dark')
    expect(rig.device.wire).toBe(0)
    await rig.until('signin')
  })

  it('flaps the link when the operating system takes the card over', async () => {
    const rig = new Rig()
    const speeds: number[] = []
    rig.device.watcher = (change) => {
      if (change === 'wire' && speeds.at(-1) !== rig.device.wire) speeds.push(rig.device.wire)
    }
    await rig.until('signin')
    expect(speeds).toEqual([1000, 0, 1000])
  })
})
