// Frames, commands and settings of the CH9329 keyboard chip as pure functions; the bytes are facts/hardware §3.1.

export const HEAD = [0x57, 0xab] as const
export const DATA_MAX = 64
/** Head 2, address, command, length, data, sum. */
const OVERHEAD = 6
export const CONFIG_BYTES = 50

export const COMMAND = {
  info: 0x01,
  report: 0x02,
  getConfig: 0x08,
  setConfig: 0x09,
  reset: 0x0f,
} as const
export type Command = (typeof COMMAND)[keyof typeof COMMAND]

/** What the chip says of a command; E6 has no documented trigger. */
export const STATUS: Readonly<Record<number, string>> = {
  0: 'ok',
  225: 'serial byte time-out',
  226: 'wrong header',
  227: 'unknown command',
  228: 'wrong checksum',
  229: 'wrong parameter',
  230: 'execution failed',
}

/** Offsets inside the 50 bytes of settings. */
export const CONFIG_AT = { mode: 0, serialMode: 1, address: 2, baud: 3, packetGap: 9 } as const
/** Keyboard and nothing else: set by software, or by the pins of the board. */
export const KEYBOARD_ONLY = 0x01
const KEYBOARD_ONLY_BY_PIN = 0x81

export interface Frame {
  readonly address: number
  readonly command: number
  readonly data: Uint8Array
}

const sumOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum + byte, 0) & 0xff

/** The bytes of one frame; at most 64 data bytes are taken, as the length byte says nothing beyond. */
export function buildFrame(command: number, data: ArrayLike<number> = [], address = 0): Uint8Array {
  const length = Math.min(data.length, DATA_MAX)
  const frame = new Uint8Array(length + OVERHEAD)
  frame.set([...HEAD, address, command, length])
  frame.set(Array.from(data).slice(0, length), 5)
  frame[length + 5] = sumOf(frame.subarray(0, -1))
  return frame
}

/** What a parser found: a frame, or bytes that looked like one and were not. */
export type Parsed =
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'bad'; readonly why: 'checksum' | 'length' }

/**
 * Finds frames in any bytes, split anywhere. After a bad one it goes on one byte behind the false head, so that a frame
 * inside the rubble is not lost. Holds at most one frame's bytes back.
 */
export class FrameParser {
  #held = new Uint8Array(0)

  /** Forgets a half frame: what comes next is the answer to something else. */
  reset(): void {
    this.#held = new Uint8Array(0)
  }

  push(chunk: Uint8Array): readonly Parsed[] {
    const bytes = new Uint8Array(this.#held.length + chunk.length)
    bytes.set(this.#held)
    bytes.set(chunk, this.#held.length)
    const found: Parsed[] = []
    let at = 0
    while (at < bytes.length) {
      const step = takeAt(bytes, at)
      if (step === 'wait') break
      if (step.found) found.push(step.found)
      at += step.bytes
    }
    this.#held = bytes.slice(at)
    return found
  }
}

interface Step {
  readonly bytes: number
  readonly found?: Parsed
}

function takeAt(bytes: Uint8Array, at: number): Step | 'wait' {
  const [first, second, address = 0, command = 0, length] = bytes.subarray(at, at + 5)
  if (first !== HEAD[0]) return { bytes: 1 }
  if (second === undefined) return 'wait'
  if (second !== HEAD[1]) return { bytes: 1 }
  if (length === undefined) return 'wait'
  if (length > DATA_MAX) return { bytes: 1, found: { kind: 'bad', why: 'length' } }
  const end = at + length + OVERHEAD
  if (end > bytes.length) return 'wait'
  if (sumOf(bytes.subarray(at, end - 1)) !== bytes[end - 1]) {
    return { bytes: 1, found: { kind: 'bad', why: 'checksum' } }
  }
  const data = bytes.slice(at + 5, end - 1)
  return { bytes: end - at, found: { kind: 'frame', frame: { address, command, data } } }
}

/** How a frame answers a command; null when it answers another one (a late reply, an unasked report). */
export type Reply =
  | { readonly kind: 'ok'; readonly data: Uint8Array }
  | { readonly kind: 'refused'; readonly status: number }

export function replyTo(command: Command, frame: Frame): Reply | null {
  if (frame.command === (command | 0xc0)) return { kind: 'refused', status: frame.data[0] ?? 0xe6 }
  if (frame.command !== (command | 0x80)) return null
  const isQuestion = command === COMMAND.info || command === COMMAND.getConfig
  const status = isQuestion ? 0 : (frame.data[0] ?? 0xe5)
  return status === 0 ? { kind: 'ok', data: frame.data } : { kind: 'refused', status }
}

export interface ChipInfo {
  /** 0x30 is V1.0, 0x31 V1.1. */
  readonly version: number
  /** The device has enumerated the keyboard. */
  readonly enumerated: boolean
  /** Lock LEDs: bit 0 Num, 1 Caps, 2 Scroll, as in the keyboard port. */
  readonly leds: number
}

/** The answer to `info`; null when it is too short to be one. */
export function infoOf(data: Uint8Array): ChipInfo | null {
  const [version, usb, leds] = data
  if (version === undefined || usb === undefined || leds === undefined) return null
  return { version, enumerated: usb === 0x01, leds: leds & 0x07 }
}

export const isKeyboardOnly = (config: Uint8Array): boolean =>
  config[CONFIG_AT.mode] === KEYBOARD_ONLY || config[CONFIG_AT.mode] === KEYBOARD_ONLY_BY_PIN

/** The same settings with keyboard-only mode set by software. */
export function withKeyboardOnly(config: Uint8Array): Uint8Array {
  const next = Uint8Array.from(config).subarray(0, CONFIG_BYTES)
  next[CONFIG_AT.mode] = KEYBOARD_ONLY
  return next
}

export type GuiEncoding = 'modifier' | 'usage'
const LEFT_GUI_BIT = 0x08
const LEFT_GUI_USAGE = 0xe3

/**
 * A boot report as this chip's firmware wants it. `usage`: the left Windows key stands as E3 in the key array, since
 * some firmware mishandles modifier bits 2-7 (facts/hardware §1, 8); a full array keeps the bit.
 */
export function encodeReport(bytes: readonly number[], gui: GuiEncoding): Uint8Array {
  const report = Uint8Array.from(bytes).subarray(0, 8)
  const free = report.indexOf(0, 2)
  if (gui === 'modifier' || ((report[0] ?? 0) & LEFT_GUI_BIT) === 0 || free < 0) return report
  report[0] = (report[0] ?? 0) & ~LEFT_GUI_BIT
  report[free] = LEFT_GUI_USAGE
  return report
}

export const RELEASE: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0]
