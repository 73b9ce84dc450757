// How many inputs a property over any bytes sees: few in npm test, a million over all of them in npm run test:fuzz.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect } from 'vitest'

const ALL = Number(process.env['RESEAL_FUZZ_RUNS'] ?? 20_000)

/** Each parser of foreign bytes has its share of all runs; together they are one. */
export const SHARES = {
  /** drivers/tpm2-ts: every structure and every command, then whole commands and responses, then response codes. */
  structures: 0.35,
  messages: 0.1,
  responseCodes: 0.05,
  /** drivers/tpm: what a TPM keeps in its NV, and the boot log. */
  certificates: 0.1,
  der: 0.05,
  bootLog: 0.06,
  pem: 0.02,
  tpmtool: 0.02,
  /** drivers/probe: what a hostile device sends. */
  frames: 0.05,
  relay: 0.03,
  reports: 0.05,
  /** What comes over wires, from labels and from strangers on the network. */
  keyboardChip: 0.03,
  scanner: 0.02,
  scans: 0.03,
  mqttQuery: 0.02,
  ntp: 0.02,
} as const

/** What a property may leave behind in memory once the garbage is out, MB: a leak of some bytes a run would show. */
const GROWTH_MAX_MB = 48
const MB = 1024 * 1024

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** This property's part of a share, and a time that suits it. */
export function fuzzRuns(
  share: keyof typeof SHARES,
  parts = 1,
): { numRuns: number; timeoutMs: number } {
  const numRuns = Math.max(1, Math.ceil((ALL * SHARES[share]) / parts))
  return { numRuns, timeoutMs: 20_000 + 2 * numRuns }
}

/** Runs a property and holds it to a bound on memory. */
export function bounded(property: () => void): void {
  const used = () => {
    collect()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  const before = used()
  property()
  expect((used() - before) / MB).toBeLessThan(GROWTH_MAX_MB)
}
