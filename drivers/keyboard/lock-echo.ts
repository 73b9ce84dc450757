// Proves that a keyboard driver lives on the device: a lock key is pressed twice and its LED must follow, twice.
import { readFileSync, rmSync } from 'node:fs'
import { mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Clock, PlayAnswer } from '../../agent/ports.ts'

export type LockKey = 'scroll' | 'num' | 'caps'

/** Usage (HID usage tables, page 07) and LED bit of each lock key. */
export const LOCK_KEYS: Readonly<
  Record<LockKey, { readonly usage: number; readonly led: number }>
> = {
  num: { usage: 0x53, led: 0x01 },
  caps: { usage: 0x39, led: 0x02 },
  scroll: { usage: 0x47, led: 0x04 },
}

export interface EchoTimes {
  /** Key down, ms: short, as Num Lock held for 5 s wakes Toggle Keys. */
  readonly holdMs: number
  /** Least time from one press to the next, ms: two quick taps switch many KVM boxes (facts/hardware §3.1, i). */
  readonly gapMs: number
  /** How long an LED may take to follow, ms. */
  readonly ledWaitMs: number
  /** How long after a press a slow driver may still turn an LED: nothing is restored before, ms. */
  readonly settleMs: number
  /** Pause between two looks at the LEDs, ms. */
  readonly ledPollMs: number
}

export interface EchoKeyboard {
  readonly clock: Clock
  /** Presses and releases; true when the chip took both. */
  tap(usage: number, holdMs: number, signal: AbortSignal): Promise<boolean>
  /** The LEDs now; null when the device has not enumerated the keyboard or the chip does not tell. */
  leds(): Promise<number | null>
  /** True: LEDs become known only when the device sets them, so null may also mean "not told yet". */
  readonly tellsOnlyChanges?: boolean
}

const NEVER = new AbortController().signal

/**
 * Presses the key twice and answers. The LED found first is noted before (where it is not known yet: after the first
 * press told it); the note goes when the LED followed twice and stays otherwise, for `restore` to look at when all is quiet.
 */
export async function lockEcho(
  keyboard: EchoKeyboard,
  key: LockKey,
  times: EchoTimes,
  note: LedNote,
  signal: AbortSignal,
): Promise<PlayAnswer> {
  const { led } = LOCK_KEYS[key]
  const before = await keyboard.leds()
  const isBlind = before === null && keyboard.tellsOnlyChanges === true
  if ((before === null && !isBlind) || signal.aborted) return { proof: 'unknown', echo: false }
  const keep = (found: boolean) => note.keep({ key, found, at: keyboard.clock.now() })
  let found = before === null ? null : (before & led) !== 0
  if (found !== null) await keep(found)
  const first = await press(keyboard, key, found === null ? null : !found, times, signal)
  if (found === null && first.leds !== null) {
    found = (first.leds & led) === 0
    await keep(found)
  }
  // A driver that was late with the first one needs the second all the same: two presses restore by themselves.
  const second = first.took
    ? await press(keyboard, key, found, times, signal)
    : { took: false, leds: null }
  const followed = first.leds !== null && second.leds !== null
  if (followed) note.drop()
  if (signal.aborted || !first.took || !second.took) return { proof: 'unknown', echo: false }
  return { proof: 'accepted', echo: followed }
}

/** One press, spaced from the next; `leds` when the LED became as wanted (null: was told at all), else null. */
async function press(
  keyboard: EchoKeyboard,
  key: LockKey,
  wanted: boolean | null,
  times: EchoTimes,
  signal: AbortSignal,
): Promise<{ took: boolean; leds: number | null }> {
  const { usage, led } = LOCK_KEYS[key]
  const from = keyboard.clock.mono()
  const took = await keyboard.tap(usage, times.holdMs, signal)
  // Without a look an LED that was not known could not be restored: even an abort waits for it.
  const cut = wanted === null ? NEVER : signal
  const leds = took ? await follows(keyboard, led, wanted, times, cut) : null
  await keyboard.clock.sleep(times.gapMs - (keyboard.clock.mono() - from), signal)
  return { took, leds }
}

async function follows(
  keyboard: EchoKeyboard,
  led: number,
  wanted: boolean | null,
  times: EchoTimes,
  signal: AbortSignal,
): Promise<number | null> {
  const until = keyboard.clock.mono() + times.ledWaitMs
  while (!signal.aborted) {
    const leds = await keyboard.leds()
    if (leds !== null && (wanted === null || ((leds & led) !== 0) === wanted)) return leds
    if (keyboard.clock.mono() >= until) return null
    await keyboard.clock.sleep(times.ledPollMs, signal)
  }
  return null
}

/** Presses the key until its LED is as noted, twice at most; true when it is, or has become so. */
export async function restore(
  keyboard: EchoKeyboard,
  noted: Noted,
  times: EchoTimes,
  signal: AbortSignal,
): Promise<boolean> {
  const { usage, led } = LOCK_KEYS[noted.key]
  const isRight = (leds: number) => ((leds & led) !== 0) === noted.found
  let leds = await keyboard.leds()
  if (leds === null && keyboard.tellsOnlyChanges === true) {
    // Not told yet: one press makes the device tell.
    if (!(await keyboard.tap(usage, times.holdMs, signal))) return false
    leds = await follows(keyboard, led, null, times, signal)
  }
  if (leds === null) return false
  if (isRight(leds)) return true
  if (!(await keyboard.tap(usage, times.holdMs, signal))) return false
  return (await follows(keyboard, led, noted.found, times, signal)) !== null
}

/** The LED as it was before an echo. */
export interface Noted {
  readonly key: LockKey
  readonly found: boolean
  readonly at: number
}

/** A note on disk of the LED found before an echo, so that a crash between the two presses leaves no trace. */
export class LedNote {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  async keep(noted: Noted): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true })
    const file = await open(`${this.#path}.new`, 'w')
    try {
      await file.writeFile(JSON.stringify(noted))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(`${this.#path}.new`, this.#path)
  }

  drop(): void {
    rmSync(this.#path, { force: true })
  }

  /** The note of an echo that did not end; null when there is none, or it cannot be read. */
  read(): Noted | null {
    try {
      const noted = JSON.parse(readFileSync(this.#path, 'utf8')) as Partial<Noted>
      const { key, found, at } = noted
      if (key === undefined || !(key in LOCK_KEYS)) return null
      return typeof found === 'boolean' && typeof at === 'number' ? { key, found, at } : null
    } catch {
      return null
    }
  }
}
