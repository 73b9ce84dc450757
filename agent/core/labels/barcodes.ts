// The sheet of command barcodes: what a person with gloves can say to a bay by a scanner alone.

/** Every command that a barcode may carry, in groups as they stand on the sheet (agent/bench/hands.ts understands them). */
export const BARCODE_GROUPS = {
  /** What most runs need. */
  daily: ['confirm', 'green', 'red', 'something-else', 'undo', 'taken-out', 'look', 'powered'],
  /** Answers about the page that stands there. */
  page: [
    'yes',
    'again',
    'first-page',
    'options',
    'options-10',
    'options-chosen',
    'list',
    'no-entry',
    'landing',
    'provisioning',
    'not-yet',
    'no-code',
    'not-red',
    'dark',
    'still-on',
    'removed',
  ],
  /** Answers about names. */
  names: [
    'green-differs',
    'differs-organisation',
    'differs-profile',
    'differs-user',
    'refreshed',
    'no-profile',
  ],
  /** "Something else", as pictured on the board. */
  see: [
    'see-dark',
    'see-firmware',
    'see-boot-error',
    'see-bitlocker',
    'see-desktop',
    'see-menu',
    'see-language',
  ],
  /** For the lead: what ends or begins work. */
  lead: [
    'abort',
    'retry',
    'go-on',
    'close-failed',
    'close-error',
    'close-aborted',
    'reset',
    'seen',
    'out-of-service',
    'in-service',
    'lamp-test',
    'probe',
  ],
} as const

export type BarcodeGroup = keyof typeof BARCODE_GROUPS
export type BarcodeCommand = (typeof BARCODE_GROUPS)[BarcodeGroup][number]
export const GROUP_NAMES = Object.keys(BARCODE_GROUPS) as readonly BarcodeGroup[]
export const BARCODE_COMMANDS: readonly BarcodeCommand[] = GROUP_NAMES.flatMap(
  (name): readonly BarcodeCommand[] => BARCODE_GROUPS[name],
)

/** The text of a command's bar code. `bay` null: it goes to the bay that was scanned last, or the only one that waits. */
export const commandCode = (bay: string | null, command: BarcodeCommand): string =>
  `RSL.${bay ?? '0'}.${command}`

/** The text of the bar code that selects a bay. */
export const bayCode = (bay: string): string => `RSL.${bay}.bay`
