// The heart: one pure, total function from a bay's state and one input to its next state and what is to be done.
import type { ActionFact, AnsweredFact, Fact, Input } from './facts.ts'
import { onEntering, onMoving, onSelecting } from './flow/choosing.ts'
import { closeByWord, closeNow } from './flow/closing.ts'
import { Step } from './flow/context.ts'
import { onClosing, onHold, onKeyless } from './flow/detours.ts'
import { onResealing, onSucceeding } from './flow/green.ts'
import {
  onAlarm,
  onBack,
  onClosed,
  onDone,
  onEmpty,
  onOut,
  onPresent,
  onSettling,
  toIdle,
  watchRemoval,
} from './flow/idle.ts'
import { onLocate, pictured } from './flow/locating.ts'
import { askDark, onDarkAsk, onOffProof } from './flow/off-proof.ts'
import { hold, onIdentify, onPreCheck, onWiring } from './flow/opening.ts'
import { beginRestarting, onProvisioning, onRestarting } from './flow/provisioning.ts'
import { onFailing, onResetting, onRetryConfirm, onRetrying, onRetryWait } from './flow/red.ts'
import { onRestarted } from './flow/restart.ts'
import { afterNudge, onAccepting, onLanding, onRefreshing, onReviewing } from './flow/reviewing.ts'
import { shiftTimes } from './flow/shift-times.ts'
import { onEcho, onSummon } from './flow/summoning.ts'
import type { Output } from './output.ts'
import { promptOf } from './prompts.ts'
import type { Rules } from './rules.ts'
import type { BayState, LimitName, Phase, RestartFrom } from './state.ts'

interface Before {
  readonly link: string
  readonly speed: number | null
  readonly enumerated: boolean | null
}

/**
 * The next state of a bay after one input, the edges to act on, a record when the run closed, and what the world is told.
 * Pure and total: any input in any state gives an output, nothing is read or written, no clock.
 */
export function step(rules: Rules, state: BayState, input: Input): Output {
  const c = new Step(rules, state, input)
  const { fact } = input
  const before: Before = {
    link: state.wire.link,
    speed: state.wire.speed,
    enumerated: state.keyboard.enumerated,
  }
  sense(c, fact)
  if (admit(c, state, fact)) {
    if (!common(c, fact)) dispatch(c, fact, before)
    minded(c)
  }
  if (fact.kind === 'timer') dropDue(c, state.limits)
  if (c.s.run !== null && Object.keys(c.s.limits).length === 0)
    c.limit('hold', c.at + rules.limits.holdMs)
  return c.output()
}

/** Takes what the parts say into the bay's live knowledge. */
function sense(c: Step, fact: Fact): void {
  if (fact.kind === 'link') {
    const link = fact.link === 'up' ? 'up' : fact.link === 'back' ? c.s.wire.link : 'down'
    const same = link === c.s.wire.link && (fact.speed ?? null) === c.s.wire.speed && link === 'up'
    c.s.wire = {
      link,
      since: same ? c.s.wire.since : c.at,
      speed: link === 'up' ? (fact.speed ?? null) : null,
      downs: fact.downs ?? c.s.wire.downs,
      present: fact.link !== 'gone',
      mac: link === 'up' ? c.s.wire.mac : null,
    }
  } else if (fact.kind === 'mac') c.s.wire = { ...c.s.wire, mac: fact.mac }
  else if (fact.kind === 'keyboard')
    c.s.keyboard = { enumerated: fact.enumerated, health: fact.health, since: c.at }
}

/** Whether the input is meant for what the bay does now; late and foreign answers are journalled and change nothing. */
function admit(c: Step, state: BayState, fact: Fact): boolean {
  switch (fact.kind) {
    case 'answered':
      c.taken = taking(c, state, fact)
      if (c.taken !== 'taken') return false
      c.s.answered = { prompt: fact.prompt, answer: fact.answer }
      return true
    case 'undo':
      c.taken = state.phase.at === 'closing' ? 'taken' : 'stale'
      if (c.taken === 'taken') c.s.answered = null
      return c.taken === 'taken'
    case 'played':
      if (state.play?.play !== fact.play) return false
      c.endPlay(fact.proof)
      return true
    case 'looked':
      return state.look?.id === fact.look && fact.seenAt >= state.look.since
    default:
      return true
  }
}

function taking(c: Step, state: BayState, fact: AnsweredFact): NonNullable<Output['taken']> {
  if (state.answered?.prompt === fact.prompt)
    return state.answered.answer === fact.answer ? 'same' : 'refused'
  const prompt = promptOf(state, c.rules)
  if (prompt === null || prompt.id !== fact.prompt) return 'stale'
  return prompt.choices.some((choice) => choice.answer === fact.answer) ? 'taken' : 'refused'
}

/** What every state does alike. True when nothing is left for the state itself. */
function common(c: Step, fact: Fact): boolean {
  switch (fact.kind) {
    case 'clock-jumped':
      shiftTimes(c, fact.byMs)
      return true
    case 'restarted':
      onRestarted(c, fact)
      return c.s.run !== null
    case 'poisoned':
      if (c.s.run !== null)
        closeNow(c, 'error', { code: fact.fault, note: fact.detail.slice(0, 200) })
      c.go({ at: 'faulted', fault: fact.fault }, fact.detail.slice(0, 200))
      return true
    case 'answered':
      return c.s.run !== null && pictured(c, fact.answer)
    case 'action':
      return act(c, fact)
    case 'tpm':
      if (c.s.run === null) return true
      c.note({ tpm: { station: fact.station, windows: fact.windows, checks: fact.checks } })
      c.see('tpm', 'tpm', `${fact.station}/${fact.windows}`)
      return true
    case 'sign':
      c.see(fact.evidence.kind, fact.evidence.source, fact.evidence.ref)
      return c.s.run !== null
    case 'mac':
      return swapped(c, fact.mac)
    case 'timer':
      return overdue(c)
    default:
      return false
  }
}

/** The MAC of a device-owned adapter names the device: another one inside a run is a swap. */
function swapped(c: Step, mac: string): boolean {
  const run = c.s.run
  if (run === null || c.rules.traits.adapter !== 'device') return false
  if (run.mac === null) {
    c.note({ mac })
    c.see('mac', 'wire', mac)
  } else if (
    run.mac !== mac &&
    c.phase.at !== 'offproof' &&
    c.phase.at !== 'dark-ask' &&
    c.phase.at !== 'hold' &&
    c.phase.at !== 'closing'
  ) {
    c.see('other-mac', 'wire', mac)
    hold(c, 'swapped', 'MAC')
    return true
  }
  return false
}

/** Limits that every state shares: a stuck play, the hold limit, the lamp test. */
function overdue(c: Step): boolean {
  if (c.due('test')) {
    c.s.testUntil = null
    c.limit('test', null)
  }
  if (c.s.play !== null && c.due('play')) {
    if (!c.s.play.cancelled) {
      c.cancelPlay()
      c.limit('play', c.at + STUCK_MS)
      return true
    }
    c.endPlay('unknown')
    c.see('keyboard-stuck', 'keyboard', 'STATION_KEYBOARD_STUCK')
    c.keyless(c.phase.at === 'echo' || c.phase.at === 'summon' ? 'summon' : 'locate')
    return true
  }
  if (c.s.run !== null && c.due('hold')) {
    closeNow(c, 'timeout', { code: 'DEVICE_SLOW', note: `Nobody acted in ${c.phase.at}` })
    watchRemoval(c)
    return true
  }
  return false
}
/** How long a cancelled play may take to end (architecture: engine rule 2 gives it 1 s; the answer needs a commit). */
const STUCK_MS = 2000

function act(c: Step, fact: ActionFact): boolean {
  const open = c.s.run !== null
  c.taken = 'taken'
  switch (fact.action) {
    case 'lamp-test':
      c.s.testUntil = c.at + LAMP_TEST_MS
      c.limit('test', c.s.testUntil)
      return true
    case 'abort':
      if (!open) c.taken = 'refused'
      else if (c.phase.at !== 'closing')
        closeByWord(c, 'aborted', { code: 'OPERATOR_ABORTED', note: fact.by })
      return true
    case 'out-of-service':
      if (open) closeByWord(c, 'aborted', { code: 'OPERATOR_ABORTED', note: fact.by, out: true })
      else c.go({ at: 'out' }, `closed by ${fact.by}`)
      return true
    case 'in-service':
      if (c.phase.at === 'out' || c.phase.at === 'faulted') toIdle(c, `in service by ${fact.by}`)
      else c.taken = 'refused'
      return true
    case 'removed':
      if (!open) return false
      removed(c)
      return true
    default:
      c.taken = takes(c.phase, fact.action) ? 'taken' : 'refused'
      return c.taken === 'refused'
  }
}
/** One second for each of the signals (shared signals page: lamp test). */
const LAMP_TEST_MS = 10_000

const takes = (phase: Phase, action: ActionFact['action']): boolean =>
  (action === 'retry' && phase.at === 'closed') ||
  (action === 'seen' && phase.at === 'alarm') ||
  (action === 'look' && phase.at === 'provisioning') ||
  (action === 'powered' && (phase.at === 'empty' || phase.at === 'present'))

/** "Taken out" in the middle of a run. */
function removed(c: Step): void {
  if (c.phase.at === 'offproof') askDark(c, 'removal-sign')
  else if (c.phase.at === 'resetting') closeByWord(c, 'failed', { code: 'DEVICE_RESET' })
  else if (c.phase.at !== 'closing' && c.phase.at !== 'dark-ask')
    closeByWord(c, 'interrupted', { code: 'OPERATOR_REMOVED' })
}

/** What must hold after any input: a link that a state needs, and a closed bay that watches for removal. */
function minded(c: Step): void {
  const from = c.s.run === null || c.s.wire.link !== 'down' ? null : needsLink(c.phase)
  if (from !== null) beginRestarting(c, from)
}

/** Where a run goes on when the link went down in a state; null where the state minds the link itself or waits for its Enter. */
function needsLink(phase: Phase): RestartFrom | null {
  switch (phase.at) {
    case 'precheck':
      return 'precheck'
    case 'echo':
    case 'summon':
      return 'summon'
    case 'moving':
    case 'selecting':
    case 'landing':
    case 'reviewing':
    case 'locate':
    case 'succeeding':
    case 'failing':
    case 'retry-wait':
    case 'retry-confirm':
    case 'keyless':
      return 'locate'
    case 'provisioning':
      return 'provisioning'
    default:
      return null
  }
}

/** A due limit that nobody took is spent: a timer must never fire for it again. */
function dropDue(c: Step, before: BayState['limits']): void {
  for (const name of Object.keys(c.s.limits) as LimitName[]) {
    const limit = c.s.limits[name]
    if (limit !== undefined && limit <= c.at && before[name] === limit) c.limit(name, null)
  }
}

function dispatch(c: Step, fact: Fact, before: Before): void {
  switch (c.phase.at) {
    case 'empty':
      return onEmpty(c, fact)
    case 'settling':
      return onSettling(c, fact)
    case 'present':
      return onPresent(c, fact)
    case 'closed':
      return onClosed(c, fact)
    case 'done':
      return onDone(c, fact, before)
    case 'back':
      return onBack(c, fact)
    case 'alarm':
      return onAlarm(c, fact)
    case 'out':
    case 'faulted':
      return onOut(c, fact)
    case 'identify':
      return onIdentify(c, fact)
    case 'wiring':
      return onWiring(c, fact)
    case 'precheck':
      return onPreCheck(c, fact)
    case 'echo':
      return onEcho(c, fact)
    case 'summon':
      return onSummon(c, fact)
    case 'moving':
      return onMoving(c, fact)
    case 'selecting':
      return onSelecting(c, fact)
    case 'entering':
      return onEntering(c, fact)
    case 'landing':
      return onLanding(c, fact)
    case 'reviewing':
      return fact.kind === 'played' ? afterNudge(c, fact) : onReviewing(c, fact)
    case 'refreshing':
      return onRefreshing(c, fact)
    case 'accepting':
      return onAccepting(c, fact)
    case 'provisioning':
      return onProvisioning(c, fact)
    case 'restarting':
      return onRestarting(c, fact)
    case 'succeeding':
      return onSucceeding(c, fact)
    case 'resealing':
      return onResealing(c, fact)
    case 'offproof':
      return onOffProof(c, fact)
    case 'dark-ask':
      return onDarkAsk(c, fact)
    case 'failing':
      return onFailing(c, fact)
    case 'retry-wait':
      return onRetryWait(c, fact)
    case 'retry-confirm':
      return onRetryConfirm(c, fact)
    case 'retrying':
      return onRetrying(c, fact)
    case 'resetting':
      return onResetting(c, fact)
    case 'keyless':
      return onKeyless(c, fact)
    case 'locate':
      return onLocate(c, fact)
    case 'hold':
      return onHold(c, fact)
    case 'closing':
      return onClosing(c, fact)
    default:
      return unreachable(c.phase)
  }
}

const unreachable = (phase: never): never => {
  throw new Error(`no such phase: ${JSON.stringify(phase)}`)
}
