// The one question a bay asks in each state, its answers, and what the person is to look at. A level: derived, never stored.
import type { Names } from './order.ts'
import type { Rules } from './rules.ts'
import type { BayState, HoldReason, Phase } from './state.ts'
import type { Choice, Prompt } from './view.ts'

/** Whether a phase asks: `loud` calls a person, `quiet` only takes an answer that somebody wants to give. */
export function askOf(phase: Phase, rules: Rules): 'loud' | 'quiet' | null {
  const assisted = rules.traits.screen === 'operator'
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
  if (rules.traits.screen !== 'capture') return false
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

const choice = (answer: string, label: string, more: Partial<Choice> = {}): Choice => ({
  answer,
  label,
  pictured: false,
  closes: false,
  ...more,
})

/** The pictured list of safety rule 1; each entry has a way on. */
const PICTURED: readonly Choice[] = [
  choice('see-dark', 'Dark', { pictured: true, picture: 'dark' }),
  choice('see-firmware', 'Firmware password', { pictured: true, picture: 'firmware' }),
  choice('see-boot-error', 'Boot error', { pictured: true, picture: 'boot-error' }),
  choice('see-bitlocker', 'BitLocker recovery', { pictured: true, picture: 'bitlocker' }),
  choice('see-desktop', 'Desktop', { pictured: true, picture: 'desktop' }),
  choice('see-menu', 'Other menu', { pictured: true, picture: 'menu' }),
  choice('see-language', 'Other language', { pictured: true, picture: 'language' }),
  choice('something-else', 'Something else', { pictured: true, picture: 'other' }),
]
const CODE = choice('code', 'Red: this code', { text: 'code' })

interface Spec {
  readonly verb: Prompt['verb']
  readonly line: string
  readonly expected: string | null
  readonly choices: readonly Choice[]
  readonly scan?: boolean
  readonly names?: Names | null
  readonly pictured?: boolean
}

const CLOSE_FAILED = choice('close-failed', 'Red shelf', { closes: true })
const CLOSE_ERROR = choice('close-error', 'Bench or network was the cause', { closes: true })
const CLOSE_ABORTED = choice('close-aborted', 'End this run', { closes: true })
const GO_ON = choice('go-on', 'Mended: go on')

const HOLD_LINES: Readonly<Record<HoldReason, string>> = {
  'wrong-customer': 'Other customer: fetch the lead',
  'not-listed': 'Not on the order: fetch the lead',
  'duplicate-serial': 'Same serial in another bay: scan again',
  'duplicate-ztd': 'Same ZtdId in another bay: fetch the lead',
  'attestation-demanded': 'The order demands a TPM proof',
  'tpm-hold': 'TPM: fetch the lead',
  'unknown-menu': 'Unknown menu: press Cancel there, never Next',
  'associated-elsewhere': 'Runs device preparation: remote IT',
  'names-differ': 'Names differ from the order',
  swapped: 'Another device? Scan its label',
  'no-options': 'No options seen: look at the device',
  'code-unknown': 'Unknown red code: fetch the lead',
  bitlocker: 'BitLocker recovery: set aside',
  firmware: 'Firmware asks for a password',
  'boot-error': 'Boot error',
  desktop: 'Desktop: not a fresh device',
  'other-language': 'Unknown language: fetch the lead',
  'no-profile': 'No profile: remote IT',
  'guard-failed': 'Cannot see where the focus is',
  stalled: 'Stands still: look at the device',
  other: 'Look at the device',
}

const holdChoices = (why: HoldReason, from: string): readonly Choice[] => {
  switch (why) {
    case 'wrong-customer':
    case 'duplicate-serial':
      return [CLOSE_ABORTED]
    case 'not-listed':
      return [choice('go-on', 'The lead allows it'), CLOSE_ABORTED]
    case 'tpm-hold':
      return [choice('go-on', 'The lead allows it'), CLOSE_FAILED]
    case 'attestation-demanded':
      return [choice('go-on', 'Check again'), CLOSE_FAILED]
    case 'code-unknown':
      return [
        choice('retry', 'Press Retry'),
        CLOSE_FAILED,
        CLOSE_ERROR,
        choice('reset', 'A person resets it'),
      ]
    default:
      return from === 'failure'
        ? [GO_ON, CLOSE_FAILED, CLOSE_ERROR, choice('reset', 'A person resets it')]
        : [GO_ON, CLOSE_FAILED, CLOSE_ERROR, CLOSE_ABORTED]
  }
}

const reviewNames = (state: BayState, phase: Extract<Phase, { at: 'reviewing' }>): Names | null => {
  if (phase.names !== null) return phase.names
  const order = state.run?.order
  return order
    ? { organisation: order.tenantDomain, profile: order.profile, user: order.user }
    : null
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
          choice('taken-out', 'Taken out'),
        ],
      }
    case 'identify':
      return {
        verb: 'Scan',
        line: 'Scan the serial number',
        expected: null,
        scan: true,
        pictured: true,
        choices: [choice('serial', 'Type the serial', { text: 'serial' })],
      }
    case 'wiring':
      return {
        verb: 'Plug',
        line: 'Plug the network cable in',
        expected: null,
        choices: [CLOSE_ABORTED],
      }
    case 'summon':
      return {
        verb: 'Look',
        line: byHand
          ? 'Press the left Windows key five times. Options there?'
          : 'Are the options there?',
        expected: rules.traits.windows === 10 ? 'options-10' : 'options',
        pictured: true,
        choices: [choice('options', 'Options (white)'), choice('options-10', 'Options (blue)')],
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
        names: reviewNames(state, phase),
        choices: [
          choice('yes', byHand ? 'Right, and pressed' : 'Yes, right'),
          choice('differs-organisation', 'Organisation differs'),
          choice('differs-profile', 'Profile differs'),
          choice('differs-user', 'User differs'),
          choice('refreshed', 'I pressed Refresh'),
          choice('no-profile', 'No profile, Next is grey'),
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
        scan: true,
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
        ],
      }
    case 'locate':
      return {
        verb: 'Look',
        line: 'What does it show now?',
        expected: null,
        pictured: true,
        choices: [
          choice('first-page', 'First pages'),
          choice('options', 'Options (white)'),
          choice('options-10', 'Options (blue)'),
          choice('landing', 'Configuration page'),
          choice('provisioning', 'Progress'),
          choice('green', 'Green'),
          choice('red', 'Red'),
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
        choices: [choice('taken-out', 'Taken out')],
      }
    case 'back':
      return {
        verb: 'Scan',
        line: 'Which device is this?',
        expected: null,
        scan: true,
        choices: [
          choice('serial', 'Type the serial', { text: 'serial' }),
          choice('taken-out', 'Taken out'),
        ],
      }
    case 'alarm':
      return {
        verb: 'Stop',
        line: 'Resealed device is on: switch it off',
        expected: null,
        scan: true,
        choices: [choice('seen', 'Seen'), choice('taken-out', 'Taken out')],
      }
    default:
      return null
  }
}

const shown = (names: Names): NonNullable<Prompt['names']> => ({
  ...(names.organisation === null ? {} : { organisation: names.organisation }),
  ...(names.profile === null ? {} : { profile: names.profile }),
  ...(names.user === null ? {} : { user: names.user }),
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
