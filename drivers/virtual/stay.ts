// What the operator remembers of a bay, and how soon a person comes.
import type { View } from './look.ts'
import type { Random } from './random.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

/** One device's stay in a bay, and what the person is about to do there. */
export interface Stay {
  memory: {
    holds: number
    scans: number
    refreshes: number
    agains: number
    stillOns: number
    answers: number
  }
  /** UTC ms since when this device stands here. */
  since: number
  /** What the bay needs of a person, as a text that changes with it; null: nothing. */
  need: string | null
  /** Calls the walk off. */
  cancel: (() => void) | null
  /** Times that the same need was met in vain. */
  vain: number
  /** Told a false word of success in this stay. */
  lied: boolean
  readonly random: Random
}

export const freshStay = (random: Random): Stay => ({
  memory: { holds: 0, scans: 0, refreshes: 0, agains: 0, stillOns: 0, answers: 0 },
  since: 0,
  need: null,
  cancel: null,
  vain: 0,
  lied: false,
  random,
})

/** Another device, or none, stands here from now on. */
export function begin(stay: Stay, now: number): void {
  stay.memory = { holds: 0, scans: 0, refreshes: 0, agains: 0, stillOns: 0, answers: 0 }
  stay.since = now
  stay.lied = false
}

export type NeedKind = 'load' | 'lid' | 'look'

/** From the need until the person sets out, ms: mostly soon, at times late, rarely not before a long while. */
export function reaction(random: Random, kind: NeedKind, faults: boolean): number {
  const soon =
    kind === 'lid'
      ? random.int(MINUTE, 20 * MINUTE)
      : random.int(2 * SECOND, kind === 'load' ? 20 * SECOND : 15 * SECOND)
  const late = random.weighted([
    [93, 0],
    [5, random.int(30 * SECOND, 180 * SECOND)],
    [2, random.int(4 * MINUTE, 15 * MINUTE)],
  ])
  return faults ? soon + late : soon
}

/** Whether the open question takes this answer. */
export const offers = (view: View, answer: string): boolean =>
  view.prompt?.choices.some((choice) => choice.answer === answer) ?? false

/** As a hand types a code from a page: case and prefix as it comes. */
export const typed = (random: Random, code: string): string =>
  random.weighted([
    [6, code],
    [2, code.toLowerCase()],
    [2, code.replace(/^0x/i, '')],
  ])
