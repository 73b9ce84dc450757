// Writes a label as ZPL II text for thermal printers; it only places and escapes, what is said comes from the label.
import type { Label } from './label.ts'
import { LABEL_WORDS, type LabelLanguage } from './words.ts'

export const LABEL_SIZES = ['4x2', '2x1'] as const
/** Inches, width by height. */
export type LabelSize = (typeof LABEL_SIZES)[number]
export const LABEL_DPIS = [203, 300] as const
export type LabelDpi = (typeof LABEL_DPIS)[number]

export interface LabelFormat {
  readonly size: LabelSize
  readonly dpi: LabelDpi
  readonly language: LabelLanguage
  /** 1 to 5. */
  readonly copies: number
}

/** Places in dots at 203 dpi; other heads are scaled. */
interface Layout {
  readonly width: number
  readonly height: number
  readonly margin: number
  /** Side of the square for the QR code. */
  readonly qr: number
  /** Letter heights of verdict, serial number and the rest. */
  readonly big: number
  readonly serial: number
  readonly small: number
  readonly bars: number
}

const LAYOUTS: Readonly<Record<LabelSize, Layout>> = {
  '4x2': { width: 812, height: 406, margin: 20, qr: 216, big: 60, serial: 40, small: 28, bars: 96 },
  '2x1': { width: 406, height: 203, margin: 10, qr: 112, big: 30, serial: 22, small: 17, bars: 44 },
}
const BASE_DPI = 203

/** Bytes that a QR code of versions 1 to 14 holds at level M in byte mode (ISO/IEC 18004, table 7). */
const QR_BYTES = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362] as const
/** Dots of a module that ^BQ takes at most. */
const QR_DOTS_MAX = 10
/** Modules of a Code 128: 11 a character, start, check, stop, and the quiet zones of 10 on both sides. */
const code128Modules = (characters: number) => (characters + 2) * 11 + 13 + 20
/** Bars of one dot are read by few scanners; wider than 4 is a waste of paper. */
const BAR_DOTS_MAX = 4
/** Mean width of a letter of font 0 as a share of its width setting, capitals and digits (drawn and measured: 0.46). */
const LETTER = 0.52
/** A long line is set narrower before it is cut; narrower than this is hard to read. */
const NARROWEST = 0.7

/**
 * A text as data of a field under `^FH_`: all that is no plain letter, digit or blank goes as hex of its UTF-8 bytes, so no
 * text can end its field or begin a command. Control characters are left out.
 */
export function zplText(text: string): string {
  const clean = text.toWellFormed().replace(/\p{Cc}/gu, '')
  return [...new TextEncoder().encode(clean)]
    .map((byte) => {
      const letter = String.fromCharCode(byte)
      const isPlain = byte < 0x80 && /[A-Za-z0-9 .,:/-]/.test(letter)
      return isPlain ? letter : `_${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}

/** Modules of one side of a QR code for so many bytes; null when no code of these sizes holds them. */
export function qrModules(bytes: number): number | null {
  const version = QR_BYTES.findIndex((held) => bytes <= held)
  return version === -1 ? null : 21 + 4 * version
}

const field = (x: number, y: number, how: string, data: string) =>
  `^FO${Math.round(x)},${Math.round(y)}${how}^FH_^FD${data}^FS`

const day = (iso: string) => iso.slice(0, 10)
const minute = (iso: string) => `${day(iso)} ${iso.slice(11, 16)} UTC`

/** A text in letters of a height, narrower or cut so that it fits a width; what is cut off is shown as cut. */
function line(text: string, height: number, width: number): { text: string; letter: number } {
  const fitting = width / (Math.max(1, text.length) * LETTER)
  const letter = Math.round(Math.min(height, Math.max(height * NARROWEST, fitting)))
  const room = Math.max(1, Math.floor(width / (letter * LETTER)))
  return { text: text.length <= room ? text : `${text.slice(0, room - 1)}…`, letter }
}

/** The lines below the verdict, most needed first. */
function lines(label: Label, language: LabelLanguage): string[] {
  const words = LABEL_WORDS[language]
  const { handOverAfter, useBefore, order, bay, code, endedAt } = label
  return [
    ...(code === null ? [] : [code]),
    ...(handOverAfter === null ? [] : [`${words.handOverAfter} ${minute(handOverAfter)}`]),
    ...(useBefore === null ? [] : [`${words.useBefore} ${day(useBefore)}`]),
    ...(order === null ? [] : [`${words.order} ${order}`]),
    `${words.bay} ${bay}, ${minute(endedAt)}`,
  ]
}

/** The label as ZPL II: verdict, grade, serial number, dates, QR code of the look-up, Code 128 of the serial number. */
export function zplOf(label: Label, format: LabelFormat): string {
  const layout = LAYOUTS[format.size]
  const scale = format.dpi / BASE_DPI
  const dots = (at203: number) => Math.round(at203 * scale)
  const { width, height, margin, qr, big, serial, small, bars } = layout
  const words = LABEL_WORDS[format.language]

  const left = margin * 2 + qr
  const room = width - left - margin
  const text = (at: number, size: number, what: string) => {
    const set = line(what, size, room)
    const font = `^A0N,${dots(size)},${dots(set.letter)}`
    return field(left * scale, at * scale, font, zplText(set.text))
  }
  const grade = label.grade === null ? '' : words.grades[label.grade]
  const verdict = words.verdicts[label.verdict]
  const gap = Math.round(small * 0.28)
  const first = margin + big + gap
  const second = first + serial + gap
  const bottom = height - margin - bars
  const fits = Math.floor((bottom - gap - second) / (small + gap))
  return [
    '^XA',
    '^CI28',
    `^PW${dots(width)}`,
    `^LL${dots(height)}`,
    '^LH0,0',
    ...qrField(label.url, dots(margin), dots(qr)),
    text(margin, big, verdict),
    text(first, serial, label.serial ?? words.noSerial),
    ...[...(grade === '' ? [] : [grade]), ...lines(label, format.language)]
      .slice(0, Math.max(0, fits))
      .map((line, index) => text(second + index * (small + gap), small, line)),
    ...barsField(label.serial, dots(margin), dots(bottom), dots(width), dots(bars)),
    `^PQ${format.copies}`,
    '^XZ',
    '',
  ].join('\n')
}

function qrField(url: string, at: number, side: number): string[] {
  const modules = qrModules(new TextEncoder().encode(url).length)
  if (modules === null) return []
  const size = Math.min(QR_DOTS_MAX, Math.floor(side / modules))
  // `MA,`: level M, the printer chooses the mode (ZPL II manual, ^BQ).
  return size < 2 ? [] : [field(at, at, `^BQN,2,${size}`, `MA,${zplText(url)}`)]
}

function barsField(
  serial: string | null,
  x: number,
  y: number,
  width: number,
  height: number,
): string[] {
  // Code 128 holds ASCII; a serial number with anything else stands in the QR code and in letters.
  if (serial === null || !/^[\x20-\x7e]+$/.test(serial)) return []
  const modules = code128Modules(serial.length)
  const dots = Math.min(BAR_DOTS_MAX, Math.floor((width - 2 * x) / modules))
  if (dots < 1) return []
  // In ^FD of ^BC a `>` begins a command of the bar code; `>0` is the sign itself.
  const data = zplText(serial.replaceAll('>', '>0'))
  return [field(x + 10 * dots, y, `^BY${dots}^BCN,${height},N,N,N`, data)]
}
