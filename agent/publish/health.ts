// What the board is told about the broker: one line, the worst of what is known.
import type { FaultCode } from '../fault.ts'
import type { LedgerReader, ReportHealth } from '../ports.ts'

/** A bench makes some 100 messages for a device; this many are no hiccup. */
const BACKLOG_ROWS = 5000

interface Trouble {
  readonly code: FaultCode
  readonly detail: string
}

export class BrokerHealth {
  readonly #report: ReportHealth
  readonly #reader: LedgerReader
  #trouble: Trouble | null = null
  #parked: string | null = null
  #unsent = 0
  #told = ''

  constructor(report: ReportHealth, reader: LedgerReader) {
    this.#report = report
    this.#reader = reader
  }

  connected(): void {
    this.#trouble = null
    this.#tell()
  }

  trouble(code: FaultCode, detail: string): void {
    this.#trouble = { code, detail }
    this.#tell()
  }

  parked(what: string): void {
    this.#parked = what
    this.#tell()
  }

  /** Counts what waits; called now and then, as counting reads the ledger. */
  async count(): Promise<void> {
    try {
      const { unsent, parked } = await this.#reader.totals()
      this.#unsent = unsent
      if (parked === 0) this.#parked = null
      this.#tell()
    } catch {
      // The ledger reports its own health.
    }
  }

  #tell(): void {
    const worst = this.#trouble ?? this.#backlog() ?? this.#set()
    const waiting = this.#unsent === 0 ? '' : `; ${this.#unsent} messages wait`
    const detail = `${worst?.detail ?? 'connected'}${waiting}`
    const code = worst?.code ?? null
    if (this.#told === `${code} ${detail}`) return
    this.#told = `${code} ${detail}`
    this.#report({ part: 'broker', bay: null, ok: worst === null, code, detail })
  }

  #backlog(): Trouble | null {
    if (this.#unsent < BACKLOG_ROWS) return null
    return { code: 'BACKEND_BACKLOG', detail: 'the backlog drains' }
  }

  #set(): Trouble | null {
    return this.#parked === null ? null : { code: 'BACKEND_MESSAGE_PARKED', detail: this.#parked }
  }
}
