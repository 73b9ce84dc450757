// What the board makes of a bay's view: what to do about it, and what may be asked of it.
import type { BayView } from '../core/view.ts'
import { say } from './words/say.ts'
import { words } from './words/words.ts'

const { todo, actions } = words.board

const FAULTY: readonly (readonly [RegExp, string])[] = [
  [/KEYBOARD/, todo.keyboard],
  [/PORT/, todo.port],
  [/LINK/, todo.link],
  [/LEDGER|DISK/, todo.ledger],
  [/SCREEN/, todo.screen],
  [/NETWORK/, todo.network],
]

/** What the strip says of a bay that needs a person; bays with the same words stand together. Null: it needs nobody. */
export function todoOf(view: BayView): string | null {
  switch (view.signal) {
    case 'you':
      return say(view.prompt?.verb ?? view.word).toLowerCase()
    case 'hold':
      return todo.lead
    case 'done':
      return todo.takeOut
    case 'failed':
      return todo.redShelf
    case 'alarm':
      return todo.stop
    case 'station':
      return (
        FAULTY.find(([code]) => code.test(view.fault?.code ?? view.code ?? ''))?.[1] ?? todo.bench
      )
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

const REMOVED = { action: 'removed', label: actions.removed }
const RETRY = { action: 'retry', label: actions.retry }
const LAMP = { action: 'lamp-test', label: actions.lampTest }
const ABORT = { action: 'abort', label: actions.abort, confirm: actions.abortSure }
const OUT = { action: 'out-of-service', label: actions.out, confirm: actions.outSure }
const IN = { action: 'in-service', label: actions.in }
const SEEN = { action: 'seen', label: actions.seen }

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
      return [{ action: 'powered', label: actions.powered }, OUT, LAMP]
    case 'working':
    case 'waiting':
      return [{ action: 'look', label: actions.look }, REMOVED, ABORT, OUT, LAMP]
    default:
      return [REMOVED, RETRY, ABORT, OUT, LAMP]
  }
}
