// `lamp`: shows one signal on one lamp, to try the lamp and to learn the signals.
import type { Command } from 'commander'
import { openLamp } from '../../drivers/lamp/index.ts'
import { readLampUrl } from '../../station-config/driver-url.ts'
import { bayId } from '../core/ids.ts'
import { SIGNAL_TABLE, SIGNALS, type Signal } from '../core/signals.ts'
import { StationError } from '../fault.ts'
import { type CliIo, print } from './io.ts'

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
      const row = SIGNAL_TABLE[signal]
      const beat = row.rhythm.map(([on, off]) => `${on}/${off}`).join(' ')
      await print(io, `${row.word}: ${signal}, ${row.colour}, on/off ms ${beat}, acts: ${row.who}`)
      // A virtual lamp is a light on the board of a virtual bench: here there is nothing more to show.
      if (read.url.driver === 'virtual') return
      const lines: string[] = []
      const lamp = openLamp(url, {
        bay: bayId('lamp'),
        signals: SIGNAL_TABLE,
        write: (line) => lines.push(line),
        hasColour: io.isTerminal,
      })
      await lamp.show(signal)
      await lamp.close()
      for (const line of lines) await print(io, line)
    })
}
