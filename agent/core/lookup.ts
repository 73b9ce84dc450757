// Reads what somebody asks about a device by: its serial number, ZtdId or MAC, typed, scanned or pasted, and finds the one answer.
import type { InstantMs } from './ids.ts'
import { readQr } from './qr.ts'
import { type AnswerHistory, type ResealAnswer, resealAnswer } from './reseal-answer.ts'
import { normalSerial, readScan } from './scan.ts'

/** What a text may name, in the order in which it is tried. */
export interface Ident {
  readonly by: 'serial' | 'ztdId' | 'mac'
  readonly value: string
}

/** What the ledger can be asked, at once and without waiting. */
export interface Finder {
  device(serial: string): AnswerHistory
  /** Serial numbers that had this ZtdId (lower case) or MAC (lower case, colons), newest first. */
  serialsOf(by: 'ztdId' | 'mac', value: string): readonly string[]
}

/** The QR code of a page has under 1,000 characters (facts/autopilot §1). */
export const ASKED_MAX = 4096

const GUID = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i
const MAC =
  /^(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4})$/i
const BARE_MAC = /^[0-9a-f]{12}$/i

const colons = (text: string) =>
  (text.toLowerCase().match(/[0-9a-f]/g) ?? []).join('').replace(/..(?=.)/g, '$&:')

/** What a text may name; empty when it can name nothing. Any text gives an answer. */
export function identsOf(asked: string): readonly Ident[] {
  const text = asked.trim()
  if (text === '' || text.length > ASKED_MAX) return []
  const qr = readQr(text)
  if (qr !== null) {
    const { ztdId, serial } = qr
    const named: readonly (Ident | null)[] = [
      ztdId === null ? null : { by: 'ztdId', value: ztdId },
      serial === null ? null : { by: 'serial', value: normalSerial(serial) },
    ]
    return named.filter((one) => one !== null)
  }
  const guid = GUID.exec(text)?.[1]
  if (guid !== undefined) return [{ by: 'ztdId', value: guid.toLowerCase() }]
  if (MAC.test(text)) return [{ by: 'mac', value: colons(text) }]
  const scan = readScan(text)
  // As it is first: a record keeps whatever a device called itself.
  const serials = [text, normalSerial(text), ...(scan.kind === 'serial' ? [scan.serial] : [])]
  return [
    ...[...new Set(serials)].map((value): Ident => ({ by: 'serial', value })),
    ...(BARE_MAC.test(text) ? [{ by: 'mac', value: colons(text) } as const] : []),
  ]
}

const isKnown = ({ runs, open }: AnswerHistory) => runs.length > 0 || open !== null

/** The answer for whatever was asked by; what nobody has seen here is `not-seen`, never `failed`. */
export function lookUp(finder: Finder, asked: string, now: InstantMs): ResealAnswer {
  const idents = identsOf(asked)
  for (const { by, value } of idents) {
    if (by === 'serial') {
      const history = finder.device(value)
      if (isKnown(history)) return resealAnswer(value, history, now)
      continue
    }
    const [serial, ...others] = finder.serialsOf(by, value)
    if (serial === undefined) continue
    return { ...resealAnswer(serial, finder.device(serial), now), found: { by, value, others } }
  }
  const shown = idents[0]?.value ?? asked.trim().slice(0, ASKED_MAX)
  return resealAnswer(shown, { runs: [], annotations: [], open: null }, now)
}
