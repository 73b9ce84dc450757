// After a start of the agent: every bay re-attaches or closes, by its state. Keys are never replayed.
import type { RestartedFact } from '../facts.ts'
import { closeNow } from './closing.ts'
import type { Step } from './context.ts'
import { watchRemoval } from './idle.ts'
import { reattachOffProof } from './off-proof.ts'
import { preCheck } from './opening.ts'
import { beginKeys } from './summoning.ts'

export function onRestarted(c: Step, fact: RestartedFact): void {
  const sameBoot = c.s.boot === fact.boot
  c.s.boot = fact.boot
  // The parts tell anew what is; what they said last stands until then, so that no edge is made up or missed.
  c.s.keyboard = { ...c.s.keyboard, health: 'ok' }
  if (!sameBoot) c.s.wire = { ...c.s.wire, mac: null }
  const lost = c.s.play
  if (lost !== null) c.endPlay('unknown')
  c.release()
  if (c.s.run === null) {
    watchRemoval(c)
    return
  }
  c.note({ agentRestarts: c.run.agentRestarts + 1, sinceEcho: null })
  c.see('agent-restarted', 'station', sameBoot ? 'process' : 'bench PC')
  reattach(c, sameBoot)
}

function reattach(c: Step, sameBoot: boolean): void {
  switch (c.phase.at) {
    case 'precheck':
      preCheck(c)
      return
    case 'keyless':
      if (c.phase.back === 'summon') beginKeys(c)
      else c.locate('page unknown')
      return
    case 'echo':
    case 'summon':
      // The count of taps is unknown: it starts over; that of rounds goes on.
      beginKeys(c, c.phase.round)
      return
    case 'resealing':
      // Reseal may have been pressed; without a proof this run can never become resealed by signs alone.
      c.note({ reseal: { proof: 'unknown', at: c.at } })
      c.locate('Reseal may have landed')
      return
    case 'retrying':
      c.note({ retries: c.run.retries + 1 })
      c.locate('Retry may have landed')
      return
    case 'moving':
    case 'entering':
    case 'landing':
    case 'refreshing':
    case 'accepting':
    case 'selecting':
    case 'reviewing':
    case 'succeeding':
    case 'retry-confirm':
    case 'locate':
      c.locate('page unknown')
      return
    case 'offproof':
      reattachOffProof(c, sameBoot)
      return
    case 'identify':
      if (!sameBoot && c.run.serial === null && c.s.wire.link !== 'up')
        closeNow(c, 'interrupted', { code: 'STATION_RESTARTED' })
      return
    default:
    // Provisioning, waits, holds, questions and closings go on as they are: their limits and prompts are in the ledger.
  }
}
