// The wall clock was set: every stored instant moves with it, so that no wait gets longer or shorter.
import type { BayState, OffProof, Phase } from '../state.ts'
import type { Step } from './context.ts'

/** Shifts all live instants of the bay by `byMs`. What is in evidence stays as it was written. */
export function shiftTimes(c: Step, byMs: number): void {
  const { s } = c
  s.since += byMs
  s.limits = Object.fromEntries(
    Object.entries(s.limits).map(([name, at]) => [name, (at as number) + byMs]),
  ) as BayState['limits']
  if (s.prompt !== null) s.prompt = { ...s.prompt, since: s.prompt.since + byMs }
  if (s.look !== null) s.look = { ...s.look, since: s.look.since + byMs }
  if (s.testUntil !== null) s.testUntil += byMs
  s.freeAt += byMs
  s.wire = { ...s.wire, since: s.wire.since + byMs }
  s.keyboard = { ...s.keyboard, since: s.keyboard.since + byMs }
  if (s.play !== null) s.play = { ...s.play, at: s.play.at + byMs }
  s.phase = shiftPhase(s.phase, byMs)
  if (s.run === null) return
  const shift = (at: number | null): number | null => (at === null ? null : at + byMs)
  c.note({
    openedAt: s.run.openedAt + byMs,
    bookedAt: s.run.bookedAt + byMs,
    provisionFrom: shift(s.run.provisionFrom),
    provisionBy: shift(s.run.provisionBy),
  })
  c.see('clock-set', 'station', `${byMs} ms`)
}

function shiftPhase(phase: Phase, byMs: number): Phase {
  switch (phase.at) {
    case 'provisioning':
      return { ...phase, movedAt: phase.movedAt + byMs }
    case 'retry-wait':
      return { ...phase, until: phase.until + byMs }
    case 'offproof':
    case 'dark-ask':
    case 'resealing':
      return { ...phase, proof: shiftProof(phase.proof, byMs) }
    case 'closing':
      return { ...phase, back: shiftPhase(phase.back, byMs) }
    default:
      return phase
  }
}

function shiftProof(proof: OffProof, byMs: number): OffProof {
  const shift = (at: number | null): number | null => (at === null ? null : at + byMs)
  return {
    ...proof,
    keyAt: proof.keyAt + byMs,
    fellAt: shift(proof.fellAt),
    darkAt: shift(proof.darkAt),
    heldSince: shift(proof.heldSince),
  }
}
