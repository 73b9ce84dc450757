// Red: keep the code, act by its row: Retry under a guard after its wait, else close naming who must act. Reset is a person's.
import type { AnsweredFact, Fact, LookedFact } from '../facts.ts'
import { ztdIdIn } from '../qr.ts'
import { codeIn } from '../red-codes.ts'
import type { Phase } from '../state.ts'
import { afterRed, NOT_REACHED } from '../tpm/flow-line.ts'
import { closeByWord, closeNow } from './closing.ts'
import type { Step } from './context.ts'
import { lookElsewhere } from './locating.ts'
import { hold } from './opening.ts'
import { beginProvisioning, startProvisioning } from './provisioning.ts'
import { takeZtdId } from './reviewing.ts'

type Failing = Extract<Phase, { at: 'failing' }>

/** The red page: with a capture it must stand for some seconds before its code is final (facts/autopilot §3.2). */
export function beginFailing(c: Step, shown: string | null, ref: string): void {
  const code = shown === null ? null : codeIn(shown)
  c.see('failure-page', c.assisted ? 'operator' : 'screen', `${ref} ${shown ?? ''}`.trim())
  toFailing(c, code, 'red page')
}

/** Waits for the code to be final, or for a person to tell it. */
export function toFailing(c: Step, code: string | null, why: string): void {
  c.go(
    { at: 'failing', code },
    why,
    c.assisted
      ? { hold: c.at + c.rules.limits.holdMs }
      : { 'settle-red': c.at + c.rules.limits.redSettleMs },
  )
}

export function onFailing(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'failing') return
  if (fact.kind === 'answered') onCodeAnswer(c, fact)
  else if (fact.kind === 'looked') onFailingLook(c, fact, phase)
  else if (fact.kind === 'qr') takeZtdId(c, fact.ztdId, fact)
  else if (fact.kind === 'timer' && c.due('settle-red')) decide(c, phase.code, false)
}

function onCodeAnswer(c: Step, fact: AnsweredFact): void {
  if (fact.answer === 'code') {
    const code = codeIn(fact.text ?? '')
    if (code === null) c.askAgain(c.phase, 'no code in that text')
    else decide(c, code, true)
  } else if (fact.answer === 'no-code') decide(c, null, true)
  else if (fact.answer === 'not-red') beginProvisioning(c, 'not red any more')
}

function onFailingLook(c: Step, fact: LookedFact, phase: Failing): void {
  if (fact.page === 'failure') {
    const code = codeIn(fact.fields.code ?? '')
    const ztdId = fact.fields.qr === undefined ? null : ztdIdIn(fact.fields.qr)
    if (ztdId !== null && !takeZtdId(c, ztdId, fact)) return
    if (code !== null && code !== phase.code) c.keep({ at: 'failing', code })
  } else if (fact.page === 'provisioning') beginProvisioning(c, 'the red page went by itself')
  else if (fact.page === 'resetting') followReset(c, 'seen on screen')
  else lookElsewhere(c, fact)
}

/** Acts by the code's row; `byWord` closings wait their seconds. */
function decide(c: Step, code: string | null, byWord: boolean): void {
  const source = c.assisted ? 'operator' : 'screen'
  c.note({ lastCode: code, flow: afterRed(c.run.flow, code, source) })
  c.see('red-code', source, code ?? 'none')
  const row = code === null ? undefined : c.rules.codes.get(code)
  if (code === null || row === undefined || row.action === 'ignore') {
    hold(c, 'code-unknown', code ?? 'no code')
    return
  }
  const wait = row.action === 'retry' ? row.retryMs[c.run.retries] : undefined
  if (wait !== undefined) {
    c.go({ at: 'retry-wait', code, until: c.at + wait }, `Retry after ${wait / 60_000} min`, {
      retry: c.at + wait,
    })
    // For the Retry to come; one that was given since the last restart still stands.
    if (c.run.sinceEcho === null && wait > c.rules.limits.playMs) c.echoAfter()
  } else {
    const verdict =
      row.verdict === 'by-tpm'
        ? c.run.tpm.station === 'NO-GO' || c.run.tpm.windows === 'NO-GO'
          ? 'failed'
          : 'error'
        : row.verdict
    const close = byWord ? closeByWord : closeNow
    close(c, verdict, { code })
  }
}

export function onRetryWait(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at === 'retry-wait' && fact.kind === 'timer' && c.due('retry'))
    beginRetry(c, phase.code, 0)
}

/** Moves to Retry and has the focus confirmed; Reset stands beside it (facts/autopilot §2.4). */
export function beginRetry(c: Step, code: string, moves: number): void {
  const next = { at: 'retry-confirm', code, moves: moves + 1, moved: false } as const
  if (c.press('failure', 'moves', '', next, 'moves to Retry', 'locate') === 'done')
    confirmRetry(c, code, moves + 1)
}

function confirmRetry(c: Step, code: string, moves: number): void {
  c.go(
    { at: 'retry-confirm', code, moves, moved: true },
    'asks where the focus is',
    c.assisted ? {} : { confirm: c.at + c.rules.limits.confirmMs },
  )
}

export function onRetryConfirm(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'retry-confirm') return
  const { code, moves } = phase
  if (fact.kind === 'played') {
    if (fact.proof === 'fault') c.keyless('locate')
    else confirmRetry(c, code, moves)
  } else if (fact.kind === 'answered') {
    if (fact.answer === 'yes') pressRetry(c, code, fact.prompt, fact.given)
    else if (fact.answer === 'reset') followReset(c, 'a person resets it')
    else if (fact.answer === 'again') again(c, code, moves)
  } else if (fact.kind === 'looked') {
    if (fact.page !== 'failure') lookElsewhere(c, fact)
    else if (fact.fields.focus === 'retry') pressRetry(c, code, fact.look, fact.seenAt)
    else again(c, code, moves)
  } else if (fact.kind === 'timer' && c.due('confirm')) hold(c, 'guard-failed', 'Retry')
}

function again(c: Step, code: string, moves: number): void {
  if (moves > c.rules.limits.nudgesMax) hold(c, 'guard-failed', 'Retry')
  else beginRetry(c, code, moves)
}

function pressRetry(c: Step, code: string, on: string, given: number | null): void {
  if (
    c.press('failure', 'enter', on, { at: 'retrying', code }, 'presses Retry', 'locate', given) ===
    'done'
  )
    retried(c, code)
}

export function onRetrying(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'retrying' || fact.kind !== 'played') return
  if (fact.proof === 'expired') confirmRetry(c, phase.code, 1)
  else if (fact.proof === 'unknown' || fact.proof === 'fault') {
    // It may have been pressed: it counts as one, so that a code's row is never exceeded.
    c.note({ retries: c.run.retries + 1 })
    if (fact.proof === 'fault') c.keyless('locate')
    else c.locate('Retry may have landed')
  } else retried(c, phase.code)
}

function retried(c: Step, code: string): void {
  c.note({
    retries: c.run.retries + 1,
    lastCode: null,
    flow: NOT_REACHED,
  })
  c.see('retry', c.byHand ? 'operator' : 'keyboard', code)
  startProvisioning(c, 'Retry pressed')
}

/** A person resets the device: it is followed until it is back at the first page or taken out (facts/autopilot §0, 6). */
export function followReset(c: Step, why: string): void {
  c.see('reset', why === 'seen on screen' ? 'screen' : 'operator', why)
  c.go({ at: 'resetting' }, why)
}

const FIRST_PAGES = new Set<string>(['language', 'region', 'keyboard', 'eula', 'network', 'signin'])

export function onResetting(c: Step, fact: Fact): void {
  if (fact.kind === 'looked' && FIRST_PAGES.has(fact.page))
    closeNow(c, 'failed', { code: 'DEVICE_RESET' })
  else if (fact.kind === 'answered') closeByWord(c, 'failed', { code: 'DEVICE_RESET' })
  // A reset restarts the device; gone for longer than any restart means that it was taken out.
  else if (fact.kind === 'link' && c.s.wire.link === 'up') c.limit('grace', null)
  else if (fact.kind === 'link' && c.s.limits.grace === undefined)
    c.limit('grace', c.at + c.rules.limits.restartGraceMs)
  else if (fact.kind === 'timer' && c.due('grace')) closeNow(c, 'failed', { code: 'DEVICE_RESET' })
}
