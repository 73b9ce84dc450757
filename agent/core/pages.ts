// What a look at the screen can say: the pages of the out-of-box experience by name, never by place.

/** The pages that the flow tells apart (facts/autopilot §0, §2). `menu` is any dialog whose entries are not the known options. */
export const PAGES = [
  'dark',
  'firmware',
  'boot-error',
  'bitlocker',
  'updating',
  'language',
  'region',
  'keyboard',
  'eula',
  'network',
  'signin',
  'options',
  'menu',
  'landing',
  'provisioning',
  'success',
  'failure',
  'resetting',
  'desktop',
  'unknown',
] as const
export type Page = (typeof PAGES)[number]

/** The pages on which the left Windows key is counted or may be once focus is inside (facts/autopilot §2.1). */
export const SUMMON_PAGES: readonly Page[] = ['language', 'region', 'keyboard', 'eula', 'signin']

export type Windows = 10 | 11

/** The controls that can hold the focus on a page the flow presses Enter on. */
export const FOCI = [
  'list',
  'cancel',
  'next',
  'refresh',
  'reseal',
  'retry',
  'reset',
  'other',
] as const
export type Focus = (typeof FOCI)[number]

/** What stands on the page, as far as it was read. Text is as shown; names are matched by table. */
export interface Fields {
  readonly windows?: Windows
  /** Entries of a dialog from top to bottom, as shown. */
  readonly entries?: readonly string[]
  /** The selected entry's text; absent when nothing is selected. */
  readonly selected?: string
  readonly focus?: Focus
  readonly nextEnabled?: boolean
  readonly loading?: boolean
  readonly organisation?: string
  readonly profile?: string
  readonly user?: string
  /** The text of a QR code on the page. */
  readonly qr?: string
  /** The error code as shown, last one on the page. */
  readonly code?: string
  /** The line of the enrolment status page that is being worked on. */
  readonly activity?: string
}
