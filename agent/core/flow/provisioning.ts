// The long wait: progress, expected restarts, stall and the limit; then green or red, seen or said.
import { isReported } from '../evidence.ts'
import type { AnsweredFact, Fact, LookedFact, QrScannedFact } from '../facts.ts'
import { qrResultIn, ztdIdIn } from '../qr.ts'
import type { Phase, RestartFrom } from '../state.ts'
import { afterActivity } from '../tpm/flow-line.ts'
import { closeNow } from './closing.ts'
import type { Step } from './context.ts'
import { beginResealing, beginSucceeding } from './green.ts'
import { routePage } from './locating.ts'
import { hold, preCheck } from './opening.ts'
import { beginFailing, followReset } from './red.ts'
import { takeZtdId } from './reviewing.ts'
import { beginKeys } from './summoning.ts'

type Provisioning = Extract<Phase, { at: 'provisioning' }>

/** Enters or re-enters the wait; the limit runs from its first moment (or from the last Retry). */
export function beginProvisioning(c: Step, why: string): void {
  const { limits } = c.rules
  const pageMs = c.run.order?.pageTimeoutMs ?? limits.pageTimeoutDefaultMs
  const from = c.run.provisionFrom ?? c.at
  const by = c.run.provisionBy ?? c.at + pageMs + limits.provisionExtraMs
  const { estimate } = c.input
  const isStart = c.run.provisionFrom === null && estimate !== undefined
  c.note({ provisionFrom: from, provisionBy: by, ...(isStart ? { estimate } : {}) })
  c.go({ at: 'provisioning', asked: false, activity: null, movedAt: c.at }, why, waits(c, c.at))
}

/** Next was pressed: the limit runs from here, whatever was tried before. */
export function startProvisioning(c: Step, why: string): void {
  c.note({ provisionFrom: null, provisionBy: null, enters: 0 })
  beginProvisioning(c, why)
  // Nobody waits now: was the driver there to take that Enter?
  c.echoAfter()
}

function waits(c: Step, movedAt: number): Record<string, number> {
  const { limits, traits } = c.rules
  const from = c.run.provisionFrom ?? c.at
  const askAt = Math.max(c.at + 1000, from + limits.askResultAfterMs)
  return {
    provision: c.run.provisionBy ?? c.at,
    ...(c.assisted ? { ask: askAt } : { stall: movedAt + limits.stallMs }),
    ...(traits.keepAwake && !c.byHand ? { awake: c.at + limits.keepAwakeEveryMs } : {}),
  }
}

export function onProvisioning(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'provisioning') return
  switch (fact.kind) {
    case 'timer':
      onWait(c, phase)
      return
    case 'answered':
      onResultAnswer(c, fact, phase)
      return
    case 'qr':
      onResultQr(c, fact, phase)
      return
    case 'looked':
      onProgressLook(c, fact, phase)
      return
    case 'action':
      if (fact.action === 'look') c.askAgain({ ...phase, asked: true }, 'somebody looks')
      return
    default:
  }
}

function onWait(c: Step, phase: Provisioning): void {
  if (c.due('provision')) {
    closeNow(c, 'timeout', {
      code: 'DEVICE_SLOW',
      note: "Provisioning took longer than the order's page time-out and 30 min",
    })
    return
  }
  if (c.due('ask') || c.due('stall')) {
    const stalled = c.due('stall')
    c.limit('ask', null)
    c.limit('stall', null)
    if (stalled) c.see('stalled', 'screen', phase.activity ?? '')
    c.askAgain({ ...phase, asked: true }, stalled ? 'stands still' : 'the end is expected')
  }
  if (c.due('awake')) {
    c.limit('awake', c.at + c.rules.limits.keepAwakeEveryMs)
    // It is a key: while it is played the question is closed, and opens under a new id (engine rule 4).
    if (!phase.asked) c.tap('keep-awake', 'awake', '')
  }
}

function onResultAnswer(c: Step, fact: AnsweredFact, phase: Provisioning): void {
  if (fact.answer === 'green') greenByWord(c, fact.prompt, fact.given)
  else if (fact.answer === 'green-differs') hold(c, 'swapped', 'names on the green page')
  else if (fact.answer === 'red') beginFailing(c, null, fact.prompt)
  else if (fact.answer === 'not-yet') {
    c.askAgain({ ...phase, asked: false }, 'still working')
    c.limit('ask', c.at + c.rules.limits.askResultAfterMs / 3)
  }
}

/** A person says green with the same names: that is the guard for Reseal, the page has no other button. */
export function greenByWord(c: Step, on: string, given: number): void {
  const source = isReported(c.run) ? 'probe' : 'operator'
  c.note({
    success: { source, at: c.at },
    flow: { result: 'passed', code: null, source },
  })
  c.see('success-page', 'operator', on)
  beginResealing(c, on, given)
}

/**
 * The result page's code, scanned: outcome and identity in one (facts/autopilot §1.6). It answers only an open question,
 * and only for a device that this run or its order knows by its ZtdId; else a person compares the names.
 */
function onResultQr(c: Step, fact: QrScannedFact, phase: Provisioning): void {
  const { prompt } = c.s
  const mine = fact.known || (c.run.ztdId !== null && c.run.ztdId === fact.ztdId)
  if (fact.result === null || !takeZtdId(c, fact.ztdId, fact)) return
  c.see('result-qr', 'operator', fact.result)
  if (fact.result === 'Failure') beginFailing(c, null, 'QR code')
  else if (prompt !== null && c.assisted && !c.byHand && mine) greenByWord(c, prompt.id, c.at)
  else c.askAgain({ ...phase, asked: true }, 'QR code says success: a person compares')
}

function onProgressLook(c: Step, fact: LookedFact, phase: Provisioning): void {
  switch (fact.page) {
    case 'provisioning':
      if ((fact.fields.activity ?? null) === phase.activity) return
      c.keep({ ...phase, activity: fact.fields.activity ?? null, movedAt: c.at })
      c.note({ flow: afterActivity(c.run.flow, fact.fields.activity ?? null) })
      c.limit('stall', c.at + c.rules.limits.stallMs)
      return
    case 'success': {
      const qr = fact.fields.qr
      if (qr !== undefined && qrResultIn(qr) === 'Failure')
        beginFailing(c, fact.fields.code ?? null, fact.frame)
      else beginSucceeding(c)
      return
    }
    case 'failure':
      redSeen(c, fact)
      return
    case 'resetting':
      followReset(c, 'seen on screen')
      return
    case 'dark':
    case 'unknown':
    case 'updating':
    case 'landing':
      return
    default:
      routePage(c, fact.page, fact.fields, fact.frame)
  }
}

/** The red page on a capture: the device is held against the run by its QR code, which may be there. */
export function redSeen(c: Step, fact: LookedFact): void {
  const { qr, code } = fact.fields
  const ztdId = qr === undefined ? null : ztdIdIn(qr)
  if (ztdId !== null && !takeZtdId(c, ztdId, fact)) return
  beginFailing(c, code ?? null, fact.frame)
}

/** Where a run goes on when the link went down in a state; null where the state minds the link itself or waits for its Enter. */
function needsLink(phase: Phase): RestartFrom | null {
  switch (phase.at) {
    case 'precheck':
      return 'precheck'
    case 'echo':
    case 'summon':
      return 'summon'
    case 'keyless':
      return phase.back
    case 'moving':
    case 'selecting':
    case 'landing':
    case 'reviewing':
    case 'locate':
    case 'succeeding':
    case 'failing':
    case 'retry-wait':
    case 'retry-confirm':
      return 'locate'
    case 'provisioning':
      return 'provisioning'
    default:
      return null
  }
}

/** The link is down where a restart of the device is thinkable: silence for a while is normal. */
export function beginRestarting(c: Step): void {
  const from = needsLink(c.phase)
  if (from === null) return
  c.cancelPlay()
  const limits = { grace: c.at + c.rules.limits.restartGraceMs }
  c.go(
    { at: 'restarting', from },
    'link down',
    from === 'provisioning' && c.run.provisionBy !== null
      ? { ...limits, provision: c.run.provisionBy }
      : limits,
  )
}

export function onRestarting(c: Step, fact: Fact): void {
  if (fact.kind === 'answered') onWordWhileDown(c, fact)
  else if (fact.kind === 'timer' && c.due('provision'))
    closeNow(c, 'timeout', { code: 'DEVICE_SLOW', note: 'Provisioning took too long' })
  else if (fact.kind === 'timer' && c.due('grace'))
    closeNow(c, 'interrupted', { code: 'DEVICE_LOST', note: 'The link did not come back' })
}

/** By hand Reseal is pressed before it is told: the device may be off already when its green is answered. */
function onWordWhileDown(c: Step, fact: AnsweredFact): void {
  if (fact.answer === 'green') greenByWord(c, fact.prompt, fact.given)
  else if (fact.answer === 'green-differs') hold(c, 'swapped', 'names on the green page')
}

/** Goes on once the link is up and all keys are. */
export function endRestarting(c: Step): void {
  if (c.phase.at !== 'restarting' || c.s.wire.link !== 'up' || c.s.play !== null) return
  const { from } = c.phase
  c.see('restart', 'wire', `${Math.round((c.at - c.s.since) / 1000)} s`)
  if (from === 'provisioning') beginProvisioning(c, 'link back')
  else if (from === 'precheck') preCheck(c)
  else if (from === 'summon') beginKeys(c)
  else c.locate('link back')
}
