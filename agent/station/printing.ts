// The desk of the label printer: one label at a time, a few tries each, and a lost printer is a fault of the printer alone.
import { openPrinter } from '../../drivers/printer/index.ts'
import type { PrinterConfig } from '../../station-config/printer-url.ts'
import { type LabelFormat, zplOf } from '../core/labels/zpl.ts'
import { isStationError, StationError } from '../fault.ts'
import type { Clock, LabelDesk, Printer, ReportHealth } from '../ports.ts'

/** Labels that wait; a person who printed so many looks at the printer before the next. */
const QUEUE_MAX = 20
/** Real ms. A label is 2 kB: a printer that takes longer has no paper or is not there. */
const TRY_MS = 4_000
const PAUSES_MS = [500, 1_500]

export interface PrintNeeds {
  /** null: the config names none. */
  readonly config: PrinterConfig | null
  readonly base: () => string
  /** Real time: paper does not live on bench time. */
  readonly timers: Clock
  readonly report: ReportHealth
  /** The printer of the config unless a test brings one. */
  readonly printer?: Printer
}

const USUAL: LabelFormat = { size: '4x2', dpi: 203, language: 'en', copies: 1 }

export function openLabelDesk({ config, base, timers, report, printer }: PrintNeeds): LabelDesk & {
  /** Ends what is being printed and refuses the rest. */
  close(): void
} {
  const out = printer ?? (config === null ? null : openPrinter(config.text, timers))
  const life = new AbortController()
  let waiting = 0
  let turn: Promise<unknown> = Promise.resolve()

  const tell = (ok: boolean, detail: string) =>
    report({
      part: 'printer',
      bay: null,
      ok,
      code: ok ? null : 'STATION_PRINTER_GONE',
      detail,
    })
  const once = async (port: Printer, text: string) => {
    const late = new AbortController()
    const cancel = timers.after(TRY_MS, () => late.abort())
    try {
      await port.print(text, AbortSignal.any([late.signal, life.signal]))
    } finally {
      cancel()
    }
  }
  const withTries = async (port: Printer, text: string) => {
    for (const pause of [...PAUSES_MS, null]) {
      if (life.signal.aborted) break
      try {
        await once(port, text)
        return tell(true, '')
      } catch (error) {
        if (!isStationError(error)) throw error
        tell(false, error.message)
        if (pause === null) throw error
        await timers.sleep(pause, life.signal)
      }
    }
    throw new StationError('STATION_PRINTER_GONE', 'the station stops')
  }

  return {
    format: { ...USUAL, ...config?.format },
    hasPrinter: out !== null,
    base,
    print: async (label, format) => {
      if (out === null) throw new StationError('STATION_PRINTER_NONE', 'printer')
      if (waiting >= QUEUE_MAX)
        throw new StationError('STATION_PRINTER_GONE', `${waiting} labels wait already`)
      waiting += 1
      const mine = turn.then(() => withTries(out, zplOf(label, format)))
      turn = mine.catch(() => undefined)
      try {
        await mine
      } finally {
        waiting -= 1
      }
    },
    close: () => life.abort(),
  }
}
