// Key scripts are data: bursts of taps, each with the guard that must hold before it. This file says what a safe one is.
import type { Windows } from './pages.ts'

/** Where a script is played. */
export const PLACES = [
  'first-page',
  'signin',
  'options',
  'landing',
  'refresh',
  'success',
  'failure',
  'keep-awake',
] as const
export type Place = (typeof PLACES)[number]

/** Keys that a script may name. End, Delete, F10 and right GUI are left out on purpose (product: safety rules 2, 3). */
export const KEYS = [
  'LWIN',
  'ENTER',
  'TAB',
  'SPACE',
  'DOWN',
  'UP',
  'LEFT',
  'RIGHT',
  'ESC',
  'F15',
  'SCROLLLOCK',
  'NUMLOCK',
  'CAPSLOCK',
] as const
export type KeyName = (typeof KEYS)[number]

/** What must hold, seen or confirmed, before a burst is played. Only the named targets may receive an Enter. */
export const GUARDS = [
  'none',
  'options-open',
  'entry-selected-next-focused',
  'names-right-next-focused',
  'refresh-focused',
  'success-reseal-focused',
  'failure-retry-focused',
] as const
export type Guard = (typeof GUARDS)[number]

export interface Tap {
  readonly key: KeyName
  /** How often the tap is repeated, 1-10. */
  readonly times: number
  readonly shift: boolean
  /** Key down, ms. */
  readonly holdMs: number
  /** Pause after key up, ms. */
  readonly gapMs: number
}

export interface Burst {
  readonly name: string
  readonly guard: Guard
  readonly taps: readonly Tap[]
}

export interface KeyScript {
  readonly id: string
  readonly version: number
  readonly place: Place
  readonly windows: Windows | 'any'
  /** False: inferred, not yet tried on a real device. */
  readonly verified: boolean
  readonly source: string
  readonly bursts: readonly Burst[]
}

/** One 8-byte boot keyboard report and the pause that follows it (facts/hardware §2.2). */
export interface KeyReport {
  readonly bytes: readonly [
    modifiers: number,
    reserved: 0,
    ...keys: [number, number, number, number, number, number],
  ]
  readonly pauseMs: number
}

/** What a keyboard plays: reports already expanded, the last one always release-all. */
export interface PlayRequest {
  readonly script: string
  readonly burst: string
  readonly reports: readonly KeyReport[]
}

const SHIFT = 0x02
const LGUI = 0x08
/** HID usages of page 07 (facts/hardware §2.2; the lock keys and F15 from the HID usage tables 1.5). */
const USAGE: Readonly<Record<Exclude<KeyName, 'LWIN'>, number>> = {
  ENTER: 0x28,
  ESC: 0x29,
  TAB: 0x2b,
  SPACE: 0x2c,
  RIGHT: 0x4f,
  LEFT: 0x50,
  DOWN: 0x51,
  UP: 0x52,
  CAPSLOCK: 0x39,
  SCROLLLOCK: 0x47,
  NUMLOCK: 0x53,
  F15: 0x6a,
}

export const RELEASE_ALL: KeyReport = { bytes: [0, 0, 0, 0, 0, 0, 0, 0], pauseMs: 0 }

/** The reports of a burst: each tap a full press and release, release-all at the end (product: safety rules 3, 4). */
export function reportsOf(burst: Burst): readonly KeyReport[] {
  const reports: KeyReport[] = []
  for (const tap of burst.taps) {
    const shift = tap.shift ? SHIFT : 0
    const down: KeyReport['bytes'] =
      tap.key === 'LWIN' ? [LGUI, 0, 0, 0, 0, 0, 0, 0] : [shift, 0, USAGE[tap.key], 0, 0, 0, 0, 0]
    for (let n = 0; n < tap.times; n++) {
      reports.push({ bytes: down, pauseMs: tap.holdMs })
      reports.push({ bytes: [0, 0, 0, 0, 0, 0, 0, 0], pauseMs: tap.gapMs })
    }
  }
  reports.push(RELEASE_ALL)
  return reports
}

/** Guards that may stand before an Enter: all others name no button. */
const ENTER_GUARDS: readonly Guard[] = [
  'entry-selected-next-focused',
  'names-right-next-focused',
  'refresh-focused',
  'success-reseal-focused',
  'failure-retry-focused',
]

/** Every reason why a script must not be loaded; empty when it is safe. */
export function unsafeOf(script: KeyScript): readonly string[] {
  const bad: string[] = []
  for (const burst of script.bursts) {
    const where = `burst "${burst.name}"`
    const enters = burst.taps.filter((tap) => tap.key === 'ENTER')
    if (enters.length > 0 && !ENTER_GUARDS.includes(burst.guard))
      bad.push(`${where}: Enter without a guard that names its button`)
    if (enters.length > 0 && (burst.taps.length > 1 || enters[0]?.times !== 1))
      bad.push(`${where}: Enter is not alone in its burst`)
    if (enters.some((tap) => tap.shift)) bad.push(`${where}: Shift+Enter`)
    const windowsKeys = burst.taps.filter((tap) => tap.key === 'LWIN')
    if (windowsKeys.some((tap) => tap.shift))
      bad.push(`${where}: the left Windows key is pressed alone`)
    if (windowsKeys.length > 0 && burst.taps.some((tap) => tap.key !== 'LWIN' && tap.key !== 'TAB'))
      bad.push(`${where}: another key among the Windows key taps`)
    if (
      script.place === 'keep-awake' &&
      burst.taps.some((tap) => !HARMLESS.includes(tap.key) || tap.shift)
    )
      bad.push(`${where}: keep-awake takes only F15 or Scroll Lock`)
    if (burst.taps.some((tap) => tap.key === 'SPACE') && burst.guard === 'none')
      bad.push(`${where}: Space without a guard`)
    const afterWindows = burst.taps.findIndex((tap) => tap.key === 'LWIN')
    if (afterWindows >= 0 && burst.taps.slice(afterWindows).some((tap) => tap.key !== 'LWIN'))
      bad.push(`${where}: a key after the Windows key resets its count`)
    bad.push(...misplaced(script.place, burst).map((why) => `${where}: ${why}`))
  }
  return bad
}

/** The one guard under which a place may press Enter; a place that is not named presses none. */
const ENTER_AT: Readonly<Partial<Record<Place, Guard>>> = {
  options: 'entry-selected-next-focused',
  landing: 'names-right-next-focused',
  refresh: 'refresh-focused',
  success: 'success-reseal-focused',
  failure: 'failure-retry-focused',
}

const count = (burst: Burst, key: KeyName): number =>
  burst.taps.filter((tap) => tap.key === key).reduce((sum, tap) => sum + tap.times, 0)

/** Keys that are safe somewhere, but not in this place or not so often (facts/autopilot §2.1, §2.2). */
function misplaced(place: Place, burst: Burst): readonly string[] {
  const bad: string[] = []
  const windowsKeys = count(burst, 'LWIN')
  if (windowsKeys > 0 && place !== 'first-page' && place !== 'signin')
    bad.push('the Windows key is pressed only where the options are summoned')
  if (windowsKeys > 0 && windowsKeys !== 5) bad.push('the Windows key is tapped five times or not')
  if (count(burst, 'ENTER') > 0 && ENTER_AT[place] !== burst.guard)
    bad.push('Enter under the guard of another place')
  // Space presses the button that holds the focus, as Enter does: it may only select in the list.
  if (count(burst, 'SPACE') > 0 && place !== 'options')
    bad.push('Space presses what holds the focus; it belongs to the options alone')
  const space = burst.taps.findIndex((tap) => tap.key === 'SPACE')
  if (count(burst, 'SPACE') > 1 || burst.taps.slice(0, Math.max(space, 0)).some(isTab))
    bad.push('Space comes once and before any Tab')
  // Reset is the last entry: two steps down, or one up from the first, may stand on it.
  if (count(burst, 'DOWN') > 1) bad.push('more than one Down without a look between')
  if (place === 'options' && count(burst, 'UP') > 0) bad.push('Up may lead round to Reset')
  return bad
}
const isTab = (tap: Tap): boolean => tap.key === 'TAB'

const HARMLESS: readonly KeyName[] = ['F15', 'SCROLLLOCK']
