// Every kind of thing that the audit keeps, so that page, export and documents name the same list.

/** What was done, in the words of docs; the page translates them. Names are never reused. */
export const AUDITED = {
  'sign-in': 'Signed in with a password',
  'sign-out': 'Signed out',
  badge: 'Showed a badge at a kiosk',
  password: 'Changed the own password',
  'first-admin': 'Made the first admin by the code of the console',
  'account-added': 'Made an account',
  'account-changed': 'Changed an account',
  'account-ended': 'Ended an account',
  'badge-made': 'Made a badge',
  'password-reset': 'Gave an account a new first password',
  'token-added': 'Made a token',
  'token-ended': 'Ended a token',
  answer: 'Answered a question of a bay, or took the answer back',
  scan: 'Scanned at the board',
  action: 'Did something at a bay',
  port: 'Switched the network port of a bay',
  probe: 'Asked for a code of the probe',
  photo: 'Added a photo to a run',
  'packout-scan': 'Scanned at the packing table',
  orders: 'Imported or closed a work order',
  webhook: 'Changed a webhook',
  label: 'Printed a label',
  export: 'Exported data',
  config: 'Read the config anew',
  erasure: 'Let bodies of the audit go by their age',
  change: 'Changed something else',
  refused: 'Asked for what it may not, or was not signed in',
} as const
export type Audited = keyof typeof AUDITED
export const isAudited = (text: string): text is Audited => Object.hasOwn(AUDITED, text)
