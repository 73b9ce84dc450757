// The only place that draws ids by chance, so that a virtual bench with a seed makes the same ids every time.
import { randomFillSync } from 'node:crypto'
import type { Ids } from '../../agent/ports.ts'

/** Crockford's base 32 in the order of its values, which is ASCII order too: sorting the text sorts by time. */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const TIME_CHARS = 10
const CHANCE_CHARS = 16
/** Ten base-32 characters hold 50 bits; a ULID uses 48 of them (github.com/ulid/spec). */
const LATEST = 2 ** 48 - 1

function timeText(at: number): string {
  let rest = at >= 0 ? Math.min(Math.floor(at), LATEST) : 0
  let text = ''
  for (let left = TIME_CHARS; left > 0; left--) {
    text = CROCKFORD.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text
}

/** Adds one to base-32 digits in place; past the last value they start over. */
function increment(digits: Uint8Array): void {
  for (let i = digits.length - 1; i >= 0; i--) {
    const next = ((digits[i] ?? 0) + 1) % 32
    digits[i] = next
    if (next !== 0) return
  }
}

/** ULIDs whose chance part comes from `fill`; within one ms it counts up, so that the order of drawing is kept. */
function idsFrom(fill: (bytes: Uint8Array) => void): Ids {
  const digits = new Uint8Array(CHANCE_CHARS)
  let lastTime = ''
  return {
    next(at) {
      const time = timeText(at)
      if (time === lastTime) increment(digits)
      else {
        fill(digits)
        for (let i = 0; i < digits.length; i++) digits[i] = (digits[i] ?? 0) % 32
        // Room to count up within this ms: 2^79 ids before the digits start over.
        digits[0] = (digits[0] ?? 0) % 16
        lastTime = time
      }
      let text = time
      for (const digit of digits) text += CROCKFORD.charAt(digit)
      return text
    },
  }
}

/** Ids for a real station: 26 characters, ULID, 79 bits of the kernel's chance. */
export const randomIds = (): Ids => idsFrom((bytes) => randomFillSync(bytes))

/** Ids for a virtual bench: the same seed and the same instants give the same ids. Not for anything secret. */
export function seededIds(seed: number): Ids {
  // Mulberry32 by Tommy Ettinger (public domain): 32 bits of state are plenty for names in a simulation.
  let state = (seed ^ Math.floor(seed / 2 ** 32)) | 0
  return idsFrom((bytes) => {
    for (let i = 0; i < bytes.length; i++) {
      state = (state + 0x6d2b79f5) | 0
      let mixed = Math.imul(state ^ (state >>> 15), state | 1)
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
      bytes[i] = (mixed ^ (mixed >>> 14)) >>> 24
    }
  })
}
