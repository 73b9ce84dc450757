// What a simulation may ask for, and what one life of the agent holds open.
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Bench, BenchNeeds } from '../../../agent/bench/bench.ts'
import type { BayId } from '../../../agent/core/ids.ts'
import type { StationLedger } from '../../../agent/ledger/ledger.ts'
import type { LedgerReader } from '../../../agent/ports.ts'
import type { StationPublisher } from '../../../agent/publish/publisher.ts'
import type { Assisted } from './furniture.ts'
import type { Plan } from './gate.ts'
import type { Life } from './life.ts'
import { Probe } from './probe.ts'

export interface SimOptions extends Plan {
  readonly seed: number
  readonly bays: number
  readonly devices: number
  readonly faults: boolean
  readonly assisted?: Assisted
  /** A broker with a consumer behind it. */
  readonly publishes?: boolean
  /** A directory with a fresh ledger to begin with, so that a thousand short runs need not make one each. */
  readonly template?: string
  readonly step?: BenchNeeds['step']
  readonly pressed?: (bay: BayId) => void
}

/** In memory where there is room for it: the simulation's power cuts are its own. */
export const ROOM = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
export interface Running {
  readonly life: Life
  readonly ledger: StationLedger
  readonly reader: LedgerReader
  /** Opened when something is first shown or pressed. */
  probe: Probe | null
  readonly dir: string
  bench: Bench | null
  publisher: StationPublisher | null
}

/** The second pair of eyes of a life, opened when it is first needed. */
export function probeOf(now: Running): Probe {
  now.probe ??= new Probe(now.dir)
  return now.probe
}

/** Closes what a life holds open. */
export async function letGo({ probe, reader, ledger }: Running): Promise<void> {
  probe?.close()
  await reader.close()
  await ledger.close()
}
