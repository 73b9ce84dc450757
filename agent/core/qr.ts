// The QR code of the Autopilot pages: one JSON object as text (facts/autopilot §1); the menu's `deviceLink:` code is another.

/** What a QR text says. `deviceLink` codes never hold a ZtdId (facts/autopilot §0, 2). */
export interface QrContent {
  /** Lower case, without braces; null when the page has none, which is how a device shows that it is not registered. */
  readonly ztdId: string | null
  /** Only on result pages of newer builds: believed when it is there, never waited for (facts/autopilot §1, 6). */
  readonly result: 'Success' | 'Failure' | null
  readonly elapsedMs: number | null
  readonly deviceLink: boolean
  /** Serial number that a `deviceLink` code names; null in all others. */
  readonly serial: string | null
}

const TEXT_MAX = 4096
/** A GUID has 36 characters; what is far longer is no id. */
const ZTD_MAX = 64
const LINK = /^deviceLink:/i
/** A byte order mark and the AIM id `]Qm` that scanners may put in front (facts/hardware §5). */
const FRONT = /^\uFEFF?\s*(?:\][A-Za-z][0-9A-Za-z])?/
/** The page writes what JavaScript gave it: NaN may stand where there is no time, and JSON has none. */
const BARE_NAN = /:\s*-?(?:NaN|Infinity)\b/g

/** The content of an Autopilot QR text, or null when it is none: any text gives an answer, nothing throws. */
export function readQr(text: string): QrContent | null {
  if (text.length > TEXT_MAX) return null
  const trimmed = text.replace(FRONT, '').trim()
  if (LINK.test(trimmed)) return { ...NOTHING, deviceLink: true, serial: linkSerial(trimmed) }
  if (!trimmed.startsWith('{')) return null
  const parsed = parse(trimmed) ?? parse(trimmed.replace(BARE_NAN, ':null'))
  if (parsed === null) return null
  // Top level is what the page writes today; BlockSequence is an older wrapping (facts/autopilot §1, 4).
  const block = field(parsed, 'BlockSequence')
  const ztd = field(parsed, 'ZtdId') ?? (isObject(block) ? field(block, 'ZtdId') : undefined)
  const result = field(parsed, 'Result')
  if (ztd === undefined && result === undefined) return null
  const elapsedMs = elapsedOf(field(parsed, 'ElapsedTimeMilliseconds'))
  return { ...NOTHING, ztdId: ztdOf(ztd), result: resultOf(result), elapsedMs }
}

const NOTHING: QrContent = {
  ztdId: null,
  result: null,
  elapsedMs: null,
  deviceLink: false,
  serial: null,
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

/** A member by its name, case ignored as the names differ by build (facts/autopilot §1, 4); the exact name wins. */
function field(value: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(value, name)) return value[name]
  return Object.entries(value).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
}

function ztdOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const id = value.trim().replace(/^\{(.*)\}$/, '$1')
  return id === '' || id.length > ZTD_MAX ? null : id.toLowerCase()
}

function resultOf(value: unknown): 'Success' | 'Failure' | null {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : ''
  if (word === 'success') return 'Success'
  return word === 'failure' ? 'Failure' : null
}

const elapsedOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null

function linkSerial(text: string): string | null {
  const at = text.indexOf('?')
  const serial = at < 0 ? null : new URLSearchParams(text.slice(at + 1)).get('sn')
  return serial === null || serial.trim() === '' ? null : serial.trim()
}

/** The ZtdId in a QR text, or null. */
export const ztdIdIn = (text: string): string | null => readQr(text)?.ztdId ?? null

/** The outcome in a QR text of a result page, or null. */
export const qrResultIn = (text: string): 'Success' | 'Failure' | null =>
  readQr(text)?.result ?? null
