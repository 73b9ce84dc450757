// Whatever a peripheral sends as a report: a scan within its bounds, a part, or noise, and never an exception.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  HID_POS_LAYOUTS,
  HidPosFrames,
  type HidPosLayout,
} from '../../drivers/scanner/hid-pos-frames.ts'
import { SCAN_BYTES_MAX } from '../../drivers/scanner/scan-framer.ts'
import { fuzzRuns } from '../fakes/fuzz-runs.ts'

const layouts = Object.keys(HID_POS_LAYOUTS) as HidPosLayout[]
/** Mostly data reports, so that the inside of the parser is reached. */
const report = fc
  .tuple(
    fc.constantFrom(2, 2, 2, 7),
    fc.integer({ min: 0, max: 70 }),
    fc.uint8Array({ maxLength: 70 }),
  )
  .map(([id, length, bytes]) => Uint8Array.of(id, length, ...bytes))

const { numRuns, timeoutMs } = fuzzRuns('scanner', 4)

test('any reports in any order give values', { timeout: timeoutMs }, () => {
  let scans = 0
  fc.assert(
    fc.property(fc.constantFrom(...layouts), fc.array(report, { maxLength: 12 }), (layout, all) => {
      const frames = new HidPosFrames(layout)
      for (const one of all) {
        const take = frames.push(one)
        if (take.is !== 'scan') continue
        scans += 1
        expect(take.text.length).toBeGreaterThan(0)
        expect(take.text.length).toBeLessThanOrEqual(SCAN_BYTES_MAX + 3)
      }
    }),
    { numRuns },
  )
  // The property must have seen what it is about.
  expect(scans).toBeGreaterThan(10)
})
