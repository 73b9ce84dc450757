// The keyboard that a board with a USB device controller plays itself, through the kernel's gadget function.
import { isStationError } from '../../agent/fault.ts'
import { HidgChip } from './hidg-chip.ts'
import { HIDG_NUMBERS, type HidgOptions } from './hidg-options.ts'
import { type OpenKeyboard, PlayedKeyboard } from './played-keyboard.ts'

/**
 * Opens the gadget keyboard at `path` (`/dev/hidg0`). A node that is missing is the fact `gone` (an error with `required`).
 * @throws StationError STATION_PORT_BUSY, STATION_PORT_DENIED; with `required` STATION_PORT_GONE
 */
export async function openHidg(options: HidgOptions): Promise<OpenKeyboard> {
  const life = new AbortController()
  let keyboard: PlayedKeyboard | null = null
  const numbers = { ...HIDG_NUMBERS, ...options.numbers }
  const chip = new HidgChip(options, numbers, life.signal, () => keyboard?.lost())
  try {
    await chip.open()
  } catch (error) {
    const isMissing = isStationError(error) && error.code === 'STATION_PORT_GONE'
    if (!isMissing || options.required === true) throw error
  }
  keyboard = new PlayedKeyboard(chip, options.clock, life)
  return keyboard
}
