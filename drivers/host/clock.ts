// The only place that reads the time or arms a timer, so that all else runs on a clock that tests can step or speed up.
import type { Clock, InstantMs } from '../../agent/ports.ts'

/** Node turns a longer delay into 1 ms, so a long one is armed in pieces (2^31 - 1 ms is 24.8 days). */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Where a clock takes its two times from; `rate` says how many clock ms pass in one real ms. */
interface Reading {
  readonly now: () => InstantMs
  readonly mono: () => number
  readonly rate: number
}

function clockOf({ now, mono, rate }: Reading): Clock {
  const after = (ms: number, fn: () => void): (() => void) => {
    // Timers of the run time may fire up to 1 ms early; against `due` a wait is never shorter than asked.
    const due = mono() + (Number.isNaN(ms) ? 0 : Math.max(ms, 0))
    let timer: NodeJS.Timeout
    const arm = () => {
      const realMs = Math.ceil((due - mono()) / rate)
      timer = setTimeout(fire, Math.min(Math.max(realMs, 0), LONGEST_TIMER_MS))
    }
    const fire = () => {
      if (mono() < due) arm()
      else fn()
    }
    arm()
    return () => clearTimeout(timer)
  }
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const onAbort = () => {
        cancel()
        resolve()
      }
      const cancel = after(ms, () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      })
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  return { now, mono, sleep, after, rate }
}

/** The clock of the PC: UTC by the kernel's wall clock, waits by its monotonic one. */
export const systemClock = (): Clock =>
  clockOf({ now: () => Date.now(), mono: () => performance.now(), rate: 1 })

/**
 * A clock for a virtual bench: it starts at `start` (UTC ms) and its ms pass `rate` times as fast as real ones. Its wall
 * clock hangs on the monotonic one, so setting the clock of the PC does not move it.
 * @throws RangeError for a rate that is not a finite number above 0
 */
export function scaledClock(rate: number, start: InstantMs): Clock {
  if (!(rate > 0 && Number.isFinite(rate)))
    throw new RangeError(`clock rate ${rate} is not above 0`)
  const origin = performance.now()
  const mono = () => (performance.now() - origin) * rate
  return clockOf({ now: () => Math.floor(start + mono()), mono, rate })
}
