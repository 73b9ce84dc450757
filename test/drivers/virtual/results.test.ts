// The simulated pages against the facts: provisioning and its restarts, results, a reseal and its end, starts.
import { describe, expect, it } from 'vitest'
import { CABLES } from '../../../drivers/virtual/device.ts'
import { LWIN5, Rig } from './rig.ts'

const truth = (rig: Rig) => rig.device.truth.read()
const fields = (rig: Rig) => rig.device.page.fields()

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
