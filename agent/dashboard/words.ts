// Every word of the board that is not the station's own, in one place: what a person reads and does.
import type { BayView } from '../core/view.ts'

export const WORDS = {
  somethingElse: 'Something else',
  undo: 'Take back',
  close: 'Close',
  send: 'Send',
  taken: 'taken',
  refused: 'Not taken',
  pieces: 'The scan came in pieces. Scan it again.',
  noAnswer: 'The station did not answer. Try again.',
  lost: 'No connection to the station: what you see is old. Trying again',
  connecting: 'Connecting to the station',
  nobody: 'Nobody is needed',
  longer: 'longer than usual',
  soundAsk: 'Sound: press once',
  soundOn: 'Sound on',
  simulated: 'simulated bench',
  preCheck: 'Before it starts',
  orderDemands: 'The work order demands',
  compareThese: 'These names must stand on its screen',
} as const

/** The three lines about a TPM; each stands for itself. */
export const TPM_LINES = {
  station: 'Attests to the station',
  windows: 'Windows says ready',
  flow: "Microsoft's service said",
} as const
export const VERDICT_WORDS = {
  GO: 'Yes',
  HOLD: 'A person decides',
  'NO-GO': 'No',
  'not-seen': 'Not seen',
} as const
export const FLOW_WORDS = {
  passed: 'Passed',
  failed: 'Failed',
  'not-reached': 'Not asked yet',
} as const

/** A bay's number as it stands on the bench: `bay-07` and `7` are both bay 7. */
export function labelOf(bay: string): string {
  return (/(\d+)$/.exec(bay)?.[1] ?? bay).replace(/^0+(?=\d)/, '')
}

const FAULTY: readonly (readonly [RegExp, string])[] = [
  [/KEYBOARD/, 'keyboard'],
  [/PORT/, 'serial port'],
  [/LINK/, 'network cable'],
  [/LEDGER|DISK/, 'ledger'],
  [/SCREEN/, 'capture'],
  [/NETWORK/, 'network'],
]

/** What the strip says of a bay that needs a person; bays with the same words stand together. Null: it needs nobody. */
export function todoOf(view: BayView): string | null {
  switch (view.signal) {
    case 'you':
      return (view.prompt?.verb ?? view.word).toLowerCase()
    case 'hold':
      return 'fetch the lead'
    case 'done':
      return 'take out'
    case 'failed':
      return 'red shelf'
    case 'alarm':
      return 'stop'
    case 'station':
      return FAULTY.find(([code]) => code.test(view.fault?.code ?? view.code ?? ''))?.[1] ?? 'bench'
    default:
      return null
  }
}

export interface ActionWords {
  readonly action: string
  readonly label: string
  /** Asked before it is done. */
  readonly confirm?: string
}

const REMOVED = { action: 'removed', label: 'Taken out' }
const RETRY = { action: 'retry', label: 'Retry with this device' }
const LAMP = { action: 'lamp-test', label: 'Lamp test' }
const ABORT = { action: 'abort', label: 'End this run', confirm: 'Yes, end this run' }
const OUT = {
  action: 'out-of-service',
  label: 'Out of service',
  confirm: 'Yes, take the bay out of service',
}
const IN = { action: 'in-service', label: 'Back into service' }
const SEEN = { action: 'seen', label: 'Seen' }

/** What may be asked of a bay at any time besides its question; the bench has the last word. */
export function actionsOf(view: BayView): readonly ActionWords[] {
  switch (view.signal) {
    case 'closed':
      return [IN, LAMP]
    case 'alarm':
      return [SEEN, REMOVED, OUT]
    case 'done':
    case 'failed':
      return [REMOVED, RETRY, OUT, LAMP]
    case 'station':
      return [IN, REMOVED, RETRY, ABORT, OUT, LAMP]
    case 'empty':
      return [{ action: 'powered', label: 'A device is on' }, OUT, LAMP]
    case 'working':
    case 'waiting':
      return [{ action: 'look', label: 'Ask me now' }, REMOVED, ABORT, OUT, LAMP]
    default:
      return [REMOVED, RETRY, ABORT, OUT, LAMP]
  }
}

export const NAME_LABELS = {
  organisation: 'Organisation',
  profile: 'Profile',
  user: 'Assigned user',
} as const
