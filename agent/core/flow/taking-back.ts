// The seconds before a closing is final: a person takes it back, or the device shows that it was wrong.
import type { Fact } from '../facts.ts'
import type { Phase } from '../state.ts'
import { finish } from './closing.ts'
import type { Step } from './context.ts'
import { resumeOffProof } from './off-proof.ts'
import { toWire } from './opening.ts'
import { beginProvisioning } from './provisioning.ts'
import { toFailing } from './red.ts'
import { lifeOf, rose } from './sense.ts'

export function onClosing(c: Step, fact: Fact): void {
  const phase = c.phase
  if (phase.at !== 'closing') return
  const { closing, back } = phase
  // A word of "dark" is worth nothing once the device shows life; that comes first, even in the last moment.
  const alive = closing.verdict === 'resealed' && rose(lifeOf(c.before), lifeOf(c.s))
  if (fact.kind === 'undo' || alive) takeBack(c, back)
  else if (fact.kind === 'timer' && c.due('close')) finish(c, closing)
}

/** Back to where the closing came from, with a fresh question; no key is ever sent by an undo. */
function takeBack(c: Step, back: Phase): void {
  const why = 'taken back'
  const { restartGraceMs } = c.rules.limits
  switch (back.at) {
    case 'identify':
    case 'dark-ask':
    case 'resetting':
    case 'hold':
      c.go(back, why)
      return
    case 'wiring':
    case 'precheck':
      toWire(c)
      return
    case 'provisioning':
      beginProvisioning(c, why)
      return
    case 'restarting':
      c.go(back, why, {
        grace: c.at + restartGraceMs,
        ...(back.from === 'provisioning' && c.run.provisionBy !== null
          ? { provision: c.run.provisionBy }
          : {}),
      })
      return
    case 'offproof':
      resumeOffProof(c, back.proof, why)
      return
    case 'failing':
      toFailing(c, back.code, why)
      return
    case 'retry-wait':
      c.go(back, why, { retry: back.until })
      return
    default:
      c.locate(why)
  }
}
