// Reads the addresses of keyboards: chips on serial ports, gadget nodes, a person's hands.
import {
  BAUDS,
  badPath,
  bare,
  FAMILIES,
  option,
  type Read,
  split,
  unknownOption,
  type Written,
} from './driver-url.ts'

export interface Ch9329Url {
  readonly text: string
  readonly driver: 'ch9329'
  readonly path: string
  /** null: both rates are tried. */
  readonly baud: number | null
  /** How the left Windows key goes out: as modifier bit, or as usage E3 in the array. */
  readonly gui: 'modifier' | 'usage'
  /** The lock key whose LED is the echo. */
  readonly echo: 'scroll' | 'num' | 'caps'
  /** Keyboard-only mode is written to a chip that has another one, or only verified. */
  readonly mode: 'set' | 'verify'
}
type LockName = 'scroll' | 'num' | 'caps'
export interface HidgUrl extends Written<'hidg'> {
  readonly path: string
  readonly echo: LockName
}
export interface PikvmUrl extends Written<'pikvm-mcu'> {
  readonly path: string
  readonly baud: number
  readonly echo: LockName
  /** A mouse on the same cable is switched off, or only refused. */
  readonly mode: 'set' | 'verify'
}
export type KeyboardUrl = Ch9329Url | HidgUrl | PikvmUrl | Written<'manual' | 'virtual'>

function readHidgUrl(text: string): Read<KeyboardUrl> {
  const parts = split(text, FAMILIES.keyboard)
  if ('fault' in parts) return parts
  const fault = badPath(parts.rest) ?? unknownOption(parts, ['echo'])
  if (fault !== null) return { fault }
  const echo = option(parts, 'echo', ['scroll', 'num', 'caps'])
  if (typeof echo === 'object') return { fault: echo }
  return { url: { driver: 'hidg', text, path: parts.rest, echo } }
}

function readPikvmUrl(text: string): Read<KeyboardUrl> {
  const parts = split(text, FAMILIES.keyboard)
  if ('fault' in parts) return parts
  const fault = badPath(parts.rest) ?? unknownOption(parts, ['baud', 'echo', 'mode'])
  if (fault !== null) return { fault }
  const baud = option(parts, 'baud', ['115200', ...BAUDS])
  const echo = option(parts, 'echo', ['scroll', 'num', 'caps'])
  const mode = option(parts, 'mode', ['set', 'verify'])
  if (typeof baud === 'object') return { fault: baud }
  if (typeof echo === 'object') return { fault: echo }
  if (typeof mode === 'object') return { fault: mode }
  return { url: { driver: 'pikvm-mcu', text, path: parts.rest, baud: Number(baud), echo, mode } }
}

/**
 * `ch9329:<path>[?baud=&gui=&echo=&mode=]`, `hidg:<path>[?echo=]`, `pikvm-mcu:<path>[?baud=&echo=&mode=]`, `manual:` or
 * `virtual:`.
 */
export function readKeyboardUrl(text: string): Read<KeyboardUrl> {
  if (text.startsWith('hidg:')) return readHidgUrl(text)
  if (text.startsWith('pikvm-mcu:')) return readPikvmUrl(text)
  if (!text.startsWith('ch9329:')) return bare<'manual' | 'virtual'>(text, FAMILIES.keyboard)
  const parts = split(text, FAMILIES.keyboard)
  if ('fault' in parts) return parts
  const fault = badPath(parts.rest) ?? unknownOption(parts, ['baud', 'gui', 'echo', 'mode'])
  if (fault !== null) return { fault }
  const baud = option(parts, 'baud', ['auto', ...BAUDS])
  const gui = option(parts, 'gui', ['modifier', 'usage'])
  const echo = option(parts, 'echo', ['scroll', 'num', 'caps'])
  const mode = option(parts, 'mode', ['set', 'verify'])
  if (typeof baud === 'object') return { fault: baud }
  if (typeof gui === 'object') return { fault: gui }
  if (typeof echo === 'object') return { fault: echo }
  if (typeof mode === 'object') return { fault: mode }
  const rate = baud === 'auto' ? null : Number(baud)
  const settings = { baud: rate, gui, echo, mode } as const
  return { url: { driver: 'ch9329', text, path: parts.rest, ...settings } }
}
