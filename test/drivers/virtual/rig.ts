// Devices for the tests of the virtual bench: a plain one whose single traits a test changes, and hands to type on it.
import { CABLES, SimDevice } from '../../../drivers/virtual/device.ts'
import { drawDevice } from '../../../drivers/virtual/draw.ts'
import { Random } from '../../../drivers/virtual/random.ts'
import type { DeviceSpec } from '../../../drivers/virtual/spec.ts'
import { SteppedClock } from '../../../drivers/virtual/stepped-clock.ts'

const random = new Random(1, 'rig')

/** A good Windows 11 device on the sign-in page, in English, with short times. */
export function plainSpec(more: Partial<DeviceSpec> = {}): DeviceSpec {
  return {
    ...drawDevice(random, 0, false),
    windows: 11,
    language: 'en',
    battery: true,
    refreshes: 0,
    menu2026: false,
    exportLogs: false,
    firstPages: ['signin'],
    signinTabs: 1,
    bootMs: 20_000,
    updates: [],
    keyboardInFirmware: true,
    driverMs: 300,
    usbWhenOff: false,
    dropShare: 0,
    locks: 0,
    landingMs: 3000,
    redFocus: 'other',
    segments: [
      { activity: 'Securing your hardware', ms: 60_000 },
      { activity: 'Apps (1 of 6 installed)', ms: 120_000, restartMs: 30_000 },
      { activity: 'Apps (5 of 6 installed)', ms: 60_000 },
    ],
    outcomes: [{ kind: 'green' }],
    resultQr: true,
    resealDelayMs: 0,
    resealMs: 4000,
    shutdown: 'drop',
    wireOffMs: 3000,
    ...more,
  }
}

export const simDevice = (clock: SimDevice['clock'], spec: DeviceSpec): SimDevice =>
  new SimDevice(clock, spec, random.stream(`device-${spec.n}`))

const MODIFIERS: Readonly<Record<string, number>> = { lwin: 0x08, rwin: 0x80, shift: 0x02 }
const USAGES: Readonly<Record<string, number>> = {
  enter: 0x28,
  esc: 0x29,
  tab: 0x2b,
  space: 0x2c,
  down: 0x51,
  up: 0x52,
  scroll: 0x47,
  f15: 0x6a,
  lwinInArray: 0xe3,
}
const UP = [0, 0, 0, 0, 0, 0, 0, 0]

/** One device under the stepped clock, plugged in and switched on. */
export class Rig {
  readonly clock = new SteppedClock()
  readonly device: SimDevice

  constructor(more: Partial<DeviceSpec> = {}) {
    this.device = simDevice(this.clock, plainSpec(more))
    this.device.plug(CABLES)
    this.device.powerOn()
  }

  /** Lets time pass until the device shows a page; fails when it does not within an hour. */
  async until(page: string): Promise<void> {
    await this.when(`shows ${page}`, () => this.device.page.name === page)
  }

  async when(what: string, holds: () => boolean, limitMs = 3_600_000): Promise<void> {
    const end = this.clock.mono() + limitMs
    const stop = this.clock.after(limitMs, () => {})
    await this.clock.run(() => holds() || this.clock.mono() >= end, 1_000_000)
    stop()
    if (!holds())
      throw new Error(
        `${what}: it shows ${this.device.page.name} ${JSON.stringify(this.device.page.fields())}`,
      )
  }

  async pass(ms: number): Promise<void> {
    const end = this.clock.mono() + ms
    this.clock.after(ms, () => {})
    await this.clock.run(() => this.clock.mono() >= end, 1_000_000)
  }

  /** Full taps, one after another, 50 ms each way. */
  async tap(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.device.report(reportOf(key))
      await this.pass(50)
      this.device.report(UP)
      await this.pass(50)
    }
  }

  /** Opens what Win x5 opens, with the focus inside the sign-in page. */
  async summon(page = 'options'): Promise<void> {
    await this.when(
      'a first page with a living driver',
      () => this.device.leds !== null && ['signin', 'region'].includes(this.device.page.name),
    )
    await this.tap('tab', ...LWIN5)
    await this.until(page)
  }

  /** From the options to the configuration page, its names shown. */
  async land(): Promise<void> {
    await this.summon()
    await this.tap('down', 'space', 'tab', 'tab', 'enter')
    await this.until('landing')
    await this.when('the names', () => this.device.page.fields().loading === false)
  }

  /** Through the configuration page to its end. */
  async provision(end: string): Promise<void> {
    await this.land()
    await this.tap('tab', 'tab', 'enter')
    await this.until('provisioning')
    await this.until(end)
  }
}

export const LWIN5 = ['lwin', 'lwin', 'lwin', 'lwin', 'lwin'] as const

/** The report that holds a key down; `other` is some letter. */
export function reportOf(key: string): readonly number[] {
  return [MODIFIERS[key] ?? 0, 0, key in MODIFIERS ? 0 : (USAGES[key] ?? 0x04), 0, 0, 0, 0, 0]
}
