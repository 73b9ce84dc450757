// Green: the same names as at review, Reseal pressed under its guard; what follows is the off-proof.
import type { Fact, LookedFact } from '../facts.ts'
import { differs, namesDiffer } from '../order.ts'
import { qrResultIn, ztdIdIn } from '../qr.ts'
import type { OffProof } from '../state.ts'
import type { Step } from './context.ts'
import { lookElsewhere } from './locating.ts'
import { beginOffProof } from './off-proof.ts'
import { hold } from './opening.ts'
import { takeZtdId } from './reviewing.ts'

/** A capture saw the success page: names and focus are checked on a fresh look. In assisted mode a person is asked. */
export function beginSucceeding(c: Step): void {
  const unknown = c.run.names === null && c.run.order === null
  if (c.assisted || unknown) {
    // Green on a device whose names nobody compared: a person's word, and its grade.
    if (c.phase.at !== 'locate' || !c.phase.asked) c.locate('green: a person looks', true)
    return
  }
  lookForReseal(c, 0, 'success page')
}

function lookForReseal(c: Step, nudges: number, why: string): void {
  c.go({ at: 'succeeding', nudges }, why, { confirm: c.at + c.rules.limits.confirmMs })
}

export function onSucceeding(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'succeeding') return
  if (fact.kind === 'looked') onSuccessLook(c, fact, phase.nudges)
  else if (fact.kind === 'played') {
    if (fact.proof === 'fault') c.keyless('locate')
    else lookForReseal(c, phase.nudges, 'moves to Reseal')
  } else if (fact.kind === 'timer' && c.due('confirm')) hold(c, 'guard-failed', 'Reseal')
}

function onSuccessLook(c: Step, fact: LookedFact, nudges: number): void {
  const { fields } = fact
  if (fact.page !== 'success') {
    lookElsewhere(c, fact)
    return
  }
  const ztdId = fields.qr === undefined ? null : ztdIdIn(fields.qr)
  if (ztdId !== null && !takeZtdId(c, ztdId, fact)) return
  if (fields.qr !== undefined && qrResultIn(fields.qr) === 'Failure') {
    hold(c, 'other', 'green page, failure in its QR code')
    return
  }
  const { names } = c.run
  const seen = {
    organisation: fields.organisation ?? null,
    profile: fields.profile ?? null,
    user: fields.user ?? null,
  }
  const order = c.run.order
  if (names === null) {
    const wrong = order === null ? null : differs(order, seen)
    if (wrong !== null) {
      hold(c, 'names-differ', wrong)
      return
    }
  }
  const wrong = names === null ? null : namesDiffer(names, seen)
  if (wrong !== null && names?.organisation !== null)
    hold(c, 'swapped', `${wrong} on the green page`)
  else if (fields.focus === 'reseal') {
    c.note({
      success: { source: 'screen', at: fact.seenAt },
      flow: { result: 'passed', code: null, source: 'screen' },
    })
    c.see('success-page', 'screen', fact.frame)
    beginResealing(c, fact.look, fact.seenAt)
  } else if (nudges < c.rules.limits.nudgesMax && c.tap('success', 'nudge', ''))
    c.keep({ at: 'succeeding', nudges: nudges + 1 })
}

/** Presses Reseal. What the wire and keyboard were like is kept, so that a fall after the key is told from one before. */
export function beginResealing(c: Step, on: string, given: number | null): void {
  // By hand Reseal was pressed before it was told: a link that is down already fell after the press.
  const { wire } = c.s
  const proof: OffProof = {
    keyAt: c.byHand && wire.link === 'down' ? wire.since : c.at,
    downsAtKey: wire.downs,
    speedAtKey: wire.speed,
    fellAt: null,
    fellBy: null,
    darkAt: null,
    heldSince: null,
    boot: null,
    downsHeld: null,
    wasOff: false,
    unheard: { link: false, keyboard: false },
  }
  const how = c.press(
    'success',
    'enter',
    on,
    { at: 'resealing', proof },
    'presses Reseal',
    'locate',
    given,
  )
  if (how === 'done') {
    c.note({ reseal: { proof: 'person', at: c.at } })
    beginOffProof(c, proof)
  }
}

export function onResealing(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'resealing' || fact.kind !== 'played') return
  switch (fact.proof) {
    case 'accepted':
    case 'delivered':
      c.note({ reseal: { proof: fact.proof, at: c.at } })
      beginOffProof(c, phase.proof)
      return
    case 'expired':
      // Nothing was pressed: green must be seen or said anew.
      c.note({ success: null })
      c.locate('Reseal not pressed in time')
      return
    case 'fault':
      // The transport went away in the middle: the key may have landed.
      c.note({ reseal: { proof: 'unknown', at: c.at } })
      c.keyless('locate')
      return
    default:
      c.note({ reseal: { proof: 'unknown', at: c.at } })
      c.locate('Reseal may have landed')
  }
}
