// What every label printer must keep, whatever it hangs at; run on each driver by its own test file.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isStationError } from '../../agent/fault.ts'
import type { Printer } from '../../agent/ports.ts'

export interface PrinterBench {
  readonly printer: Printer
  /** Everything that it has taken. */
  taken(): string
  /** It is on and takes nothing: no paper, cover open. */
  hold(): void
  goOn(): void
  unplug(): Promise<void>
  plug(): Promise<void>
  close(): Promise<void>
}

/** More than any buffer on the way holds: 64 kB of a pipe, some MB of two sockets. */
const LONG = `^XA^FD${'long '.repeat(2_000_000)}^XZ\n`
const SHORT = '^XA^FDä é €^FS^XZ\n'

export function printerContract(name: string, make: () => Promise<PrinterBench>): void {
  describe(`${name} as a printer`, () => {
    let bench: PrinterBench
    const never = new AbortController().signal
    beforeEach(async () => {
      bench = await make()
    })
    afterEach(() => bench.close())

    it('gets every byte, in order, one label after the other', async () => {
      await bench.printer.print(SHORT, never)
      await bench.printer.print(LONG, never)
      await bench.printer.print(SHORT, never)
      await expect.poll(() => bench.taken().length).toBe(LONG.length + 2 * SHORT.length)
      expect(bench.taken() === SHORT + LONG + SHORT).toBe(true)
    })

    it('is gone by name, not by silence, and takes the next label when it is back', async () => {
      await bench.unplug()
      const error = await bench.printer.print(SHORT, never).then(
        () => null,
        (thrown: unknown) => thrown,
      )
      expect(isStationError(error) && error.code).toBe('STATION_PRINTER_GONE')
      await bench.plug()
      await bench.printer.print(SHORT, never)
      await expect.poll(() => bench.taken()).toBe(SHORT)
    })

    it('without paper holds a label no longer than the signal says', async () => {
      bench.hold()
      const end = new AbortController()
      const printing = bench.printer.print(LONG, end.signal).then(
        () => null,
        (thrown: unknown) => thrown,
      )
      end.abort()
      const error = await printing
      expect(isStationError(error) && error.code).toBe('STATION_PRINTER_GONE')
      bench.goOn()
    })

    it('refuses at once when the signal is over already', async () => {
      const error = await bench.printer.print(SHORT, AbortSignal.abort()).then(
        () => null,
        (thrown: unknown) => thrown,
      )
      expect(isStationError(error) && error.code).toBe('STATION_PRINTER_GONE')
      expect(bench.taken()).toBe('')
    })
  })
}
