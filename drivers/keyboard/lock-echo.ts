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
}

/**
 * Presses the key twice and answers. The LED found first is noted before; the note goes when the LED followed twice and
 * stays otherwise, for `restore` to look at when all is quiet.
 */
export async function lockEcho(
  keyboard: EchoKeyboard,
  key: LockKey,
  times: EchoTimes,
  note: LedNote,
  signal: AbortSignal,
): Promise<PlayAnswer> {
  const { usage, led } = LOCK_KEYS[key]
  const before = await keyboard.leds()
  if (before === null || signal.aborted) return { proof: 'unknown', echo: false }
  const found = (before & led) !== 0
  await note.keep({ key, found, at: keyboard.clock.now() })
  const press = async (wanted: boolean): Promise<{ took: boolean; followed: boolean }> => {
    const from = keyboard.clock.mono()
    const took = await keyboard.tap(usage, times.holdMs, signal)
    const followed = took && (await follows(keyboard, led, wanted, times, signal))
    await keyboard.clock.sleep(times.gapMs - (keyboard.clock.mono() - from), signal)
    return { took, followed }
  }
  const first = await press(!found)
  // A driver that was late with the first one needs the second all the same: two presses restore by themselves.
  const second = first.took ? await press(found) : { took: false, followed: false }
  if (first.followed && second.followed) note.drop()
  if (signal.aborted || !first.took || !second.took) return { proof: 'unknown', echo: false }
  return { proof: 'accepted', echo: first.followed && second.followed }
}

async function follows(
  keyboard: EchoKeyboard,
  led: number,
  wanted: boolean,
  times: EchoTimes,
  signal: AbortSignal,
): Promise<boolean> {
  const until = keyboard.clock.mono() + times.ledWaitMs
  while (!signal.aborted) {
    const leds = await keyboard.leds()
    if (leds !== null && ((leds & led) !== 0) === wanted) return true
    if (keyboard.clock.mono() >= until) return false
    await keyboard.clock.sleep(times.ledPollMs, signal)
  }
  return false
}

/** Presses the key once if its LED is not as noted; true when it is, or has become so. */
export async function restore(
  keyboard: EchoKeyboard,
  noted: Noted,
  times: EchoTimes,
  signal: AbortSignal,
): Promise<boolean> {
  const { usage, led } = LOCK_KEYS[noted.key]
  const leds = await keyboard.leds()
  if (leds === null) return false
  if (((leds & led) !== 0) === noted.found) return true
  if (!(await keyboard.tap(usage, times.holdMs, signal))) return false
  return follows(keyboard, led, noted.found, times, signal)
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
