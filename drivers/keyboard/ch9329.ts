// The CH9329 keyboard chip as the keyboard of a bay: the chip, its port, and the way keys are played on it.
import { openSerial } from '../io/serial.ts'
import { Ch9329Chip } from './ch9329-chip.ts'
import { baudsOf, CH9329_NUMBERS, type Ch9329Options } from './ch9329-options.ts'
import { ChipPresence } from './ch9329-presence.ts'
import { Ch9329Wire } from './ch9329-wire.ts'
import { type OpenKeyboard, PlayedKeyboard } from './played-keyboard.ts'

/** Another name for what is opened. */
export type Ch9329 = OpenKeyboard

/**
 * Opens the keyboard chip at `path`. A port that is missing, held or denied is the fact `gone`.
 * @throws StationError with `required` alone: STATION_PORT_GONE, STATION_PORT_BUSY, STATION_PORT_DENIED
 */
export async function openCh9329(options: Ch9329Options): Promise<OpenKeyboard> {
  const numbers = { ...CH9329_NUMBERS, ...options.numbers }
  const life = new AbortController()
  const presence = new ChipPresence(options.clock, numbers)
  const { path, clock, required = false, log } = options
  const baud = baudsOf(options)[0] ?? 9600
  // The port speaks before it is handed out: until then there is nobody to listen.
  let chip: Ch9329Chip | null = null
  let keyboard: PlayedKeyboard | null = null
  let wire: Ch9329Wire | null = null
  const stream = await openSerial(
    { path, baud, clock, required },
    {
      bytes: (chunk) => wire?.take(chunk),
      gone: (why) => {
        log?.warn({ port: path, code: why.code, why: why.where }, 'keyboard chip: port gone')
        if (chip === null) return presence.gone(why.code)
        chip.lost(why.code)
        keyboard?.lost()
      },
      back: () => keyboard?.back(),
    },
  )
  wire = new Ch9329Wire(stream, clock, life.signal)
  const close = () => stream.close()
  chip = new Ch9329Chip(options, numbers, { wire, presence, close, life: life.signal })
  keyboard = new PlayedKeyboard(chip, clock, life)
  return keyboard
}
