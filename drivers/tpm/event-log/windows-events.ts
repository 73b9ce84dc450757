// Reads the switches that Windows' boot measured into PCR 11 to 14: debugging, test signing, safe mode.
import { LogBytes } from './bytes.ts'
import { EVENT, type LogEvent } from './log.ts'
import { isProved } from './oddities.ts'

/** Events of wbcl.h: one byte each, not zero when the switch is on. */
const SWITCHES: ReadonlyMap<number, string> = new Map([
  [0x00040001, 'boot debugging'],
  [0x00050001, 'kernel debugging'],
  [0x00050003, 'test signing'],
  [0x00050005, 'safe mode'],
  [0x00050006, 'Windows PE'],
  [0x0005000d, 'hypervisor debugging'],
])
/** Containers: events inside events. */
const AGGREGATION = 0x40000000
const DEPTH_MAX = 4
const EVENTS_MAX = 4096

export interface WindowsSwitches {
  /** Words of the switches that were on. */
  readonly on: readonly string[]
  /** How many switches the log tells of. */
  readonly told: number
}

function walk(
  bytes: Uint8Array,
  depth: number,
  found: Map<string, boolean>,
  budget: { left: number },
) {
  const from = new LogBytes(bytes)
  while (from.left >= 8 && budget.left-- > 0) {
    const type = from.u32()
    const size = from.u32()
    const data = from.take(size)
    if ((type & AGGREGATION) !== 0) {
      if (depth < DEPTH_MAX) walk(data, depth + 1, found, budget)
      continue
    }
    const words = SWITCHES.get(type)
    // Once on stays on: a later measurement cannot take it back.
    if (words !== undefined && data.length > 0)
      found.set(words, (found.get(words) ?? false) || data[0] !== 0)
  }
}

/** The switches of all tagged events whose data is what was measured. Broken ones are passed over. */
export function windowsSwitches(events: readonly LogEvent[]): WindowsSwitches {
  const found = new Map<string, boolean>()
  const budget = { left: EVENTS_MAX }
  for (const event of events) {
    if (event.type !== EVENT.tag || event.pcr < 11 || event.pcr > 14 || !isProved(event)) continue
    try {
      walk(event.data, 0, found, budget)
    } catch {
      // Its digest counts all the same; what it says is not understood.
    }
  }
  const on = [...found].filter(([, isOn]) => isOn).map(([words]) => words)
  return { on, told: found.size }
}
