// Questions to the CH9329 chip and their answers, one at a time.
import type { Clock } from '../../agent/ports.ts'
import type { SerialStream } from '../io/serial.ts'
import {
  buildFrame,
  type ChipInfo,
  COMMAND,
  type Command,
  type Frame,
  FrameParser,
  infoOf,
  type Reply,
  replyTo,
} from './ch9329-codec.ts'
import { type NoAnswer, SerialTalk } from './serial-talk.ts'

export type Answer = Reply | NoAnswer

export class Ch9329Wire {
  readonly #talk: SerialTalk<Frame>
  readonly #life: AbortSignal
  #suspect = false

  /** When `life` aborts, questions without a signal of their own end early. */
  constructor(stream: SerialStream, clock: Clock, life: AbortSignal) {
    this.#talk = new SerialTalk(stream, clock, new FrameParser())
    this.#life = life
  }

  /** A question stayed without its answer: one that comes late could be taken for the next one's. */
  get isSuspect(): boolean {
    return this.#suspect
  }

  get isOpen(): boolean {
    return this.#talk.isOpen
  }

  get baud(): number {
    return this.#talk.baud
  }

  setBaud(baud: number): Promise<void> {
    return this.#talk.setBaud(baud)
  }

  /** Bytes of the port, from its listener. */
  take(chunk: Uint8Array): void {
    this.#talk.take(chunk)
  }

  /** The port is lost, from its listener. */
  lost(): void {
    this.#talk.lost()
  }

  /** Asks and waits at most `replyMs`. The caller keeps to one question at a time. Never throws. */
  async ask(
    command: Command,
    data: ArrayLike<number>,
    replyMs: number,
    signal: AbortSignal = this.#life,
  ): Promise<Answer> {
    const replyOf = (frame: Frame) => replyTo(command, frame)
    const answer = await this.#talk.ask(buildFrame(command, data), replyOf, replyMs, signal)
    // Answers come in order: that of `info` proves that nothing older is still to come.
    if (answer.kind === 'ok' && command === COMMAND.info) this.#suspect = false
    else if (answer.kind !== 'ok' && answer.kind !== 'refused') this.#suspect = true
    return answer
  }

  /** Enumeration and LEDs, or why there are none. */
  async info(replyMs: number): Promise<ChipInfo | 'silent' | 'garbled' | 'gone'> {
    const answer = await this.ask(COMMAND.info, [], replyMs)
    if (answer.kind === 'ok') return infoOf(answer.data) ?? 'garbled'
    if (answer.kind === 'silent' || answer.kind === 'gone') return answer.kind
    return 'garbled'
  }
}
