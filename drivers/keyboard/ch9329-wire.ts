// One question at a time to the keyboard chip: fresh input, one write, one answer or a named silence.
import { isStationError } from '../../agent/fault.ts'
import type { Clock } from '../../agent/ports.ts'
import type { SerialStream } from '../io/serial.ts'
import {
  buildFrame,
  type ChipInfo,
  COMMAND,
  type Command,
  FrameParser,
  infoOf,
  type Reply,
  replyTo,
} from './ch9329-codec.ts'

/** `garbled`: bytes came, none of them an answer. `gone`: the port is lost. `aborted`: nobody waits any more. */
export type Answer = Reply | { readonly kind: 'silent' | 'garbled' | 'gone' | 'aborted' }

/** After rubble a true answer may still be on its way; longer waiting would only hold a key down. */
const AFTER_RUBBLE_MS = 50
/** An abort gives the answer that is under way this long: a round trip at 9600 baud is 22 ms. */
const AFTER_ABORT_MS = 60

export class Ch9329Wire {
  readonly #stream: SerialStream
  readonly #clock: Clock
  readonly #life: AbortSignal
  readonly #parser = new FrameParser()
  #waiting: ((chunk: Uint8Array | 'gone') => void) | null = null
  #suspect = false

  /** When `life` aborts, questions without a signal of their own end early. */
  constructor(stream: SerialStream, clock: Clock, life: AbortSignal) {
    this.#stream = stream
    this.#clock = clock
    this.#life = life
  }

  /** A question stayed without its answer: one that comes late could be taken for the next one's. */
  get isSuspect(): boolean {
    return this.#suspect
  }

  get isOpen(): boolean {
    return this.#stream.isOpen
  }

  get baud(): number {
    return this.#stream.baud
  }

  setBaud(baud: number): Promise<void> {
    return this.#stream.setBaud(baud)
  }

  /** Bytes of the port, from its listener. */
  take(chunk: Uint8Array): void {
    this.#waiting?.(chunk)
  }

  /** The port is lost, from its listener. */
  lost(): void {
    this.#waiting?.('gone')
  }

  /** Asks and waits at most `replyMs`. The caller keeps to one question at a time. Never throws. */
  async ask(
    command: Command,
    data: ArrayLike<number>,
    replyMs: number,
    signal: AbortSignal = this.#life,
  ): Promise<Answer> {
    if (!this.#stream.isOpen) return { kind: 'gone' }
    this.#stream.discard()
    this.#parser.reset()
    const answer = await this.#exchange(command, data, replyMs, signal)
    // Answers come in order: that of `info` proves that nothing older is still to come.
    if (answer.kind === 'ok' && command === COMMAND.info) this.#suspect = false
    else if (answer.kind !== 'ok' && answer.kind !== 'refused') this.#suspect = true
    return answer
  }

  #exchange(
    command: Command,
    data: ArrayLike<number>,
    replyMs: number,
    signal: AbortSignal,
  ): Promise<Answer> {
    return new Promise((resolve) => {
      let rubble = false
      let framed = false
      let heard = false
      let cancel = (): void => undefined
      const end = (answer: Answer): void => {
        this.#waiting = null
        cancel()
        signal.removeEventListener('abort', abort)
        resolve(answer)
      }
      const wait = (ms: number, kind: 'silent' | 'garbled' | 'aborted'): void => {
        cancel()
        cancel = this.#clock.after(ms, () => {
          // The answer may lie in the kernel if the event loop was late: look before saying that there is none.
          this.#stream.pump()
          if (this.#waiting === hear)
            end({ kind: kind === 'silent' && heard && !framed ? 'garbled' : kind })
        })
      }
      const abort = (): void => wait(AFTER_ABORT_MS, 'aborted')
      const hear = (chunk: Uint8Array | 'gone'): void => {
        const items = chunk === 'gone' ? [] : this.#parser.push(chunk)
        if (chunk === 'gone') end({ kind: 'gone' })
        heard = true
        for (const item of items) {
          framed ||= item.kind === 'frame'
          const reply = item.kind === 'frame' ? replyTo(command, item.frame) : null
          // The first answer counts; what follows in the same chunk is nobody's.
          if (reply && this.#waiting === hear) end(reply)
          if (item.kind === 'bad' && !rubble && this.#waiting === hear) {
            rubble = true
            wait(AFTER_RUBBLE_MS, 'garbled')
          }
        }
      }
      this.#waiting = hear
      try {
        this.#stream.write(buildFrame(command, data))
      } catch (error) {
        if (!isStationError(error)) throw error
        // The listener may have ended it already; ending twice is harmless.
        return end({ kind: 'gone' })
      }
      wait(replyMs, 'silent')
      if (signal.aborted) abort()
      else signal.addEventListener('abort', abort)
    })
  }

  /** Enumeration and LEDs, or why there are none. */
  async info(replyMs: number): Promise<ChipInfo | 'silent' | 'garbled' | 'gone'> {
    const answer = await this.ask(COMMAND.info, [], replyMs)
    if (answer.kind === 'ok') return infoOf(answer.data) ?? 'garbled'
    if (answer.kind === 'silent' || answer.kind === 'gone') return answer.kind
    return 'garbled'
  }
}
