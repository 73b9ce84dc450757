// The PiKVM microcontroller as the keyboard of a bay: the chip, its port, and the way keys are played on it.
import type { FaultCode } from '../../agent/fault.ts'
import { openSerial } from '../io/serial.ts'
import { PikvmChip } from './pikvm-chip.ts'
import { type PikvmAnswer, PikvmParser } from './pikvm-codec.ts'
import { PIKVM_NUMBERS, type PikvmOptions } from './pikvm-options.ts'
import { type OpenKeyboard, PlayedKeyboard } from './played-keyboard.ts'
import { SerialTalk } from './serial-talk.ts'

const BAUD = 115_200

/**
 * Opens the microcontroller at `path`. A port that is missing, held or denied is the fact `gone`.
 * @throws StationError with `required` alone: STATION_PORT_GONE, STATION_PORT_BUSY, STATION_PORT_DENIED
 */
export async function openPikvm(options: PikvmOptions): Promise<OpenKeyboard> {
  const { path, clock, baud = BAUD, required = false, log } = options
  const numbers = { ...PIKVM_NUMBERS, ...options.numbers }
  const life = new AbortController()
  // The port speaks before it is handed out: until then there is nobody to listen.
  let talk: SerialTalk<PikvmAnswer> | null = null
  let chip: PikvmChip | null = null
  let keyboard: PlayedKeyboard | null = null
  let missing: FaultCode | null = null
  const stream = await openSerial(
    { path, baud, clock, required },
    {
      bytes: (chunk) => talk?.take(chunk),
      gone: (why) => {
        missing = why.code
        log?.warn({ port: path, code: why.code, why: why.where }, 'pikvm keyboard: port gone')
        chip?.lost(why.code)
        keyboard?.lost()
      },
      back: () => keyboard?.back(),
    },
  )
  talk = new SerialTalk(stream, clock, new PikvmParser())
  const close = () => stream.close()
  chip = new PikvmChip(options, numbers, { talk, close, life: life.signal })
  if (missing !== null) chip.lost(missing)
  keyboard = new PlayedKeyboard(chip, clock, life)
  return keyboard
}
