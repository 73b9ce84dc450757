// The desk of the label printer: tries, turns, bounds, and that a lost printer is a fault of the printer alone.
import { expect, test } from 'vitest'
import { labelOf } from '../../../agent/core/labels/label.ts'
import { isStationError, StationError } from '../../../agent/fault.ts'
import type { Health, Printer } from '../../../agent/ports.ts'
import { openLabelDesk } from '../../../agent/station/printing.ts'
import { scaledClock } from '../../../drivers/host/clock.ts'
import { aRecord } from '../../fakes/records.ts'

const gone = () => new StationError('STATION_PRINTER_GONE', 'tcp:printer')
/** A hundred times as fast, so that the pauses between tries are some ms. */
const timers = scaledClock(100, Date.parse('2026-11-23T08:00:00Z'))
const label = labelOf(aRecord('r-1'), 'https://bench-1.example')

function deskWith(print: Printer['print'] | null) {
  const told: Omit<Health, 'since'>[] = []
  const desk = openLabelDesk({
    config: null,
    base: () => 'https://bench-1.example',
    timers,
    report: (row) => told.push(row),
    ...(print === null ? {} : { printer: { print } }),
  })
  return { desk, told, print: () => desk.print(label, desk.format) }
}
const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'printed',
    (error: unknown) => (isStationError(error) ? error.code : String(error)),
  )

test('a label is tried again until the printer takes it, and the printer is well again', async () => {
  const texts: string[] = []
  const { print, told } = deskWith(async (text) => {
    texts.push(text)
    if (texts.length < 3) throw gone()
  })
  expect(await codeOf(print())).toBe('printed')
  expect(new Set(texts).size).toBe(1)
  expect(texts[0]).toContain('RESEALED')
  expect(told.map(({ part, bay, ok }) => ({ part, bay, ok }))).toEqual([
    { part: 'printer', bay: null, ok: false },
    { part: 'printer', bay: null, ok: false },
    { part: 'printer', bay: null, ok: true },
  ])
})

test('after three tries it is told, and the next label is tried anew', async () => {
  let tries = 0
  let isThere = false
  const { print, told } = deskWith(async () => {
    tries += 1
    if (!isThere) throw gone()
  })
  expect(await codeOf(print())).toBe('STATION_PRINTER_GONE')
  expect(tries).toBe(3)
  expect(told.at(-1)).toMatchObject({ ok: false, code: 'STATION_PRINTER_GONE' })
  isThere = true
  expect(await codeOf(print())).toBe('printed')
  expect(told.at(-1)).toMatchObject({ ok: true, code: null })
})

test('a printer without paper holds up a label for some seconds, not for ever', async () => {
  const { print } = deskWith(
    (_text, signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(gone()), { once: true }),
      ),
  )
  expect(await codeOf(print())).toBe('STATION_PRINTER_GONE')
})

test('labels are printed one at a time, in order, and no more than twenty wait', async () => {
  let inside = 0
  let most = 0
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const { print } = deskWith(async () => {
    inside += 1
    most = Math.max(most, inside)
    await held
    inside -= 1
  })
  const waiting = Array.from({ length: 20 }, () => codeOf(print()))
  expect(await codeOf(print())).toBe('STATION_PRINTER_GONE')
  goOn()
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['printed']))
  expect(most).toBe(1)
  expect(await codeOf(print())).toBe('printed')
})

test('a station without a printer says so, and says what its labels would be', async () => {
  const { desk, print, told } = deskWith(null)
  expect(desk).toMatchObject({ hasPrinter: false, format: { size: '4x2', dpi: 203 } })
  expect(await codeOf(print())).toBe('STATION_PRINTER_NONE')
  expect(told).toEqual([])
})

test('a stop ends what is being printed', async () => {
  const { desk, print } = deskWith(
    (_text, signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(gone()), { once: true }),
      ),
  )
  const printing = codeOf(print())
  desk.close()
  expect(await printing).toBe('STATION_PRINTER_GONE')
})
