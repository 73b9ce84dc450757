// Every word of the pages in English, and with it the list of words that each language must have.
import { BOARD_EN } from './board/en.ts'
import { DESK_EN } from './desk/en.ts'
import { INTERFACES_EN } from './interfaces/en.ts'
import { SAID_EN } from './said/en.ts'
import { SEEN_EN } from './seen/en.ts'
import { THROUGHPUT_EN } from './throughput/en.ts'
import { TRUST_EN } from './trust/en.ts'

export const EN = {
  /** The language's own name of itself. */
  self: 'English',
  said: SAID_EN,
  seen: SEEN_EN,
  board: BOARD_EN,
  desk: DESK_EN,
  shell: {
    board: 'Board',
    throughput: 'Throughput',
    lookup: 'Look-up',
    packOut: 'Pack-out',
    orders: 'Work orders',
    language: 'Language',
    theme: 'Colours',
    themeAuto: 'As the screen',
    themeDark: 'Dark',
    themeLight: 'Light',
    noAnswer: 'The station does not answer. It is asked again.',
    loading: 'Asking the station …',
    more: 'More',
  },
  interfaces: INTERFACES_EN,
  throughput: THROUGHPUT_EN,
  trust: TRUST_EN,
} as const

/** The shape of English with any text in it: a language that lacks a word does not compile. */
export type Texts<T> = { readonly [K in keyof T]: T[K] extends string ? string : Texts<T[K]> }
export type Words = Texts<typeof EN>
