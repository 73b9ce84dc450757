// The long wait: progress, expected restarts, stall and the limit; then green or red, seen or said.
import type { AnsweredFact, Fact, LookedFact, QrScannedFact } from '../facts.ts'
import { qrResultIn } from '../qr.ts'
import type { Phase, RestartFrom } from '../state.ts'
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
  c.note({ provisionFrom: from, provisionBy: by })
  c.go({ at: 'provisioning', asked: false, activity: null, movedAt: c.at }, why, waits(c, c.at))
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
      onResultQr(c, fact)
      return
    case 'looked':
      onProgressLook(c, fact, phase)
      return
    case 'played':
      // Keep-awake was a key: what was asked before it no longer counts for an Enter.
      c.askAgain(phase, '')
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
    if (!phase.asked) c.tap('keep-awake', 'awake', '')
  }
}

function onResultAnswer(c: Step, fact: AnsweredFact, phase: Provisioning): void {
  if (fact.answer === 'green') greenByWord(c, fact.prompt, fact.given)
  else if (fact.answer === 'green-differs') hold(c, 'swapped', 'names on the green page')
  else if (fact.answer === 'red') beginFailing(c, null)
  else if (fact.answer === 'not-yet') {
    c.askAgain({ ...phase, asked: false }, 'still working')
    c.limit('ask', c.at + c.rules.limits.askResultAfterMs / 3)
  }
}

/** A person says green with the same names: that is the guard for Reseal, the page has no other button. */
export function greenByWord(c: Step, on: string, given: number): void {
  c.note({
    success: { source: 'operator', at: c.at },
    flow: { result: 'passed', code: null, source: 'operator' },
  })
  c.see('success-page', 'operator', on)
  beginResealing(c, on, given)
}

/** The result page's code, scanned: outcome and identity in one (facts/autopilot §1.6). */
function onResultQr(c: Step, fact: QrScannedFact): void {
  if (fact.result === null || !takeZtdId(c, fact.ztdId, fact.alsoIn)) return
  if (fact.result === 'Success') greenByWord(c, c.s.prompt?.id ?? '', c.at)
  else beginFailing(c, null)
}

function onProgressLook(c: Step, fact: LookedFact, phase: Provisioning): void {
  switch (fact.page) {
    case 'provisioning':
      if ((fact.fields.activity ?? null) === phase.activity) return
      c.keep({ ...phase, activity: fact.fields.activity ?? null, movedAt: c.at })
      c.limit('stall', c.at + c.rules.limits.stallMs)
      return
    case 'success': {
      const qr = fact.fields.qr
      if (qr !== undefined && qrResultIn(qr) === 'Failure')
        beginFailing(c, fact.fields.code ?? null)
      else beginSucceeding(c)
      return
    }
    case 'failure':
      beginFailing(c, fact.fields.code ?? null)
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

/** The link went down where a restart of the device is thinkable: silence for a while is normal. */
export function beginRestarting(c: Step, from: RestartFrom): void {
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
  const phase = c.phase
  if (phase.at !== 'restarting') return
  if (fact.kind === 'link' && c.s.wire.link === 'up' && c.s.play === null)
    afterRestart(c, phase.from)
  else if (fact.kind === 'played' && c.s.wire.link === 'up') afterRestart(c, phase.from)
  else if (fact.kind === 'timer' && c.due('provision'))
    closeNow(c, 'timeout', { code: 'DEVICE_SLOW', note: 'Provisioning took too long' })
  else if (fact.kind === 'timer' && c.due('grace'))
    closeNow(c, 'interrupted', { code: 'DEVICE_LOST', note: 'The link did not come back' })
}

function afterRestart(c: Step, from: RestartFrom): void {
  c.see('restart', 'wire', `${Math.round((c.at - c.s.since) / 1000)} s`)
  if (from === 'provisioning') beginProvisioning(c, 'link back')
  else if (from === 'precheck') preCheck(c)
  else if (from === 'summon') beginKeys(c)
  else
    c.go({ at: 'locate', why: 'after a restart', asked: false }, 'link back', {
      confirm: c.at + c.rules.limits.confirmMs,
    })
}
