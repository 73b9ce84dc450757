// Reads option values, so that a wrong number or time is refused before a command begins.
import { type Command, InvalidArgumentError } from 'commander'

/** A whole number in a range, for `.option(flags, text, wholeNumber(1, 256))`. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text)
    if (/^-?\d{1,15}$/.test(text) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`It is a whole number from ${min} to ${max}`)
  }

/** A number in a range, for speeds and days. */
export const numberBetween =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text)
    if (text.trim() !== '' && value >= min && value <= max) return value
    throw new InvalidArgumentError(`It is a number from ${min} to ${max}`)
  }

/** ISO 8601 with a zone, or a plain date (UTC midnight), as UTC ms. */
export function instant(text: string): number {
  const isKnown = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d))?$/
  const at = isKnown.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(at)) return at
  throw new InvalidArgumentError('It is a date, or a time with its zone: 2026-11-23T08:00Z')
}

/** http: or https: without a path. */
export function stationUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.search === '')
    return url
  throw new InvalidArgumentError('It is the address of the board: http://127.0.0.1:8080')
}

/** The options by which a command trusts a guarded station and is let in. */
export const withDoor = (command: Command): Command =>
  command
    .option('--ca <file>', "trust this certificate: the station's own, or its signer's")
    .option('--fingerprint <sha256>', "trust the station by its certificate's fingerprint")
    .option('--token-file <file>', 'a token of the station, to be let in by')
