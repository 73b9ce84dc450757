// One simulated PC: power, cables, wire and keyboard driver, and the page that it stands on.
import type { Clock } from '../../agent/ports.ts'
import { changesOf, type Key, NO_KEYS } from './hid.ts'
import { type Machine, type SimPage, StillPage } from './page.ts'
import { entryPage } from './pages-first.ts'
import type { Random } from './random.ts'
import type { DeviceSpec, Fields, Page } from './spec.ts'
import { Timers } from './timers.ts'
import { TruthBook } from './truth.ts'

export type Cable = 'link' | 'keyboard' | 'video'
export const CABLES: readonly Cable[] = ['link', 'keyboard', 'video']

/** What of a device somebody outside may notice. */
export type Change = 'wire' | 'keyboard' | 'screen'

/** Mb/s of a device that is up, and of one that waits for a wake-up packet when off (facts/hardware §6.4). */
const FULL_SPEED = 1000
const SLEEP_SPEED = 100
const NUM = 1
const CAPS = 2
const SCROLL = 4
const LOCK_BITS: Partial<Record<Key, number>> = { num: NUM, caps: CAPS, scroll: SCROLL }

/** From power-on until the wire is up, and the flap when the operating system takes the card over [facts/hardware §6.4, chosen]. */
const PHY_MS = 1800
const FLAP_MS = 1500
const FLAP_AT = 0.6
const FIRMWARE_AT = 0.3
/** From plugging the keyboard in until it is enumerated, about 0.4 s in a VM [facts/hardware §2.3]. */
const ENUMERATE_MS = 600
/** A restart longer than this shows a short link in between, as firmware does. */
const LONG_RESTART_MS = 15_000
const FIRMWARE_LINK_MS = 2000

export class SimDevice implements Machine {
  readonly spec: DeviceSpec
  readonly truth: TruthBook
  readonly clock: Clock
  readonly #power: Timers
  readonly #pages: Timers
  readonly #driver: Timers
  readonly #drops: Random
  readonly #cables = new Set<Cable>()
  readonly #dark: SimPage
  #page: SimPage
  #shows = 0
  #on = false
  #asleep = false
  #slept = false
  #speed = 0
  #usbPower = false
  #enumerated = false
  #alive = false
  #locks: number
  #seen: readonly number[] = NO_KEYS
  #resealLost = false
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
    this.#drops = random.stream('drops')
    this.#locks = spec.locks
    this.#dark = new StillPage(this, 'dark')
    this.#page = this.#dark
  }

  // --- What shows outside --------------------------------------------------------------------------------------------

  /** Mb/s on the wire; 0: no link. */
  get wire(): number {
    return this.#cables.has('link') && !this.#asleep ? this.#speed : 0
  }

  get enumerated(): boolean {
    return this.#cables.has('keyboard') && (this.#asleep ? this.spec.usbWhenOff : this.#enumerated)
  }

  /** Lock LEDs as the chip was told last; null while no driver sets them. */
  get leds(): number | null {
    return this.enumerated && this.#alive ? this.#locks : null
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

  // --- What a person does --------------------------------------------------------------------------------------------

  plug(cables: readonly Cable[]): void {
    for (const cable of cables) this.#cables.add(cable)
    if (cables.includes('keyboard') && this.#usbPower)
      this.#power.after(ENUMERATE_MS, () => this.#enumerate(this.#on))
    this.#settle()
  }

  pull(cables: readonly Cable[]): void {
    for (const cable of cables) this.#cables.delete(cable)
    if (cables.includes('keyboard')) this.#lose()
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
    this.#usbPower = false
    this.#lose()
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
    this.#seen = NO_KEYS
    this.#settle()
    this.#tell()
  }

  // --- What the chip sends -------------------------------------------------------------------------------------------

  /** One report as the chip sent it; it may be lost on the way without a sign. */
  report(bytes: readonly number[]): void {
    if (!this.enumerated || !this.#alive || this.#asleep) {
      this.#seen = NO_KEYS
      return
    }
    const change = changesOf(this.#seen, bytes)
    if (this.#isLost(change.downs)) {
      this.truth.dropped()
      return
    }
    this.#seen = bytes
    for (const key of change.ups) this.#page.up(key)
    for (const key of change.downs) {
      const lock = LOCK_BITS[key]
      if (lock !== undefined) {
        this.#locks ^= lock
        this.watcher?.('keyboard')
      }
      this.#page.down(key, change.shift)
    }
  }

  #isLost(downs: readonly Key[]): boolean {
    const isReseal = downs.includes('enter') && this.#page.name === 'success'
    if (isReseal && this.spec.dropsReseal && !this.#resealLost) {
      this.#resealLost = true
      this.truth.tell('the chip lost the Enter on Reseal')
      return true
    }
    return this.spec.dropShare > 0 && this.#drops.chance(this.spec.dropShare)
  }

  /** Whether the bay's network has its uplink at this look. */
  networkFits(): boolean {
    return this.#networkLooks++ >= this.spec.networkHolds
  }

  // --- Machine: what the pages may ask ---------------------------------------------------------------------------------

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
      this.#power.after(downMs * FIRMWARE_AT, () => this.#enumerate(false))
    if (downMs > LONG_RESTART_MS) {
      this.#power.after(downMs / 2, () => this.#setSpeed(SLEEP_SPEED))
      this.#power.after(downMs / 2 + FIRMWARE_LINK_MS, () => this.#setSpeed(0))
    }
    this.#power.after(downMs, () => {
      this.#setSpeed(FULL_SPEED)
      this.#enumerate(true)
      then()
    })
  }

  shutDown(): void {
    const { spec } = this
    this.#resume = null
    this.#on = false
    this.#clearAll()
    this.#alive = false
    this.#put(this.#dark)
    // Dark first, then USB, then the wire: a capture must see that order (product: the flow of one run, 7).
    this.#power.after(spec.wireOffMs * 0.7, () => {
      this.#usbPower = spec.usbWhenOff
      if (!spec.usbWhenOff) this.#lose()
      this.watcher?.('keyboard')
    })
    this.#power.after(spec.wireOffMs, () => {
      if (spec.shutdown !== 'stays') this.#setSpeed(spec.shutdown === 'drop' ? 0 : SLEEP_SPEED)
    })
    if (spec.wakesAfterMs !== null)
      this.#power.after(spec.wireOffMs + spec.wakesAfterMs, () => this.powerOn())
    this.#tell()
  }

  firstPage(): void {
    this.show(() => entryPage(this))
  }

  // --- Inside --------------------------------------------------------------------------------------------------------

  #boot(): void {
    const { spec } = this
    this.#down()
    this.#power.after(PHY_MS, () => this.#setSpeed(FULL_SPEED))
    if (spec.keyboardInFirmware) this.#power.after(PHY_MS, () => this.#enumerate(false))
    const flapAt = Math.max(PHY_MS + FLAP_MS, spec.bootMs * FLAP_AT)
    this.#power.after(flapAt, () => this.#setSpeed(0))
    this.#power.after(flapAt + FLAP_MS, () => this.#setSpeed(FULL_SPEED))
    this.#power.after(Math.max(spec.bootMs, flapAt + 2 * FLAP_MS), () => {
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
    this.#usbPower = this.spec.usbWhenOff
    this.#lose()
    this.#speed = 0
    this.#put(this.#dark)
    this.#tell()
  }

  #setSpeed(speed: number): void {
    this.#speed = speed
    this.watcher?.('wire')
  }

  /** `full`: the operating system's driver; firmware has a driver of its own that answers at once. */
  #enumerate(full: boolean): void {
    this.#usbPower = true
    if (!this.#cables.has('keyboard')) return
    this.#enumerated = true
    this.#seen = NO_KEYS
    this.#alive = !full && this.#on
    if (full) this.#driver.after(this.spec.driverMs, () => this.#wakeDriver())
    this.watcher?.('keyboard')
  }

  #wakeDriver(): void {
    if (!this.#on || !this.#enumerated) return
    this.#alive = true
    this.watcher?.('keyboard')
  }

  #lose(): void {
    this.#enumerated = false
    this.#alive = false
    this.#seen = NO_KEYS
    this.watcher?.('keyboard')
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
    this.#power.clear()
    this.#pages.clear()
    this.#driver.clear()
  }

  #tell(): void {
    for (const change of ['wire', 'keyboard', 'screen'] as const) this.watcher?.(change)
  }
}
