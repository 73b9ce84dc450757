// The order of the test files: those that take long begin first, so that no worker is left alone with one at the end.
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Seconds on the reference machine; a file that is not named takes less than all of these. */
const LONG: Readonly<Record<string, number>> = {
  'browser/station.test.ts': 62,
  'browser/axe.test.ts': 48,
  'browser/hands-free.test.ts': 36,
  'browser/board-act.test.ts': 35,
  'sim/kill.test.ts': 130,
  'sim/kill-assisted.test.ts': 122,
  'integration/station/real-parts.test.ts': 152,
  'integration/network/station.test.ts': 36,
  'sim/seeds.test.ts': 35,
  'integration/link/snmp.test.ts': 34,
  'integration/station/kill-steps.test.ts': 46,
  'integration/desk/station.test.ts': 28,
  'integration/cli/suggest.test.ts': 29,
  'integration/bay-network/bay-network.test.ts': 22,
  'integration/ledger/size.test.ts': 19,
  'integration/service/install.test.ts': 18,
}

const secondsOf = ({ moduleId }: TestSpecification): number =>
  LONG[moduleId.split('/test/').at(-1) ?? ''] ?? 0

export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => secondsOf(b) - secondsOf(a))
  }
}
