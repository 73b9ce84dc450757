// A bay's buttons on USB: any HID peripheral whose descriptor has buttons (arcade encoders, foot switches, button boxes).
import type { ButtonHealth, ButtonReport, Clock, OperatorButton } from '../../agent/ports.ts'
import { Channel } from '../io/channel.ts'
import type { HidBus } from '../io/hid-bus.ts'
import type { HidStream } from '../io/hid-line.ts'
import { reasonOf } from '../io/hid-reason.ts'
import type { HidFound } from '../io/hid-system.ts'
import { Presses } from '../io/press.ts'
import { buttonBitsOf } from './button-bits.ts'
import { type KeyPlace, keysIn, type ReadKey } from './key-map.ts'

export interface HidButtonsOptions {
  /** How faults name it: the address of the config. */
  readonly what: string
  /** Serial number or USB port. */
  readonly address: string
  /** Where its keys are; null: where its descriptor says. */
  readonly keys: readonly KeyPlace[] | null
  readonly bus: HidBus
  readonly clock: Clock
}

export interface ClosableButton extends OperatorButton {
  close(): Promise<void>
}

/** Contacts bounce for some milliseconds: a state counts when it stood this long, ms [chosen]. */
const SETTLE_MS = 15

/** Opens the buttons; one that is missing is the fact `gone` until it is plugged in. */
export const openHidButtons = (options: HidButtonsOptions): ClosableButton =>
  new HidButtons(options)

class HidButtons implements ClosableButton {
  readonly #clock: Clock
  readonly #bus: HidBus
  readonly #facts: Channel<ButtonReport | ButtonHealth>
  readonly #presses: Presses
  readonly #stream: HidStream
  readonly #settling = new Map<number, () => void>()
  /** What the last report said of each key, bounces included. */
  readonly #said = new Map<number, boolean>()
  readonly #places: readonly KeyPlace[] | null
  #health: ButtonHealth
  #keys: readonly ReadKey[] = []
  /** Counts attaches: a descriptor that comes late is of an earlier one. */
  #attach = 0

  constructor({ what, address, keys, bus, clock }: HidButtonsOptions) {
    this.#places = keys
    this.#clock = clock
    this.#bus = bus
    this.#health = { health: 'gone', at: clock.now() }
    this.#facts = new Channel<ButtonReport | ButtonHealth>(() => [this.#health])
    this.#presses = new Presses(clock, (report) => this.#facts.push(report))
    this.#stream = bus.open(
      { what, ids: [], address },
      {
        back: (found) => void this.#back(found),
        gone: ({ code }) => this.#gone(reasonOf(code)),
        report: (bytes) => this.#heard(bytes),
      },
    )
  }

  watch(signal: AbortSignal): AsyncIterable<ButtonReport | ButtonHealth> {
    return this.#facts.watch(signal)
  }

  async close(): Promise<void> {
    this.#forget()
    await this.#stream.close()
    this.#facts.close()
  }

  async #back(found: HidFound): Promise<void> {
    this.#attach++
    const attach = this.#attach
    const descriptor = await this.#bus.descriptor(found).catch(() => null)
    if (attach !== this.#attach) return
    this.#keys = keysIn(buttonBitsOf(descriptor ?? new Uint8Array(0)), this.#places)
    if (this.#keys.length > 0) this.#tell({ health: 'ok', keys: this.#keys.length })
    // A peripheral without buttons will never press one: for the bay it is another product.
    else if (descriptor !== null) this.#tell({ health: 'gone', code: 'STATION_HID_WRONG' })
  }

  #gone(reason: Pick<ButtonHealth, 'code'>): void {
    this.#attach++
    this.#forget()
    this.#tell({ health: 'gone', ...reason })
  }

  #forget(): void {
    for (const stop of this.#settling.values()) stop()
    this.#settling.clear()
    this.#said.clear()
    this.#presses.forget()
    this.#keys = []
  }

  #heard(bytes: Uint8Array): void {
    for (const [key, read] of this.#keys.entries()) {
      const isDown = read(bytes)
      // Many boxes report without end: only a change begins the time anew, or a press would never stand.
      if (isDown === null || isDown === (this.#said.get(key) ?? false)) continue
      this.#said.set(key, isDown)
      this.#settling.get(key)?.()
      this.#settling.set(
        key,
        this.#clock.after(SETTLE_MS, () => {
          this.#settling.delete(key)
          this.#presses.set(key, isDown)
        }),
      )
    }
  }

  #tell(now: Omit<ButtonHealth, 'at'>): void {
    if (this.#health.health === now.health && this.#health.code === now.code) return
    this.#health = { ...now, at: this.#clock.now() }
    this.#facts.push(this.#health)
  }
}
