// The part that all keyboards share: bursts alone and in time, an end by release-all, and a look at an idle chip.
import { type FaultCode, StationError } from '../../agent/fault.ts'
import type { Clock, Keyboard, KeyboardReport, PlayAnswer } from '../../agent/ports.ts'
import { pauseFrom } from '../io/pace.ts'
import { Turn } from '../io/turn.ts'

type PlayRequest = Parameters<Keyboard['play']>[0]

/** Why a keyboard cannot be used: its port is lost, nothing answers, or what answers makes no sense. */
export type Ill = 'gone' | 'silent' | 'garbled'

export interface OpenKeyboard extends Keyboard {
  /** Resolves when the keyboard was first looked for, whether it answered or not. */
  ready(): Promise<void>
  /** All keys up, then the port is given back; within 1 s. */
  close(): Promise<void>
}

/** What a model of keyboard adds. Its calls come one by one, except `watch`, `isOpen` and `isReleaseDue`. */
export interface KeyChip {
  /** The part's name in faults: its path. */
  readonly path: string
  readonly isOpen: boolean
  /** A key may be down: release-all is owed. */
  readonly isReleaseDue: boolean
  /** Pause between two looks at an idle chip, ms. */
  readonly lookEveryMs: number
  watch(signal: AbortSignal): AsyncIterable<KeyboardReport>
  /** A short word on what the chip is, or why it cannot press; may set it up first. */
  listens(): Promise<'yes' | 'no' | Ill | FaultCode>
  /** One report; true when the chip took it in its time. */
  send(bytes: readonly number[], signal: AbortSignal): Promise<boolean>
  /** After the last report: true when nothing speaks against any of them. */
  stands(signal: AbortSignal): Promise<boolean>
  /** Release-all, at once; null when it was taken (or nobody is there who could hold a key). */
  release(): Promise<Ill | null>
  /** Lock-key echo with the turn of the caller. */
  echo(signal: AbortSignal): Promise<PlayAnswer>
  look(): Promise<void>
  /** Gives the port back; nothing is called after it. */
  close(): Promise<void>
}

export class PlayedKeyboard implements OpenKeyboard {
  readonly #chip: KeyChip
  readonly #clock: Clock
  readonly #life: AbortController
  readonly #turn = new Turn()
  readonly #first = Promise.withResolvers<void>()
  readonly #looking: Promise<void>
  #wake = new AbortController()
  #playing: AbortController | null = null

  /** `life` ends with `close`; the chip may wait on it. */
  constructor(chip: KeyChip, clock: Clock, life: AbortController) {
    this.#chip = chip
    this.#clock = clock
    this.#life = life
    this.#looking = this.#lookOn()
  }

  ready(): Promise<void> {
    return this.#first.promise
  }

  watch(signal: AbortSignal): AsyncIterable<KeyboardReport> {
    return this.#chip.watch(signal)
  }

  play({ reports }: PlayRequest, signal: AbortSignal): Promise<PlayAnswer> {
    return this.#press(signal, async (ends) => {
      const took = (await this.#burst(reports, ends)) && (await this.#chip.stands(ends))
      return { proof: took ? 'accepted' : 'unknown' }
    })
  }

  async echo(signal: AbortSignal): Promise<PlayAnswer> {
    const answer = await this.#press(signal, (ends) => this.#chip.echo(ends))
    return { echo: false, ...answer }
  }

  async releaseAll(): Promise<void> {
    this.#playing?.abort()
    this.#mustBeOpen()
    const release = async () => ({ ill: await this.#chip.release() })
    const done = await this.#turn.take(release, this.#life.signal)
    if (done?.ill != null) throw this.#illness(done.ill)
    // Turned away: too many wait already. (A keyboard that closes lets go by itself.)
    if (done === null && !this.#life.signal.aborted) throw this.#illness('STATION_KEYBOARD_STUCK')
  }

  async close(): Promise<void> {
    if (this.#life.signal.aborted) return this.#looking
    this.#life.abort()
    this.#wake.abort()
    await this.#turn.take(async () => {
      if (this.#chip.isOpen) await this.#chip.release()
    })
    await this.#chip.close()
    await this.#looking
  }

  /** The way to the chip is lost: a pause of a script must not hold up the news. */
  lost(): void {
    this.#playing?.abort()
  }

  /** It is open again: look at once, release-all first. */
  back(): void {
    this.#wake.abort()
  }

  /** The frame of all that presses keys: alone, on a chip that listens, all keys up after. */
  async #press(
    signal: AbortSignal,
    work: (ends: AbortSignal) => Promise<PlayAnswer>,
  ): Promise<PlayAnswer> {
    this.#mustBeOpen()
    const own = new AbortController()
    const ends = AbortSignal.any([signal, own.signal, this.#life.signal])
    const answer = await this.#turn.take(async () => {
      this.#playing = own
      try {
        // A report for a keyboard that nobody reads could land later: nothing is sent at all.
        const listens = await this.#chip.listens()
        if (listens !== 'yes' && listens !== 'no') throw this.#illness(listens)
        if (listens === 'no' || ends.aborted) return { proof: 'unknown' as const }
        return await work(ends)
      } finally {
        this.#playing = null
        if (this.#chip.isReleaseDue && this.#chip.isOpen) await this.#chip.release()
      }
    }, ends)
    return answer ?? { proof: 'unknown' }
  }

  async #burst(reports: PlayRequest['reports'], ends: AbortSignal): Promise<boolean> {
    for (const { bytes, pauseMs } of reports) {
      if (ends.aborted || !(await this.#chip.send(bytes, ends))) return false
      // The report was taken before this moment: on the device no hold or gap is shorter than the script's.
      if (pauseMs > 0) await pauseFrom(this.#clock, this.#clock.mono(), pauseMs, ends)
    }
    return true
  }

  /** Looks at the chip as long as it lives; what it tells becomes facts. */
  async #lookOn(): Promise<void> {
    while (!this.#life.signal.aborted) {
      this.#wake = new AbortController()
      const { signal } = this.#wake
      await this.#turn.take(() => this.#chip.look(), this.#life.signal)
      this.#first.resolve()
      await this.#clock.sleep(this.#chip.lookEveryMs, signal)
    }
  }

  #mustBeOpen(): void {
    if (!this.#chip.isOpen || this.#life.signal.aborted) throw this.#illness('gone')
  }

  #illness(ill: Ill | FaultCode): StationError {
    return new StationError(CODES[ill as Ill] ?? ill, this.#chip.path)
  }
}

const CODES: Readonly<Record<Ill, FaultCode>> = {
  gone: 'STATION_KEYBOARD_GONE',
  silent: 'STATION_KEYBOARD_SILENT',
  garbled: 'STATION_KEYBOARD_PROTOCOL',
}
