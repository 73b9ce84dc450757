// Which key answers what: the same order on the buttons and under the fingers.
import type { BayView, Choice, Prompt } from '../core/view.ts'

/** X opens the pictured list, Z takes back, S sends a typed text. */
export const KEY_ELSE = 'X'
export const KEY_UNDO = 'Z'
export const KEY_SEND = 'S'
const LETTERS = [...'ABCDEFGHIJKLMNOPQRTUVWY']

export interface Lettered {
  readonly choice: Choice
  readonly letter: string
}

/** Answers with their letters, the expected one first; pictured ones carry on the row. */
export function lettered(prompt: Prompt): {
  readonly main: readonly Lettered[]
  readonly pictured: readonly Lettered[]
} {
  const rank = (choice: Choice) => (choice.pictured ? 2 : choice.answer === prompt.expected ? 0 : 1)
  const all = prompt.choices
    .toSorted((a, b) => rank(a) - rank(b))
    .map((choice, index) => ({ choice, letter: LETTERS[index] ?? '' }))
  return {
    main: all.filter(({ choice }) => !choice.pictured),
    pictured: all.filter(({ choice }) => choice.pictured),
  }
}

/** True when a closing can still be taken back. */
export const canUndo = (view: BayView, now: number): boolean =>
  view.undoUntil !== null && view.undoUntil > now
