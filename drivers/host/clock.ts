// The only place that reads the time or arms a timer, so that all else runs on a clock that tests can step or speed up.
import type { Clock, InstantMs } from '../../agent/ports.ts'

/** Node turns a longer delay into 1 ms, so a long one is armed in pieces (2^31 - 1 ms is 24.8 days). */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Timers of the run time count whole ms and wake up to one late, and a little more: one is armed that much early. */
const TIMER_LATE_MS = 1.2
/** The thread sleeps so long at most before the event loop has its next turn: the kernel wakes it to some 0.06 ms. */
const NAP_MS = 0.15
/** Where it sleeps; nobody ever wakes it. */
const BED = new Int32Array(new SharedArrayBuffer(4))

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

/** The clock of the PC: UTC by the kernel's wall clock, waits by its monotonic one; it alone keeps exact moments. */
export const systemClock = (): Clock => {
  const clock = clockOf({ now: () => Date.now(), mono: () => performance.now(), rate: 1 })
  return { ...clock, until: (at, signal) => exactly(clock, at, signal) }
}

/** Waits for a moment that is near or over; one list for all, so that many waits at once cost no more than one. */
const near = new Map<() => void, number>()
let isTurning = false

/**
 * A timer to just before the moment, then turns of the event loop with naps between them: never early, late by the time
 * the kernel takes to wake a thread. 24 bays that tap at once cost 5 % of a core (spinning: 12 %).
 */
function exactly({ mono }: Clock, at: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    let timer: NodeJS.Timeout | undefined
    const end = () => {
      clearTimeout(timer)
      near.delete(end)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const watch = () => {
      const wholeMs = Math.floor(at - mono() - TIMER_LATE_MS)
      if (wholeMs >= 1) {
        timer = setTimeout(watch, Math.min(wholeMs, LONGEST_TIMER_MS))
        return
      }
      near.set(end, Number.isNaN(at) ? 0 : at)
      if (!isTurning) setImmediate(turn)
      isTurning = true
    }
    watch()
    signal?.addEventListener('abort', end, { once: true })
  })
}

function turn(): void {
  const wait = Math.min(...near.values()) - performance.now()
  if (near.size > 0 && wait > 0) Atomics.wait(BED, 0, 0, Math.min(wait, NAP_MS))
  const now = performance.now()
  for (const [end, at] of near) if (at <= now) end()
  isTurning = near.size > 0
  if (isTurning) setImmediate(turn)
}

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
