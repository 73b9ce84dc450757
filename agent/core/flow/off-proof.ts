// The off-proof: continuous signs from outside that the device went off after Reseal; every doubt is a question to a person.

import { type Grade, weaker } from '../evidence.ts'
import type { AnsweredFact, Fact } from '../facts.ts'
import type { OffProof, Phase } from '../state.ts'
import { closeByWord, closeNow } from './closing.ts'
import type { Step } from './context.ts'
import { OFF_SPEED_MAX } from './sense.ts'

type Asked = Extract<Phase, { at: 'dark-ask' }>['why']

/** Reseal was accepted: watch the device go off. */
export function beginOffProof(c: Step, proof: OffProof): void {
  c.see('reseal-pressed', c.byHand ? 'operator' : 'keyboard', c.run.reseal?.proof ?? '')
  c.go({ at: 'offproof', proof }, 'watches it go off', {
    'off-start': c.at + c.rules.limits.offProofStartMs,
  })
  watchOff(c)
}

/** Watches on after a closing was taken back: what was not watched meanwhile does not count as held. */
export function resumeOffProof(c: Step, proof: OffProof, why: string): void {
  c.go({ at: 'offproof', proof: broken(proof) }, why, {
    'off-start': c.at + c.rules.limits.offProofHoldMs,
  })
  watchOff(c)
}

const broken = (proof: OffProof): OffProof => ({
  ...proof,
  heldSince: null,
  boot: null,
  downsHeld: null,
  unheard: { link: false, keyboard: false },
})

export function onOffProof(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'offproof') return
  switch (fact.kind) {
    case 'link':
    case 'keyboard':
      heard(c, fact.kind, phase.proof)
      watchOff(c)
      return
    case 'looked':
      if (fact.page === 'dark' && phase.proof.darkAt === null)
        c.keep({ at: 'offproof', proof: { ...phase.proof, darkAt: fact.seenAt } })
      else if (fact.page !== 'dark' && phase.proof.darkAt !== null)
        c.keep({ at: 'offproof', proof: { ...phase.proof, darkAt: null } })
      watchOff(c)
      return
    case 'identified':
    case 'qr':
      askDark(c, 'removal-sign')
      return
    case 'mac':
      if (c.rules.traits.adapter === 'device' && c.s.wire.mac !== c.run.mac)
        askDark(c, 'removal-sign')
      return
    case 'timer':
      onOffTimer(c, phase.proof)
      return
    default:
  }
}

/** After a restart of the agent each part must tell anew; a link that fell or rose unseen starts the hold over. */
function heard(c: Step, part: 'link' | 'keyboard', proof: OffProof): void {
  const { unheard } = proof
  if (!unheard[part]) return
  const missed = part === 'link' && (proof.downsHeld === null || c.s.wire.downs !== proof.downsHeld)
  c.keep({
    at: 'offproof',
    proof: missed ? broken(proof) : { ...proof, unheard: { ...unheard, [part]: false } },
  })
}

/** True while every sign of "off" holds (product: the flow of one run, 7). */
function holdsNow(c: Step, proof: OffProof): boolean {
  const { wire, keyboard } = c.s
  // A port that is itself gone (its card, its switch) says nothing of the device behind it.
  if (proof.fellAt === null || !wire.present) return false
  const byDown = wire.link === 'down' && proof.fellBy === 'down' && keyboard.enumerated !== true
  const bySpeed = wire.link === 'up' && proof.fellBy === 'speed' && keyboard.enumerated === false
  // With a capture the picture must have gone dark before the link changed: a power cut takes both in one instant.
  const lead = proof.darkAt === null ? null : proof.fellAt - proof.darkAt
  const dark = c.assisted || (lead !== null && lead >= c.rules.limits.darkLeadMs)
  return (byDown || bySpeed) && dark
}

/** Whether and how the link fell after the key. */
function fall(c: Step, proof: OffProof): OffProof {
  const { wire } = c.s
  if (!wire.present) return proof
  if (wire.link === 'down') {
    if (proof.fellBy === 'down' || wire.since < proof.keyAt) return proof
    return { ...proof, fellAt: proof.fellAt ?? wire.since, fellBy: 'down' }
  }
  // A link that was at 100 before proves nothing by being at 100 now.
  const slow =
    wire.speed !== null &&
    wire.speed <= OFF_SPEED_MAX &&
    proof.speedAtKey !== null &&
    wire.speed < proof.speedAtKey
  if (slow) {
    if (proof.fellBy === 'speed') return proof
    return { ...proof, fellAt: proof.fellAt ?? wire.since, fellBy: 'speed' }
  }
  // Back at full speed: a flap or a restart, not a shutdown. What comes after must begin with a dark picture again.
  return proof.fellAt === null ? proof : { ...proof, fellAt: null, fellBy: null, darkAt: null }
}

function watchOff(c: Step): void {
  const phase = c.phase
  if (phase.at !== 'offproof') return
  const before = phase.proof
  const { wire, keyboard, boot } = c.s
  let proof = fall(c, before)
  // It was off and is on again with wire and keyboard: a restart. Going off a second time would prove nothing.
  if (proof.wasOff && proof.fellAt === null && wire.link === 'up' && keyboard.enumerated === true) {
    c.keep({ at: 'offproof', proof: broken(proof) })
    askDark(c, 'restarted')
    return
  }
  const sameSign = proof.fellBy === before.fellBy
  const sameCount = proof.downsHeld === null || proof.downsHeld === wire.downs
  if (!holdsNow(c, proof)) proof = proof.heldSince === null ? proof : broken(proof)
  else if (proof.heldSince === null || !sameSign || !sameCount)
    proof = { ...broken(proof), heldSince: c.at, boot, downsHeld: wire.downs, wasOff: true }
  if (proof !== before) c.keep({ at: 'offproof', proof })
  armHold(c, proof)
}

/** The hold runs only while all parts were heard; one limit is armed at any time. */
function armHold(c: Step, proof: OffProof): void {
  const { offProofHoldMs } = c.rules.limits
  const runs = proof.heldSince !== null && !proof.unheard.link && !proof.unheard.keyboard
  c.limit('off-hold', runs ? (proof.heldSince ?? c.at) + offProofHoldMs : null)
  // A break of the hold after the start limit leaves nothing to wait for but a person.
  if (!runs && c.s.limits['off-start'] === undefined) c.limit('off-start', c.at + offProofHoldMs)
}

function onOffTimer(c: Step, proof: OffProof): void {
  if (c.due('off-hold') && proof.heldSince !== null) {
    proven(c, proof)
    return
  }
  if (!c.due('off-start')) return
  c.limit('off-start', null)
  if (c.s.limits['off-hold'] !== undefined) return
  askDark(
    c,
    c.s.wire.link === 'down' && c.s.keyboard.enumerated === true
      ? 'keyboard-still-there'
      : 'nothing-gone',
  )
}

function proven(c: Step, proof: OffProof): void {
  c.see(
    'off-proof',
    'wire',
    `${proof.fellBy} since ${proof.heldSince}, keyboard ${c.s.keyboard.enumerated === false ? 'gone' : 'unable to tell'}`,
  )
  if (proof.darkAt !== null) c.see('dark', 'screen', String(proof.darkAt))
  closeNow(c, 'resealed', { grade: gradeOf(c) })
}

/** A proof is as good as its weakest link: how success was seen, and how far the press of Reseal was proved. */
const gradeOf = (c: Step): Grade =>
  weaker(gradeOfSuccess(c), c.run.reseal?.proof === 'person' ? 'stated' : 'witnessed')

const gradeOfSuccess = (c: Step): Grade =>
  c.run.success?.source === 'screen'
    ? 'witnessed'
    : c.run.success?.source === 'probe'
      ? 'reported'
      : 'stated'

/** The signs do not add up: a person says whether it went dark. */
export function askDark(c: Step, why: Asked): void {
  const phase = c.phase
  if (phase.at !== 'offproof') return
  c.go({ at: 'dark-ask', proof: phase.proof, why }, `asks: ${why}`)
}

export function onDarkAsk(c: Step, fact: Fact): void {
  if (fact.kind !== 'answered') return
  onDarkAnswer(c, fact)
}

function onDarkAnswer(c: Step, fact: AnsweredFact): void {
  switch (fact.answer) {
    case 'dark':
      c.see('went-dark', 'operator', fact.prompt)
      // Only with an accepted press; an unknown one never becomes resealed.
      if (c.run.reseal !== null && c.run.reseal.proof !== 'unknown' && c.run.success !== null)
        closeByWord(c, 'resealed', { grade: 'stated' })
      else closeByWord(c, 'interrupted', { code: 'STATION_RESTARTED' })
      return
    case 'removed':
      closeByWord(c, 'interrupted', { code: 'OPERATOR_REMOVED' })
      return
    case 'still-on':
    case 'something-else':
      c.note({ success: null, reseal: null })
      c.locate('still on after Reseal')
      return
    default:
  }
}

/** A restart of the agent: the hold goes on only if the PC kept running and no edge was missed; else it starts over. */
export function reattachOffProof(c: Step, sameBoot: boolean): void {
  const phase = c.phase
  if (phase.at !== 'offproof' || phase.proof.heldSince === null) return
  const proof = sameBoot
    ? { ...phase.proof, unheard: { link: true, keyboard: !c.byHand } }
    : broken(phase.proof)
  c.keep({ at: 'offproof', proof })
  armHold(c, proof)
}
