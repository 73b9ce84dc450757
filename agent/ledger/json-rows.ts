// Cuts a stream of JSON into its top-level objects, whether they stand in an array, one per line, or spread over lines.

export type JsonRow = { readonly value: unknown } | { readonly why: string }

/** A record is some KB; a longer row is no export of ours and would fill the memory. */
const ROW_MAX = 16 * 1024 * 1024

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = 0x7b
const CLOSE = 0x7d
/** Between rows: white space, commas, the brackets of the array, a byte order mark. */
const BETWEEN: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0x2c, 0x5b, 0x5d, 0xfeff])

class Cutter {
  #text = ''
  #start = -1
  #at = 0
  #depth = 0
  #inString = false
  #escaped = false;

  /** The rows that are complete with this piece of text. */
  *take(piece: string): Generator<JsonRow, void, undefined> {
    this.#text += piece
    for (; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at)
      if (this.#inString) this.#string(code)
      else if (code === QUOTE && this.#depth > 0) this.#inString = true
      else if (code === OPEN) {
        if (this.#depth++ === 0) this.#start = this.#at
      } else if (code === CLOSE && this.#depth > 0) {
        if (--this.#depth === 0) yield this.#cut()
      } else if (this.#depth === 0 && !BETWEEN.has(code)) {
        yield { why: 'the file is no JSON or NDJSON export (a CSV carries no bodies to check)' }
        return
      }
    }
    if (this.#start < 0) this.#forget(this.#text.length)
    if (this.#text.length > ROW_MAX) yield { why: `a row is longer than ${ROW_MAX} characters` }
  }

  /** What is wrong with the end of the file, if anything. */
  *end(): Generator<JsonRow, void, undefined> {
    if (this.#depth > 0) yield { why: 'the file ends in the middle of a row' }
  }

  #string(code: number): void {
    if (this.#escaped) this.#escaped = false
    else if (code === BACKSLASH) this.#escaped = true
    else if (code === QUOTE) this.#inString = false
  }

  #cut(): JsonRow {
    const text = this.#text.slice(this.#start, this.#at + 1)
    this.#start = -1
    this.#forget(this.#at + 1)
    this.#at = -1
    try {
      return { value: JSON.parse(text) }
    } catch {
      return { why: 'a row is no JSON' }
    }
  }

  #forget(length: number): void {
    this.#text = this.#text.slice(length)
    this.#at = 0
  }
}

/** The rows of a stream of text or UTF-8 bytes; a row that cannot be read says why, and is the last one. */
export async function* jsonRows(
  stream: AsyncIterable<string | Uint8Array>,
): AsyncGenerator<JsonRow, void, undefined> {
  const cutter = new Cutter()
  const decoder = new TextDecoder()
  for await (const chunk of stream) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    for (const row of cutter.take(text)) {
      yield row
      if ('why' in row) return
    }
  }
  yield* cutter.end()
}
