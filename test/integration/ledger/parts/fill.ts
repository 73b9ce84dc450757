// Makes a ledger of many closed runs fast, for tests and benchmarks of its size.

import { commitRow } from '../../../../agent/ledger/ops.ts'
import { Writer } from '../../../../agent/ledger/writer.ts'
import type { Entry } from '../../../../agent/ports.ts'
import { aRecord } from '../../../fakes/records.ts'
import { START, step } from './steps.ts'

/** Runs per transaction. */
const BATCH = 1000
const EVERY_MS = 60_000

/** Run number `n`: one a minute, over 24 bays, three tries per serial number at most, one in ten not resealed. */
export function manyth(n: number, start = START): Entry {
  const bay = `B${n % 24}`
  const endedAt = start + n * EVERY_MS
  const record = aRecord(`run-${n}`, {
    bay,
    device: {
      serial: serialOf(n),
      mac: '02:00:00:00:00:01',
      manufacturer: 'Contoso',
      model: 'Book 14',
    },
    verdict: n % 10 === 0 ? 'failed' : 'resealed',
    startedAt: new Date(endedAt - 2_400_000).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
  })
  const input = {
    input: n,
    at: endedAt,
    uid: `u-${n}`,
    fact: { kind: 'timer', due: endedAt } as const,
  }
  return step(bay, n, { input, record, transition: null, phase: 'done' })
}

/** Every third run is of a device seen before. */
export const serialOf = (n: number): string => `SN-${String(n - (n % 3)).padStart(8, '0')}`

/**
 * Fills the ledger of `dir` with `runs` closed runs, all sent, without waiting for the disk. The last one
 * ended at `endsAt`, ms.
 */
export function fillLedger(dir: string, runs: number, endsAt = START + runs * EVERY_MS): void {
  const start = endsAt - runs * EVERY_MS
  const writer = new Writer({
    dir,
    station: 'bench-1',
    at: start,
    epoch: 'E-1',
    durable: false,
    ballastBytes: 0,
  })
  for (let from = 1; from <= runs; from += BATCH) {
    const count = Math.min(BATCH, runs - from + 1)
    const rows = Array.from({ length: count }, (_, index) => commitRow(manyth(from + index, start)))
    const seqs = Array.from({ length: count }, (_, index) => from + index)
    const answers = writer.flush([...rows, { op: 'sent', seqs }])
    const bad = answers.find((answer) => 'failure' in answer)
    if (bad !== undefined) throw new Error(`the filling failed: ${JSON.stringify(bad)}`)
  }
  writer.close()
}
