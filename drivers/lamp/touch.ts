// The touch sensor of a Patlite NE-USB as the bay's button; light and sensor are one USB peripheral on one line.
import type { ButtonHealth, ButtonReport, Clock, Lamp, OperatorButton } from '../../agent/ports.ts'
import { Channel } from '../io/channel.ts'
import { reasonOf } from '../io/hid-reason.ts'
import { Presses } from '../io/press.ts'
import { DrivenLamp, type DrivenOptions } from './driven.ts'
import type { Metronome } from './metronome.ts'
import { ASK_TOUCH, touchOf } from './patlite.ts'

/** How often the sensor is asked while somebody watches it, ms; it tells nothing by itself. */
const ASK_MS = 60

const buttons = new WeakMap<Lamp, OperatorButton>()

/** The touch sensor in a lamp; null for a lamp without one, or one that was not opened for it. */
export const buttonOf = (lamp: Lamp): OperatorButton | null => buttons.get(lamp) ?? null

/** An NE-USB light whose sensor is read too. */
export function touchLamp(options: DrivenOptions): Lamp {
  const sensor = new TouchSensor(options.clock, options.metronome)
  const lamp = new DrivenLamp({ ...options, report: (bytes) => sensor.heard(bytes) })
  sensor.live(lamp)
  buttons.set(lamp, sensor)
  return lamp
}

class TouchSensor implements OperatorButton {
  readonly #clock: Clock
  readonly #metronome: Metronome
  readonly #facts: Channel<ButtonReport | ButtonHealth>
  readonly #presses: Presses
  #health: ButtonHealth
  #lamp: DrivenLamp | null = null
  #watchers = 0
  #isAsking = false
  /** Calls off the next question; null while one is under way. */
  #stop: (() => void) | null = null

  constructor(clock: Clock, metronome: Metronome) {
    this.#clock = clock
    this.#metronome = metronome
    this.#health = { health: 'gone', keys: 1, at: clock.now() }
    this.#facts = new Channel<ButtonReport | ButtonHealth>(() => [this.#health])
    this.#presses = new Presses(clock, (report) => this.#facts.push(report))
  }

  live(lamp: DrivenLamp): void {
    this.#lamp = lamp
  }

  heard(bytes: Uint8Array): void {
    const isTouched = touchOf(bytes)
    if (isTouched !== null) this.#presses.set(0, isTouched)
  }

  async *watch(signal: AbortSignal): AsyncGenerator<ButtonReport | ButtonHealth, void, void> {
    const lamp = this.#lamp
    if (lamp === null) return
    const end = new AbortController()
    this.#watchers++
    if (!this.#isAsking) this.#ask()
    const following = this.#follow(lamp, AbortSignal.any([signal, end.signal]))
    try {
      yield* this.#facts.watch(signal)
    } finally {
      this.#watchers--
      end.abort()
      if (this.#watchers === 0 && this.#stop !== null) {
        this.#stop()
        this.#stop = null
        this.#isAsking = false
      }
      await following
    }
  }

  /** The sensor is there as long as its light is. */
  async #follow(lamp: DrivenLamp, signal: AbortSignal): Promise<void> {
    for await (const { health, code } of lamp.watch(signal)) {
      const reason = reasonOf(code)
      if (this.#health.health === health && this.#health.code === reason.code) continue
      if (health === 'gone') this.#presses.forget()
      this.#health = { health, keys: 1, at: this.#clock.now(), ...reason }
      this.#facts.push(this.#health)
    }
  }

  /** Asks until nobody watches any more; a lost light says so itself. */
  #ask(): void {
    this.#isAsking = this.#watchers > 0
    if (!this.#isAsking) return
    this.#stop = this.#metronome.in(ASK_MS, () => {
      this.#stop = null
      const asked = this.#lamp?.ask(ASK_TOUCH) ?? Promise.resolve()
      void asked.catch(() => undefined).then(() => this.#ask())
    })
  }
}
