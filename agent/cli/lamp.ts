// `lamp`: shows one signal on one lamp, to try the lamp and to learn the signals.
import type { Command } from 'commander'
import { readLampUrl } from '../../station-config/driver-url.ts'
import { SIGNAL_TABLE, SIGNALS, type Signal } from '../core/signals.ts'
import { StationError } from '../fault.ts'
import { type CliIo, print } from './io.ts'

/** `#RRGGBB` as the terminal's own background colour. */
function painted(word: string, colour: string, ink: 'black' | 'white'): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    Number.parseInt(colour.slice(at, at + 2), 16),
  )
  return `\u001b[48;2;${red};${green};${blue}m\u001b[${ink === 'black' ? 30 : 97}m ${word} \u001b[0m`
}

const isSignal = (text: string): text is Signal => (SIGNALS as readonly string[]).includes(text)

export function addLamp(program: Command, io: CliIo): void {
  program
    .command('lamp')
    .argument('<url>', 'none:, terminal: or virtual:')
    .argument('<signal>', SIGNALS.join(', '))
    .description('shows a signal on a lamp')
    .action(async (url: string, signal: string) => {
      const read = readLampUrl(url)
      if ('fault' in read) throw new StationError(read.fault.code, `${url}: ${read.fault.message}`)
      if (!isSignal(signal)) throw new StationError('USAGE_COMMAND', `no signal ${signal}`)
      if (read.url.driver === 'none') return print(io, 'no lamp: nothing is shown')
      const { word, who, colour, ink, rhythm } = SIGNAL_TABLE[signal]
      const shown = io.isTerminal ? painted(word, colour, ink) : word
      const beat = rhythm.map(([on, off]) => `${on}/${off}`).join(' ')
      await print(io, `${shown}  ${signal}, ${colour}, on/off ms ${beat}, acts: ${who}`)
    })
}
