// The QR code of the Autopilot pages: one JSON object as text (facts/autopilot §1); the menu's `deviceLink:` code is another.

/** What a QR text says. `deviceLink` codes never hold a ZtdId (facts/autopilot §0, 2). */
export interface QrContent {
  readonly ztdId: string | null
  readonly result: 'Success' | 'Failure' | null
  readonly elapsedMs: number | null
  readonly deviceLink: boolean
}

const TEXT_MAX = 4096

/** The content of an Autopilot QR text, or null when it is none: any text gives an answer, nothing throws. */
export function readQr(text: string): QrContent | null {
  const trimmed = text.trim()
  if (trimmed.length > TEXT_MAX) return null
  if (/^deviceLink:/i.test(trimmed))
    return { ztdId: null, result: null, elapsedMs: null, deviceLink: true }
  if (!trimmed.startsWith('{')) return null
  // The page writes NaN where there is no time; JSON has none.
  const parsed = parse(trimmed) ?? parse(trimmed.replace(/:\s*NaN/g, ':null'))
  if (parsed === null) return null
  const block = field(parsed, 'blocksequence')
  const ztd = field(parsed, 'ztdid') ?? (isObject(block) ? field(block, 'ztdid') : undefined)
  const result = field(parsed, 'result')
  const elapsed = field(parsed, 'elapsedtimemilliseconds')
  if (ztd === undefined && result === undefined) return null
  return {
    ztdId: typeof ztd === 'string' && ztd.trim() !== '' ? ztd.trim().toLowerCase() : null,
    result: result === 'Success' || result === 'Failure' ? result : null,
    elapsedMs: typeof elapsed === 'number' && Number.isFinite(elapsed) ? elapsed : null,
    deviceLink: false,
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

/** A member by its name, case ignored: the field names differ by build (facts/autopilot §1.4). */
const field = (value: Record<string, unknown>, name: string): unknown =>
  Object.entries(value).find(([key]) => key.toLowerCase() === name)?.[1]

/** The ZtdId in a QR text, or null. */
export const ztdIdIn = (text: string): string | null => readQr(text)?.ztdId ?? null

/** The outcome in a QR text of a result page, or null. */
export const qrResultIn = (text: string): 'Success' | 'Failure' | null =>
  readQr(text)?.result ?? null
