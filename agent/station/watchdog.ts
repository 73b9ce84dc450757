// Feeds the service manager's watchdog only while the parts that carry a run still answer.
import type { Log } from '../log.ts'
import type { Clock } from '../ports.ts'

/** What must answer for the station to count as alive. Any answer will do: a full disk answers too, with a fault. */
export interface Pulse {
  readonly part: string
  readonly answers: () => Promise<unknown>
}

export interface WatchdogNeeds {
  readonly clock: Clock
  readonly log: Log
  readonly pulses: readonly Pulse[]
  /** Silence after which the service manager acts, ms. */
  readonly watchdogMs: number
  readonly feed: () => Promise<string | null>
}

/** A part that does not answer for so long holds up the whole bench, ms. */
const ANSWER_MS = 5000
/** Fed three times in the time that the service manager allows, so that one lost datagram ends nothing. */
const FEEDS = 3

/** Asks all parts and feeds, again and again until the signal aborts. A part that is silent is named in the log. */
export async function keepFed(needs: WatchdogNeeds, signal: AbortSignal): Promise<void> {
  const { clock, log, watchdogMs, feed } = needs
  let why: string | null = null
  while (!signal.aborted) {
    const silent = await silentParts(needs)
    if (silent.length > 0) log.error('parts of the station do not answer', { parts: silent })
    else {
      const failed = await feed()
      // Said once for each reason: every ten seconds would bury the log.
      if (failed !== null && failed !== why) log.warn('the watchdog could not be fed', { failed })
      why = failed
    }
    await clock.sleep(watchdogMs / FEEDS, signal)
  }
}

async function silentParts({ clock, pulses }: WatchdogNeeds): Promise<readonly string[]> {
  const asked = pulses.map(async ({ part, answers }) =>
    (await inTime(clock, answers)) ? [] : part,
  )
  return (await Promise.all(asked)).flat()
}

/** True when it answered in time, be it with a fault. */
function inTime(clock: Clock, answers: () => Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const cancel = clock.after(ANSWER_MS, () => resolve(false))
  const answered = () => {
    cancel()
    resolve(true)
  }
  answers().then(answered, answered)
  return promise
}
