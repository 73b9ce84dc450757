// What a simulated bench is furnished with: config and rules by kind, and an agent that is not there.
import type { Rules } from '../../../agent/core/rules.ts'
import type { BenchControl } from '../../../agent/ports.ts'
import { rulesOf } from '../../../agent/station/rules.ts'
import { mixed } from '../../../agent/station/virtual-world.ts'
import { type StationConfig, virtualConfig } from '../../../station-config/loader.ts'

/** Every bay assisted, none, or every second one. */
export type Assisted = 'all' | 'none' | 'half'

const configs = new Map<string, { config: StationConfig; rules: readonly Rules[] }>()

/** Loading rules reads files: once per kind of bench. */
export function benchOf(bays: number, assisted: Assisted) {
  const key = `${bays} ${assisted}`
  const known = configs.get(key)
  if (known !== undefined) return known
  const half = mixed(virtualConfig(assisted === 'half' ? bays : 2 * bays))
  const config: StationConfig =
    assisted === 'half'
      ? half
      : {
          ...half,
          bays: half.bays.filter((_, index) => index % 2 === (assisted === 'all' ? 1 : 0)),
        }
  const rules = config.bays.map(rulesOf(config, 1))
  const made = { config, rules }
  configs.set(key, made)
  return made
}

/** Before the first agent there is none to talk to; the operator needs one to be hired. */
export const NOBODY: BenchControl = {
  bays: () => [],
  bay: () => null,
  seq: () => 0,
  answer: async () => ({ taken: 'stale' }),
  undo: async () => ({ taken: 'stale' }),
  act: async () => ({ taken: 'stale' }),
  scan: async () => ({ taken: 'stale' }),
  health: () => [],
  subscribe: () => () => undefined,
}
