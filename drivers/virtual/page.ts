// What every simulated page shares: what it shows, how it takes keys, and the ring of stops that Tab walks.
import type { Clock } from '../../agent/ports.ts'
import { LABELS } from './catalogue.ts'
import type { Key } from './hid.ts'
import type { DeviceSpec, Fields, Focus, Page } from './spec.ts'
import type { TruthBook } from './truth.ts'

export type Hand = 'keyboard' | 'person'

/** One page of a device. Keys come one by one; a page changes itself, or asks the machine for another. */
export interface SimPage {
  readonly name: Page
  fields(): Fields
  down(key: Key, shift: boolean): void
  up(key: Key): void
  /** Presses the button that has the focus, as Enter or Space do. */
  press(by: Hand): void
  /** Where the device goes on after its power was cut; a page without this starts at the first page again. */
  resume?(): () => SimPage
}

/** What the pages may ask of the device they stand on. */
export interface Machine {
  readonly spec: DeviceSpec
  readonly truth: TruthBook
  readonly clock: Clock
  /** After so many ms of running time, unless the page is left before. */
  after(ms: number, fn: () => void): () => void
  /** Replaces the page at once; it is made after the timers of the old one are gone. */
  show(make: () => SimPage): void
  /** The page now shows something else. */
  changed(): void
  /** Goes down and comes up again with that page; null: with the first one. */
  restart(downMs: number, make: (() => SimPage) | null): void
  /** Off for good, the way the device's kind does it. */
  shutDown(): void
  firstPage(): void
}

/** The QR code's text: one JSON object with a top-level ZtdId (facts/autopilot §1). */
export const qrOf = (ztdId: string | null, more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ ZtdId: ztdId ?? '', ...more })

/** Entry texts of a dialog in the device's language. */
export const labelsOf = (spec: DeviceSpec) => LABELS[spec.language]

/** A page that only shows itself; a button press on it does nothing but is told to the truth. */
export class StillPage implements SimPage {
  readonly name: Page
  readonly #machine: Machine
  readonly #fields: Fields

  constructor(machine: Machine, name: Page, fields: Fields = {}) {
    this.name = name
    this.#machine = machine
    this.#fields = fields
  }

  fields(): Fields {
    return this.#fields
  }

  down(key: Key): void {
    if (key === 'enter') this.press('keyboard')
  }

  up(_key: Key): void {}

  press(by: Hand): void {
    this.#machine.truth.press(this.name, 'none', 'nothing', by)
  }
}

/** The stops of a page in the order of Tab; those that are disabled are passed over. */
export class FocusRing {
  #stops: readonly Focus[]
  #at: Focus

  constructor(stops: readonly Focus[], at: Focus) {
    this.#stops = stops
    this.#at = at
  }

  get at(): Focus {
    return this.#at
  }

  focus(at: Focus): void {
    this.#at = at
  }

  move(by: 1 | -1, isEnabled: (stop: Focus) => boolean): void {
    const stops = this.#stops
    let index = stops.indexOf(this.#at)
    // From a place that is no stop, Tab goes to the first and Shift+Tab to the last.
    if (index < 0) index = by > 0 ? -1 : 0
    for (let steps = 0; steps < stops.length; steps++) {
      index = (index + by + stops.length) % stops.length
      const stop = stops[index]
      if (stop !== undefined && isEnabled(stop)) {
        this.#at = stop
        return
      }
    }
  }
}
