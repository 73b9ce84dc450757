// Scanners to the bench: each scan is routed by what it says, a lost scanner is a health report.
import type { ScannerConfig } from '../../station-config/loader.ts'
import type { Bench } from '../bench/bench.ts'
import type { Log } from '../log.ts'
import type { Scanner } from '../ports.ts'

export interface ScannersNeeds {
  readonly bench: Bench
  readonly log: Log
  /** Opens one; null on a bench that has none. @throws StationError STATION_*, CONFIG_INVALID */
  readonly open: ((address: string) => Promise<Scanner>) | null
  readonly signal: AbortSignal
}

export class Scanners {
  readonly #n: ScannersNeeds
  readonly #running = new Map<string, AbortController>()

  constructor(needs: ScannersNeeds) {
    this.#n = needs
  }

  /** Takes scans of these scanners and of no others, until the signal aborts. */
  async follow(wanted: readonly ScannerConfig[]): Promise<void> {
    const { open, signal } = this.#n
    if (open === null) return
    const keys = new Map(wanted.map((one) => [`${one.bay ?? ''} ${one.scanner.text}`, one]))
    for (const [key, stop] of this.#running) {
      if (keys.has(key)) continue
      stop.abort()
      this.#running.delete(key)
    }
    for (const [key, one] of keys) {
      if (this.#running.has(key)) continue
      const scanner = await open(one.scanner.text)
      const stop = new AbortController()
      this.#running.set(key, stop)
      void this.#take(one, scanner, AbortSignal.any([signal, stop.signal]))
    }
  }

  async #take(one: ScannerConfig, scanner: Scanner, signal: AbortSignal): Promise<void> {
    const { bench, log } = this.#n
    const name = one.scanner.text
    for await (const report of scanner.watch(signal)) {
      if ('health' in report) {
        const gone = report.health === 'gone'
        bench.report({
          part: 'scanner',
          bay: null,
          ok: !gone,
          code: gone ? 'STATION_SCANNER_GONE' : null,
          detail: name,
        })
        continue
      }
      const taken = await bench.scan(report.text, `scanner ${name}`, one.bay ?? undefined)
      if (taken.taken === 'refused')
        log.warn('scan refused', { code: taken.code, detail: taken.detail, bay: taken.bay })
    }
  }
}
