// The options dialog behind Win x5 (facts/autopilot §2.2): entries, preselection, focus, and Reset as its last entry.
import type { Key } from './hid.ts'
import { FocusRing, type Hand, labelsOf, type Machine, type SimPage, StillPage } from './page.ts'
import { LandingPage } from './pages-landing.ts'
import { ResettingPage } from './pages-result.ts'
import type { DeviceSpec, Fields, Focus } from './spec.ts'

type Entry = 'install' | 'pre-provision' | 'logs' | 'reset'
const LEAVE_MS = 700

/** The entries from top to bottom: a resealed or associated device hides pre-provision, and Reset moves up. */
export function entriesOf(spec: DeviceSpec, resealed: boolean): readonly Entry[] {
  const hidden = resealed || spec.resealedBefore || spec.associated
  return [
    'install',
    ...(hidden ? [] : (['pre-provision'] as const)),
    ...(spec.exportLogs ? (['logs'] as const) : []),
    'reset',
  ]
}

const textOf = (spec: DeviceSpec, entry: Entry): string => {
  const labels = labelsOf(spec)
  switch (entry) {
    case 'install':
      return labels.install
    case 'pre-provision':
      return labels.preProvision[spec.windows]
    case 'logs':
      return labels.logs
    case 'reset':
      return labels.reset
  }
}

export class OptionsPage implements SimPage {
  readonly name = 'options'
  readonly #machine: Machine
  readonly #entries: readonly Entry[]
  readonly #ring: FocusRing
  #selected: number | null
  #cursor = 0
  #leaving = false

  constructor(machine: Machine) {
    this.#machine = machine
    const { spec } = machine
    this.#entries = entriesOf(spec, machine.truth.read().resealedAt.length > 0)
    const stops: readonly Focus[] = spec.extraStop
      ? ['list', 'cancel', 'other', 'next']
      : ['list', 'cancel', 'next']
    this.#ring = new FocusRing(stops, 'list')
    // Windows 10 preselects the first entry, Windows 11 nothing: its Next is disabled until a choice.
    this.#selected = spec.windows === 10 ? 0 : null
  }

  fields(): Fields {
    const { spec } = this.#machine
    const selected = this.#selected === null ? undefined : this.#entries[this.#selected]
    return {
      windows: spec.windows,
      entries: this.#entries.map((entry) => textOf(spec, entry)),
      focus: this.#ring.at,
      nextEnabled: this.#selected !== null,
      ...(selected === undefined ? {} : { selected: textOf(spec, selected) }),
    }
  }

  down(key: Key, shift: boolean): void {
    if (this.#leaving) return
    if (key === 'tab')
      this.#ring.move(shift ? -1 : 1, (stop) => stop !== 'next' || this.#selected !== null)
    else if (key === 'down' || key === 'up') this.#move(key === 'down' ? 1 : -1)
    else if (key === 'enter' || key === 'space') {
      this.press('keyboard')
      return
    } else return
    this.#machine.changed()
  }

  up(_key: Key): void {}

  /** A button was pressed and the next page is on its way. */
  get isLeaving(): boolean {
    return this.#leaving
  }

  /** Pre-provision is selected and the focus stands on Next. */
  get isRight(): boolean {
    return (
      this.#ring.at === 'next' &&
      this.#selected !== null &&
      this.#entries[this.#selected] === 'pre-provision'
    )
  }

  /** A person takes the right entry and puts the focus on Next, by the device's own keyboard. False: it is not there. */
  putRight(): boolean {
    const at = this.#entries.indexOf('pre-provision')
    if (at < 0) return false
    this.#selected = at
    this.#cursor = at
    this.#ring.focus('next')
    this.#machine.changed()
    return true
  }

  press(by: Hand): void {
    const at = this.#ring.at
    if (at === 'list') {
      this.#selected = this.#cursor
      this.#machine.changed()
      return
    }
    const machine = this.#machine
    if (at === 'other') {
      machine.truth.press('options', at, 'nothing', by)
      return
    }
    const entry = this.#selected === null ? undefined : this.#entries[this.#selected]
    if (at === 'next' && entry === undefined) return
    const did = at === 'next' ? String(entry) : 'cancel'
    machine.truth.press('options', at, did, by)
    this.#leaving = true
    machine.after(LEAVE_MS, () => this.#leave(did))
  }

  #move(by: 1 | -1): void {
    if (this.#ring.at !== 'list') return
    this.#cursor = Math.max(0, Math.min(this.#cursor + by, this.#entries.length - 1))
    // On the blue page the choice follows the arrow keys; on the white one Space or Enter chooses.
    if (this.#machine.spec.windows === 10) this.#selected = this.#cursor
  }

  #leave(did: string): void {
    const machine = this.#machine
    if (did === 'pre-provision') machine.show(() => new LandingPage(machine))
    else if (did === 'reset') machine.show(() => new ResettingPage(machine))
    else if (did === 'cancel') machine.firstPage()
    else machine.show(() => new StillPage(machine, 'unknown', { windows: machine.spec.windows }))
  }
}
