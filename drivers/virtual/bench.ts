// The virtual bench: bays, a stock of devices and the truth about them; it outlives every life of the agent.
import type { Clock, Keyboard, Lamp, LinkSource, NetworkCheck, Screen } from '../../agent/ports.ts'
import { type BayId, type Signal, VirtualBay } from './bay.ts'
import { VIRTUAL_ORDERS } from './catalogue.ts'
import { type Change, SimDevice } from './device.ts'
import { drawDevice, macOf } from './draw.ts'
import { Incarnation } from './feed.ts'
import {
  VirtualKeyboard,
  VirtualLamp,
  VirtualLink,
  VirtualNetwork,
  VirtualScreen,
} from './parts.ts'
import { Random } from './random.ts'
import type { VirtualOrder } from './spec.ts'
import type { DeviceTruth } from './truth.ts'

export interface VirtualBenchOptions {
  readonly clock: Clock
  readonly seed: number
  readonly bays: readonly BayId[]
  /** How many devices come; Infinity for a bench without an end. */
  readonly devices: number
  readonly faults: boolean
  /** Bays with a capture; in all others the operator is the only screen. */
  readonly capture: (bay: BayId) => boolean
  /** Bays without a keyboard chip: the operator presses. */
  readonly manual?: (bay: BayId) => boolean
  /** Whose MAC the wire shows. */
  readonly adapter?: (bay: BayId) => 'device' | 'bench'
  /** Devices whose truth is kept; a bench that runs for days may keep fewer. */
  readonly truthsMax?: number
  /** For checkers: called with every signal that a lamp is told to show. */
  readonly lampShown?: (bay: BayId, signal: Signal) => void
}

/** What the outside of the bench may hear: a change of a bay's device, or of its lamp. */
export type BenchListener = (bay: VirtualBay, change: Change | 'lamp') => void

/** An endless bench forgets its oldest devices. */
const TRUTHS_MAX = 5000

export class VirtualBench {
  readonly bays: readonly BayId[]
  readonly options: VirtualBenchOptions
  readonly #places = new Map<BayId, VirtualBay>()
  readonly #random: Random
  readonly #listeners = new Set<BenchListener>()
  #made: SimDevice[] = []
  #drawn = 0
  /** How many devices come in all. */
  #come: number
  #life = new Incarnation()

  constructor(options: VirtualBenchOptions) {
    this.options = options
    this.#come = options.devices
    this.bays = options.bays
    this.#random = new Random(options.seed, 'bench')
    for (const bay of options.bays) {
      const mac = macOf(this.#random.stream(`bay-${bay}`))
      const place = new VirtualBay(options.clock, bay, options.adapter?.(bay) ?? 'device', mac)
      place.watcher = (at, change) => this.#heard(at, change)
      this.#places.set(bay, place)
    }
  }

  /** A stream of chance of its own, drawn from the bench's seed. */
  random(name: string): Random {
    return this.#random.stream(name)
  }

  // --- Parts for an agent ----------------------------------------------------------------------------------------------

  link(bay: BayId): LinkSource {
    return new VirtualLink(this.place(bay), this.#life)
  }

  /** Null where a person presses the keys. */
  keyboard(bay: BayId): Keyboard | null {
    return this.isManual(bay)
      ? null
      : new VirtualKeyboard(this.place(bay), this.#life, this.options.clock)
  }

  /** Null in assisted bays. */
  screen(bay: BayId): Screen | null {
    return this.hasCapture(bay) ? new VirtualScreen(this.place(bay), this.#life) : null
  }

  lamp(bay: BayId): Lamp {
    return new VirtualLamp(this.place(bay), this.#life)
  }

  networkCheck(): NetworkCheck {
    return new VirtualNetwork((bay) => this.place(bay), this.#life, this.options.clock)
  }

  /**
   * Kills the agent as a power cut does: parts handed out so far hear and do nothing any more, a burst stops where it
   * is (keys stay down). Parts asked for afterwards belong to the next life.
   */
  kill(): void {
    this.#life.kill()
    this.#life = new Incarnation()
  }

  // --- The world -------------------------------------------------------------------------------------------------------

  /** @throws RangeError for a bay that the bench does not have */
  place(bay: BayId): VirtualBay {
    const place = this.#places.get(bay)
    if (place === undefined) throw new RangeError(`the virtual bench has no bay ${bay}`)
    return place
  }

  hasCapture(bay: BayId): boolean {
    return this.options.capture(bay)
  }

  isManual(bay: BayId): boolean {
    return this.options.manual?.(bay) ?? false
  }

  /** Work orders that fit the devices; the first is the one of all bays. */
  get orders(): readonly VirtualOrder[] {
    return VIRTUAL_ORDERS
  }

  /** Serials and registered ZtdIds of an order as its list would have them; null on an endless bench. */
  listed(
    order: string,
  ): readonly { readonly serial: string; readonly ztdId: string | null }[] | null {
    const { devices, faults } = this.options
    if (!Number.isFinite(devices)) return null
    return Array.from({ length: devices }, (_, n) => drawDevice(this.#random, n, faults)).filter(
      (spec) => spec.order === order,
    )
  }

  /** The next device of the stock; null when it is used up. */
  nextDevice(): SimDevice | null {
    const { clock, faults, truthsMax = TRUTHS_MAX } = this.options
    if (this.#drawn >= this.#come) return null
    const n = this.#drawn++
    const device = new SimDevice(
      clock,
      drawDevice(this.#random, n, faults),
      this.#random.stream(`device-${n}`),
    )
    this.#made.push(device)
    if (this.#made.length > truthsMax) this.#made = this.#made.slice(-truthsMax / 2)
    return device
  }

  /** Devices of the stock that did not come yet. */
  get left(): number {
    return this.#come - this.#drawn
  }

  /** Closing time: no further device comes; those on the bench are finished. */
  noMore(): void {
    this.#come = this.#drawn
  }

  /** What really happened to every device that came, for checkers; the agent never sees it. */
  truths(): readonly DeviceTruth[] {
    return this.#made.map((device) => device.truth.read())
  }

  /** What every lamp shows now. */
  lamps(): ReadonlyMap<BayId, Signal | null> {
    return new Map([...this.#places].map(([bay, place]) => [bay, place.lamp?.signal ?? null]))
  }

  /** Bays whose chip holds a key down now. */
  keysDown(): readonly BayId[] {
    return this.bays.filter((bay) => this.place(bay).keysDown)
  }

  /** Hears every change of the world until the answer is called. */
  listen(fn: BenchListener): () => void {
    this.#listeners.add(fn)
    return () => this.#listeners.delete(fn)
  }

  #heard(bay: VirtualBay, change: Change | 'lamp'): void {
    const signal = bay.lamp?.signal
    if (change === 'lamp' && signal !== undefined) this.options.lampShown?.(bay.bay, signal)
    for (const listener of this.#listeners) listener(bay, change)
  }
}
