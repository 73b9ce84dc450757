// The configuration page (facts/autopilot §2.3): names, the QR code, Refresh, and a Next that needs a profile.
import type { Key } from './hid.ts'
import { FocusRing, type Hand, type Machine, qrOf, type SimPage } from './page.ts'
import { ProvisioningPage } from './pages-provision.ts'
import { FailurePage } from './pages-result.ts'
import type { Fields, Focus } from './spec.ts'

/** No internet at the configuration page (facts/autopilot §2.3). */
const NO_INTERNET = '0x800C0003'
/** The blue page has its links on the left, the white one Refresh inside the text. */
const STOPS: Readonly<Record<10 | 11, readonly Focus[]>> = {
  10: ['cancel', 'refresh', 'next'],
  11: ['refresh', 'cancel', 'next'],
}
/** The failure page stands as good as at once. */
const FAIL_MS = 500

export class LandingPage implements SimPage {
  readonly name = 'landing'
  readonly #machine: Machine
  readonly #ring: FocusRing
  readonly #visit: number
  #refreshed = 0
  #loading = true
  #leaving = false

  /** `visit`: how often the page was entered before: a network that was down comes back. */
  constructor(machine: Machine, visit = 0) {
    this.#machine = machine
    this.#visit = visit
    const stops = STOPS[machine.spec.windows]
    this.#ring = new FocusRing(stops, stops[0] ?? 'next')
    this.#load()
  }

  get #hasProfile(): boolean {
    return !this.#loading && this.#shownProfile !== ''
  }

  get #late(): boolean {
    return this.#refreshed < this.#machine.spec.refreshes
  }

  get #shownProfile(): string {
    return this.#late ? '' : this.#machine.spec.profile
  }

  fields(): Fields {
    const { spec } = this.#machine
    const base: Fields = {
      windows: spec.windows,
      focus: this.#ring.at,
      loading: this.#loading,
      nextEnabled: this.#hasProfile,
    }
    if (this.#loading) return base
    return {
      ...base,
      organisation: this.#late ? '' : spec.organisation,
      profile: this.#shownProfile,
      user: this.#late ? '' : spec.user,
      qr: qrOf(spec.ztdId),
    }
  }

  down(key: Key, shift: boolean): void {
    if (this.#leaving) return
    if (key === 'tab') this.#ring.move(shift ? -1 : 1, (stop) => this.#isEnabled(stop))
    else if (key === 'enter' || key === 'space') {
      this.press('keyboard')
      return
    } else return
    this.#machine.changed()
  }

  up(_key: Key): void {}

  /** A person puts the focus on Next. False while it is disabled. */
  putRight(): boolean {
    if (!this.#isEnabled('next')) return false
    this.#ring.focus('next')
    this.#machine.changed()
    return true
  }

  /** A person presses Refresh. */
  refreshByHand(): void {
    if (!this.#isEnabled('refresh')) return
    this.#ring.focus('refresh')
    this.press('person')
  }

  press(by: Hand): void {
    const at = this.#ring.at
    const machine = this.#machine
    if (!this.#isEnabled(at)) return
    const did = at === 'next' ? 'provision' : at
    machine.truth.press('landing', at, did, by)
    if (at === 'refresh') {
      this.#refreshed++
      this.#load()
      machine.changed()
      return
    }
    // Next disables itself at once, so a second press starts nothing (facts/autopilot §2.3).
    this.#leaving = true
    if (at === 'next')
      machine.after(FAIL_MS, () => machine.show(() => new ProvisioningPage(machine, 0, 0)))
    else machine.after(FAIL_MS, () => machine.firstPage())
  }

  #isEnabled(stop: Focus): boolean {
    if (stop === 'next') return this.#hasProfile
    return stop !== 'refresh' || !this.#loading
  }

  #load(): void {
    const machine = this.#machine
    const { spec } = machine
    this.#loading = true
    if (this.#visit < spec.offline) {
      machine.after(FAIL_MS, () =>
        machine.show(
          () =>
            new FailurePage(machine, NO_INTERNET, () => new LandingPage(machine, this.#visit + 1)),
        ),
      )
      return
    }
    machine.after(spec.landingMs, () => {
      this.#loading = false
      // The page sets its focus anew when the names are there.
      this.#ring.focus(STOPS[spec.windows][0] ?? 'next')
      machine.changed()
    })
  }
}
