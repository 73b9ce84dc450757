// Helpers for plain byte arrays; a Buffer from outside is never kept, because its memory is shared.
import { timingSafeEqual } from 'node:crypto'

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Compares in a time that depends on the lengths only. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}

/** Zeros in front, up to `length`; a coordinate keeps the size of its field. */
export function padStart(bytes: Uint8Array, length: number): Uint8Array {
  const padded = new Uint8Array(Math.max(length, bytes.length))
  padded.set(bytes, padded.length - bytes.length)
  return padded
}
