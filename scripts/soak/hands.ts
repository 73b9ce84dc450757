// The people of the storm: at each bay devices come, are scanned, answered by button or board, switched off and taken out.
import type { BayView } from '../../agent/core/view.ts'
import type { BenchControl, Taken } from '../../agent/ports.ts'
import type { Random } from '../../drivers/virtual/index.ts'
import type { Desk } from './desk-orders.ts'
import type { HidSide } from './hid-side.ts'
import { BAYS, BOXES, bayName, CARDS, TOUCH_BAY } from './storm-bench.ts'

export interface HandsNeeds {
  readonly bench: BenchControl
  readonly desk: Desk
  readonly hid: HidSide
  /** A device behind a gadget has the keyboard, or has not. */
  readonly gadget: (at: number, on: boolean) => void
  readonly random: Random
}

/** A bay that stands still for so long is cleared: its parts were pulled at the wrong moment. */
const STUCK_MS = 12_000
/** Of the looks at a bay in work so many end in an abort. */
const ABORT_SHARE = 0.001
/** A scan needs its time through the scanner: a second one in it would be another device. */
const SCAN_EVERY_MS = 2000
const STEP_MIN_MS = 60
const STEP_MAX_MS = 240

export class Hands {
  readonly #n: HandsNeeds
  #serials = 0
  readonly #devices = new Map<number, string>()
  readonly #scanned = new Map<number, number>()
  /** What people did, by kind. */
  readonly deeds: Record<string, number> = {}

  constructor(needs: HandsNeeds) {
    this.#n = needs
  }

  /** Works at a bay until the signal aborts; the device is out of it then. */
  async work(at: number, signal: AbortSignal): Promise<void> {
    const { random, bench } = this.#n
    let last = ''
    let since = performance.now()
    while (!signal.aborted) {
      await pause(random.int(STEP_MIN_MS, STEP_MAX_MS))
      const view = bench.bay(bayName(at))
      if (view === null) continue
      const now = `${view.state} ${view.run ?? ''} ${view.prompt?.id ?? ''}`
      if (now !== last) {
        last = now
        since = performance.now()
      }
      if (performance.now() - since > STUCK_MS) {
        since = performance.now()
        await this.#clear(at)
      } else await this.#step(at, view)
    }
    await this.#clear(at)
  }

  async #step(at: number, view: BayView): Promise<void> {
    const { random } = this.#n
    const { state, prompt } = view
    if (state === 'empty') return this.#device(at, true)
    if (state === 'offproof') return this.#device(at, false)
    if (state === 'done' || state === 'closed') return this.#clear(at)
    if (state === 'hold') return this.#clear(at)
    if (random.chance(ABORT_SHARE)) return this.#count('aborted', this.#act(at, 'abort'))
    if (state === 'present' || state === 'identify') return this.#scan(at)
    if (prompt !== null && prompt !== undefined && random.chance(0.6))
      await this.#answer(at, prompt)
  }

  async #answer(at: number, prompt: NonNullable<BayView['prompt']>): Promise<void> {
    const { hid, bench } = this.#n
    const offers = (answer: string) => prompt.choices.some((choice) => choice.answer === answer)
    if (prompt.expected !== null && at < BOXES) return this.#count('pressed', hid.press(at))
    if (prompt.expected !== null && at === TOUCH_BAY) return this.#count('touched', hid.touch())
    const wanted = ['green', 'options', 'dark', 'taken-out'].find(offers)
    const answer = prompt.expected ?? wanted ?? prompt.choices.at(-1)?.answer
    if (answer === undefined) return
    await this.#count('answered', bench.answer(bayName(at), prompt.id, answer, 'soak'))
  }

  /** One of four scanners, the label of the bay first: they serve the whole bench. */
  #scan(at: number): void {
    const { desk, hid, random } = this.#n
    const now = performance.now()
    if (now - (this.#scanned.get(at) ?? Number.NEGATIVE_INFINITY) < SCAN_EVERY_MS) return
    this.#scanned.set(at, now)
    const serial = this.#serialOf(at)
    const texts = [`RSL.${bayName(at)}.bay`, serial]
    const scanner = random.int(0, 3)
    this.#count('scanned', undefined)
    if (scanner < 2) void desk.ask({ do: 'scan', at: scanner, texts })
    else for (const text of texts) hid.scan(scanner - 2, text)
  }

  /** The device that is in the bay now. */
  #serialOf(at: number): string {
    const known = this.#devices.get(at)
    if (known !== undefined) return known
    const serial = `SOAK${(1_000_000 + this.#serials++).toString(36).toUpperCase()}`
    this.#devices.set(at, serial)
    return serial
  }

  async #device(at: number, on: boolean): Promise<void> {
    const { desk, gadget } = this.#n
    const serialChips = BAYS.ch9329 + BAYS.pikvm
    this.#count(on ? 'plugged in' : 'switched off', undefined)
    if (at < serialChips) await desk.ask({ do: 'chip', at, on })
    else if (at < CARDS) gadget(at - serialChips, on)
    if (at < CARDS) await desk.ask({ do: 'card', at, up: on })
    else await desk.ask({ do: 'port', port: at - CARDS + 1, up: on })
  }

  async #clear(at: number): Promise<void> {
    await this.#device(at, false)
    this.#devices.delete(at)
    await this.#act(at, 'abort')
    await this.#count('taken out', this.#act(at, 'removed'))
  }

  #act(at: number, action: 'abort' | 'removed'): Promise<Taken> {
    return this.#n.bench.act(bayName(at), action, 'soak')
  }

  async #count(deed: string, work: unknown): Promise<void> {
    this.deeds[deed] = (this.deeds[deed] ?? 0) + 1
    await work
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
