// One place on the virtual bench: what is plugged in, what the wire, the chip, the capture and the lamp are doing.

import { StationError } from '../../agent/fault.ts'
import type { BayParts, Clock, KeyboardReport, LinkReport, Observation } from '../../agent/ports.ts'
import type { Cable, Change, SimDevice } from './device.ts'
import { Feed } from './feed.ts'
import { NO_KEYS } from './hid.ts'

export type BayId = BayParts['bay']
export type Signal = Parameters<BayParts['lamp']['show']>[0]
/** A part of the bench that fails for a while. */
export type Part = 'keyboard' | 'silent' | 'link' | 'screen'

/** From link up until the wire has shown an address of the device [chosen]. */
const MAC_MS = 3000

interface Looker {
  readonly after: string
  readonly resolve: (seen: Observation) => void
  readonly reject: (error: Error) => void
}

const keyOf = (seen: Pick<Observation, 'page' | 'fields'>) =>
  JSON.stringify([seen.page, seen.fields])

export class VirtualBay {
  readonly bay: BayId
  readonly adapter: 'device' | 'bench'
  readonly links = new Feed<LinkReport>()
  readonly keyboards = new Feed<KeyboardReport>()
  readonly #clock: Clock
  readonly #mac: string
  readonly #broken = new Set<Part>()
  readonly #lookers = new Set<Looker>()
  #device: SimDevice | null = null
  #speed = 0
  #downs = 0
  #keys = ''
  #looks = ''
  #frame = 0
  #shown: { readonly signal: Signal; readonly at: number } | null = null
  #chipDown: readonly number[] = NO_KEYS
  #cancelMac: (() => void) | null = null
  /** Told of every change outside of the agent; the simulated operator listens. */
  watcher: ((bay: VirtualBay, change: Change | 'lamp') => void) | null = null

  constructor(clock: Clock, bay: BayId, adapter: 'device' | 'bench', mac: string) {
    this.#clock = clock
    this.bay = bay
    this.adapter = adapter
    this.#mac = mac
    this.#keys = this.#keysNow()
    this.#looks = keyOf(this.#viewNow())
  }

  get device(): SimDevice | null {
    return this.#device
  }

  /** The lamp as it shows now; null before it ever showed anything. */
  get lamp(): { readonly signal: Signal; readonly at: number } | null {
    return this.#shown
  }

  // --- Hands ---------------------------------------------------------------------------------------------------------

  place(device: SimDevice): void {
    if (this.#device !== null) throw new Error(`${this.bay} holds a device already`)
    this.#device = device
    device.watcher = (change) => this.#changed(change)
  }

  /** Every cable is pulled and the place is free. */
  takeOut(cables: readonly Cable[]): SimDevice | null {
    const device = this.#device
    device?.pull(cables)
    if (device !== null) device.watcher = null
    this.#device = null
    for (const change of ['wire', 'keyboard', 'screen'] as const) this.#changed(change)
    return device
  }

  /** A part of the bench fails (true) or works again. */
  break(part: Part, broken: boolean): void {
    if (broken === this.#broken.has(part)) return
    if (broken) this.#broken.add(part)
    else this.#broken.delete(part)
    if (part === 'link') {
      this.links.publish({ kind: 'link', link: broken ? 'gone' : 'back', at: this.#clock.now() })
      this.#speed = broken ? 0 : (this.#device?.wire ?? 0)
      // What the port finds when it is back is told even if it is what stood before.
      if (!broken) this.links.publish(this.#linkFact(this.#clock.now()))
    } else if (part === 'screen') this.#breakScreen(broken)
    else {
      // A chip that comes back is made ready first: all keys up.
      if (!broken && this.keysDown) this.send(NO_KEYS)
      this.#changed('keyboard')
    }
  }

  isBroken(part: Part): boolean {
    return this.#broken.has(part)
  }

  /** Shows a signal; the one that stands already is no news. */
  show(signal: Signal): void {
    if (this.#shown?.signal === signal) return
    this.#shown = { signal, at: this.#clock.now() }
    this.watcher?.(this, 'lamp')
  }

  // --- Chip ------------------------------------------------------------------------------------------------------------

  /** @throws StationError STATION_KEYBOARD_GONE while the chip's port is away */
  demandPort(): void {
    if (this.#broken.has('keyboard'))
      throw new StationError('STATION_KEYBOARD_GONE', `virtual:${this.bay}`)
  }

  /** The chip takes a report and answers ok, whatever becomes of it. @throws StationError when its port is gone */
  send(bytes: readonly number[]): void {
    this.demandPort()
    if (this.#broken.has('silent')) return
    this.#chipDown = bytes
    this.#device?.report(bytes)
  }

  /** Keys that the chip holds down now: a killed agent may have left some. */
  get keysDown(): boolean {
    return this.#chipDown.some((byte) => byte !== 0)
  }

  get leds(): number | null {
    return this.#device?.leds ?? null
  }

  // --- What stands now ---------------------------------------------------------------------------------------------------

  linkNow(): readonly LinkReport[] {
    const at = this.#clock.now()
    if (this.#broken.has('link')) return [{ kind: 'link', link: 'gone', at }]
    return [this.#linkFact(at)]
  }

  keyboardNow(): KeyboardReport {
    const at = this.#clock.now()
    if (this.#broken.has('keyboard'))
      return { kind: 'keyboard', enumerated: null, health: 'gone', leds: null, at }
    if (this.#broken.has('silent'))
      return { kind: 'keyboard', enumerated: null, health: 'silent', leds: null, at }
    return {
      kind: 'keyboard',
      enumerated: this.#device?.enumerated ?? false,
      health: 'ok',
      leds: this.leds,
      at,
    }
  }

  /** @throws StationError STATION_SCREEN_GONE while the capture is away */
  observe(): Observation {
    if (this.#broken.has('screen'))
      throw new StationError('STATION_SCREEN_GONE', `virtual:${this.bay}`)
    const seen = this.#viewNow()
    return { ...seen, at: this.#clock.now(), frameRef: `virtual:${this.bay}/${this.#frame}` }
  }

  /** Resolves with the first observation that differs from `after`. */
  differs(after: Observation, signal: AbortSignal): Promise<Observation> {
    return new Promise((resolve, reject) => {
      const end = () => {
        signal.removeEventListener('abort', abort)
        this.#lookers.delete(looker)
      }
      const abort = () =>
        looker.reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
      const looker: Looker = {
        after: keyOf(after),
        resolve: (seen) => {
          end()
          resolve(seen)
        },
        reject: (error) => {
          end()
          reject(error)
        },
      }
      this.#lookers.add(looker)
      signal.addEventListener('abort', abort)
    })
  }

  // --- Inside ------------------------------------------------------------------------------------------------------------

  #viewNow(): Pick<Observation, 'page' | 'fields'> {
    return this.#device?.view() ?? { page: 'dark', fields: {} }
  }

  #linkFact(at: number): LinkReport {
    return this.#speed > 0
      ? { kind: 'link', link: 'up', speed: this.#speed, downs: this.#downs, at }
      : { kind: 'link', link: 'down', downs: this.#downs, at }
  }

  #keysNow(): string {
    const { enumerated, health, leds } = this.keyboardNow()
    return `${enumerated}/${health}/${leds}`
  }

  #changed(change: Change): void {
    if (change === 'wire') this.#wire()
    else if (change === 'keyboard') this.#keyboard()
    else this.#screen()
    this.watcher?.(this, change)
  }

  #wire(): void {
    const speed = this.#device?.wire ?? 0
    if (this.#broken.has('link') || speed === this.#speed) return
    if (speed === 0) this.#downs++
    const rose = this.#speed === 0
    this.#speed = speed
    this.links.publish(this.#linkFact(this.#clock.now()))
    this.#cancelMac?.()
    this.#cancelMac = null
    if (rose && speed > 0) this.#cancelMac = this.#clock.after(MAC_MS, () => this.#learnMac())
  }

  #learnMac(): void {
    const device = this.#device
    if (this.#speed === 0 || device === null || !device.isOn) return
    const mac = this.adapter === 'bench' ? this.#mac : device.spec.mac
    this.links.publish({ kind: 'mac', mac, at: this.#clock.now() })
  }

  #keyboard(): void {
    const keys = this.#keysNow()
    if (keys === this.#keys) return
    this.#keys = keys
    this.keyboards.publish(this.keyboardNow())
  }

  #screen(): void {
    const key = keyOf(this.#viewNow())
    if (key !== this.#looks) {
      this.#looks = key
      this.#frame++
    }
    if (this.#broken.has('screen')) return
    for (const looker of [...this.#lookers])
      if (looker.after !== key) looker.resolve(this.observe())
  }

  #breakScreen(broken: boolean): void {
    if (!broken) {
      this.#screen()
      return
    }
    for (const looker of [...this.#lookers])
      looker.reject(new StationError('STATION_SCREEN_GONE', `virtual:${this.bay}`))
  }
}
