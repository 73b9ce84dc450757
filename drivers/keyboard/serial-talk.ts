// One question at a time over a serial port: fresh input, one write, one answer or a named silence.
import { isStationError } from '../../agent/fault.ts'
import type { Clock } from '../../agent/ports.ts'
import type { SerialStream } from '../io/serial.ts'

/** `garbled`: bytes came, none of them an answer. `gone`: the port is lost. `aborted`: nobody waits any more. */
export interface NoAnswer {
  readonly kind: 'silent' | 'garbled' | 'gone' | 'aborted'
}

/** What a parser found: a frame, or bytes that looked like one and were not. */
export type Found<F> = { readonly kind: 'frame'; readonly frame: F } | { readonly kind: 'bad' }

/** Finds frames in any bytes, split anywhere; holds at most one frame's bytes back. */
export interface Parser<F> {
  /** Forgets a half frame: what comes next is the answer to something else. */
  reset(): void
  push(chunk: Uint8Array): readonly Found<F>[]
}

/** After rubble a true answer may still be on its way; longer waiting would only hold a key down. */
const AFTER_RUBBLE_MS = 50
/** An abort gives the answer that is under way this long: a round trip at 9600 baud is 22 ms. */
const AFTER_ABORT_MS = 60

export class SerialTalk<F> {
  readonly #stream: SerialStream
  readonly #clock: Clock
  readonly #parser: Parser<F>
  #waiting: ((chunk: Uint8Array | 'gone') => void) | null = null

  constructor(stream: SerialStream, clock: Clock, parser: Parser<F>) {
    this.#stream = stream
    this.#clock = clock
    this.#parser = parser
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

  /** Throws away what came unasked, up to now. */
  discard(): void {
    this.#stream.discard()
    this.#parser.reset()
  }

  /**
   * Sends `bytes` and waits at most `replyMs` for a frame that `replyOf` takes for the answer (null: it is none). The
   * caller keeps to one question at a time. Never throws.
   */
  async ask<R extends object>(
    bytes: Uint8Array,
    replyOf: (frame: F) => R | null,
    replyMs: number,
    signal: AbortSignal,
  ): Promise<R | NoAnswer> {
    if (!this.#stream.isOpen) return { kind: 'gone' }
    this.discard()
    return this.#exchange(bytes, replyOf, replyMs, signal)
  }

  #exchange<R extends object>(
    bytes: Uint8Array,
    replyOf: (frame: F) => R | null,
    replyMs: number,
    signal: AbortSignal,
  ): Promise<R | NoAnswer> {
    return new Promise((resolve) => {
      let rubble = false
      let framed = false
      let heard = false
      let cancel = (): void => undefined
      const end = (answer: R | NoAnswer): void => {
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
          const reply = item.kind === 'frame' ? replyOf(item.frame) : null
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
        this.#stream.write(bytes)
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
}
