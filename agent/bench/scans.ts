// Which bay a scan is for: the one it names, the one scanned last, or the only one that waits; never silently the wrong one.

import type { InstantMs } from '../core/ids.ts'
import { readScan } from '../core/scan.ts'
import type { BayView } from '../core/view.ts'
import type { FaultCode } from '../fault.ts'

/** What a scan asks for. */
export type ScanTarget =
  | { readonly to: 'serial'; readonly bay: string; readonly serial: string }
  | { readonly to: 'qr'; readonly bay: string; readonly text: string }
  | { readonly to: 'command'; readonly bay: string; readonly command: string }
  | { readonly to: 'selected'; readonly bay: string }
  | { readonly to: 'refused'; readonly code: FaultCode; readonly detail: string }

/** How long a scanned bay label stands for the scans that follow; a person walks on after that. */
export const BAY_LABEL_MS = 30_000

export class ScanRouter {
  /** Last bay label per scanner or person. */
  readonly #last = new Map<string, { readonly bay: string; readonly at: InstantMs }>()
  readonly #labelMs: number

  constructor(labelMs: number = BAY_LABEL_MS) {
    this.#labelMs = labelMs
  }

  /** Routes a text. `at` is the bay that the scanner hangs at or the page shows, if there is one. */
  route(
    text: string,
    by: string,
    at: string | undefined,
    views: readonly BayView[],
    now: InstantMs,
  ): ScanTarget {
    const scan = readScan(text)
    if (scan.kind === 'none') return refused('OPERATOR_SCAN_UNREADABLE', scan.reason)
    const named = scan.kind === 'bay' ? scan.bay : scan.kind === 'command' ? scan.bay : null
    if (named !== null && !views.some((view) => view.bay === named))
      return refused('OPERATOR_SCAN_NO_BAY', `no bay ${named} here`)
    if (scan.kind === 'bay') {
      this.#select(by, scan.bay, now)
      return { to: 'selected', bay: scan.bay }
    }
    const bay = named ?? at ?? this.#selected(by, now) ?? only(views, scan.kind)
    if (bay === null) return refused('OPERATOR_SCAN_NO_BAY', 'scan the label of the bay first')
    if (scan.kind !== 'command') this.#last.delete(by)
    switch (scan.kind) {
      case 'command':
        this.#select(by, bay, now)
        return { to: 'command', bay, command: scan.command }
      case 'serial':
        return { to: 'serial', bay, serial: scan.serial }
      default:
        return { to: 'qr', bay, text }
    }
  }

  #select(by: string, bay: string, now: InstantMs): void {
    // Bounded: one entry per scanner and person; a flood of made-up names empties it.
    if (this.#last.size > 500) this.#last.clear()
    this.#last.set(by, { bay, at: now })
  }

  #selected(by: string, now: InstantMs): string | null {
    const last = this.#last.get(by)
    return last !== undefined && now - last.at <= this.#labelMs ? last.bay : null
  }
}

/** The only bay that waits for such a scan, or null. */
function only(views: readonly BayView[], kind: string): string | null {
  const waiting = views.filter((view) =>
    kind === 'command'
      ? view.prompt?.loud === true
      : view.prompt?.scan === true && (view.prompt.loud || kind === 'qr'),
  )
  return waiting.length === 1 ? (waiting[0]?.bay ?? null) : null
}

const refused = (code: FaultCode, detail: string): ScanTarget => ({ to: 'refused', code, detail })
