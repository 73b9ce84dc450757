// Reads boot keyboard reports as a device does: which keys went down and up between two of them (facts/hardware §2.2).

/** Keys that the simulated pages react to; all others are `other`, and their key-up resets the count too. */
export type Key =
  | 'lwin'
  | 'enter'
  | 'tab'
  | 'space'
  | 'down'
  | 'up'
  | 'esc'
  | 'scroll'
  | 'num'
  | 'caps'
  | 'shift'
  | 'other'

const LGUI_BIT = 0x08
const SHIFT_BITS = 0x22
/** The left GUI key as a usage in the array: some chips mishandle the modifier bit (facts/hardware §1, 8). */
const LGUI_USAGE = 0xe3
const USAGES: ReadonlyMap<number, Key> = new Map([
  [0x28, 'enter'],
  [0x29, 'esc'],
  [0x2b, 'tab'],
  [0x2c, 'space'],
  [0x39, 'caps'],
  [0x47, 'scroll'],
  [0x51, 'down'],
  [0x52, 'up'],
  [0x53, 'num'],
  [LGUI_USAGE, 'lwin'],
])

const OTHER_MODIFIERS = 0xff & ~LGUI_BIT & ~SHIFT_BITS

/** Every key that a report holds down; two keys without a name of their own stay two. */
function keysOf(report: readonly number[]): ReadonlyMap<string, Key> {
  const keys = new Map<string, Key>()
  const modifiers = report[0] ?? 0
  if ((modifiers & LGUI_BIT) !== 0) keys.set('lwin', 'lwin')
  if ((modifiers & SHIFT_BITS) !== 0) keys.set('shift', 'shift')
  if ((modifiers & OTHER_MODIFIERS) !== 0) keys.set(`m${modifiers & OTHER_MODIFIERS}`, 'other')
  for (const usage of report.slice(2)) {
    if (usage === 0) continue
    const key = USAGES.get(usage) ?? 'other'
    keys.set(key === 'other' ? `u${usage}` : key, key)
  }
  return keys
}

export const NO_KEYS: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0]

/** Ups first, then downs: a device sees a key change as the old one leaving. */
export function changesOf(
  before: readonly number[],
  after: readonly number[],
): { readonly ups: readonly Key[]; readonly downs: readonly Key[]; readonly shift: boolean } {
  const was = keysOf(before)
  const is = keysOf(after)
  return {
    ups: [...was].filter(([id]) => !is.has(id)).map(([, key]) => key),
    downs: [...is].filter(([id]) => !was.has(id)).map(([, key]) => key),
    shift: is.has('shift'),
  }
}
