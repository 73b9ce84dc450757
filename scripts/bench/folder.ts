// A folder on a real disk for the time of one measurement.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Beside the checkout's packages: a temporary folder may be memory, where a flush costs nothing. */
const CACHE = join(import.meta.dirname, '../../node_modules/.cache')

/** Runs `work` in a fresh folder that is gone afterwards. */
export async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  mkdirSync(CACHE, { recursive: true })
  const dir = mkdtempSync(join(CACHE, 'bench-'))
  try {
    return await work(dir)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
