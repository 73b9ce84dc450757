// What stands on the label of a closed run: the same for the printer's language and for the page.
import type { RecordBody } from '../record.ts'

export interface Label {
  readonly serial: string | null
  readonly verdict: RecordBody['verdict']
  readonly grade: NonNullable<RecordBody['grade']> | null
  /** Why it is not resealed: a code of the device or of the station. */
  readonly code: string | null
  /** UTC, ISO 8601; null when the run has none. */
  readonly handOverAfter: string | null
  readonly useBefore: string | null
  readonly endedAt: string
  readonly run: string
  readonly bay: string
  readonly station: string
  readonly order: string | null
  /** Where the QR code leads: the look-up of this device at this station. */
  readonly url: string
}

/** Path of the look-up page for a device, below the station's address. */
export const lookupPath = (serial: string): string => `/lookup?of=${encodeURIComponent(serial)}`

/**
 * The label of a closed run.
 * @param base address of the station as a phone reaches it, without a slash at the end
 */
export function labelOf(record: RecordBody, base: string): Label {
  const { serial } = record.device
  return {
    serial,
    verdict: record.verdict,
    grade: record.grade ?? null,
    code: record.error?.code ?? null,
    handOverAfter: record.handOverAfter ?? null,
    useBefore: record.useBefore ?? null,
    endedAt: record.endedAt,
    run: record.run,
    bay: record.bay,
    station: `${record.site}/${record.station}`,
    order: record.workOrder ?? null,
    url: `${base}${serial === null ? `/run?run=${encodeURIComponent(record.run)}` : lookupPath(serial)}`,
  }
}
