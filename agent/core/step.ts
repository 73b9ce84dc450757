// The heart: one pure, total function from a bay's state and one input to its next state and what is to be done.
import type { Fact, Input } from './facts.ts'
import { admit } from './flow/admit.ts'
import { onEntering, onMoving, onSelecting } from './flow/choosing.ts'
import { common, minded } from './flow/common.ts'
import { Step } from './flow/context.ts'
import { onHold, onKeyless } from './flow/detours.ts'
import { onResealing, onSucceeding } from './flow/green.ts'
import { onAlarm, onBack, onClosed, onDone, onEmpty, onPresent, onSettling } from './flow/idle.ts'
import { onLocate } from './flow/locating.ts'
import { onDarkAsk, onOffProof } from './flow/off-proof.ts'
import { onIdentify, onPreCheck, onWiring } from './flow/opening.ts'
import { onProvisioning, onRestarting } from './flow/provisioning.ts'
import { onFailing, onResetting, onRetryConfirm, onRetrying, onRetryWait } from './flow/red.ts'
import { onAccepting, onLanding, onRefreshing, onReviewing } from './flow/reviewing.ts'
import { sense } from './flow/sense.ts'
import { shiftTimes } from './flow/shift-times.ts'
import { onEcho, onSummon } from './flow/summoning.ts'
import { onClosing } from './flow/taking-back.ts'
import type { Output } from './output.ts'
import type { Rules } from './rules.ts'
import type { BayState, LimitName, PhaseName } from './state.ts'

type Handler = (c: Step, fact: Fact) => void
const stay: Handler = () => {}

/** One handler per named state, in one file per group of states; the type sees to it that none is missing. */
const HANDLERS: Readonly<Record<PhaseName, Handler>> = {
  empty: onEmpty,
  settling: onSettling,
  present: onPresent,
  closed: onClosed,
  done: onDone,
  back: onBack,
  alarm: onAlarm,
  // Both end by "in service" alone, which every state takes alike.
  out: stay,
  faulted: stay,
  identify: onIdentify,
  wiring: onWiring,
  precheck: onPreCheck,
  echo: onEcho,
  summon: onSummon,
  moving: onMoving,
  selecting: onSelecting,
  entering: onEntering,
  landing: onLanding,
  reviewing: onReviewing,
  refreshing: onRefreshing,
  accepting: onAccepting,
  provisioning: onProvisioning,
  restarting: onRestarting,
  succeeding: onSucceeding,
  resealing: onResealing,
  offproof: onOffProof,
  'dark-ask': onDarkAsk,
  failing: onFailing,
  'retry-wait': onRetryWait,
  'retry-confirm': onRetryConfirm,
  retrying: onRetrying,
  resetting: onResetting,
  keyless: onKeyless,
  locate: onLocate,
  hold: onHold,
  closing: onClosing,
}

/**
 * The next state of a bay after one input, the edges to act on, a record when the run closed, and what the world is told.
 * Pure and total: any input in any state gives an output, nothing is read or written, no clock.
 */
export function step(rules: Rules, state: BayState, input: Input): Output {
  const { fact } = input
  // The clock may have been set back while the agent was down: all waits go back with it.
  const setBack = fact.kind === 'restarted' ? Math.min(0, input.at - state.at) : 0
  const c = new Step(rules, state, input, fact.kind === 'clock-jumped' ? fact.byMs : setBack)
  if (setBack < 0) shiftTimes(c, setBack)
  sense(c, fact)
  if (admit(c, fact)) {
    if (!common(c, fact)) HANDLERS[c.phase.at](c, fact)
    minded(c)
    if (fact.kind === 'timer') dropDue(c)
    limited(c)
    c.settle()
  }
  return c.output()
}

/** A due limit that nobody took is spent: a timer must never fire for it again. */
function dropDue(c: Step): void {
  for (const name of Object.keys(c.s.limits) as LimitName[]) {
    const limit = c.s.limits[name]
    if (limit !== undefined && limit <= c.at && c.before.limits[name] === limit) c.limit(name, null)
  }
}

/** An open run always has a limit of its own; the lamp test is none. */
function limited(c: Step): void {
  if (c.s.run === null) return
  for (const name in c.s.limits) if (name !== 'test') return
  c.limit('hold', c.at + c.rules.limits.holdMs)
}
