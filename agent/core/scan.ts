// Says what a scanned or typed text is: a serial number, a page's QR code, a label or command of ours, or nothing usable.
import { GS, gs1Serial } from './gs1.ts'
import { type BayId, bayId, isId } from './ids.ts'
import { type QrContent, readQr } from './qr.ts'
import { bareSerial } from './serial-rules.ts'

/** Why a text is of no use. */
export type ScanReason =
  | 'empty'
  | 'too-long'
  | 'foreign-json'
  | 'label-malformed'
  | 'product-code'
  | 'web-address'
  | 'mac-address'
  | 'junk'
  | 'spaces'
  | 'characters'
  | 'length'

export type ScanRead =
  | { readonly kind: 'serial'; readonly serial: string }
  /** The QR code of a page; the bench hands the text on, as what it means depends on the bay's run. */
  | ({ readonly kind: 'qr' } & Pick<QrContent, 'ztdId' | 'result' | 'elapsedMs'>)
  /** The code of the 2026 menu: a serial number perhaps, and never a ZtdId (facts/autopilot §0, 2). */
  | { readonly kind: 'device-link'; readonly serial: string | null }
  | { readonly kind: 'bay'; readonly bay: BayId }
  /** `bay` null: the command goes to the bay that was scanned last, or to the only one that waits. */
  | { readonly kind: 'command'; readonly bay: BayId | null; readonly command: string }
  | { readonly kind: 'none'; readonly reason: ScanReason }

/** Far beyond any label; a text that is longer is something else that was pasted. */
export const SCAN_MAX = 4096
const SERIAL_MIN = 3
const SERIAL_MAX = 64
/** Letters and digits, with what Code 39 has beside them; colons and the like stand in captions, not in numbers. */
const SERIAL = /^[A-Za-z0-9][A-Za-z0-9._/+$%*-]*$/

/** The names of the barcodes that belong to no action but to a bay itself. */
const BAY_LABEL = 'bay'
/** Bay of a command barcode that goes to whichever bay is meant (contracts: ids and barcodes). */
const NO_BAY = '0'
/** No maker's serial number begins so: it is our prefix, whatever follows. `RSLB.` is a badge: a secret, never a serial number. */
const OURS = /^RSLB?\./i
const LABEL = /^RSL\.([^.]+)\.([A-Za-z][A-Za-z0-9-]{0,31})$/i

/** AIM symbology id, `]` code modifier, that many scanners can be told to send (facts/hardware §5). */
const AIM = /^\]([A-Za-z][0-9A-Za-z])/
/** EAN and UPC number products, not devices; so does GS1 DataBar without a serial number. */
const AIM_PRODUCT = /^E/
/** Codes whose content is element strings of GS1 (facts/hardware §5). */
const AIM_GS1 = /^(?:C1|d2|Q3|e0)$/

/** Words that makers print into the barcode in front of the number itself. */
const CAPTION =
  /^(?:s\/n|sn|serial(?:\s*(?:no\.?|number))?|service\s*tag)\s*[:#=]\s*|^s\/n\s+|^serial\s+(?:no\.?|number)\s+/i

/** What firmware reports where nobody wrote a number; compared in upper case, punctuation and spaces left out. */
const JUNK: ReadonlySet<string> = new Set([
  'TOBEFILLEDBYOEM',
  'TOBEFILLED',
  'DEFAULTSTRING',
  'DEFAULT',
  'SYSTEMSERIALNUMBER',
  'CHASSISSERIALNUMBER',
  'BASEBOARDSERIALNUMBER',
  'SYSTEMMANUFACTURER',
  'SYSTEMPRODUCTNAME',
  'SERIALNUMBER',
  'SERIAL',
  'NOTSPECIFIED',
  'NOTAPPLICABLE',
  'NOTAVAILABLE',
  'NOTSET',
  'NONE',
  'NULL',
  'NA',
  'OEM',
  'EMPTY',
  'UNKNOWN',
  'INVALID',
  'UNDEFINED',
  'TEST',
])
/** Counting up or down from any digit, as placeholders do; shorter runs occur in true numbers. */
const COUNTING = '01234567890123456789'
const COUNTING_DOWN = '98765432109876543210'
const COUNTING_MIN = 6

/** True for a text that stands where a serial number should, and is none. */
export function isJunkSerial(text: string): boolean {
  const bare = text.toUpperCase().replace(/[^A-Z0-9]/g, '')
  if (bare === '' || JUNK.has(bare)) return true
  if (/^(.)\1+$/.test(bare)) return true
  if (bare.length < COUNTING_MIN) return false
  return COUNTING.includes(bare) || COUNTING_DOWN.includes(bare)
}

/** A serial number as it is stored and compared everywhere: trimmed, upper case. */
export const normalSerial = (text: string): string => text.trim().toUpperCase()

const none = (reason: ScanReason): ScanRead => ({ kind: 'none', reason })

/** What a scanned or typed text is. Any text gives a value; nothing is guessed. */
export function readScan(text: string): ScanRead {
  if (text.length > SCAN_MAX) return none('too-long')
  const whole = text.replace(/^\uFEFF/, '').trim()
  const symbology = AIM.exec(whole)?.[1]
  const body = symbology === undefined ? whole : whole.slice(3).trim()
  if (body === '') return none('empty')
  const qr = readQr(body)
  if (qr?.deviceLink) return { kind: 'device-link', serial: qr.serial }
  if (qr) return { kind: 'qr', ztdId: qr.ztdId, result: qr.result, elapsedMs: qr.elapsedMs }
  if (body.startsWith('{') || body.startsWith('[')) return none('foreign-json')
  if (OURS.test(body)) return readLabel(body)
  if (symbology !== undefined && AIM_PRODUCT.test(symbology)) return none('product-code')
  if (symbology !== undefined && AIM_GS1.test(symbology)) {
    const serial = gs1Serial(body)
    return serial === null ? none('product-code') : readSerial(serial)
  }
  return readSerial(body.replaceAll(GS, ''))
}

function readLabel(body: string): ScanRead {
  const [, bay = '', word = ''] = LABEL.exec(body) ?? []
  const command = word.toLowerCase()
  if (!isId(bay) || command === '') return none('label-malformed')
  if (command === BAY_LABEL)
    return bay === NO_BAY ? none('label-malformed') : { kind: 'bay', bay: bayId(bay) }
  return { kind: 'command', bay: bay === NO_BAY ? null : bayId(bay), command }
}

function readSerial(body: string): ScanRead {
  const number = body.replace(CAPTION, '').trim()
  if (OURS.test(number)) return none('label-malformed')
  if (/:\/\/|^www\./i.test(number)) return none('web-address')
  if (/^(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(number)) return none('mac-address')
  if (isJunkSerial(number)) return none('junk')
  if (/\s/.test(number)) return none('spaces')
  if (!SERIAL.test(number)) return none('characters')
  if (number.length < SERIAL_MIN || number.length > SERIAL_MAX) return none('length')
  return { kind: 'serial', serial: bareSerial(normalSerial(number)) }
}
