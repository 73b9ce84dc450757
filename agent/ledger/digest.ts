// The arithmetic of the hash chain, so that writer, reader and verifier can never count differently.
import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { ChainEntry, Chained } from '../ports.ts'

/** `prev` of the first entry (contracts: record). */
export const FIRST_PREV = '0'.repeat(64)

/** SHA-256 of UTF-8 text, hex. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex')

/**
 * RFC 8785 JSON of `value`. Lone surrogates (a torn scan) become U+FFFD and numbers that JSON lacks become null: I-JSON
 * has no place for them, and a run must not stay open for ever because of one bad character.
 * @throws TypeError when the value is no JSON at all (undefined, a function, a cycle)
 */
export function canonicalText(value: unknown): string {
  let text: string | undefined
  try {
    text = canonicalize(value)
  } catch {
    text = canonicalize(wellFormed(JSON.parse(JSON.stringify(value))))
  }
  if (text === undefined) throw new TypeError('the value has no JSON form')
  return text
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map(wellFormed)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.toWellFormed(), wellFormed(inner)]),
  )
}

/** The `prev` of whatever follows this entry. Its four keys are written in RFC 8785 order; a test holds it to that. */
export const headOf = (entry: ChainEntry): string =>
  sha256(
    `{"digest":"${entry.digest}","kind":"${entry.kind}","prev":"${entry.prev}","seq":${entry.seq}}`,
  )

/** Appends `digest` after (`seq`, `prev`): the entry and the new head. */
export function link(seq: number, prev: string, kind: ChainEntry['kind'], digest: string): Chained {
  const entry = { seq, kind, digest, prev }
  return { entry, head: headOf(entry) }
}
