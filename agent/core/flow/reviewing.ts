// The Autopilot configuration page: who the device is, whose it is, and Next only when the names are right.
import type { AnsweredFact, Fact, LookedFact, PlayedFact, QrScannedFact } from '../facts.ts'
import { differs, type NameField, type Names, namesDiffer } from '../order.ts'
import type { Fields } from '../pages.ts'
import { ztdIdIn } from '../qr.ts'
import type { Step } from './context.ts'
import { lookElsewhere } from './locating.ts'
import { hold } from './opening.ts'
import { startProvisioning } from './provisioning.ts'

const REVIEW_DIFFERS: Readonly<Record<string, NameField>> = {
  'differs-organisation': 'organisation',
  'differs-profile': 'profile',
  'differs-user': 'user',
}

/** Enter was accepted: the page loads, then the focus is moved to Next. */
export function beginLanding(c: Step, refreshes: number): void {
  const { landingLoadMs, confirmMs } = c.rules.limits
  c.go(
    { at: 'landing', refreshes, moved: false },
    'configuration page loads',
    c.assisted ? { load: c.at + landingLoadMs } : { confirm: c.at + confirmMs },
  )
  if (c.byHand) beginReview(c, refreshes, 0)
  // While the page loads, and before any moving about.
  else c.echoAfter()
}

export function onLanding(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'landing') return
  if (fact.kind === 'played') {
    if (fact.proof === 'fault') c.keyless('locate')
    else if (phase.moved) beginReview(c, phase.refreshes, 0)
    // An echo that outlasted the loading.
    else if (c.assisted && c.s.limits.load === undefined) moveToNext(c, phase.refreshes)
  } else if (fact.kind === 'timer' && c.due('load') && c.s.play === null)
    moveToNext(c, phase.refreshes)
  else if (fact.kind === 'timer' && c.due('confirm')) c.locate('no configuration page', true)
  else if (fact.kind === 'looked' && c.s.play === null) {
    if (fact.page === 'landing') {
      if (fact.fields.loading !== true) moveToNext(c, phase.refreshes)
    } else if (fact.page !== 'options') lookElsewhere(c, fact)
  }
}

function moveToNext(c: Step, refreshes: number): void {
  if (
    c.press(
      'landing',
      'moves',
      '',
      { at: 'landing', refreshes, moved: true },
      'moves to Next',
      'locate',
    ) === 'done'
  )
    beginReview(c, refreshes, 0)
}

function beginReview(c: Step, refreshes: number, nudges: number): void {
  c.go(
    { at: 'reviewing', refreshes, nudges, names: null },
    'compares names',
    c.assisted ? {} : { confirm: c.at + c.rules.limits.confirmMs },
  )
}

export function onReviewing(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'reviewing') return
  if (fact.kind === 'answered') onReviewAnswer(c, fact, phase.refreshes, phase.names)
  else if (fact.kind === 'qr') onReviewQr(c, fact)
  else if (fact.kind === 'looked') onReviewLook(c, fact, phase)
  else if (fact.kind === 'played') afterNudge(c, fact, phase)
  else if (fact.kind === 'timer' && c.due('confirm')) hold(c, 'guard-failed', 'names')
}

function onReviewAnswer(c: Step, fact: AnsweredFact, refreshes: number, read: Names | null): void {
  const field = REVIEW_DIFFERS[fact.answer]
  if (fact.answer === 'yes') {
    const order = c.run.order
    accept(
      c,
      read ??
        (order
          ? { organisation: order.tenantDomain, profile: order.profile, user: order.user }
          : { organisation: null, profile: null, user: null }),
      fact.prompt,
      fact.given,
    )
  } else if (field) hold(c, 'names-differ', field)
  else if (fact.answer === 'refreshed') beginReview(c, refreshes + 1, 0)
  else if (fact.answer === 'no-profile') hold(c, 'no-profile')
}

/** A scan of the page's QR code answers for the names when the order knows the device (issue: manual and operator). */
function onReviewQr(c: Step, fact: QrScannedFact): void {
  const { prompt } = c.s
  const { order } = c.run
  if (!takeZtdId(c, fact.ztdId, fact)) return
  c.why = 'QR code read'
  // Without an open question there is nothing that it could answer.
  if (prompt === null || !c.assisted || !fact.known || order === null) return
  const { tenantDomain, profile, user } = order
  accept(c, { organisation: tenantDomain, profile, user }, prompt.id, c.at)
}

/** What the bench knows of a ZtdId: another bay shows it, or the order names another one for this serial number. */
interface ZtdSeen {
  readonly alsoIn?: string | null
  readonly foreign?: boolean
}

/** Takes a ZtdId into the run; false when it sent the run to a hold (another bay, another device). */
export function takeZtdId(c: Step, ztdId: string | null, seen: ZtdSeen): boolean {
  if (ztdId === null) return false
  const alsoIn = seen.alsoIn ?? null
  if (alsoIn !== null) {
    hold(c, 'duplicate-ztd', alsoIn)
    return false
  }
  if (seen.foreign === true || (c.run.ztdId !== null && c.run.ztdId !== ztdId)) {
    hold(c, 'swapped', 'ZtdId')
    return false
  }
  if (c.run.ztdId === null) {
    c.note({ ztdId })
    c.see('ztdid', c.assisted ? 'operator' : 'screen', ztdId)
  }
  return true
}

const namesOf = (fields: Fields): Names => ({
  organisation: fields.organisation ?? null,
  profile: fields.profile ?? null,
  user: fields.user ?? null,
})

type Reviewing = Extract<Step['phase'], { at: 'reviewing' }>

function onReviewLook(c: Step, fact: LookedFact, phase: Reviewing): void {
  const { fields } = fact
  if (fact.page !== 'landing') {
    lookElsewhere(c, fact)
    return
  }
  if (fields.loading === true) return
  const ztdId = fields.qr === undefined ? null : ztdIdIn(fields.qr)
  if (ztdId !== null && !takeZtdId(c, ztdId, fact)) return
  const names = namesOf(fields)
  const order = c.run.order
  const wrong = order === null ? null : differs(order, names)
  if ((names.profile ?? '') === '') refreshOr(c, phase, () => hold(c, 'no-profile'))
  else if (wrong !== null) refreshOr(c, phase, () => hold(c, 'names-differ', wrong))
  else if (fields.focus !== 'next' || fields.nextEnabled === false)
    nudge(c, phase, fields.focus ?? 'unknown')
  else if (order !== null) accept(c, names, fact.look, fact.seenAt)
  // Without an order a person confirms the names that the capture read, and has as long as for any question.
  else if (phase.names === null || namesDiffer(phase.names, names) !== null) {
    c.askAgain({ ...phase, names }, 'no order: a person compares')
    c.limit('confirm', null)
  }
}

function nudge(c: Step, phase: Reviewing, focus: string): void {
  if (phase.nudges >= c.rules.limits.nudgesMax) hold(c, 'guard-failed', `focus ${focus}`)
  else if (c.tap('landing', 'nudge', '')) c.keep({ ...phase, nudges: phase.nudges + 1 })
  else if (c.s.keyboard.health !== 'ok') c.keyless('locate')
}

/** Refresh once or twice; if the page stays wrong, a person looks (product: the flow of one run, 5). */
function refreshOr(c: Step, phase: Reviewing, otherwise: () => void): void {
  if (phase.refreshes >= c.rules.limits.refreshMax) {
    otherwise()
    return
  }
  const next = { at: 'refreshing', stage: 'move', refreshes: phase.refreshes, nudges: 0 } as const
  if (c.press('refresh', 'moves', '', next, 'refreshes', 'locate') === 'done') otherwise()
}

export function onRefreshing(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'refreshing') return
  const confirm = { confirm: c.at + c.rules.limits.confirmMs }
  if (fact.kind === 'played') {
    if (fact.proof === 'fault') c.keyless('locate')
    else if (phase.stage === 'move' || fact.proof === 'expired')
      c.go({ ...phase, stage: 'look' }, 'looks for Refresh', confirm)
    else if (fact.proof === 'unknown') c.locate('Refresh may have landed')
    else beginLanding(c, phase.refreshes + 1)
  } else if (fact.kind === 'looked' && phase.stage === 'look') {
    if (fact.page !== 'landing') lookElsewhere(c, fact)
    else if (fact.fields.focus === 'refresh')
      c.press(
        'refresh',
        'enter',
        fact.look,
        { ...phase, stage: 'enter' },
        'presses Refresh',
        'locate',
        fact.seenAt,
      )
    else if (phase.nudges >= c.rules.limits.nudgesMax) hold(c, 'guard-failed', 'Refresh')
    else
      c.press(
        'landing',
        'nudge',
        '',
        { ...phase, stage: 'move', nudges: phase.nudges + 1 },
        '',
        'locate',
      )
  } else if (fact.kind === 'timer' && c.due('confirm')) hold(c, 'guard-failed', 'Refresh')
}

/** The nudge between two looks of the review was played: look anew, under a new id. */
function afterNudge(c: Step, fact: PlayedFact, phase: Reviewing): void {
  if (fact.proof === 'fault') c.keyless('locate')
  else beginReview(c, phase.refreshes, phase.nudges)
}

function accept(c: Step, names: Names, on: string, given: number | null): void {
  c.note({ names })
  c.see(
    'names-right',
    c.assisted ? 'operator' : 'screen',
    `${on} ${names.organisation ?? ''} ${names.profile ?? ''}`.trim(),
  )
  if (
    c.press('landing', 'enter', on, { at: 'accepting' }, 'starts provisioning', 'locate', given) ===
    'done'
  )
    startProvisioning(c, 'by hand')
}

export function onAccepting(c: Step, fact: Fact): void {
  if (fact.kind !== 'played') return
  if (fact.proof === 'fault') c.keyless('locate')
  else if (fact.proof === 'expired') beginReview(c, 0, 0)
  else if (fact.proof === 'unknown') c.locate('Next may have landed')
  else startProvisioning(c, 'Next pressed')
}
