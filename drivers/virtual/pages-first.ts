// The first pages of the out-of-box experience and the counting rule of the left Windows key (facts/autopilot §2.1).
import type { Key } from './hid.ts'
import { type Hand, type Machine, type SimPage, StillPage } from './page.ts'
import { MenuPage } from './pages-menu.ts'
import { OptionsPage } from './pages-options.ts'
import type { Fields, Page } from './spec.ts'

const TAPS = 5
/** From the fifth key-up until the dialog stands [chosen]. */
const DIALOG_MS = 900
/** From a press of Next until the next page stands [chosen]. */
const PAGE_MS = 1500

/** Counts key-ups of the left Windows key alone; any other key-up starts over. There is no time window. */
export class WindowsKeyCount {
  #count = 0

  /** True at the fifth in a row. */
  up(key: Key): boolean {
    this.#count = key === 'lwin' ? this.#count + 1 : 0
    if (this.#count < TAPS) return false
    this.#count = 0
    return true
  }

  reset(): void {
    this.#count = 0
  }
}

export class FirstPage implements SimPage {
  readonly #machine: Machine
  readonly #count = new WindowsKeyCount()
  readonly #pages: readonly Page[]
  #at: number
  #tabs = 0
  #leaving = false

  /** `at`: index of the page in the device's list. */
  constructor(machine: Machine, at = 0) {
    this.#machine = machine
    this.#pages = machine.spec.firstPages
    this.#at = Math.min(at, this.#pages.length - 1)
  }

  get name(): Page {
    return this.#pages[this.#at] ?? 'signin'
  }

  fields(): Fields {
    const { spec } = this.#machine
    // The sign-in page names the tenant of a registered device (facts/autopilot §2.5).
    return this.name === 'signin' && spec.ztdId !== null
      ? { windows: spec.windows, organisation: spec.organisation }
      : { windows: spec.windows }
  }

  down(key: Key): void {
    if (key === 'tab') this.#tabs++
    if (key === 'enter') this.press('keyboard')
  }

  up(key: Key): void {
    const fires = this.#count.up(key)
    // The sign-in page is hosted elsewhere: it hears keys only once the focus stands inside it.
    if (this.name === 'signin' && this.#tabs < this.#machine.spec.signinTabs) {
      this.#count.reset()
      return
    }
    if (fires && !this.#leaving) this.summon()
  }

  /** Opens what Win x5 opens here. */
  summon(): void {
    const machine = this.#machine
    this.#leaving = true
    machine.truth.summoned()
    const known = !(machine.spec.menu2026 && this.name === 'region')
    machine.after(DIALOG_MS, () =>
      machine.show(() => (known ? new OptionsPage(machine) : new MenuPage(machine))),
    )
  }

  press(by: Hand): void {
    const machine = this.#machine
    machine.truth.press(this.name, 'none', 'next page', by)
    if (this.#at >= this.#pages.length - 1 || this.#leaving) return
    this.#leaving = true
    machine.after(PAGE_MS, () => machine.show(() => new FirstPage(machine, this.#at + 1)))
  }
}

/** Where the device stands when it is up: its obstacle, else its first page. */
export function entryPage(machine: Machine): SimPage {
  const { obstacle, windows } = machine.spec
  return obstacle === null ? new FirstPage(machine) : new StillPage(machine, obstacle, { windows })
}

/** The sign-in page, where a person goes when the region page shows a menu that is not ours (facts/autopilot §0, 4). */
export const signinPage = (machine: Machine): SimPage =>
  new FirstPage(machine, machine.spec.firstPages.length - 1)
