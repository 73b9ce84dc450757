// Hears a keyboard wedge wherever the focus is: whatever is typed at the packing table is a label, ended by any suffix or by silence.

/** Keys with longer pauses between them were typed by hand and wait for an Enter. */
const FAST_GAP_MS = 60
/** Silence after which a wedge without a suffix is over; a busy PC was seen to hold keys back for 150 ms. */
const SILENT_MS = 350
/** What was typed by hand and left is forgotten. */
const FORGET_MS = 10_000
const TEXT_MIN = 3
const TEXT_MAX = 4096

export class Wedge {
  #text = ''
  #gaps: number[] = []
  #lastAt = 0
  #timer: number | undefined
  readonly #began: () => void
  readonly #scanned: (text: string) => void

  /** @param began the first key of a label came: what is shown belongs to the device before */
  constructor(began: () => void, scanned: (text: string) => void) {
    this.#began = began
    this.#scanned = scanned
  }

  /** Takes every key of the page before anything else does. */
  listen(): void {
    window.addEventListener('keydown', (event) => this.#key(event), { capture: true })
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const isEnd = event.key === 'Enter' || event.key === 'Tab'
    if (!isEnd && event.key.length !== 1) return
    // Tab and Enter by hand still move about and press when no label is being typed.
    if (isEnd && this.#text === '') return
    event.preventDefault()
    event.stopPropagation()
    if (isEnd) this.#end()
    else this.#take(event.key)
  }

  #take(key: string): void {
    const now = performance.now()
    if (this.#text !== '' && now - this.#lastAt > FORGET_MS) this.#forget()
    if (this.#text === '') this.#began()
    else this.#gaps.push(now - this.#lastAt)
    this.#lastAt = now
    if (this.#text.length < TEXT_MAX) this.#text += key
    window.clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => {
      if (this.#isFast()) this.#end()
    }, SILENT_MS)
  }

  #isFast(): boolean {
    const sorted = this.#gaps.toSorted((a, b) => a - b)
    const middle = sorted[Math.floor(sorted.length / 2)]
    return this.#text.length >= TEXT_MIN && middle !== undefined && middle <= FAST_GAP_MS
  }

  #end(): void {
    const text = this.#text.trim()
    this.#forget()
    if (text !== '') this.#scanned(text)
  }

  #forget(): void {
    window.clearTimeout(this.#timer)
    this.#text = ''
    this.#gaps = []
  }
}
