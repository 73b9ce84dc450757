// Steps, places and clocks for the tests of the ledger.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { StationError } from '../../../../agent/fault.ts'
import type { StationLedger } from '../../../../agent/ledger/ledger.ts'
import { openLedger } from '../../../../agent/ledger/ledger.ts'
import { openReader, type StationReader } from '../../../../agent/ledger/reader.ts'
import { systemClock } from '../../../../drivers/host/clock.ts'

export const clock = systemClock()
export const MODES = ['thread', 'in-process'] as const

let drawn = 0
export const ids = {
  next: () => {
    drawn += 1
    return `E${String(drawn).padStart(25, '0')}`
  },
}

/** A fresh directory on the disk, gone after the test. */
export function aDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'reseal-ledger-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A ledger that is closed after the test, whatever happened in it. */
export async function aLedger(
  dir: string,
  mode: 'thread' | 'in-process' = 'in-process',
  more: { readonly ballastBytes?: number; readonly durable?: boolean } = {},
): Promise<StationLedger> {
  const ledger = await openLedger({
    dir,
    mode,
    clock,
    ids,
    station: 'bench-1',
    ballastBytes: 0,
    ...more,
  })
  onTestFinished(() => ledger.close())
  return ledger
}

export async function aReader(
  dir: string,
  mode: 'thread' | 'in-process' = 'in-process',
): Promise<StationReader> {
  const reader = await openReader(dir, { mode, clock })
  onTestFinished(() => reader.close())
  return reader
}

/** The code a promise was rejected with; what it gave when it was not. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    return `no fault: ${JSON.stringify(await promise)}`
  } catch (error) {
    return error instanceof StationError ? error.code : `untyped: ${String(error)}`
  }
}
