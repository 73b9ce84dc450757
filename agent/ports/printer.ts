// The ports of the label printer: raw text out, and the desk that queues what people ask for.
import type { Label } from '../core/labels/label.ts'
import type { LabelFormat } from '../core/labels/zpl.ts'

export interface Printer {
  /**
   * Resolves when the printer, or the kernel in front of it, took every byte; nothing tells that paper came out.
   * @throws StationError STATION_PRINTER_GONE, also when the signal aborts first
   */
  print(text: string, signal: AbortSignal): Promise<void>
}

/** What the config says of paper, head and language; what a request leaves out is taken from here. */
export interface LabelDesk {
  readonly format: LabelFormat
  /** False: the config names no printer. */
  readonly hasPrinter: boolean
  /** Address of the station as a phone reaches it, without a slash at the end. */
  readonly base: () => string
  /**
   * Resolves when the label was handed to the printer.
   * @throws StationError STATION_PRINTER_NONE; BACKEND_BUSY the queue is full; STATION_PRINTER_GONE after all tries
   */
  print(label: Label, format: LabelFormat): Promise<void>
}
