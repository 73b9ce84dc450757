// One open event stream: writes frames, those of one moment together, and is cut off when its reader cannot keep up.
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
  /** Frames of this moment, and their length; they leave in one write when the work at hand is done. */
  #held: string[] = []
  #heldLength = 0

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

  /** The frame of a value as this reader sees it; `whole` is that for who sees all. */
  frame(event: string, value: unknown, whole: string, id?: number): string {
    const seen = this.#reader.see(value)
    return seen === value ? whole : frameOf(event, JSON.stringify(seen), id)
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
    if (this.#held.length === 0) queueMicrotask(() => this.#flush())
    this.#held.push(frame)
    this.#heldLength += frame.length
    // What is held counts as if it were written.
    if (this.#raw.writableLength + this.#heldLength <= BEHIND_MAX_BYTES) return true
    this.cut()
    return false
  }

  #flush(): void {
    if (this.#held.length > 0 && !this.isGone) this.#raw.write(joined(this.#held))
    this.#held = []
    this.#heldLength = 0
  }

  /** Resolves when what was written has left, or the client is gone. */
  drained(): Promise<void> {
    this.#flush()
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
    this.#flush()
    this.#raw.end()
  }

  cut(): void {
    this.#held = []
    this.#heldLength = 0
    this.#raw.destroy()
  }
}

/** Most streams of a moment have the same frames: joined and encoded once for all of them. */
let latest: { readonly frames: readonly string[]; readonly bytes: Buffer } = {
  frames: [],
  bytes: Buffer.alloc(0),
}

function joined(frames: readonly string[]): Buffer {
  const isSame =
    frames.length === latest.frames.length && frames.every((one, n) => one === latest.frames[n])
  if (!isSame) latest = { frames, bytes: Buffer.from(frames.join('')) }
  return latest.bytes
}

/** One frame of a server-sent event stream. JSON has no bare line ends, so one data line is enough. */
export const frameOf = (event: string, json: string, id?: number): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${json}\n\n`
