// A clock that knows how many timers wait: what is left after everything was closed is a leak.
import type { Clock } from '../../agent/ports.ts'

export interface CountedClock extends Clock {
  /** Timers and sleeps that have neither fired nor been cancelled. */
  readonly waiting: number
}

export function countedClock(clock: Clock): CountedClock {
  const waiting = new Set<object>()
  const after = (ms: number, fn: () => void): (() => void) => {
    const timer = {}
    waiting.add(timer)
    const cancel = clock.after(ms, () => {
      waiting.delete(timer)
      fn()
    })
    return () => {
      waiting.delete(timer)
      cancel()
    }
  }
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const end = (): void => {
        cancel()
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const cancel = after(ms, end)
      signal?.addEventListener('abort', end, { once: true })
    })
  return {
    now: () => clock.now(),
    mono: () => clock.mono(),
    rate: clock.rate,
    after,
    sleep,
    get waiting() {
      return waiting.size
    },
  }
}
