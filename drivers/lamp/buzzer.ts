// When a lamp's buzzer sounds: the beeps of the signal that just began, once, once more, or until the signal goes.
import type { Buzz } from './light.ts'
import type { Metronome } from './metronome.ts'
import type { SoundLook } from './tables.ts'

export class Buzzer {
  readonly #metronome: Metronome
  readonly #changed: (buzz: Buzz) => void
  #stop: () => void = () => undefined
  #now: Buzz = 'off'

  constructor(metronome: Metronome, changed: (buzz: Buzz) => void) {
    this.#metronome = metronome
    this.#changed = changed
  }

  get now(): Buzz {
    return this.#now
  }

  /** Starts the beeps of a new signal in place of the last one's; the first tone stands when it returns. */
  play(sound: SoundLook, isLoud: boolean): void {
    this.stop()
    const tone: Buzz = isLoud ? 'loud' : 'soft'
    const steps = sound.beeps.flatMap(([on, off]) => [
      { buzz: tone, ms: on },
      ...(off > 0 ? [{ buzz: 'off' as const, ms: off }] : []),
    ])
    const walk = (at: number, again: number | null): void => {
      const step = steps[at]
      if (step === undefined) {
        if (sound.endless) walk(0, null)
        else {
          this.#set('off')
          if (again !== null) this.#stop = this.#metronome.in(again, () => walk(0, null))
        }
        return
      }
      this.#set(step.buzz)
      this.#stop = this.#metronome.in(step.ms, () => walk(at + 1, again))
    }
    if (steps.length === 0) return
    this.#now = steps[0]?.buzz ?? 'off'
    walk(0, sound.againMs)
  }

  stop(): void {
    this.#stop()
    this.#stop = () => undefined
    this.#now = 'off'
  }

  #set(buzz: Buzz): void {
    if (this.#now === buzz) return
    this.#now = buzz
    this.#changed(buzz)
  }
}
