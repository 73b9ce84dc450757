// The menu that Microsoft added in 2026: its Next writes a tenant mark into the firmware, so nothing may press it.
import { MENU_2026 } from './catalogue.ts'
import type { Key } from './hid.ts'
import { FocusRing, type Hand, type Machine, type SimPage, StillPage } from './page.ts'
import type { Fields } from './spec.ts'

const LEAVE_MS = 600

export class MenuPage implements SimPage {
  readonly name = 'menu'
  readonly #machine: Machine
  readonly #ring = new FocusRing(['list', 'cancel', 'next'], 'list')
  #selected: number | null = null
  #cursor = 0

  constructor(machine: Machine) {
    this.#machine = machine
  }

  fields(): Fields {
    const { spec } = this.#machine
    const selected = this.#selected === null ? undefined : MENU_2026[this.#selected]
    return {
      windows: spec.windows,
      entries: MENU_2026,
      focus: this.#ring.at,
      nextEnabled: true,
      // Its code begins `deviceLink:` and is never a ZtdId (facts/autopilot §0, 2).
      qr: `deviceLink:/1/?sn=${spec.serial}&data=AQ`,
      ...(selected === undefined ? {} : { selected }),
    }
  }

  down(key: Key, shift: boolean): void {
    if (key === 'tab') this.#ring.move(shift ? -1 : 1, () => true)
    else if (key === 'down' && this.#ring.at === 'list')
      this.#cursor = Math.min(this.#cursor + 1, MENU_2026.length - 1)
    else if (key === 'up' && this.#ring.at === 'list') this.#cursor = Math.max(this.#cursor - 1, 0)
    else if (key === 'enter' || key === 'space') {
      this.press('keyboard')
      return
    } else return
    this.#machine.changed()
  }

  up(_key: Key): void {}

  press(by: Hand): void {
    const machine = this.#machine
    const at = this.#ring.at
    if (at === 'list') {
      this.#selected = this.#cursor
      machine.changed()
      return
    }
    machine.truth.press('menu', at, at === 'next' ? 'device association' : 'cancel', by)
    if (at === 'next')
      machine.after(LEAVE_MS, () =>
        machine.show(() => new StillPage(machine, 'unknown', { windows: machine.spec.windows })),
      )
    else machine.after(LEAVE_MS, () => machine.firstPage())
  }
}
