// One open event stream: writes frames, and is cut off when its reader cannot keep up.
import type { ServerResponse } from 'node:http'

/** A client this far behind is not reading: some thousand views. It comes back and starts from a whole picture. */
const BEHIND_MAX_BYTES = 1_000_000

export type Want = 'bays' | 'ledger' | 'both'

/** Who reads a stream: whether still, and what of a thing. */
export interface StreamReader {
  readonly mayRead: () => boolean
  /** The value itself for who sees all, else a copy without what is hidden. */
  readonly see: (value: unknown) => unknown
}

export class EventClient {
  readonly want: Want
  /** Last ledger event that was written to it. */
  cursor: number
  /** It has caught up with the ledger and takes events as they are committed. */
  isLive = false
  readonly #raw: ServerResponse
  readonly #reader: StreamReader

  constructor(
    raw: ServerResponse,
    want: Want,
    cursor: number,
    reader: StreamReader = { mayRead: () => true, see: (value) => value },
  ) {
    this.#raw = raw
    this.#reader = reader
    this.want = want
    this.cursor = cursor
  }

  /** False when the session ended, or the role changed, since it began. */
  get mayRead(): boolean {
    return this.#reader.mayRead()
  }

  /** JSON of a value as this reader sees it; `whole` is the text for who sees all. */
  text(value: unknown, whole: string): string {
    const seen = this.#reader.see(value)
    return seen === value ? whole : JSON.stringify(seen)
  }

  get wantsBays(): boolean {
    return this.want !== 'ledger'
  }

  get wantsLedger(): boolean {
    return this.want !== 'bays'
  }

  get isGone(): boolean {
    return this.#raw.destroyed || this.#raw.writableEnded
  }

  /** False when it was cut off for being too far behind. */
  write(frame: string): boolean {
    if (this.isGone) return true
    this.#raw.write(frame)
    if (this.#raw.writableLength <= BEHIND_MAX_BYTES) return true
    this.#raw.destroy()
    return false
  }

  /** Resolves when what was written has left, or the client is gone. */
  drained(): Promise<void> {
    if (this.isGone || !this.#raw.writableNeedDrain) return Promise.resolve()
    return new Promise((resolve) => {
      const done = () => {
        this.#raw.off('drain', done)
        this.#raw.off('close', done)
        resolve()
      }
      this.#raw.on('drain', done)
      this.#raw.on('close', done)
    })
  }

  end(): void {
    this.#raw.end()
  }

  cut(): void {
    this.#raw.destroy()
  }
}

/** One frame of a server-sent event stream. JSON has no bare line ends, so one data line is enough. */
export const frameOf = (event: string, json: string, id?: number): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${json}\n\n`
