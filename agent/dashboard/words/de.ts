// Every word of the pages in German.
import { BOARD_DE } from './board/de.ts'
import { DESK_DE } from './desk/de.ts'
import type { Words } from './en.ts'
import { INTERFACES_DE } from './interfaces/de.ts'
import { SAID_DE } from './said/de.ts'
import { SEEN_DE } from './seen/de.ts'
import { THROUGHPUT_DE } from './throughput/de.ts'
import { TRUST_DE } from './trust/de.ts'

export const DE: Words = {
  self: 'Deutsch',
  said: SAID_DE,
  seen: SEEN_DE,
  board: BOARD_DE,
  desk: DESK_DE,
  shell: {
    board: 'Tafel',
    throughput: 'Durchsatz',
    lookup: 'Nachsehen',
    packOut: 'Packtisch',
    orders: 'Aufträge',
    language: 'Sprache',
    theme: 'Farben',
    themeAuto: 'Wie der Bildschirm',
    themeDark: 'Dunkel',
    themeLight: 'Hell',
    noAnswer: 'Die Station antwortet nicht. Sie wird wieder gefragt.',
    loading: 'Die Station wird gefragt …',
    more: 'Mehr',
  },
  interfaces: INTERFACES_DE,
  throughput: THROUGHPUT_DE,
  trust: TRUST_DE,
}
