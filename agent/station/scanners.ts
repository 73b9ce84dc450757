// Scanners to the bench: each scan is routed by what it says, a lost scanner is a health report.
import type { Bench } from '../bench/bench.ts'
import type { Log } from '../log.ts'
import type { World } from './parts.ts'

/** Takes scans until the signal aborts. */
export function startScanners(
  scanners: World['scanners'],
  bench: Bench,
  log: Log,
  signal: AbortSignal,
): void {
  for (const one of scanners) void follow(one, bench, log, signal)
}

async function follow(
  { name, bay, scanner }: World['scanners'][number],
  bench: Bench,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  for await (const report of scanner.watch(signal)) {
    if ('health' in report) {
      const gone = report.health === 'gone'
      bench.report({
        part: 'scanner',
        bay: null,
        ok: !gone,
        code: gone ? 'STATION_SCANNER_GONE' : null,
        detail: name,
      })
      continue
    }
    const taken = await bench.scan(report.text, `scanner ${name}`, bay ?? undefined)
    if (taken.taken === 'refused')
      log.warn('scan refused', { code: taken.code, detail: taken.detail, bay: taken.bay })
  }
}
