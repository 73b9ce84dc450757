// A bounded queue between what a port sees and who watches it, so that a slow watcher costs memory of known size only.
import type { LinkReport } from '../../agent/ports.ts'

/** A flap a millisecond for half a second; `downs` in the reports that stay still counts what was let go. */
const REPORTS_MAX = 1024

export class Reports {
  readonly #waiting: LinkReport[] = []
  readonly #onOverflow: () => void
  #wake: (() => void) | null = null

  constructor(onOverflow: () => void) {
    this.#onOverflow = onOverflow
  }

  /** Adds a report; when the queue is full the oldest one goes, and that is told. */
  push(report: LinkReport): void {
    if (this.#waiting.length >= REPORTS_MAX) {
      this.#waiting.shift()
      this.#onOverflow()
    }
    this.#waiting.push(report)
    this.#wake?.()
  }

  /** Reports in order until `signal` aborts; it never throws. */
  async *drain(signal: AbortSignal): AsyncGenerator<LinkReport, void> {
    const stop = () => this.#wake?.()
    signal.addEventListener('abort', stop, { once: true })
    try {
      while (!signal.aborted) {
        const next = this.#waiting.shift()
        if (next !== undefined) yield next
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve
          })
        this.#wake = null
      }
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
}
