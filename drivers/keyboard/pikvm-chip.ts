// One PiKVM microcontroller behind its port: keys one by one, and no trust in a press that it may send later.
import type { FaultCode } from '../../agent/fault.ts'
import type { KeyboardReport, PlayAnswer } from '../../agent/ports.ts'
import { fileNameOf } from './ch9329-options.ts'
import { ChipPresence } from './ch9329-presence.ts'
import { LedKeeper } from './led-keeper.ts'
import {
  PIKVM,
  type PikvmAnswer,
  type Pong,
  pikvmRequest,
  stepsTo,
  usagesOf,
} from './pikvm-codec.ts'
import type { PikvmNumbers, PikvmOptions } from './pikvm-options.ts'
import type { Ill, KeyChip } from './played-keyboard.ts'
import type { NoAnswer, SerialTalk } from './serial-talk.ts'

const CLEAR = pikvmRequest(PIKVM.clear)
const PING = pikvmRequest(PIKVM.ping)
/** A release that is tried so often stays, with the quiet time between, inside an abort's 1 s. */
const RELEASE_TRIES = 2
const SET_UP_TRIES = 3
/** A chip that forgets its outputs twice at once will forget them a third time; after a loss of power it may be set again. */
const MODE_WRITES_MAX = 2
const HELD_MS = 60_000
/** Offline may be a moment without polls; so long it is another session of the device, which sets its LEDs anew. */
const LEFT_MS = 3000
/** Pause between two looks at a chip that restarts, ms. */
const RESTART_LOOK_MS = 100
const NO_KEYS: ReadonlySet<number> = new Set()
const NEVER = new AbortController().signal

type Heard = PikvmAnswer | NoAnswer

/** What the chip stands on; `close` gives the port back. */
interface Around {
  readonly talk: SerialTalk<PikvmAnswer>
  readonly close: () => Promise<void>
  readonly life: AbortSignal
}

export class PikvmChip implements KeyChip {
  readonly path: string
  readonly #options: PikvmOptions
  readonly #numbers: PikvmNumbers
  readonly #talk: SerialTalk<PikvmAnswer>
  readonly #close: () => Promise<void>
  readonly #life: AbortSignal
  readonly #presence: ChipPresence
  readonly #led: LedKeeper
  /** Release-all was taken, the outputs were looked at. */
  #isSetUp = false
  #ill: Ill = 'silent'
  #mode: 'good' | 'wrong' | 'unclear' = 'unclear'
  #modeWrites = 0
  /** Monotonic times since when the outputs have been right, and the device not listening. */
  #goodSince: number | null = null
  #offlineSince: number | null = null
  #releaseDue = true
  /** Keys that the chip holds down. */
  #down: ReadonlySet<number> = NO_KEYS
  /** The last question stayed without its answer: one that comes late would be taken for the next one's. */
  #suspect = false

  constructor(options: PikvmOptions, numbers: PikvmNumbers, { talk, close, life }: Around) {
    const { path, clock, stateDir, echoKey: key = 'scroll' } = options
    const { echo: times, noteMaxMs, silentAfter } = numbers
    this.path = path
    this.#options = options
    this.#numbers = numbers
    this.#talk = talk
    this.#close = close
    this.#life = life
    this.#presence = new ChipPresence(clock, { silentAfter, cureAfterMs: 0 })
    this.#led = new LedKeeper(
      { stateDir, name: fileNameOf(path), key, times, noteMaxMs, life },
      {
        clock,
        tap: (usage, holdMs, signal) => this.#tap(usage, holdMs, signal),
        leds: async () => {
          const answer = await this.#ask(PING)
          return answer.kind === 'ok' && answer.online ? answer.leds : null
        },
      },
    )
  }

  get isOpen(): boolean {
    return this.#talk.isOpen
  }

  get isReleaseDue(): boolean {
    return this.#releaseDue
  }

  get lookEveryMs(): number {
    return this.#numbers.lookEveryMs
  }

  watch(signal: AbortSignal): AsyncIterable<KeyboardReport> {
    return this.#presence.watch(signal)
  }

  async close(): Promise<void> {
    await this.#close()
    this.#presence.close()
  }

  /** The port is lost: whatever was known of the chip may have changed when it is back. */
  lost(why: FaultCode): void {
    this.#isSetUp = false
    this.#mode = 'unclear'
    this.#releaseDue = true
    this.#ill = 'gone'
    this.#presence.gone(why)
    this.#talk.lost()
  }

  async look(): Promise<void> {
    if (!this.isOpen) return
    if (!this.#isSetUp) return this.#setUp()
    if (this.#releaseDue) await this.release()
    const answer = await this.#ask(PING)
    if (answer.kind !== 'ok') return this.#missed(answer)
    this.#heard(answer)
    if (answer.online && this.#isSetUp) await this.#led.restore()
  }

  async listens(): Promise<'yes' | 'no' | Ill | FaultCode> {
    if (!this.#isSetUp) await this.#setUp()
    if (!this.#isSetUp) return this.#ill
    let answer = await this.#ask(PING)
    if (answer.kind !== 'ok' && answer.kind !== 'gone') answer = await this.#ask(PING)
    if (answer.kind !== 'ok') return illOf(answer)
    this.#heard(answer)
    if (this.#mode !== 'good') return 'STATION_KEYBOARD_MODE'
    return answer.online ? 'yes' : 'no'
  }

  /** One report as key by key; true when the device listened all the time. */
  async send(bytes: readonly number[], signal: AbortSignal): Promise<boolean> {
    const next = usagesOf(bytes)
    const steps = stepsTo(this.#down, next)
    if (steps === null) {
      this.#options.log?.warn({ port: this.path, bytes }, 'pikvm keyboard: a key without a code')
      return false
    }
    this.#releaseDue = true
    for (const step of steps) {
      const answer = await this.#ask(step, signal)
      // What a chip that is offline takes, it keeps and sends later: such a press is unknown.
      if (answer.kind !== 'ok' || !answer.online || this.#isWrong(answer)) return false
    }
    this.#down = next
    if (next.size === 0) this.#releaseDue = false
    return true
  }

  async stands(signal: AbortSignal): Promise<boolean> {
    await this.#options.clock.sleep(this.#numbers.sureMs, signal)
    if (signal.aborted) return false
    const answer = await this.#ask(PING)
    if (answer.kind === 'ok') this.#heard(answer)
    return answer.kind === 'ok' && answer.online && !this.#isWrong(answer)
  }

  /** Clear; the chip keeps only the latest state, so that it takes the place of a press that still waits. */
  async release(): Promise<Ill | null> {
    this.#releaseDue = true
    let answer: Heard = { kind: 'silent' }
    for (let n = 0; n < RELEASE_TRIES; n++) {
      answer = await this.#ask(CLEAR, NEVER)
      if (answer.kind === 'ok') {
        this.#releaseDue = false
        this.#down = NO_KEYS
        return null
      }
      if (answer.kind === 'gone') break
    }
    return illOf(answer)
  }

  echo(signal: AbortSignal): Promise<PlayAnswer> {
    return this.#led.echo(signal)
  }

  async #tap(usage: number, holdMs: number, signal: AbortSignal): Promise<boolean> {
    const took = await this.send([0, 0, usage, 0, 0, 0, 0, 0], signal)
    if (took) await this.#options.clock.sleep(holdMs, signal)
    // Up even if the way was aborted: a lock key that is held is worse than a late answer.
    return (await this.release()) === null && took
  }

  /** Release-all first; then the outputs: a keyboard and no mouse (product: safety rule 5). */
  async #setUp(): Promise<void> {
    let answer: Heard = { kind: 'silent' }
    for (let n = 0; n < SET_UP_TRIES && answer.kind !== 'ok' && answer.kind !== 'gone'; n++)
      answer = await this.#ask(CLEAR)
    if (answer.kind === 'ok' && this.#isWrong(answer)) answer = await this.#setOutputs(answer)
    if (answer.kind !== 'ok') {
      this.#ill = illOf(answer)
      if (this.#ill !== 'gone' && this.#presence.health === 'ok') this.#presence.missed()
      else if (this.#ill !== 'gone') this.#presence.silent()
      return
    }
    this.#down = NO_KEYS
    this.#releaseDue = false
    this.#isSetUp = true
    this.#heard(answer)
    if (answer.online) await this.#led.restore()
  }

  async #setOutputs(found: Pong): Promise<Heard> {
    const { setMode = true, log } = this.#options
    let answer: Heard = found
    while (answer.kind === 'ok' && this.#isWrong(answer)) {
      if (!setMode || !found.canSet || this.#modeWrites >= MODE_WRITES_MAX) break
      this.#modeWrites++
      const isMouse = answer.mouse
      log?.info({ port: this.path, mouse: isMouse }, 'pikvm keyboard: its outputs are set')
      await this.#ask(
        isMouse ? pikvmRequest(PIKVM.setMouse, 0) : pikvmRequest(PIKVM.setKeyboard, 1),
      )
      answer = await this.#restarted()
    }
    return answer
  }

  /** It restarts about 100 ms after its outputs were set, and a port of its own vanishes with it. */
  async #restarted(): Promise<Heard> {
    const { clock } = this.#options
    const end = clock.mono() + this.#numbers.restartMs
    let answer: Heard
    do {
      await clock.sleep(RESTART_LOOK_MS, this.#life)
      answer = await this.#ask(CLEAR)
    } while ((answer.kind !== 'ok' || answer.restarts) && clock.mono() < end && !this.#life.aborted)
    return answer
  }

  #isWrong = ({ mouse, keyboard, hasUsb }: Pong): boolean => mouse || (keyboard === 0 && hasUsb)

  #heard(answer: Pong): void {
    const now = this.#options.clock.mono()
    this.#presence.heard({ enumerated: answer.online, leds: answer.leds })
    this.#offlineSince = answer.online ? null : (this.#offlineSince ?? now)
    if (this.#offlineSince !== null && now - this.#offlineSince >= LEFT_MS) this.#led.deviceLeft()
    const isWrong = this.#isWrong(answer)
    this.#mode = isWrong || answer.keyboard === 0 ? 'wrong' : 'good'
    this.#goodSince = this.#mode === 'good' ? (this.#goodSince ?? now) : null
    if (this.#goodSince !== null && now - this.#goodSince >= HELD_MS) this.#modeWrites = 0
    // A chip that lost its power has its mouse again.
    if (isWrong && answer.canSet && this.#modeWrites < MODE_WRITES_MAX)
      this.#isSetUp = this.#options.setMode === false
  }

  #missed(answer: Heard): void {
    if (!this.#presence.missed()) return
    this.#isSetUp = false
    this.#ill = illOf(answer)
  }

  async #ask(request: Uint8Array, signal: AbortSignal = this.#life): Promise<Heard> {
    // Answers carry no number: after a lost one the wire must be quiet before the next question.
    if (this.#suspect) await this.#options.clock.sleep(this.#numbers.quietMs)
    const answer = await this.#talk.ask(request, (frame) => frame, this.#numbers.replyMs, signal)
    this.#suspect = answer.kind !== 'ok' && answer.kind !== 'refused' && answer.kind !== 'gone'
    return answer
  }
}

/** What an answer that is none says of the chip. */
function illOf(answer: Heard): Ill {
  if (answer.kind === 'gone' || answer.kind === 'silent') return answer.kind
  return answer.kind === 'aborted' ? 'silent' : 'garbled'
}
