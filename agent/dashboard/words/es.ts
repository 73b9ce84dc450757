// Every word of the pages in Spanish.
import type { Words } from './en.ts'

export const ES: Words = {
  self: 'Español',
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
  },
}
