// Cuts the bytes of a scanner into scans, whatever suffix it was set to; pure, bounded, total.

const STX = 0x02
const ETX = 0x03
const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
/** Separates the elements of a GS1 code: without it a serial number would run into the lot. */
const GS = 0x1d
const SPACE = 0x20

/** Longer than any label or page code; what is beyond is cut off, so that noise is seen and does no harm. */
export const SCAN_BYTES_MAX = 512

/**
 * Takes bytes split anywhere. A scan ends at CR, LF, Tab or ETX, or by `flush` when nothing came for a while. STX begins
 * one and voids the rubble before it. Other control characters are dropped, but for the separator of GS1.
 */
export class ScanFramer {
  #held: number[] = []

  /** True while a scan has begun and not ended. */
  get isOpen(): boolean {
    return this.#held.length > 0
  }

  /** The scans that ended inside `chunk`. */
  push(chunk: Uint8Array): readonly string[] {
    const scans: string[] = []
    for (const byte of chunk) {
      if (byte === STX) this.#held = []
      else if (byte === CR || byte === LF || byte === TAB || byte === ETX)
        scans.push(...this.flush())
      else if (this.#held.length < SCAN_BYTES_MAX) this.#held.push(byte)
    }
    return scans
  }

  /** Ends the scan that has begun; none or one. */
  flush(): readonly string[] {
    const text = decodeScan(this.#held)
    this.#held = []
    return text === '' ? [] : [text]
  }

  /** Forgets a scan that has begun: its end is lost. */
  reset(): void {
    this.#held = []
  }
}

/**
 * The text of a scan, trimmed: UTF-8, as QR codes of pages are; what is none is taken byte by byte, so that nothing is
 * silently lost. Control characters are dropped, but for the separator of GS1.
 */
export function decodeScan(scanned: readonly number[]): string {
  const bytes = scanned.filter((byte) => (byte >= SPACE || byte === GS) && byte !== 0x7f)
  const text = textOf(Uint8Array.from(bytes))
  // A separator at the edge separates nothing; blanks may stand before and behind it.
  const isEdge = (letter = '') => letter.charCodeAt(0) === GS || letter.trim() === ''
  let [from, to] = [0, text.length]
  while (from < to && isEdge(text[from])) from += 1
  while (to > from && isEdge(text[to - 1])) to -= 1
  return text.slice(from, to)
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('latin1').decode(bytes)
  }
}
