// Books where the time of a run went, so that operator wait and machine wait always add up to its duration.
import type { InstantMs } from '../ids.ts'
import type { BayState, RunState } from '../state.ts'
import { stepName } from './steps.ts'

/** What changes in the run when its time up to `at` is booked to the step, and to the person if a loud question was open. */
export function bookWaits(
  run: RunState,
  now: Pick<BayState, 'phase' | 'prompt'>,
  at: InstantMs,
): Partial<RunState> | null {
  const spent = at - run.bookedAt
  if (spent <= 0) return null
  const step = stepName(now.phase)
  const person = now.prompt?.loud === true
  return {
    bookedAt: at,
    durations: { ...run.durations, [step]: (run.durations[step] ?? 0) + spent },
    operatorWaitMs: run.operatorWaitMs + (person ? spent : 0),
    machineWaitMs: run.machineWaitMs + (person ? 0 : spent),
  }
}
