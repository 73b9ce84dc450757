// Requests, answers and key codes of the PiKVM microcontroller as pure functions; the bytes are facts/hardware §3.2.
import type { Found, Parser } from './serial-talk.ts'

const REQUEST = 0x33
const ANSWER = 0x34
const FRAME_BYTES = 8
/** Firmware before 2021 answers by four bytes under the head of a request. */
const LEGACY_BYTES = 4

export const PIKVM = {
  ping: 0x01,
  setKeyboard: 0x03,
  setMouse: 0x04,
  clear: 0x10,
  key: 0x11,
} as const

/** What the chip says of a request that it did not carry out. */
export const PIKVM_TROUBLES: Readonly<Record<number, string>> = {
  36: 'nothing to repeat: it started anew',
  64: 'wrong checksum',
  69: 'unknown request',
  72: 'bytes missing',
}

/** CRC-16 of Modbus: register FFFF, reflected polynomial A001. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  }
  return crc
}

/** The eight bytes of a request; the checksum stands high byte first. */
export function pikvmRequest(command: number, a = 0, b = 0): Uint8Array {
  const bytes = Uint8Array.of(REQUEST, command, a, b, 0, 0, 0, 0)
  new DataView(bytes.buffer).setUint16(6, crc16(bytes.subarray(0, 6)))
  return bytes
}

/** State of chip and device as each good answer tells it. */
export interface Pong {
  readonly kind: 'ok'
  /** Lock LEDs as in the keyboard port: bit 0 Num, 1 Caps, 2 Scroll. */
  readonly leds: number
  /** False: the device has not taken reports for 50 ms. */
  readonly online: boolean
  /** The chip restarts in about 100 ms. */
  readonly restarts: boolean
  /** What stands at the device: 1 a USB keyboard, 3 a PS/2 one, 0 none; and whether a mouse does too. */
  readonly keyboard: number
  readonly mouse: boolean
  /** Keyboard and mouse can be set. */
  readonly canSet: boolean
  readonly hasUsb: boolean
}
export type PikvmAnswer = Pong | { readonly kind: 'refused'; readonly code: number }

/** Finds answers in any bytes, split anywhere; after a false head it goes on one byte behind it. */
export class PikvmParser implements Parser<PikvmAnswer> {
  #held = new Uint8Array(0)

  reset(): void {
    this.#held = new Uint8Array(0)
  }

  push(chunk: Uint8Array): readonly Found<PikvmAnswer>[] {
    const bytes = new Uint8Array(this.#held.length + chunk.length)
    bytes.set(this.#held)
    bytes.set(chunk, this.#held.length)
    const found: Found<PikvmAnswer>[] = []
    let at = 0
    while (at < bytes.length) {
      const length = bytes[at] === ANSWER ? FRAME_BYTES : LEGACY_BYTES
      if (bytes[at] !== ANSWER && bytes[at] !== REQUEST) {
        at++
        continue
      }
      if (at + length > bytes.length) break
      const frame = bytes.subarray(at, at + length)
      const isWhole =
        crc16(frame.subarray(0, -2)) === ((frame.at(-2) ?? 0) << 8) + (frame.at(-1) ?? 0)
      found.push(isWhole ? { kind: 'frame', frame: answerOf(frame) } : { kind: 'bad' })
      at += isWhole ? length : 1
    }
    this.#held = bytes.slice(at)
    return found
  }
}

function answerOf([head, code = 0, outputs = 0, available = 0]: Uint8Array): PikvmAnswer {
  // Old firmware tells nothing of the device: its ok is worth no more than a refusal.
  if (head !== ANSWER || (code & 0x80) === 0) return { kind: 'refused', code }
  const [caps, scroll, num] = [code & 0x01, code & 0x02, code & 0x04]
  return {
    kind: 'ok',
    leds: (num ? 1 : 0) | (caps ? 2 : 0) | (scroll ? 4 : 0),
    online: (code & 0x08) === 0,
    restarts: (code & 0x40) !== 0,
    keyboard: outputs & 0x07,
    mouse: (outputs & 0x38) !== 0,
    canSet: (outputs & 0x80) !== 0,
    hasUsb: (available & 0x01) !== 0,
  }
}

/**
 * HID usage → code of the firmware's own table (kvmd keymap.csv, column mcu_code): the keys that a script may name, and
 * the modifiers as usages E0-E7. A code that the firmware does not know is answered ok and does nothing.
 */
const CODES: ReadonlyMap<number, number> = new Map([
  ...[0x28, 0x29, 0x2a, 0x2b, 0x2c].map((usage, n) => [usage, 37 + n] as const),
  [0x39, 53],
  [0x43, 63],
  ...[0x4f, 0x50, 0x51, 0x52].map((usage, n) => [usage, 73 + n] as const),
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((bit) => [0xe0 + bit, 77 + bit] as const),
  [0x47, 86],
  [0x53, 87],
  ...[0x68, 0x69, 0x6a].map((usage, n) => [usage, 120 + n] as const),
])

/** Usages that a boot report holds down, modifiers as E0-E7. */
export function usagesOf([modifiers = 0, , ...keys]: readonly number[]): ReadonlySet<number> {
  const down = new Set(keys.filter((key) => key !== 0))
  for (let bit = 0; bit < 8; bit++) if (modifiers & (1 << bit)) down.add(0xe0 + bit)
  return down
}

/** The requests that lead from the keys that are down to those of a report; null when one has no code. */
export function stepsTo(
  down: ReadonlySet<number>,
  next: ReadonlySet<number>,
): readonly Uint8Array[] | null {
  // Clear also lifts what this side does not know of.
  if (next.size === 0) return [pikvmRequest(PIKVM.clear)]
  const up = [...down].filter((usage) => !next.has(usage)).map((usage) => [usage, 0] as const)
  const press = [...next].filter((usage) => !down.has(usage)).map((usage) => [usage, 1] as const)
  const steps: Uint8Array[] = []
  for (const [usage, state] of [...up, ...press]) {
    const code = CODES.get(usage)
    if (code === undefined) return null
    steps.push(pikvmRequest(PIKVM.key, code, state))
  }
  // Nothing changes: the chip is asked all the same, as its answer tells whether the device still listens.
  return steps.length === 0 ? [pikvmRequest(PIKVM.ping)] : steps
}
