// The figures of a list of records counted the long way: no sums kept, no slots of days, no bins.
import type { RecordBody } from '../../../../agent/core/record.ts'
import { isJunkSerial } from '../../../../agent/core/scan.ts'
import { type Dim, SLOT_MS, SUMS, type Sums } from '../../../../agent/core/throughput/additions.ts'

/** The key of a record in a dimension. */
export function keyOf(record: RecordBody, dim: Dim): string {
  switch (dim) {
    case 'all':
      return ''
    case 'bay':
      return record.bay
    case 'model':
      return record.device.model ?? ''
    case 'order':
      return record.workOrder ?? ''
    case 'operator':
      return record.operator ?? ''
  }
}

/** Journeys: all runs of one serial in one order until `resealed`; each as its runs in order. */
export function journeysOf(records: readonly RecordBody[]): readonly (readonly RecordBody[])[] {
  const done: RecordBody[][] = []
  const open = new Map<string, RecordBody[]>()
  for (const record of records) {
    const { serial } = record.device
    if (serial === null || isJunkSerial(serial)) continue
    const name = JSON.stringify([serial, record.workOrder ?? ''])
    const runs = open.get(name) ?? []
    runs.push(record)
    open.set(name, runs)
    if (record.verdict !== 'resealed') continue
    done.push(runs)
    open.delete(name)
  }
  return [...done, ...open.values()]
}

/** Sums of a dimension's key in a range; `from` and `to` are UTC ms on quarters of an hour. */
export function sumsOf(
  records: readonly RecordBody[],
  dim: Dim,
  key: string,
  from: number,
  to: number,
): Sums {
  const sums = Object.fromEntries(SUMS.map((name) => [name, 0])) as Record<keyof Sums, number>
  const isHere = (record: RecordBody) => {
    const end = Math.floor(Date.parse(record.endedAt) / SLOT_MS) * SLOT_MS
    return end >= from && end < to && keyOf(record, dim) === key
  }
  for (const record of records.filter(isHere)) {
    const { serial } = record.device
    sums.runs += 1
    sums[record.verdict] += 1
    if (serial === null) sums.unnamed += 1
    else if (isJunkSerial(serial)) sums.junk += 1
    sums.retries += record.retries
    sums.prompts += record.prompts
    sums.operator_ms += record.operatorWaitMs
    sums.machine_ms += record.machineWaitMs
    sums.total_ms += Math.max(0, Date.parse(record.endedAt) - Date.parse(record.startedAt))
    const { estimate } = record
    if (estimate?.tookMs === undefined) continue
    if (estimate.tookMs < estimate.p50Ms) sums.eta_early += 1
    else if (estimate.tookMs <= estimate.p90Ms) sums.eta_within += 1
    else sums.eta_late += 1
  }
  for (const runs of journeysOf(records)) {
    const last = runs.at(-1)
    if (last === undefined || !isHere(last)) continue
    sums.journeys += 1
    if (last.verdict !== 'resealed') continue
    sums.devices += 1
    if (runs.length === 1 && last.retries === 0) sums.right += 1
  }
  if (dim !== 'all' && dim !== 'bay') return sums
  for (const record of records.filter((one) => keyOf(one, dim) === key)) {
    const start = Math.max(from, Date.parse(record.startedAt))
    sums.busy_ms += Math.max(0, Math.min(to, Date.parse(record.endedAt)) - start)
  }
  return sums
}

/** The value of a rank, as nearest rank; null of nothing. */
export function percentileOf(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? null
}
