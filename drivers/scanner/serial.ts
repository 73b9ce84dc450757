// A barcode scanner on a serial port (USB-CDC or RS-232): texts as they are scanned, and whether it is there.
import type { Clock, Scanner, ScannerHealth, ScanReport } from '../../agent/ports.ts'
import { Channel } from '../io/channel.ts'
import { openSerial, type SerialStream } from '../io/serial.ts'
import { ScanFramer } from './scan-framer.ts'

export interface SerialScannerOptions {
  /** Best by its name under /dev/serial/by-id, so that each scanner keeps its place. */
  readonly path: string
  readonly clock: Clock
  /** USB-CDC ignores it; RS-232 scanners leave the factory at 9600. */
  readonly baud?: number
  /** A scan without a suffix ends after this silence, ms (facts/hardware §5). */
  readonly idleMs?: number
  /** True: a port that is not there is an error at once and not the fact `gone`. */
  readonly required?: boolean
}

export interface SerialScanner extends Scanner {
  close(): Promise<void>
}

const BAUD = 9600
const IDLE_MS = 50

/**
 * Opens the scanner at `path`. A port that is missing, held or denied is the fact `gone`.
 * @throws StationError with `required` alone: STATION_PORT_GONE, STATION_PORT_BUSY, STATION_PORT_DENIED
 */
export async function openSerialScanner(options: SerialScannerOptions): Promise<SerialScanner> {
  const scanner = new PortScanner(options)
  await scanner.start()
  return scanner
}

class PortScanner implements SerialScanner {
  readonly #options: SerialScannerOptions
  readonly #framer = new ScanFramer()
  readonly #facts: Channel<ScanReport | ScannerHealth>
  #health: ScannerHealth
  #stream: SerialStream | null = null
  #stopIdle = (): void => undefined

  constructor(options: SerialScannerOptions) {
    this.#options = options
    this.#health = { health: 'gone', at: options.clock.now() }
    this.#facts = new Channel<ScanReport | ScannerHealth>(() => [this.#health])
  }

  async start(): Promise<void> {
    const { path, clock, baud = BAUD, required = false } = this.#options
    this.#stream = await openSerial(
      { path, baud, clock, required },
      {
        bytes: (chunk) => this.#take(chunk),
        gone: ({ code }) =>
          this.#tell({ health: 'gone', ...(code === 'STATION_PORT_GONE' ? {} : { code }) }),
        back: () => this.#tell({ health: 'ok' }),
      },
    )
  }

  /** The present health first, then every scan and change of health; scans that nobody watched are not kept. */
  watch(signal: AbortSignal): AsyncIterable<ScanReport | ScannerHealth> {
    return this.#facts.watch(signal)
  }

  async close(): Promise<void> {
    this.#stopIdle()
    await this.#stream?.close()
    this.#facts.close()
  }

  #take(chunk: Uint8Array): void {
    this.#scanned(this.#framer.push(chunk))
    this.#stopIdle()
    if (!this.#framer.isOpen) return
    this.#stopIdle = this.#options.clock.after(this.#options.idleMs ?? IDLE_MS, () => {
      // A late event loop is no pause of the scanner: what lies in the kernel still belongs to the scan.
      if (this.#stream && this.#stream.pump() > 0) return
      this.#scanned(this.#framer.flush())
    })
  }

  #scanned(texts: readonly string[]): void {
    const at = this.#options.clock.now()
    for (const text of texts) this.#facts.push({ text, at })
  }

  #tell(now: Omit<ScannerHealth, 'at'>): void {
    // Half a scan from before the plug was pulled is nobody's.
    this.#stopIdle()
    this.#framer.reset()
    if (this.#health.health === now.health && this.#health.code === now.code) return
    this.#health = { ...now, at: this.#options.clock.now() }
    this.#facts.push(this.#health)
  }
}
