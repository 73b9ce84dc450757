// The one question a bay asks in each state, its answers, and what the person is to look at. A level: derived, never stored.
import {
  CLOSE_ABORTED,
  CODE,
  choice,
  HOLD_LINES,
  holdChoices,
  PICTURED,
  SOMETHING_ELSE,
  TAKEN_OUT,
} from './choices.ts'
import type { Names } from './order.ts'
import { isAssisted, type Rules } from './rules.ts'
import type { BayState, Phase } from './state.ts'
import type { Choice, Prompt } from './view.ts'

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

interface Spec {
  readonly verb: Prompt['verb']
  readonly line: string
  readonly expected: string | null
  readonly choices: readonly Choice[]
  readonly scan?: boolean
  readonly names?: Names | null
  readonly pictured?: boolean
}

/** The names a page must show: those of the review, or what the order says. */
function wantedNames(state: BayState): Names | null {
  const { names, order } = state.run ?? { names: null, order: null }
  if (names !== null) return names
  if (order === null) return null
  return { organisation: order.tenantDomain, profile: order.profile, user: order.user }
}

function specOf(state: BayState, rules: Rules): Spec | null {
  const { phase } = state
  const byHand = rules.traits.keyboard === 'manual'
  switch (phase.at) {
    case 'present':
      return {
        verb: 'Scan',
        line: 'Scan the device. Charger in? Lid open?',
        expected: null,
        scan: true,
        choices: [
          choice('serial', 'Type the serial', { text: 'serial' }),
          choice('powered', 'It is on'),
          TAKEN_OUT,
        ],
      }
    case 'identify':
      return {
        verb: 'Scan',
        line: 'Scan the serial number. Charger in? Lid open?',
        expected: null,
        scan: true,
        pictured: true,
        choices: [choice('serial', 'Type the serial', { text: 'serial' })],
      }
    case 'wiring':
      return {
        verb: 'Plug',
        line: 'Plug the network cable in. Charger in?',
        expected: null,
        choices: [CLOSE_ABORTED, ...SOMETHING_ELSE],
      }
    case 'summon':
      return {
        verb: 'Look',
        line: byHand
          ? 'Press the left Windows key five times. Options there?'
          : 'Are the options there, the list framed?',
        expected: rules.traits.windows === 10 ? 'options-10' : 'options',
        pictured: true,
        choices: [
          choice('options', 'Options (white)'),
          choice('options-10', 'Options (blue)'),
          choice('options-chosen', 'Options, the frame not on the list'),
        ],
      }
    case 'selecting':
      return {
        verb: 'Choose',
        line: byHand ? 'Select pre-provision, press Next' : 'Pre-provision selected, Next framed?',
        expected: 'yes',
        pictured: true,
        choices: [
          choice('yes', byHand ? 'Done' : 'Yes'),
          choice('again', 'No: move again'),
          choice('list', 'No: the frame is on the list'),
          choice('no-entry', 'No such entry'),
        ],
      }
    case 'reviewing':
      return {
        verb: 'Compare',
        line: byHand ? 'Names right? Press Next' : 'Names right, Next framed?',
        expected: 'yes',
        pictured: true,
        scan: true,
        names: phase.names ?? wantedNames(state),
        choices: [
          choice('yes', byHand ? 'Right, and pressed' : 'Yes, right'),
          choice('differs-organisation', 'Organisation differs'),
          choice('differs-profile', 'Profile differs'),
          choice('differs-user', 'User differs'),
          choice('refreshed', 'I pressed Refresh'),
          choice('no-profile', 'No profile, Next is grey'),
        ],
      }
    case 'settling':
      return {
        verb: 'Look',
        line: 'The link comes and goes: look at the cable',
        expected: null,
        scan: true,
        choices: [choice('serial', 'Type the serial', { text: 'serial' }), TAKEN_OUT],
      }
    case 'restarting':
      return {
        verb: 'Look',
        line: 'Restarts. Or was it green, and Reseal is pressed?',
        expected: null,
        names: wantedNames(state),
        choices: [
          choice('green', 'Green, Reseal pressed'),
          choice('green-differs', 'Green, other names'),
        ],
      }
    case 'provisioning':
      return {
        verb: 'Look',
        line: byHand ? 'Green? Press Reseal. Or red?' : 'Green with the same names, or red?',
        expected: null,
        pictured: true,
        scan: true,
        names: state.run?.names ?? null,
        choices: [
          choice('green', byHand ? 'Green, Reseal pressed' : 'Green'),
          choice('red', 'Red'),
          choice('green-differs', 'Green, other names'),
          choice('not-yet', 'Still working'),
        ],
      }
    case 'failing':
      return {
        verb: 'Look',
        line: 'Which code is on the red page?',
        expected: null,
        pictured: true,
        choices: [CODE, choice('no-code', 'No code there'), choice('not-red', 'Not red any more')],
      }
    case 'retry-confirm':
      return {
        verb: 'Look',
        line: byHand ? 'Press Retry, never Reset' : 'Retry framed, not Reset?',
        expected: 'yes',
        pictured: true,
        choices: [
          choice('yes', byHand ? 'Pressed' : 'Yes, Retry'),
          choice('again', 'No: move again'),
          choice('reset', 'A person resets it'),
        ],
      }
    case 'dark-ask':
      return {
        verb: 'Look',
        line: 'Did it go dark by itself?',
        expected: null,
        choices: [
          choice('dark', 'Yes, it went dark', { closes: true }),
          choice('removed', 'It was pulled before', { closes: true }),
          choice('still-on', 'It is still on'),
          ...SOMETHING_ELSE,
        ],
      }
    case 'locate':
      return {
        verb: 'Look',
        line: 'What does it show now?',
        expected: null,
        pictured: true,
        names: wantedNames(state),
        choices: [
          choice('first-page', 'First pages'),
          choice('options', 'Options (white)'),
          choice('options-10', 'Options (blue)'),
          choice('options-chosen', 'Options, the frame not on the list'),
          choice('landing', 'Configuration page'),
          choice('provisioning', 'Progress'),
          choice('green', byHand ? 'Green, these names, Reseal pressed' : 'Green, these names'),
          choice('red', 'Red'),
          choice('green-differs', 'Green, other names'),
        ],
      }
    case 'hold': {
      const scan = ['wrong-customer', 'not-listed', 'duplicate-serial', 'swapped'].includes(
        phase.why,
      )
      const choices = holdChoices(phase.why, phase.from)
      return {
        verb: scan ? 'Scan' : 'Look',
        line:
          phase.detail === ''
            ? HOLD_LINES[phase.why]
            : `${HOLD_LINES[phase.why]} (${phase.detail})`,
        expected: null,
        scan,
        // Who it is comes first: no picture leads past an open question of identity.
        pictured: !scan,
        choices: scan
          ? [choice('serial', 'Type the serial', { text: 'serial' }), ...choices]
          : choices,
      }
    }
    case 'resetting':
      return {
        verb: 'Look',
        line: 'Being reset',
        expected: null,
        pictured: true,
        choices: [
          choice('first-page', 'First page is back', { closes: true }),
          choice('taken-out', 'Taken out', { closes: true }),
        ],
      }
    case 'closed':
    case 'done':
      return {
        verb: 'Take out',
        line: 'Take the device out',
        expected: 'taken-out',
        scan: true,
        choices: [TAKEN_OUT],
      }
    case 'back':
      return {
        verb: 'Scan',
        line: 'Which device is this?',
        expected: null,
        scan: true,
        choices: [choice('serial', 'Type the serial', { text: 'serial' }), TAKEN_OUT],
      }
    case 'alarm':
      return {
        verb: 'Stop',
        line: 'Resealed device is on: switch it off',
        expected: null,
        scan: true,
        choices: [choice('seen', 'Seen'), TAKEN_OUT],
      }
    default:
      return null
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
