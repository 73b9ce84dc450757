// Leaves the lock LEDs of a device as they were found, whatever cuts an echo short: the agent's death included.
import { join } from 'node:path'
import type { PlayAnswer } from '../../agent/ports.ts'
import {
  type EchoKeyboard,
  type EchoTimes,
  LedNote,
  type LockKey,
  lockEcho,
  restore,
} from './lock-echo.ts'

/** Rounds of taps that try to bring an LED back; then it is the device's own state. */
const RESTORE_ROUNDS_MAX = 3

export interface LedKeeperOptions {
  /** Folder of the note, and the part's name in it. */
  readonly stateDir: string
  readonly name: string
  readonly key: LockKey
  readonly times: EchoTimes
  /** A note that is older than this says nothing about the device there now, ms. */
  readonly noteMaxMs: number
  readonly life: AbortSignal
}

export class LedKeeper {
  readonly #options: LedKeeperOptions
  readonly #keyboard: EchoKeyboard
  readonly #note: LedNote
  /** Rounds left to restore the LED that a note may tell of; 0 = nothing to restore. */
  #rounds = RESTORE_ROUNDS_MAX
  /** Monotonic time from which an LED has settled after the last lock key. */
  #settled = 0

  /** `keyboard` presses and looks without a turn of its own: the caller has it. */
  constructor(options: LedKeeperOptions, keyboard: EchoKeyboard) {
    this.#options = options
    this.#keyboard = {
      clock: keyboard.clock,
      ...(keyboard.tellsOnlyChanges === true ? { tellsOnlyChanges: true } : {}),
      leds: () => keyboard.leds(),
      tap: async (usage, holdMs, signal) => {
        const took = await keyboard.tap(usage, holdMs, signal)
        this.#settled = keyboard.clock.mono() + options.times.settleMs
        return took
      },
    }
    this.#note = new LedNote(join(options.stateDir, `${options.name}.led.json`))
  }

  /** The device is gone from the bus. One that starts again sets its LEDs anew: what was noted is void. */
  deviceLeft(): void {
    if (this.#rounds > 0) this.#note.drop()
    this.#rounds = 0
  }

  /** Lock-key echo; an LED that an earlier one left is restored first. */
  async echo(signal: AbortSignal): Promise<PlayAnswer> {
    const { key, times } = this.#options
    const { clock } = this.#keyboard
    if (this.#rounds > 0 && this.#note.read() !== null) {
      await clock.sleep(this.#settled - clock.mono(), signal)
      await this.restore()
    }
    this.#rounds = RESTORE_ROUNDS_MAX
    return lockEcho(this.#keyboard, key, times, this.#note, signal)
  }

  /** Brings back, one round a call, the LED that an echo left changed, because it was cut off or the agent was killed. */
  async restore(): Promise<void> {
    const { clock } = this.#keyboard
    if (clock.mono() < this.#settled) return
    const noted = this.#rounds > 0 ? this.#note.read() : null
    if (noted === null) {
      this.#rounds = 0
      return
    }
    this.#rounds--
    const { noteMaxMs, times, life } = this.#options
    const isOld = clock.now() - noted.at > noteMaxMs
    const isBack = isOld || (await restore(this.#keyboard, noted, times, life))
    if (isBack) this.#rounds = 0
    if (this.#rounds === 0) this.#note.drop()
  }
}
