// Reads the address of a label printer, with the paper and the language of its labels.
import type { LabelFormat } from '../agent/core/labels/zpl.ts'
import {
  FAMILIES,
  invalid,
  option,
  type Read,
  split,
  unknownOption,
  type Written,
} from './driver-url.ts'

export interface PrinterConfig extends Written<'tcp' | 'file'> {
  /** What the address says of paper, head and language. */
  readonly format: Pick<LabelFormat, 'size' | 'dpi' | 'language'>
}

/** `tcp:host[:port]` or `file:/path`, each with `?size=4x2|2x1&dpi=203|300&language=en|de|es`. */
export function readPrinterUrl(text: string): Read<PrinterConfig> {
  const parts = split(text, FAMILIES.printer)
  if ('fault' in parts) return parts
  const driver = parts.scheme as PrinterConfig['driver']
  const { rest } = parts
  if (driver === 'file' && !/^\/[^\0]{1,4000}$/.test(rest))
    return invalid('the path is not absolute', 'Write for instance file:/dev/usb/lp0')
  if (driver === 'tcp' && !isPlace(rest))
    return invalid('this is no host with a port', 'Write for instance tcp:10.20.0.9:9100')
  const fault = unknownOption(parts, ['size', 'dpi', 'language'])
  if (fault !== null) return { fault }
  const size = option(parts, 'size', ['4x2', '2x1'])
  if (typeof size === 'object') return { fault: size }
  const dpi = option(parts, 'dpi', ['203', '300'])
  if (typeof dpi === 'object') return { fault: dpi }
  const language = option(parts, 'language', ['en', 'de', 'es'])
  if (typeof language === 'object') return { fault: language }
  const format = {
    size: size ?? '4x2',
    dpi: dpi === '300' ? (300 as const) : (203 as const),
    language: language ?? 'en',
  }
  return { url: { driver, text, format } }
}

/** A host name, an IPv4 address or `[an IPv6 address]`, with or without a port. */
function isPlace(rest: string): boolean {
  const digits =
    /^(?:\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}))(?::(\d{1,5}))?$/.exec(rest)
  if (digits === null) return false
  const port = Number(digits[1] ?? '9100')
  return port >= 1 && port <= 65_535
}
