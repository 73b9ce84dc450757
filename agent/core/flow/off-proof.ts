// The off-proof: continuous signs from outside that the device went off after Reseal; every doubt is a question to a person.

import { type Grade, weaker } from '../evidence.ts'
import type { AnsweredFact, Fact } from '../facts.ts'
import type { OffProof, Phase } from '../state.ts'
import { closeByWord, closeNow } from './closing.ts'
import type { Step } from './context.ts'

type Asked = Extract<Phase, { at: 'dark-ask' }>['why']
/** Mb/s; at this or less a link that was faster may be a device that is off and listens (facts/autopilot §3.3). */
const OFF_SPEED_MAX = 100

/** Reseal was accepted: watch the device go off. */
export function beginOffProof(c: Step, proof: OffProof): void {
  c.see('reseal-pressed', c.byHand ? 'operator' : 'keyboard', c.run.reseal?.proof ?? '')
  c.go({ at: 'offproof', proof }, 'watches it go off', {
    'off-start': c.at + c.rules.limits.offProofStartMs,
  })
  watchOff(c)
}

export function onOffProof(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'offproof') return
  switch (fact.kind) {
    case 'link':
    case 'keyboard':
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
      if (c.s.wire.mac !== c.run.mac && c.rules.traits.adapter === 'device')
        askDark(c, 'removal-sign')
      return
    case 'timer':
      onOffTimer(c, phase.proof)
      return
    default:
  }
}

/** True while every sign of "off" holds (product: the flow of one run, 7). */
function holdsNow(c: Step, proof: OffProof): boolean {
  const { wire, keyboard } = c.s
  if (proof.fellAt === null) return false
  const byDown = wire.link === 'down' && proof.fellBy === 'down' && keyboard.enumerated !== true
  const bySpeed = wire.link === 'up' && proof.fellBy === 'speed' && keyboard.enumerated === false
  // With a capture the picture must have gone dark before the link changed.
  const dark = c.assisted || (proof.darkAt !== null && proof.darkAt <= proof.fellAt)
  return (byDown || bySpeed) && dark
}

/** Whether and how the link fell after the key. */
function fall(c: Step, proof: OffProof): OffProof {
  const { wire } = c.s
  if (wire.link === 'down') {
    if (proof.fellBy === 'down') return proof
    return wire.since >= proof.keyAt
      ? { ...proof, fellAt: proof.fellAt ?? wire.since, fellBy: 'down' }
      : proof
  }
  const slow =
    wire.speed !== null &&
    wire.speed <= OFF_SPEED_MAX &&
    (proof.speedAtKey === null || wire.speed < proof.speedAtKey)
  if (slow && proof.speedAtKey !== null)
    return proof.fellBy === 'speed'
      ? proof
      : { ...proof, fellAt: proof.fellAt ?? wire.since, fellBy: 'speed' }
  // Back at full speed: a restart, not a shutdown.
  return proof.fellAt === null ? proof : { ...proof, fellAt: null, fellBy: null, darkAt: null }
}

function watchOff(c: Step): void {
  const phase = c.phase
  if (phase.at !== 'offproof') return
  const before = phase.proof
  let proof = fall(c, before)
  const changedSign = proof.fellBy !== before.fellBy
  if (!holdsNow(c, proof)) proof = { ...proof, heldSince: null, boot: null, downsHeld: null }
  else if (proof.heldSince === null || changedSign)
    proof = { ...proof, heldSince: c.at, boot: c.s.boot, downsHeld: c.s.wire.downs }
  if (proof === before) return
  c.keep({ at: 'offproof', proof })
  c.limit(
    'off-hold',
    proof.heldSince === null ? null : proof.heldSince + c.rules.limits.offProofHoldMs,
  )
  // A break of the hold after the start limit leaves nothing to wait for but a person.
  if (proof.heldSince === null && c.s.limits['off-start'] === undefined)
    c.limit('off-start', c.at + c.rules.limits.offProofHoldMs)
}

function onOffTimer(c: Step, proof: OffProof): void {
  if (c.due('off-hold') && proof.heldSince !== null) {
    proven(c, proof)
    return
  }
  if (!c.due('off-start')) return
  c.limit('off-start', null)
  if (proof.heldSince !== null) return
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
  closeNow(c, 'resealed', { grade: weaker(gradeOfSuccess(c), 'witnessed') })
}

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
      c.note({ success: null, reseal: null })
      c.go({ at: 'locate', why: 'still on after Reseal', asked: false }, 'still on', {
        confirm: c.at + c.rules.limits.confirmMs,
      })
      return
    default:
  }
}

/** A restart of the agent: the hold goes on only if the PC kept running and no edge was missed; else it starts over. */
export function reattachOffProof(c: Step, sameBoot: boolean): void {
  const phase = c.phase
  if (phase.at !== 'offproof') return
  if (phase.proof.heldSince !== null && !sameBoot) {
    c.keep({
      at: 'offproof',
      proof: { ...phase.proof, heldSince: null, boot: null, downsHeld: null },
    })
    c.limit('off-hold', null)
  }
}
