// The parts that a small bench goes without, as doubles: their routes are there only with them.
import { bayId } from '../../../agent/core/ids.ts'
import type { WebParts } from '../../../agent/web/web.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { emptyDesks } from '../../fakes/empty-desks.ts'
import { testDoors } from '../../fakes/people.ts'

/** Serial numbers whose label was printed are pushed to `printed`. */
export const everything = (
  printed: (string | null)[] = [],
): Pick<WebParts, 'probes' | 'ports' | 'labels' | 'doors' | 'desks' | 'photos' | 'throughput'> => ({
  doors: testDoors(systemClock(), { isNeeded: false }),
  ports: { set: async () => {} },
  probes: {
    issue: (bay) => ({
      bay: bayId(bay),
      code: 'ABCD-EFGH',
      until: Date.parse('2026-11-23T09:00:00Z'),
      url: 'https://10.20.0.1:8443',
      pin: 'pin',
      linux: 'curl',
      windows: 'iwr',
    }),
  },
  desks: emptyDesks,
  // Answered by a real station in openapi-live.test.ts; here their routes are enough.
  photos: { dir: '/nonexistent', ledger: emptyDesks.ledger },
  throughput: {
    figures: { figures: () => Promise.reject(new Error('no figures here')) },
    shifts: { zone: 'UTC', list: [] },
  },
  labels: {
    format: { size: '4x2', dpi: 203, language: 'en', copies: 1 },
    hasPrinter: true,
    base: () => 'https://bench-1.example',
    print: async ({ serial }) => void printed.push(serial),
  },
})
