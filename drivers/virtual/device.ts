// One simulated PC: power, cables, wire and keyboard driver, and the page that it stands on.
import type { Clock } from '../../agent/ports.ts'
import { type Machine, type SimPage, StillPage } from './page.ts'
import { entryPage } from './pages-first.ts'
import * as times from './power-times.ts'
import type { Random } from './random.ts'
import type { DeviceSpec, Fields, Page } from './spec.ts'
import { Timers } from './timers.ts'
import { TruthBook } from './truth.ts'
import { UsbSide } from './usb.ts'

export type Cable = 'link' | 'keyboard' | 'video'
export const CABLES: readonly Cable[] = ['link', 'keyboard', 'video']

/** What of a device somebody outside may notice. */
const CHANGES = ['wire', 'keyboard', 'screen'] as const
export type Change = (typeof CHANGES)[number]

export class SimDevice implements Machine {
  readonly spec: DeviceSpec
  readonly truth: TruthBook
  readonly clock: Clock
  readonly #power: Timers
  readonly #pages: Timers
  readonly #driver: Timers
  readonly #usb: UsbSide
  readonly #cables = new Set<Cable>()
  readonly #dark: SimPage
  #page: SimPage
  #shows = 0
  #on = false
  #asleep = false
  #slept = false
  #speed = 0
  #networkLooks = 0
  #resume: (() => SimPage) | null = null
  /** Told of every change that shows outside; the bay sets it. */
  watcher: ((change: Change) => void) | null = null

  constructor(clock: Clock, spec: DeviceSpec, random: Random) {
    this.clock = clock
    this.spec = spec
    this.truth = new TruthBook(spec, () => clock.now())
    this.#power = new Timers(clock)
    this.#pages = new Timers(clock)
    this.#driver = new Timers(clock)
    this.#usb = new UsbSide(spec, this.truth, random.stream('drops'), this.#driver, () =>
      this.watcher?.('keyboard'),
    )
    this.#dark = new StillPage(this, 'dark')
    this.#page = this.#dark
  }

  /** Mb/s on the wire; 0: no link. */
  get wire(): number {
    return this.#cables.has('link') && !this.#asleep ? this.#speed : 0
  }

  get enumerated(): boolean {
    return (
      this.#cables.has('keyboard') && (this.#asleep ? this.spec.usbWhenOff : this.#usb.enumerated)
    )
  }

  /** Lock LEDs as the chip was told last; null while no driver sets them. */
  get leds(): number | null {
    return this.enumerated && !this.#asleep ? this.#usb.leds : null
  }

  /** What a person in front of it sees. */
  get page(): SimPage {
    return this.#asleep ? this.#dark : this.#page
  }

  /** What a capture sees. */
  view(): { readonly page: Page; readonly fields: Fields } {
    if (!this.#cables.has('video')) return { page: 'dark', fields: {} }
    return { page: this.page.name, fields: this.page.fields() }
  }

  get isOn(): boolean {
    return this.#on
  }
  get isAsleep(): boolean {
    return this.#asleep
  }

  has(cable: Cable): boolean {
    return this.#cables.has(cable)
  }

  plug(cables: readonly Cable[]): void {
    for (const cable of cables) this.#cables.add(cable)
    if (cables.includes('keyboard') && this.#usb.powered)
      this.#power.after(times.ENUMERATE_MS, () => this.#enumerate(this.#on))
    this.#settle()
  }

  pull(cables: readonly Cable[]): void {
    for (const cable of cables) this.#cables.delete(cable)
    if (cables.includes('keyboard')) this.#usb.lose()
    // The charger goes with the rest; without a battery that is the end.
    if (this.#cables.size === 0 && !this.spec.battery) this.powerOff()
    else this.#settle()
  }

  powerOn(): void {
    if (this.#on || this.#asleep) return
    this.#on = true
    this.truth.tell('switched on')
    this.#power.clear()
    this.#boot()
  }

  /** Power is gone at once: whatever was under way is lost. */
  powerOff(): void {
    this.truth.tell('power gone')
    this.#resume = this.#page.resume?.() ?? (this.#page === this.#dark ? this.#resume : null)
    this.#on = false
    this.#asleep = false
    this.#clearAll()
    this.#usb.powered = false
    this.#usb.lose()
    this.#speed = 0
    this.#put(this.#dark)
    this.#tell()
  }

  /** Made as new by another bench: the next start is at the first page. */
  reimage(): void {
    this.powerOff()
    this.#resume = null
    this.truth.tell('made as new')
  }

  /** The lid falls shut (true) or is opened. */
  sleep(asleep: boolean): void {
    if (!this.#on || this.#asleep === asleep) return
    this.truth.tell(asleep ? 'fell asleep' : 'woken')
    this.#asleep = asleep
    this.#usb.forgetKeys()
    this.#settle()
    this.#tell()
  }

  /** One report as the chip sent it; it may be lost on the way without a sign. */
  report(bytes: readonly number[]): void {
    if (this.#asleep || !this.enumerated) this.#usb.forgetKeys()
    else this.#usb.report(bytes, () => this.#page)
  }

  /** Whether the bay's network has its uplink at this look. */
  networkFits(): boolean {
    return this.#networkLooks++ >= this.spec.networkHolds
  }

  after(ms: number, fn: () => void): () => void {
    return this.#pages.after(ms, fn)
  }

  show(make: () => SimPage): void {
    this.#pages.clear()
    const turn = ++this.#shows
    const page = make()
    // Making it may already have led on to another page.
    if (turn === this.#shows) this.#put(page)
  }

  changed(): void {
    this.watcher?.('screen')
  }

  restart(downMs: number, make: (() => SimPage) | null): void {
    this.#restart(downMs, () => {
      this.#resume = null
      if (make === null) this.firstPage()
      else this.show(make)
    })
    this.#resume = make
  }

  #restart(downMs: number, then: () => void): void {
    this.truth.tell(`restarts, link down ${Math.round(downMs / 1000)} s`)
    this.#clearAll()
    this.#down()
    if (this.spec.keyboardInFirmware)
      this.#power.after(downMs * times.FIRMWARE_AT, () => this.#enumerate(false))
    if (downMs > times.LONG_RESTART_MS) {
      this.#power.after(downMs / 2, () => this.#setSpeed(times.SLEEP_SPEED))
      this.#power.after(downMs / 2 + times.FIRMWARE_LINK_MS, () => this.#setSpeed(0))
    }
    this.#power.after(downMs, () => {
      this.#setSpeed(times.FULL_SPEED)
      this.#enumerate(true)
      then()
    })
  }

  shutDown(): void {
    const { spec } = this
    this.#resume = null
    this.#on = false
    this.#clearAll()
    this.#usb.stopDriver()
    this.#put(this.#dark)
    // Dark first, then USB, then the wire: a capture must see that order (product: the flow of one run, 7).
    this.#power.after(spec.wireOffMs * 0.7, () => {
      this.#usb.powered = spec.usbWhenOff
      if (!spec.usbWhenOff) this.#usb.lose()
    })
    this.#power.after(spec.wireOffMs, () => {
      if (spec.shutdown !== 'stays')
        this.#setSpeed(spec.shutdown === 'drop' ? 0 : times.SLEEP_SPEED)
    })
    if (spec.wakesAfterMs !== null)
      this.#power.after(spec.wireOffMs + spec.wakesAfterMs, () => this.powerOn())
    this.#tell()
  }

  firstPage(): void {
    this.show(() => entryPage(this))
  }

  #boot(): void {
    const { spec } = this
    this.#down()
    this.#power.after(times.PHY_MS, () => this.#setSpeed(times.FULL_SPEED))
    if (spec.keyboardInFirmware) this.#power.after(times.PHY_MS, () => this.#enumerate(false))
    const flapAt = Math.max(times.PHY_MS + times.FLAP_MS, spec.bootMs * times.FLAP_AT)
    this.#power.after(flapAt, () => this.#setSpeed(0))
    this.#power.after(flapAt + times.FLAP_MS, () => this.#setSpeed(times.FULL_SPEED))
    this.#power.after(Math.max(spec.bootMs, flapAt + 2 * times.FLAP_MS), () => {
      this.#enumerate(true)
      const resume = this.#resume
      this.#resume = null
      if (resume !== null) this.show(resume)
      else this.#update(0)
    })
  }

  /** Critical updates before the first page (facts/autopilot §2.5), one after another. */
  #update(n: number): void {
    const update = this.truth.read().summons > 0 ? undefined : this.spec.updates[n]
    if (update === undefined || this.spec.obstacle !== null) {
      this.firstPage()
      return
    }
    this.show(() => new StillPage(this, 'updating', { windows: this.spec.windows }))
    this.after(update.ms, () => this.#restart(update.downMs, () => this.#update(n + 1)))
  }

  #put(page: SimPage): void {
    this.#page = page
    this.truth.tell(`shows ${page.name}`)
    if (page.name === 'provisioning' && !this.#slept && this.spec.sleepsAfterMs !== null) {
      this.#slept = true
      this.#driver.after(this.spec.sleepsAfterMs, () => {
        if (this.#page.name === 'provisioning') this.sleep(true)
      })
    }
    this.#settle()
    this.changed()
  }

  /** Everything goes dark, as at the start of a restart. */
  #down(): void {
    this.#usb.powered = this.spec.usbWhenOff
    this.#usb.lose()
    this.#speed = 0
    this.#put(this.#dark)
    this.#tell()
  }

  #setSpeed(speed: number): void {
    this.#speed = speed
    this.watcher?.('wire')
  }

  #enumerate(full: boolean): void {
    this.#usb.powered = true
    if (this.#cables.has('keyboard')) this.#usb.enumerate(full, this.#on)
  }

  /** A device that sleeps stands still; one that provisions waits for its network. */
  #settle(): void {
    this.#power.pause(this.#asleep)
    this.#pages.pause(
      this.#asleep || (this.#page.name === 'provisioning' && !this.#cables.has('link')),
    )
    this.watcher?.('wire')
  }

  #clearAll(): void {
    for (const timers of [this.#power, this.#pages, this.#driver]) timers.clear()
  }

  #tell(): void {
    for (const change of CHANGES) this.watcher?.(change)
  }
}
