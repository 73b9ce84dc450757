// The keyboard that a board with a USB device controller plays itself, through the kernel's gadget function.
import { HidgChip } from './hidg-chip.ts'
import { HIDG_NUMBERS, type HidgOptions } from './hidg-options.ts'
import { type OpenKeyboard, PlayedKeyboard } from './played-keyboard.ts'

/**
 * Opens the gadget keyboard at `path` (`/dev/hidg0`). A node that is missing, held or denied is the fact `gone`.
 * @throws StationError with `required` alone: STATION_PORT_GONE, STATION_PORT_BUSY, STATION_PORT_DENIED
 */
export async function openHidg(options: HidgOptions): Promise<OpenKeyboard> {
  const life = new AbortController()
  let keyboard: PlayedKeyboard | null = null
  const numbers = { ...HIDG_NUMBERS, ...options.numbers }
  const chip = new HidgChip(options, numbers, life.signal, () => keyboard?.lost())
  if (options.required === true) await chip.open()
  else await chip.tryOpen()
  keyboard = new PlayedKeyboard(chip, options.clock, life)
  return keyboard
}
