// Scanners to the bench: each scan is routed by what it says, a lost scanner is a health report.
import type { ScannerConfig } from '../../station-config/loader.ts'
import type { Bench } from '../bench/bench.ts'
import type { FaultCode } from '../fault.ts'
import type { Log } from '../log.ts'
import type { Scanner } from '../ports.ts'

/** A scanner, and how its port is given back. */
export type OpenedScanner = Scanner & { readonly close?: () => Promise<void> }

export interface ScannersNeeds {
  readonly bench: Pick<Bench, 'report' | 'scan'>
  readonly log: Log
  /** Opens one; null on a bench that has none. @throws StationError STATION_*, CONFIG_INVALID */
  readonly open: ((address: string) => Promise<OpenedScanner>) | null
}

interface Running {
  /** The bay it hangs at, for the scans that come from now on. */
  bay: string | null
  readonly scanner: OpenedScanner
  readonly stop: AbortController
}

export class Scanners {
  readonly #n: ScannersNeeds
  readonly #running = new Map<string, Running>()

  constructor(needs: ScannersNeeds) {
    this.#n = needs
  }

  /**
   * Takes scans of these scanners and of no others from now on.
   * @throws StationError of the first that could not be opened; the others work
   */
  async follow(wanted: readonly ScannerConfig[]): Promise<void> {
    const { open } = this.#n
    if (open === null) return
    const bays = new Map(wanted.map(({ scanner, bay }) => [scanner.text, bay]))
    for (const name of [...this.#running.keys()]) if (!bays.has(name)) await this.#end(name)
    const failed: unknown[] = []
    for (const [name, bay] of bays) {
      const known = this.#running.get(name)
      if (known !== undefined) known.bay = bay
      else await this.#begin(name, bay, open).catch((error: unknown) => failed.push(error))
    }
    if (failed.length > 0) throw failed[0]
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((name) => this.#end(name)))
  }

  async #begin(name: string, bay: string | null, open: NonNullable<ScannersNeeds['open']>) {
    const scanner = await open(name)
    const running: Running = { bay, scanner, stop: new AbortController() }
    this.#running.set(name, running)
    void this.#take(name, running)
  }

  async #end(name: string): Promise<void> {
    const { stop, scanner } = this.#running.get(name) ?? {}
    this.#running.delete(name)
    stop?.abort()
    await scanner?.close?.()
    // Nobody misses what the config names no more.
    this.#report(name, null)
  }

  async #take(name: string, running: Running): Promise<void> {
    const { bench, log } = this.#n
    for await (const report of running.scanner.watch(running.stop.signal)) {
      if ('health' in report) {
        const { health, code = 'STATION_SCANNER_GONE' } = report
        if (health === 'gone') log.warn('scanner gone', { scanner: name, code })
        this.#report(name, health === 'ok' ? null : code)
        continue
      }
      const taken = await bench.scan(report.text, `scanner ${name}`, running.bay ?? undefined)
      if (taken.taken === 'refused')
        log.warn('scan refused', { code: taken.code, detail: taken.detail, bay: taken.bay })
    }
  }

  #report(name: string, code: FaultCode | null): void {
    this.#n.bench.report({ part: 'scanner', bay: null, ok: code === null, code, detail: name })
  }
}
