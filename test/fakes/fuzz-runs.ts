// How many inputs a property over any bytes sees: few in npm test, a million in npm run test:fuzz.
const ALL = Number(process.env['RESEAL_FUZZ_RUNS'] ?? 20_000)

/** This property's share of all runs, and a time that suits it. */
export function fuzzRuns(share: number): { numRuns: number; timeoutMs: number } {
  const numRuns = Math.max(1, Math.ceil(ALL * share))
  return { numRuns, timeoutMs: 20_000 + numRuns }
}
