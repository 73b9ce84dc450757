// Which bits or bytes of a report are the keys of a bay, where the config says so: `?keys=2,1`, `?keys=3.0,3.1` or `?keys=1:2a`.
import { StationError } from '../../agent/fault.ts'
import { type ButtonBit, pressedIn } from './button-bits.ts'

/** Whether a key is down by one report; null when the report does not speak of it. */
export type ReadKey = (bytes: Uint8Array) => boolean | null

/** Where one key is found: the nth button of the descriptor, a bit of a byte, or a value of a byte. */
export type KeyPlace =
  | { readonly at: 'nth'; readonly nth: number }
  | { readonly at: 'bit'; readonly byte: number; readonly bit: number }
  | { readonly at: 'value'; readonly byte: number; readonly value: number }

/** An operator cannot tell more buttons apart; the grammar of the config (lamp-url.ts) has the same bound. */
const KEYS_MAX = 8

/**
 * Reads the places of the keys, in their order: the first is the answer, the second is red. Buttons are counted from 1, bytes
 * and bits from 0, a report id is byte 0; values are hexadecimal.
 * @throws StationError CONFIG_INVALID
 */
export function readKeys(url: string, text: string): readonly KeyPlace[] {
  const words = text.split(',')
  const places = words.map(placeOf)
  if (places.length > KEYS_MAX || places.includes(null) || new Set(words).size < words.length)
    throw new StationError('CONFIG_INVALID', `${url}: keys are like 1,2 or 3.0,3.1 or 2:1f`)
  return places.filter((place) => place !== null)
}

function placeOf(word: string): KeyPlace | null {
  const [, nth, byte, bit, value] =
    /^(?:([1-9]|[12]\d|3[0-2])|(\d|[1-5]\d|6[0-3])(?:\.([0-7])|:([0-9a-f]{2})))$/i.exec(word) ?? []
  if (nth !== undefined) return { at: 'nth', nth: Number(nth) }
  if (bit !== undefined) return { at: 'bit', byte: Number(byte), bit: Number(bit) }
  if (value === undefined) return null
  return { at: 'value', byte: Number(byte), value: Number.parseInt(value, 16) }
}

/** How each key is read; without places all buttons of the descriptor. A place that the descriptor does not have is never down. */
export function keysIn(
  buttons: readonly ButtonBit[],
  places: readonly KeyPlace[] | null,
): readonly ReadKey[] {
  const nth =
    (key: number): ReadKey =>
    (bytes) =>
      pressedIn(buttons, bytes).get(key) ?? null
  if (places === null) return buttons.map(({ key }) => nth(key))
  // Names of a descriptor that has no buttons at all would never be pressed.
  if (buttons.length === 0 && places.every(({ at }) => at === 'nth')) return []
  return places.map((place) => {
    if (place.at === 'nth') return nth(place.nth - 1)
    return (bytes) => {
      const byte = bytes[place.byte]
      if (byte === undefined) return null
      return place.at === 'bit' ? ((byte >> place.bit) & 1) === 1 : byte === place.value
    }
  })
}
