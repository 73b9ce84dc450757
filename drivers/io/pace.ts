// The pauses of key bursts, to a fraction of a ms: how long a key is held is what a device's driver may count on.
import type { Clock } from '../../agent/ports.ts'

/**
 * Resolves `ms` after the moment `from` of the clock's `mono()`, or at once when `signal` aborts; never rejects.
 *
 * What it promises: never early; on the PC's own clock late by some 0.1 ms (p99 below 1 ms on a machine with a core to
 * spare), whatever the length. A clock without exact moments sleeps instead, so that a virtual one never spins.
 *
 * `from` is the moment at which the report before was taken (its answer came, or the kernel took the write): then no
 * device sees a hold or gap shorter than its script says. It also means that what the wire and the chip take longer
 * moves the rest of the burst; a grid fixed at the burst's start would make it up by shortening the next hold.
 */
export function pauseFrom(
  clock: Clock,
  from: number,
  ms: number,
  signal?: AbortSignal,
): Promise<void> {
  const at = from + ms
  return clock.until?.(at, signal) ?? clock.sleep(at - clock.mono(), signal)
}
