// The one question a bay asks in each state, its answers, and what the person is to look at. A level: derived, never stored.
import { PICTURED } from './choices.ts'
import type { Names } from './order.ts'
import { specOf } from './prompt-specs.ts'
import { isAssisted, type Rules } from './rules.ts'
import type { BayState, Phase } from './state.ts'
import type { Prompt } from './view.ts'

/** Whether a phase asks: `loud` calls a person, `quiet` only takes an answer that somebody wants to give. */
export function askOf(phase: Phase, rules: Rules): 'loud' | 'quiet' | null {
  const assisted = isAssisted(rules.traits)
  switch (phase.at) {
    case 'present':
    case 'identify':
    case 'wiring':
    case 'back':
    case 'alarm':
    case 'dark-ask':
    case 'hold':
      return 'loud'
    case 'summon':
      return assisted && phase.seen === null ? 'loud' : null
    case 'selecting':
    case 'failing':
      return assisted ? 'loud' : null
    case 'reviewing':
      return assisted || phase.names !== null ? 'loud' : null
    case 'retry-confirm':
      return assisted && phase.moved ? 'loud' : null
    case 'locate':
      return assisted || phase.asked ? 'loud' : null
    case 'provisioning':
      return phase.asked ? 'loud' : assisted ? 'quiet' : null
    case 'settling':
      return phase.unsteady ? 'loud' : null
    case 'restarting':
      // By hand Reseal is pressed before it is told, and the link may be down by then.
      return phase.from === 'provisioning' && rules.traits.keyboard === 'manual' ? 'quiet' : null
    case 'closed':
    case 'done':
    case 'resetting':
      return 'quiet'
    default:
      return null
  }
}

/** Whether a phase wants to look at the screen (only with a capture). */
export function looksAt(phase: Phase, rules: Rules): boolean {
  if (isAssisted(rules.traits)) return false
  switch (phase.at) {
    case 'summon':
    case 'selecting':
    case 'landing':
    case 'reviewing':
    case 'provisioning':
    case 'succeeding':
    case 'offproof':
    case 'failing':
    case 'resetting':
    case 'locate':
      return true
    case 'refreshing':
      return phase.stage === 'look'
    case 'retry-confirm':
      return phase.moved
    default:
      return false
  }
}

const shown = (names: Names): NonNullable<Prompt['names']> => ({
  ...(names.organisation === null ? {} : { organisation: names.organisation }),
  ...(names.profile === null ? {} : { profile: names.profile }),
  ...(names.user === null || names.user === 'any' ? {} : { user: names.user }),
})

/** The open question of a bay, or null. Exactly one at a time (issue: one prompt per bay). */
export function promptOf(state: BayState, rules: Rules): Prompt | null {
  const spec = state.prompt === null ? null : specOf(state, rules)
  if (spec === null || state.prompt === null) return null
  return {
    id: state.prompt.id,
    verb: spec.verb,
    line: spec.line,
    expected: spec.expected,
    since: state.prompt.since,
    loud: state.prompt.loud,
    scan: spec.scan === true,
    choices: spec.pictured === true ? [...spec.choices, ...PICTURED] : spec.choices,
    ...(spec.names ? { names: shown(spec.names) } : {}),
  }
}
