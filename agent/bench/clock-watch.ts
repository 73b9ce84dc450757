// Notices that the wall clock was set: it is compared with the monotonic one, and the bays' waits move with it.
import type { Clock } from '../ports.ts'

/** A step of the wall clock that counts; NTP slews smaller ones away. */
export const JUMP_MIN_MS = 2000
const EVERY_MS = 5000

/** Calls `jumped` with the step in ms until the signal aborts. */
export async function watchClock(
  clock: Clock,
  jumped: (byMs: number) => void,
  signal: AbortSignal,
): Promise<void> {
  let offset = clock.now() - clock.mono()
  while (!signal.aborted) {
    await clock.sleep(EVERY_MS * clock.rate, signal)
    const now = clock.now() - clock.mono()
    if (Math.abs(now - offset) >= JUMP_MIN_MS * clock.rate) jumped(Math.round(now - offset))
    offset = now
  }
}
