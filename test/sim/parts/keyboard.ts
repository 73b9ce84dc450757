// A keyboard under watch: only committed plays, each at most once over all lives, and keys up before anything else.

import type { BayId } from '../../../agent/core/ids.ts'
import type { PlayRequest } from '../../../agent/core/key-script.ts'
import { readState } from '../../../agent/core/state-text.ts'
import type { Keyboard, KeyboardReport, PlayAnswer } from '../../../agent/ports.ts'
import type { Book } from './book.ts'

export interface WatchedNeeds {
  readonly bay: BayId
  readonly book: Book
  /** The state of the bay as another connection reads it from the disk. */
  readonly onDisk: (bay: BayId) => string | null
  /** For tests that forbid keys for a while. */
  readonly pressed?: (bay: BayId) => void
}

export class WatchedKeyboard implements Keyboard {
  readonly #inner: Keyboard
  readonly #n: WatchedNeeds
  #released = false

  constructor(inner: Keyboard, needs: WatchedNeeds) {
    this.#inner = inner
    this.#n = needs
  }

  /** True once it was told to let all keys go. */
  get wasReleased(): boolean {
    return this.#released
  }

  watch(signal: AbortSignal): AsyncIterable<KeyboardReport> {
    return this.#inner.watch(signal)
  }

  play(request: PlayRequest, signal: AbortSignal): Promise<PlayAnswer> {
    this.#check(request)
    return this.#inner.play(request, signal)
  }

  echo(signal: AbortSignal): Promise<PlayAnswer> {
    this.#check(null)
    return this.#inner.echo(signal)
  }

  releaseAll(): Promise<void> {
    this.#released = true
    return this.#inner.releaseAll()
  }

  #check(request: PlayRequest | null): void {
    const { bay, book, onDisk, pressed } = this.#n
    const what = `${bay}: ${request === null ? 'echo' : `${request.script}/${request.burst}`}`
    pressed?.(bay)
    if (!this.#released) book.complain(`${what} was played before all keys were let go`)
    const play = book.playOf(bay, request)
    if (play === undefined) {
      book.complain(`${what} was played without a commit`)
      return
    }
    if (book.played.has(play)) book.complain(`${what} was played twice as ${play}`)
    book.played.add(play)
    const text = onDisk(bay)
    const state = text === null ? undefined : readState(text)
    if (state?.play?.play !== play)
      book.complain(`${what} is played as ${play}, the disk says ${state?.play?.play}`)
  }
}
