// The CH9329 keyboard chip as the keyboard of a bay: plays bursts, proves what it can, and never leaves a key down.
import { type FaultCode, StationError } from '../../agent/fault.ts'
import type { Keyboard, KeyboardReport, PlayAnswer } from '../../agent/ports.ts'
import { pauseFrom } from '../io/pace.ts'
import { openSerial, type SerialStream } from '../io/serial.ts'
import { Turn } from '../io/turn.ts'
import { Ch9329Chip, type Ill, illOf } from './ch9329-chip.ts'
import {
  baudsOf,
  CH9329_NUMBERS,
  type Ch9329Numbers,
  type Ch9329Options,
} from './ch9329-options.ts'
import { ChipPresence } from './ch9329-presence.ts'
import { Ch9329Wire } from './ch9329-wire.ts'

type KeyReports = Parameters<Keyboard['play']>[0]['reports']

export interface Ch9329 extends Keyboard {
  /** Resolves when the chip was first looked for, whether it answered or not. */
  ready(): Promise<void>
  /** All keys up, then the port is given back; within 1 s. */
  close(): Promise<void>
}

/**
 * Opens the keyboard chip at `path`. A port that is missing is the fact `gone` (an error with `required`).
 * @throws StationError STATION_PORT_BUSY, STATION_PORT_DENIED; with `required` STATION_PORT_GONE
 */
export async function openCh9329(options: Ch9329Options): Promise<Ch9329> {
  const numbers = { ...CH9329_NUMBERS, ...options.numbers }
  const life = new AbortController()
  const presence = new ChipPresence(options.clock, numbers)
  const { path, clock, required = false } = options
  const baud = baudsOf(options)[0] ?? 9600
  // The port speaks before it is handed out: until then there is nobody to listen.
  let keyboard: Ch9329Keyboard | null = null
  let wire: Ch9329Wire | null = null
  const stream = await openSerial(
    { path, baud, clock, required },
    {
      bytes: (chunk) => wire?.take(chunk),
      gone: (why) => (keyboard ? keyboard.lost(why) : presence.gone()),
      back: () => keyboard?.back(),
    },
  )
  wire = new Ch9329Wire(stream, clock, life.signal)
  const chip = new Ch9329Chip(options, numbers, wire, presence, life.signal)
  keyboard = new Ch9329Keyboard({ options, numbers, life, presence, stream, chip })
  return keyboard
}

interface Parts {
  readonly options: Ch9329Options
  readonly numbers: Ch9329Numbers
  readonly life: AbortController
  readonly presence: ChipPresence
  readonly stream: SerialStream
  readonly chip: Ch9329Chip
}

class Ch9329Keyboard implements Ch9329 {
  readonly #options: Ch9329Options
  readonly #numbers: Ch9329Numbers
  readonly #life: AbortController
  readonly #presence: ChipPresence
  readonly #stream: SerialStream
  readonly #chip: Ch9329Chip
  readonly #turn = new Turn()
  readonly #first = Promise.withResolvers<void>()
  readonly #watching: Promise<void>
  #wake = new AbortController()
  #playing: AbortController | null = null

  constructor(parts: Parts) {
    this.#options = parts.options
    this.#numbers = parts.numbers
    this.#life = parts.life
    this.#presence = parts.presence
    this.#stream = parts.stream
    this.#chip = parts.chip
    this.#watching = this.#watchChip()
  }

  ready(): Promise<void> {
    return this.#first.promise
  }

  watch(signal: AbortSignal): AsyncIterable<KeyboardReport> {
    return this.#presence.watch(signal)
  }

  async play(request: Parameters<Keyboard['play']>[0], signal: AbortSignal): Promise<PlayAnswer> {
    return this.#press(signal, async (ends) => {
      const took = await this.#burst(request.reports, ends)
      // The chip says ok to a report that nobody polls; a device that left meanwhile got nothing for sure.
      if (took && (await this.#chip.info()) === 'not-enumerated') return { proof: 'unknown' }
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
    const answer = await this.#turn.take(() => this.#chip.release(), this.#life.signal)
    if (answer !== null && answer.kind !== 'ok') throw this.#illness(illOf(answer))
  }

  async close(): Promise<void> {
    if (this.#life.signal.aborted) return this.#watching
    this.#life.abort()
    this.#wake.abort()
    await this.#turn.take(async () => {
      if (this.#stream.isOpen) await this.#chip.release()
    })
    await this.#stream.close()
    await this.#watching
    this.#presence.close()
  }

  lost(why: string): void {
    this.#options.log?.warn({ port: this.#options.path, why }, 'keyboard chip: port gone')
    this.#chip.lost()
    // A pause of its script must not hold up the news.
    this.#playing?.abort()
  }

  /** The port is open again: look at once, release-all first. */
  back(): void {
    this.#wake.abort()
  }

  /** The frame of all that presses keys: alone, on a chip that answers and is a keyboard only, all keys up after. */
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
        // A report for a keyboard that is not enumerated could land later: nothing is sent at all.
        const isListening = await this.#isListening()
        if (!isListening || ends.aborted) return { proof: 'unknown' as const }
        return await work(ends)
      } finally {
        this.#playing = null
        if (this.#chip.isReleaseDue) await this.#chip.release()
      }
    }, ends)
    return answer ?? { proof: 'unknown' }
  }

  /** True when the device has enumerated the keyboard. Throws when the chip cannot be used. */
  async #isListening(): Promise<boolean> {
    const chip = this.#chip
    if (!chip.isSetUp) await chip.setUp()
    if (!chip.isSetUp) throw this.#illness(chip.ill)
    let found = await chip.info()
    if (found === 'silent' || found === 'garbled') found = await chip.info()
    if (found === 'gone' || found === 'silent' || found === 'garbled') throw this.#illness(found)
    if (!chip.isKeyboardOnly) throw this.#fault('STATION_KEYBOARD_MODE')
    return found === 'enumerated'
  }

  async #burst(reports: KeyReports, ends: AbortSignal): Promise<boolean> {
    for (const report of reports) {
      if (ends.aborted || !(await this.#chip.send(report.bytes, ends))) return false
      // The chip took the report before its answer came: on the device no hold or gap is shorter than the script's.
      const { clock } = this.#options
      if (report.pauseMs > 0) await pauseFrom(clock, clock.mono(), report.pauseMs, ends)
    }
    return true
  }

  /** Asks the chip every second as long as it lives; what it answers becomes facts. */
  async #watchChip(): Promise<void> {
    const { clock } = this.#options
    while (!this.#life.signal.aborted) {
      this.#wake = new AbortController()
      const { signal } = this.#wake
      if (this.#stream.isOpen) await this.#turn.take(() => this.#chip.look(), this.#life.signal)
      this.#first.resolve()
      await clock.sleep(this.#numbers.infoEveryMs, signal)
    }
  }

  #mustBeOpen(): void {
    if (!this.#stream.isOpen) throw this.#fault('STATION_KEYBOARD_GONE')
  }

  #illness(ill: Ill): StationError {
    if (ill === 'gone') return this.#fault('STATION_KEYBOARD_GONE')
    return this.#fault(ill === 'silent' ? 'STATION_KEYBOARD_SILENT' : 'STATION_KEYBOARD_PROTOCOL')
  }

  #fault(code: FaultCode): StationError {
    return new StationError(code, this.#options.path)
  }
}
