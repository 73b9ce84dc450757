// `lamp`: shows one signal on one lamp, or all of them one after the other, to try the lamp and to learn the signals.
import type { Command } from 'commander'
import { openLamp, openLampFamily } from '../../drivers/lamp/index.ts'
import { readLampUrl } from '../../station-config/lamp-url.ts'
import { bayId } from '../core/ids.ts'
import { LAMP_TABLES, SIGNAL_TABLE, SIGNALS, type Signal } from '../core/signals.ts'
import { StationError } from '../fault.ts'
import type { Lamp } from '../ports.ts'
import { type CliIo, print } from './io.ts'

const isSignal = (text: string): text is Signal => (SIGNALS as readonly string[]).includes(text)

/** How long a signal stands when nobody says, s: long enough for the slowest rhythm to come twice. */
const SECONDS = 8
const SECONDS_MAX = 3600
/** `all`: each signal stands so long, s. */
const EACH_SECONDS = 3

export function addLamp(program: Command, io: CliIo): void {
  program
    .command('lamp')
    .argument('<url>', 'none:, terminal:, virtual:, or a lamp as in the config: blink1:<serial>')
    .argument('<signal>', `${SIGNALS.join(', ')}; all: each of them`)
    .option('--seconds <n>', `how long it stands; Ctrl-C ends it too (${SECONDS})`)
    .description('shows a signal on a lamp, then lets it go dark')
    .action(async (url: string, signal: string, options: { seconds?: string }) => {
      const read = readLampUrl(url)
      if ('fault' in read) throw new StationError(read.fault.code, `${url}: ${read.fault.message}`)
      const signals = signal === 'all' ? SIGNALS.toReversed() : [signal]
      if (!signals.every(isSignal)) throw new StationError('USAGE_COMMAND', `no signal ${signal}`)
      const seconds = secondsOf(options.seconds, signal === 'all' ? EACH_SECONDS : SECONDS)
      const { driver } = read.url
      // A virtual lamp is a light on the board of a virtual bench: here there is nothing more to show.
      const lines: string[] = []
      const lamp = driver === 'virtual' ? null : lampAt(url, io, (line) => lines.push(line))
      const isLight = !['none', 'terminal', 'virtual'].includes(driver)
      try {
        for (const one of signals) {
          if (io.signal.aborted) break
          await print(io, lineOf(one))
          await lamp?.show(one)
          for (const line of lines.splice(0)) await print(io, line)
          if (isLight) await io.clock.sleep(seconds * 1000, io.signal)
        }
      } finally {
        await lamp?.close()
      }
    })
}

function secondsOf(text: string | undefined, usual: number): number {
  if (text === undefined) return usual
  const seconds = Number(text)
  if (seconds > 0 && seconds <= SECONDS_MAX) return seconds
  throw new StationError('USAGE_COMMAND', `--seconds ${text} is not between 0 and ${SECONDS_MAX}`)
}

function lineOf(signal: Signal): string {
  const { word, colour, rhythm, who } = SIGNAL_TABLE[signal]
  const beat = rhythm.map(([on, off]) => `${on}/${off}`).join(' ')
  return `${word}: ${signal}, ${colour}, on/off ms ${beat}, acts: ${who}`
}

const lampAt = (url: string, io: CliIo, write: (line: string) => void): Lamp =>
  openLamp(url, {
    bay: bayId('lamp'),
    tables: LAMP_TABLES,
    family: openLampFamily({ clock: io.clock }),
    write,
    hasColour: io.isTerminal,
  })
