// Cuts the bytes of a scanner into scans, whatever suffix it was set to; pure, bounded, total.

const STX = 0x02
const ETX = 0x03
const TAB = 0x09
const LF = 0x0a
const CR = 0x0d

/** Longer than any label or page code; what is beyond is cut off, so that noise is seen and does no harm. */
export const SCAN_BYTES_MAX = 512

/**
 * Takes bytes split anywhere. A scan ends at CR, LF, Tab or ETX, or by `flush` when nothing came for a while. STX begins
 * one and voids the rubble before it. Other control characters are dropped.
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
      else if (byte < 0x20 || byte === 0x7f) continue
      else if (this.#held.length < SCAN_BYTES_MAX) this.#held.push(byte)
    }
    return scans
  }

  /** Ends the scan that has begun; none or one. */
  flush(): readonly string[] {
    const text = decode(Uint8Array.from(this.#held)).trim()
    this.#held = []
    return text === '' ? [] : [text]
  }

  /** Forgets a scan that has begun: its end is lost. */
  reset(): void {
    this.#held = []
  }
}

/** UTF-8, as QR codes of pages are; what is none is taken byte by byte, so that nothing is silently lost. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('latin1').decode(bytes)
  }
}
