// A lamp for trying a bay without hardware: each new signal is a line in the terminal.
import { StationError } from '../../agent/fault.ts'
import type { Lamp, Signal } from '../../agent/ports.ts'
import type { LampContext } from './index.ts'

const RESET = '\x1b[0m'

/** `#RRGGBB` as the background of a terminal with 24-bit colour (ECMA-48 SGR 48;2). */
function background(colour: string): string {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  return parts.some(Number.isNaN) ? '' : `\x1b[48;2;${parts.join(';')}m`
}

/** Shows `bay 04  ██ Take out`; a signal that is shown already makes no new line. */
export function terminalLamp({ bay, tables, write, hasColour }: LampContext): Lamp {
  let shown: Signal | null = null
  let isClosed = false
  return {
    async show(signal) {
      if (isClosed || signal === shown) return
      const { word, colour, loud } = tables.signals[signal]
      const block = hasColour ? `${background(colour)}  ${RESET} ` : loud ? '! ' : '  '
      try {
        write(`bay ${bay}  ${block}${word}`)
      } catch (cause) {
        throw new StationError('STATION_LAMP_GONE', `terminal: of bay ${bay}`, { cause })
      }
      // Only after it was taken: a lamp that came back shows the same signal again.
      shown = signal
    },
    async close() {
      isClosed = true
    },
  }
}
