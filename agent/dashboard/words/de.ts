// Every word of the pages in German.
import type { Words } from './en.ts'

export const DE: Words = {
  self: 'Deutsch',
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
  },
}
