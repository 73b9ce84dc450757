// Every word of the pages in Spanish.
import { BOARD_ES } from './board/es.ts'
import { DESK_ES } from './desk/es.ts'
import type { Words } from './en.ts'
import { INTERFACES_ES } from './interfaces/es.ts'
import { SAID_ES } from './said/es.ts'
import { SEEN_ES } from './seen/es.ts'
import { THROUGHPUT_ES } from './throughput/es.ts'
import { TRUST_ES } from './trust/es.ts'

export const ES: Words = {
  self: 'Español',
  said: SAID_ES,
  seen: SEEN_ES,
  board: BOARD_ES,
  desk: DESK_ES,
  shell: {
    board: 'Tablero',
    throughput: 'Rendimiento',
    lookup: 'Consulta',
    packOut: 'Embalaje',
    orders: 'Órdenes',
    language: 'Idioma',
    theme: 'Colores',
    themeAuto: 'Como la pantalla',
    themeDark: 'Oscuro',
    themeLight: 'Claro',
    noAnswer: 'La estación no responde. Se le pregunta de nuevo.',
    loading: 'Preguntando a la estación …',
    more: 'Más',
  },
  interfaces: INTERFACES_ES,
  throughput: THROUGHPUT_ES,
  trust: TRUST_ES,
}
