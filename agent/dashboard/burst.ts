// Tells a keyboard wedge from a person: scanners type a whole label faster than any hand.

/** Silence after which a burst is over. A busy bench PC was seen to hold keys of a wedge back for 150 ms. */
export const IDLE_MS = 300
/** A wedge types a key each 5 to 25 ms; the fastest hand takes over 60 ms for most. */
const FAST_GAP_MS = 35
const SCAN_MIN = 4
/** The QR code of an Autopilot page has under 1,000 characters (facts/autopilot §1). */
const SCAN_MAX = 4_096
/** What comes so soon after an unended burst may be its other half, ms. Half a serial number is a wrong one. */
const PIECES_MS = 1_000

export type Meaning =
  | { readonly is: 'scan'; readonly text: string }
  /** Digits of a bay's number, or one letter: typed by hand. */
  | { readonly is: 'keys'; readonly keys: string }
  /** A label of which a part may be missing: it has to be scanned again. */
  | { readonly is: 'pieces' }
  /** Too fast for a hand and too short for a label, or typed letters in a row: it means nothing. */
  | { readonly is: 'nothing' }

export class BurstReader {
  #keys = ''
  #gaps: number[] = []
  #lastAt = 0
  #startedAt = 0
  /** When the last burst that no Enter or Tab had ended was over. */
  #looseAt = Number.NEGATIVE_INFINITY
  #wasJumble = false
  /** A label stood still in its middle for so long that a hand may have typed in between. */
  #isTorn = false

  /** True while keys of a burst are held back. */
  get isOpen(): boolean {
    return this.#keys !== ''
  }

  /** Takes one printable key at `at` ms; answers what the burst before it meant, if there was one. */
  key(key: string, at: number): Meaning | null {
    const before = this.isOver(at) ? this.end(false) : null
    if (this.isOpen) {
      this.#isTorn ||= at - this.#lastAt >= IDLE_MS
      this.#gaps.push(at - this.#lastAt)
    } else this.#startedAt = at
    if (this.#keys.length < SCAN_MAX) this.#keys += key
    this.#lastAt = at
    return before
  }

  /** True when nothing more can belong to the burst; a label without an Enter behind it is waited for longer. */
  isOver(now: number): boolean {
    return this.isOpen && now - this.#lastAt >= (this.#isLabel() ? PIECES_MS : IDLE_MS)
  }

  /** Ends the burst: by Enter or Tab, or by silence. Enter itself never means anything. */
  end(isTerminated: boolean): Meaning {
    const meaning = this.#mean()
    if (isTerminated) this.#looseAt = Number.NEGATIVE_INFINITY
    else this.#looseAt = this.#lastAt
    this.#wasJumble = meaning.is !== 'keys'
    this.#keys = ''
    this.#gaps = []
    this.#isTorn = false
    return meaning
  }

  /** A hand ended its typing (no scanner sends Escape): nothing of it is held against what comes next. */
  forget(): void {
    this.#keys = ''
    this.#gaps = []
    this.#isTorn = false
    this.#wasJumble = false
    this.#looseAt = Number.NEGATIVE_INFINITY
  }

  #isLabel(): boolean {
    const middle = this.#gaps.toSorted((a, b) => a - b)[Math.floor(this.#gaps.length / 2)]
    return this.#keys.length >= SCAN_MIN && middle !== undefined && middle <= FAST_GAP_MS
  }

  #mean(): Meaning {
    const keys = this.#keys
    const isLate = this.#startedAt - this.#looseAt < PIECES_MS
    if (/^(?:\d{1,2}|[a-z])$/i.test(keys)) {
      const isHand = !(isLate && this.#wasJumble)
      return isHand ? { is: 'keys', keys: keys.toUpperCase() } : { is: 'nothing' }
    }
    if (!this.#isLabel()) return { is: 'nothing' }
    return isLate || this.#isTorn ? { is: 'pieces' } : { is: 'scan', text: keys }
  }
}
