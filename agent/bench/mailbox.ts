// The bounded queue of one bay: what came later of the same kind replaces what still waits, and nothing is lost in silence.
import type { Fact } from '../core/facts.ts'
import type { Taken } from '../ports.ts'

/** One thing that waits for its step. `fact` is asked for when its turn comes, so that it is judged by what is true then. */
export interface Letter {
  /** Letters with the same key replace each other while they wait; null = each counts. */
  readonly key: string | null
  readonly fact: () => Fact | Promise<Fact>
  readonly done: ((taken: Taken) => void) | null
}

/** Inputs that may wait at one bay; a person, a wire and a screen together never need a tenth of it. */
export const MAILBOX_MAX = 256

export class Mailbox {
  #letters: Letter[] = []
  #overflowed = false

  get size(): number {
    return this.#letters.length
  }

  /** The first letter, left in its place until its step is committed. */
  get first(): Letter | undefined {
    return this.#letters[0]
  }

  /** Takes a letter in; false when the box is full and the letter was not taken. */
  put(letter: Letter): boolean {
    // The first may be in its step already: it is never replaced.
    const index =
      letter.key === null
        ? -1
        : this.#letters.findIndex((one, at) => at > 0 && one.key === letter.key)
    if (index > 0) {
      this.#letters.splice(index, 1)
      this.#letters.push(letter)
      return true
    }
    if (this.#letters.length >= MAILBOX_MAX) {
      this.#overflowed = true
      return false
    }
    this.#letters.push(letter)
    return true
  }

  shift(): void {
    this.#letters.shift()
  }

  /** True once after an overflow when the box is empty again: what was dropped must be asked for anew. */
  recovered(): boolean {
    if (!this.#overflowed || this.#letters.length > 0) return false
    this.#overflowed = false
    return true
  }
}
