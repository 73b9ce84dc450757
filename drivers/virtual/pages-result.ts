// The green and the red page (facts/autopilot §2.4), what Reseal does (§3.3), and a reset that a person ordered.
import type { Key } from './hid.ts'
import { FocusRing, type Hand, type Machine, qrOf, type SimPage } from './page.ts'
import type { Fields, Focus } from './spec.ts'

/** A local reset that keeps nothing, shortened: real ones take longer [chosen]. */
const RESET_MS = 8 * 60_000
const RESET_DOWN_MS = 90_000
const LEAVE_MS = 800

export class SuccessPage implements SimPage {
  readonly name = 'success'
  readonly #machine: Machine
  readonly #since: number
  #button: boolean
  #leaving = false

  constructor(machine: Machine) {
    this.#machine = machine
    this.#since = machine.clock.mono()
    // A green page whose Reseal comes late was seen (facts/autopilot §3.4).
    this.#button = machine.spec.resealDelayMs === 0
    if (!this.#button)
      machine.after(machine.spec.resealDelayMs, () => {
        this.#button = true
        machine.changed()
      })
  }

  get canReseal(): boolean {
    return this.#button && !this.#leaving
  }

  /** Reseal was pressed and has not taken effect yet. */
  get isLeaving(): boolean {
    return this.#leaving
  }

  resume(): () => SimPage {
    return () => new SuccessPage(this.#machine)
  }

  fields(): Fields {
    const { spec } = this.#machine
    return {
      windows: spec.windows,
      focus: this.#button ? 'reseal' : 'other',
      organisation: spec.organisation,
      profile: spec.greenDiffers ? `${spec.profile} (old)` : spec.profile,
      user: spec.user,
      ...(spec.resultQr
        ? {
            qr: qrOf(spec.ztdId, {
              Result: 'Success',
              ElapsedTimeMilliseconds: Math.round(this.#since),
            }),
          }
        : {}),
    }
  }

  down(key: Key): void {
    if (key === 'enter' || key === 'space') this.press('keyboard')
  }

  up(_key: Key): void {}

  press(by: Hand): void {
    const machine = this.#machine
    if (!this.#button) {
      machine.truth.press('success', 'other', 'nothing', by)
      return
    }
    if (this.#leaving) return
    this.#leaving = true
    machine.changed()
    machine.truth.press('success', 'reseal', 'reseal', by)
    // Clears values and sets the mode, then powers off (facts/autopilot §3.3); cut before that, nothing was resealed.
    machine.after(machine.spec.resealMs, () => {
      machine.truth.resealed()
      machine.shutDown()
    })
  }
}

export class FailurePage implements SimPage {
  readonly name = 'failure'
  readonly code: string
  readonly #machine: Machine
  readonly #retry: () => SimPage
  readonly #ring: FocusRing
  #leaving = false

  /** `retry` makes the page that a Retry leads to. */
  constructor(machine: Machine, code: string, retry: () => SimPage) {
    this.#machine = machine
    this.code = code
    this.#retry = retry
    this.#ring = new FocusRing(['retry', 'reset'], machine.spec.redFocus)
    machine.truth.tell(`red ${code}`)
  }

  fields(): Fields {
    const { spec } = this.#machine
    return {
      windows: spec.windows,
      focus: this.#ring.at,
      code: this.code,
      ...(spec.resultQr
        ? { qr: qrOf(spec.ztdId, { Result: 'Failure', ElapsedTimeMilliseconds: null }) }
        : {}),
    }
  }

  down(key: Key, shift: boolean): void {
    if (this.#leaving) return
    if (key === 'tab') {
      this.#ring.move(shift ? -1 : 1, () => true)
      this.#machine.changed()
    } else if (key === 'enter' || key === 'space') this.press('keyboard')
  }

  up(_key: Key): void {}

  /** A person puts the focus on a button by the device's own keyboard. */
  putRight(at: Focus): void {
    this.#ring.focus(at)
    this.#machine.changed()
  }

  press(by: Hand): void {
    const machine = this.#machine
    const at = this.#ring.at
    const did = at === 'retry' || at === 'reset' ? at : 'nothing'
    machine.truth.press('failure', at, did, by)
    if (did === 'nothing' || this.#leaving) return
    this.#leaving = true
    machine.after(LEAVE_MS, () =>
      machine.show(did === 'retry' ? this.#retry : () => new ResettingPage(machine)),
    )
  }
}

export class ResettingPage implements SimPage {
  readonly name = 'resetting'
  readonly #machine: Machine

  constructor(machine: Machine) {
    this.#machine = machine
    machine.after(RESET_MS, () => machine.restart(RESET_DOWN_MS, null))
  }

  fields(): Fields {
    return { windows: this.#machine.spec.windows }
  }

  down(key: Key): void {
    if (key === 'enter') this.press('keyboard')
  }

  up(_key: Key): void {}

  press(by: Hand): void {
    this.#machine.truth.press('resetting', 'none', 'nothing', by)
  }
}
