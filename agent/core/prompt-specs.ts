// What each question says and which answers it takes, by the state that asks it.
import {
  CLOSE_ABORTED,
  CODE,
  choice,
  HOLD_LINES,
  holdChoices,
  SOMETHING_ELSE,
  TAKEN_OUT,
} from './choices.ts'
import type { Names } from './order.ts'
import type { Rules } from './rules.ts'
import type { BayState } from './state.ts'
import type { Choice, Prompt } from './view.ts'

/** A question without its id and time. */
export interface Spec {
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

/** Without an open run. */
function idleSpec(state: BayState, _rules: Rules): Spec | null {
  const { phase } = state
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
    case 'settling':
      return {
        verb: 'Look',
        line: 'The link comes and goes: look at the cable',
        expected: null,
        scan: true,
        choices: [choice('serial', 'Type the serial', { text: 'serial' }), TAKEN_OUT],
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

/** From the identity to the names. */
function earlySpec(state: BayState, rules: Rules): Spec | null {
  const { phase } = state
  const byHand = rules.traits.keyboard === 'manual'
  switch (phase.at) {
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
    default:
      return null
  }
}

/** From the long wait to the end. */
function lateSpec(state: BayState, rules: Rules): Spec | null {
  const { phase } = state
  const byHand = rules.traits.keyboard === 'manual'
  switch (phase.at) {
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
    default:
      return null
  }
}

/** Where only a person goes on. */
function heldSpec(state: BayState, _rules: Rules): Spec | null {
  const { phase } = state
  switch (phase.at) {
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
    default:
      return null
  }
}

/** The question of a state; null where none is asked. */
export const specOf = (state: BayState, rules: Rules): Spec | null =>
  idleSpec(state, rules) ??
  earlySpec(state, rules) ??
  lateSpec(state, rules) ??
  heldSpec(state, rules)
