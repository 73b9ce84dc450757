// Takes a GS1 code apart, to find the serial number among product number, lot and dates that share one bar code.

/** Between elements of variable length (FNC1, sent by scanners as the group separator). */
export const GS = '\u001d'

/**
 * Elements of predefined length by the first two digits of their application identifier: length with the identifier
 * (GS1 General Specifications, figure "element strings with predefined length using application identifiers"). All
 * others end at a separator.
 */
const FIXED: Readonly<Record<string, number>> = {
  '00': 20,
  '01': 16,
  '02': 16,
  '03': 16,
  '04': 18,
  '11': 8,
  '12': 8,
  '13': 8,
  '14': 8,
  '15': 8,
  '16': 8,
  '17': 8,
  '18': 8,
  '19': 8,
  '20': 4,
  '31': 10,
  '32': 10,
  '33': 10,
  '34': 10,
  '35': 10,
  '36': 10,
  '41': 16,
}
/** Serial number of the item; at most 20 characters. */
const SERIAL = '21'
const SERIAL_MAX = 20
/** More elements than any label has. */
const ELEMENTS_MAX = 32

/** The serial number (application identifier 21) in the text of a GS1 code; null when it has none, or is none. */
export function gs1Serial(text: string): string | null {
  let rest = text
  for (let n = 0; n < ELEMENTS_MAX && rest !== ''; n++) {
    if (rest.startsWith(GS)) {
      rest = rest.slice(1)
      continue
    }
    const identifier = rest.slice(0, 2)
    if (!/^\d\d$/.test(identifier)) return null
    const fixed = FIXED[identifier]
    const end = fixed ?? endOf(rest)
    if (rest.length < end) return null
    if (identifier === SERIAL) {
      const serial = rest.slice(2, end)
      return serial !== '' && serial.length <= SERIAL_MAX ? serial : null
    }
    rest = rest.slice(end)
  }
  return null
}

const endOf = (text: string): number => {
  const separator = text.indexOf(GS)
  return separator < 0 ? text.length : separator
}
