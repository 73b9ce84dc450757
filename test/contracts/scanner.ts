// What every scanner owes the bench, as one suite that runs on each driver and each fake.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Scanner } from '../../agent/ports.ts'
import { until } from '../fakes/pty.ts'

export interface ScannerBench {
  readonly scanner: Scanner
  /** A label is read in front of the scanner. */
  scan(text: string): void
  /** The scanner is pulled, and plugged in again. */
  lose(): Promise<void>
  regain(): Promise<void>
  close(): Promise<void>
}

export function scannerContract(name: string, make: () => Promise<ScannerBench>): void {
  describe(`${name} as a scanner`, () => {
    let bench: ScannerBench
    let heard: string[]
    let stop: AbortController
    let done: Promise<void>

    const listen = async (into: string[], signal: AbortSignal): Promise<void> => {
      for await (const fact of bench.scanner.watch(signal)) {
        into.push('text' in fact ? fact.text : `health ${fact.health}`)
        expect(Math.abs(fact.at - Date.now())).toBeLessThan(60_000)
      }
    }

    beforeEach(async () => {
      bench = await make()
      heard = []
      stop = new AbortController()
      done = listen(heard, stop.signal)
      await until('the first health', () => heard.length > 0)
    })
    afterEach(async () => {
      stop.abort()
      await done
      await bench.close()
    })

    test('it tells its health first, then each scan once and in order', async () => {
      bench.scan('5CG1234XYZ')
      await until('the first scan', () => heard.length >= 2)
      bench.scan('RSL.B07.abort')
      await until('the second scan', () => heard.length >= 3)
      expect(heard).toEqual(['health ok', '5CG1234XYZ', 'RSL.B07.abort'])
    })

    test('every watcher hears the scan, and one that stopped hears no more', async () => {
      const other: string[] = []
      const otherStop = new AbortController()
      const otherDone = listen(other, otherStop.signal)
      await until('the other watcher', () => other.length > 0)
      bench.scan('ONE')
      await until('both hear it', () => heard.includes('ONE') && other.includes('ONE'))
      otherStop.abort()
      await otherDone
      bench.scan('TWO')
      await until('the first one hears it', () => heard.includes('TWO'))
      expect(other).toEqual(['health ok', 'ONE'])
    })

    test('a lost scanner is a fact, and so is its return; then it scans again', async () => {
      await bench.lose()
      await until('gone', () => heard.includes('health gone'))
      await bench.regain()
      await until('back', () => heard.at(-1) === 'health ok')
      bench.scan('AGAIN')
      await until('the scan', () => heard.includes('AGAIN'))
      expect(heard).toEqual(['health ok', 'health gone', 'health ok', 'AGAIN'])
    })
  })
}
