// The answers of questions: the pictured list of safety rule 1, and what a person may do about a hold.
import type { HoldReason } from './phase.ts'
import type { Choice } from './view.ts'

export const choice = (answer: string, label: string, more: Partial<Choice> = {}): Choice => ({
  answer,
  label,
  pictured: false,
  closes: false,
  ...more,
})

/** The pictured list of safety rule 1; each entry has a way on. */
export const PICTURED: readonly Choice[] = [
  choice('see-dark', 'Dark', { pictured: true, picture: 'dark' }),
  choice('see-firmware', 'Firmware password', { pictured: true, picture: 'firmware' }),
  choice('see-boot-error', 'Boot error', { pictured: true, picture: 'boot-error' }),
  choice('see-bitlocker', 'BitLocker recovery', { pictured: true, picture: 'bitlocker' }),
  choice('see-desktop', 'Desktop', { pictured: true, picture: 'desktop' }),
  choice('see-menu', 'Other menu', { pictured: true, picture: 'menu' }),
  choice('see-language', 'Other language', { pictured: true, picture: 'language' }),
  choice('something-else', 'Something else', { pictured: true, picture: 'other' }),
]
export const SOMETHING_ELSE = PICTURED.filter(({ answer }) => answer === 'something-else')
export const CODE = choice('code', 'Red: this code', { text: 'code' })

export const TAKEN_OUT = choice('taken-out', 'Taken out')
const CLOSE_FAILED = choice('close-failed', 'Red shelf', { closes: true })
const CLOSE_ERROR = choice('close-error', 'Bench or network was the cause', { closes: true })
export const CLOSE_ABORTED = choice('close-aborted', 'End this run', { closes: true })
const GO_ON = choice('go-on', 'Mended: go on')

export const HOLD_LINES: Readonly<Record<HoldReason, string>> = {
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

export const holdChoices = (why: HoldReason, from: string): readonly Choice[] => {
  switch (why) {
    case 'wrong-customer':
    case 'duplicate-serial':
      return [CLOSE_ABORTED]
    case 'swapped':
      // Only a scan says which device this is.
      return [CLOSE_ABORTED, CLOSE_FAILED]
    case 'not-listed':
      return [choice('go-on', 'The lead allows it', { lead: true }), CLOSE_ABORTED]
    case 'tpm-hold':
      return [choice('go-on', 'The lead allows it', { lead: true }), CLOSE_FAILED]
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
