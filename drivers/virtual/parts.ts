// The ports of one virtual bay as an agent holds them: a link, a keyboard, a screen, a lamp and a network check.
import type {
  Clock,
  Keyboard,
  KeyboardReport,
  Lamp,
  LinkReport,
  LinkSource,
  NetworkCheck,
  Observation,
  PlayAnswer,
  Screen,
} from '../../agent/ports.ts'
import type { BayId, Signal, VirtualBay } from './bay.ts'
import { Incarnation } from './feed.ts'
import { NO_KEYS } from './hid.ts'

type PlayRequest = Parameters<Keyboard['play']>[0]

/** A report and its answer at 9600 baud (facts/hardware §3.1). */
const WIRE_MS = 22
const SCROLL = 4
const SCROLL_REPORT: readonly number[] = [0, 0, 0x47, 0, 0, 0, 0, 0]
/** A short tap, then time for the LED, then a space that no KVM switch takes for a double tap (facts/hardware §3.1, i). */
const ECHO_TAP_MS = 40
const ECHO_LED_MS = 150
const ECHO_SPACE_MS = 700

export class VirtualLink implements LinkSource {
  readonly #bay: VirtualBay
  readonly #life: Incarnation

  constructor(bay: VirtualBay, life: Incarnation) {
    this.#bay = bay
    this.#life = life
  }

  watch(signal: AbortSignal): AsyncIterable<LinkReport> {
    return this.#bay.links.watch(this.#life, signal, () => this.#bay.linkNow())
  }
}

export class VirtualKeyboard implements Keyboard {
  readonly #bay: VirtualBay
  readonly #life: Incarnation
  readonly #clock: Clock
  /** Ends the burst that runs now. */
  #stop: AbortController | null = null

  constructor(bay: VirtualBay, life: Incarnation, clock: Clock) {
    this.#bay = bay
    this.#life = life
    this.#clock = clock
  }

  watch(signal: AbortSignal): AsyncIterable<KeyboardReport> {
    return this.#bay.keyboards.watch(this.#life, signal, () => [this.#bay.keyboardNow()])
  }

  play(request: PlayRequest, signal: AbortSignal): Promise<PlayAnswer> {
    return this.#during(signal, async (stop) => {
      let isTaken = true
      for (const report of request.reports) {
        // The chip tells whether the device has enumerated it: a report without that is nobody's.
        isTaken &&= this.#bay.keyboardNow().enumerated === true
        if (!(await this.#send(report.bytes, report.pauseMs, stop))) return { proof: 'unknown' }
      }
      return { proof: isTaken ? 'accepted' : 'unknown' }
    })
  }

  echo(signal: AbortSignal): Promise<PlayAnswer> {
    return this.#during(signal, async (stop) => {
      const before = this.#bay.leds
      if (!(await this.#tap(ECHO_LED_MS, stop))) return { proof: 'unknown' }
      const after = this.#bay.leds
      const followed = before !== null && after !== null && ((before ^ after) & SCROLL) !== 0
      if (!followed) return { proof: 'accepted', echo: false }
      await this.#clock.sleep(ECHO_SPACE_MS, stop)
      if (!(await this.#tap(WIRE_MS, stop))) return { proof: 'unknown' }
      return { proof: 'accepted', echo: true }
    })
  }

  async releaseAll(): Promise<void> {
    if (this.#life.dead) return Incarnation.never()
    this.#stop?.abort()
    this.#bay.send(NO_KEYS)
  }

  /** One burst at a time, ended by its signal or by a release-all. @throws StationError when the port is gone at its start */
  async #during(
    signal: AbortSignal,
    work: (stop: AbortSignal) => Promise<PlayAnswer>,
  ): Promise<PlayAnswer> {
    if (this.#life.dead) return Incarnation.never()
    this.#bay.demandPort()
    const stop = new AbortController()
    const forward = () => stop.abort()
    if (signal.aborted) stop.abort()
    signal.addEventListener('abort', forward)
    this.#stop = stop
    try {
      return await work(stop.signal)
    } finally {
      signal.removeEventListener('abort', forward)
      if (this.#stop === stop) this.#stop = null
    }
  }

  async #tap(thenMs: number, stop: AbortSignal): Promise<boolean> {
    return (
      (await this.#send(SCROLL_REPORT, ECHO_TAP_MS, stop)) &&
      (await this.#send(NO_KEYS, thenMs, stop))
    )
  }

  /** False: cancelled, and all keys are up; or the port is gone. A dead agent's call stops where it is, keys down or not. */
  async #send(bytes: readonly number[], pauseMs: number, stop: AbortSignal): Promise<boolean> {
    if (!stop.aborted) {
      if (this.#bay.isBroken('keyboard')) return false
      this.#bay.send(bytes)
      await this.#clock.sleep(WIRE_MS + pauseMs, stop)
      if (this.#life.dead) return Incarnation.never()
    }
    if (!stop.aborted) return true
    if (!this.#bay.isBroken('keyboard')) this.#bay.send(NO_KEYS)
    return false
  }
}

export class VirtualScreen implements Screen {
  readonly #bay: VirtualBay
  readonly #life: Incarnation

  constructor(bay: VirtualBay, life: Incarnation) {
    this.#bay = bay
    this.#life = life
  }

  async look(after: Observation | null, signal: AbortSignal): Promise<Observation> {
    if (this.#life.dead) return Incarnation.never()
    signal.throwIfAborted()
    const now = this.#bay.observe()
    const same =
      after !== null &&
      now.page === after.page &&
      JSON.stringify(now.fields) === JSON.stringify(after.fields)
    const seen = same && after !== null ? await this.#bay.differs(after, signal) : now
    return this.#life.dead ? Incarnation.never() : seen
  }
}

export class VirtualLamp implements Lamp {
  readonly #bay: VirtualBay
  readonly #life: Incarnation
  #closed = false

  constructor(bay: VirtualBay, life: Incarnation) {
    this.#bay = bay
    this.#life = life
  }

  async show(signal: Signal): Promise<void> {
    if (this.#life.dead) return Incarnation.never()
    if (!this.#closed) this.#bay.show(signal)
  }

  async close(): Promise<void> {
    this.#closed = true
  }
}

/** How long the look at the network of a bay takes [chosen]. */
const CHECK_MS = 1200

export class VirtualNetwork implements NetworkCheck {
  readonly #bayOf: (bay: BayId) => VirtualBay
  readonly #life: Incarnation
  readonly #clock: Clock

  constructor(bayOf: (bay: BayId) => VirtualBay, life: Incarnation, clock: Clock) {
    this.#bayOf = bayOf
    this.#life = life
    this.#clock = clock
  }

  async check(bay: BayId, signal: AbortSignal): ReturnType<NetworkCheck['check']> {
    const place = this.#bayOf(bay)
    await this.#clock.sleep(CHECK_MS, signal)
    if (this.#life.dead) return Incarnation.never()
    signal.throwIfAborted()
    const fit = place.device?.networkFits() ?? true
    return [
      fit
        ? { id: 'uplink', grade: 'ok', value: 'reachable', hint: '' }
        : {
            id: 'uplink',
            grade: 'hold',
            value: 'no answer',
            hint: 'Check the uplink of the bay network',
          },
      { id: 'dns', grade: 'ok', value: 'answers', hint: '' },
      { id: 'clock', grade: 'ok', value: '+0 s', hint: '' },
    ]
  }
}
