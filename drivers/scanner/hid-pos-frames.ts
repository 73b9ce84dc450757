// Puts the input reports of HID POS scanners together into scans; pure, bounded, total.
import { decodeScan, SCAN_BYTES_MAX } from './scan-framer.ts'

/**
 * Layouts of the 64-byte report, offsets with the report id at 0 (facts/hardware §5). `aim`: Access-IS and Honeywell
 * style, AIM id in front and a bit that says that more follows. `plain`: Newland style, data alone.
 */
export const HID_POS_LAYOUTS = {
  aim: { length: 1, aim: 2, data: 5, dataMax: 56, flags: 63, more: 0x01 },
  plain: { length: 1, aim: null, data: 2, dataMax: 56, flags: null, more: 0 },
} as const
export type HidPosLayout = keyof typeof HID_POS_LAYOUTS

/** Usage page and usage of a bar code scanner, and the id of its report with the scanned data. */
export const HID_POS_USAGE = { page: 0x8c, usage: 0x02 } as const
const DATA_REPORT = 0x02

/** What one report came to. */
export type HidPosTake =
  | { readonly is: 'scan'; readonly text: string }
  /** More of the same code follows. */
  | { readonly is: 'part' }
  /** Not a data report, or one that breaks its layout. */
  | { readonly is: 'noise' }

export class HidPosFrames {
  readonly #layout: HidPosLayout
  #held: number[] = []
  #aim = ''

  constructor(layout: HidPosLayout) {
    this.#layout = layout
  }

  /** True while a code has begun whose end has not come. */
  get isOpen(): boolean {
    return this.#held.length > 0 || this.#aim !== ''
  }

  /** Forgets a code that has begun: half of a serial number must not pass for a whole one. */
  reset(): void {
    this.#held = []
    this.#aim = ''
  }

  push(report: Uint8Array): HidPosTake {
    const { length, aim, data, dataMax, flags, more } = HID_POS_LAYOUTS[this.#layout]
    const count = report[length] ?? 0
    if (report[0] !== DATA_REPORT || count > dataMax || report.length < data + count) {
      this.reset()
      return { is: 'noise' }
    }
    if (aim !== null && !this.isOpen) this.#aim = aimOf(report.subarray(aim, aim + 3))
    for (const byte of report.subarray(data, data + count))
      if (this.#held.length < SCAN_BYTES_MAX) this.#held.push(byte)
    if (flags !== null && ((report[flags] ?? 0) & more) !== 0) return { is: 'part' }
    const text = decodeScan(this.#held)
    const whole = text === '' ? '' : `${this.#aim}${text}`
    this.reset()
    return whole === '' ? { is: 'noise' } : { is: 'scan', text: whole }
  }
}

/** `]C0`; empty when the scanner does not send one. */
function aimOf(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes)
  return /^\][A-Za-z][0-9A-Za-z]$/.test(text) ? text : ''
}
