// Follows a hash chain entry by entry and names the first one that does not hold.
import type { ChainEntry } from '../ports.ts'
import { FIRST_PREV, headOf } from './digest.ts'

export interface FirstBad {
  /** Number of the entry in the chain; of the first missing one when entries are missing. */
  readonly seq: number
  readonly why: string
}
export interface Verified {
  readonly ok: boolean
  /** Entries that were checked with their bodies. */
  readonly rows: number
  /** Records that stand in the chain by their digest only: left out of the export by its range. */
  readonly byDigestOnly: number
  /** Bodies of the audit that went by their age, as an entry of the chain says; a whole ledger alone knows. */
  readonly letGo?: number
  /** Head of the last entry; 64 zeros when there is none. */
  readonly head: string
  readonly firstBad?: FirstBad
}

const KINDS: ReadonlySet<unknown> = new Set(['record', 'annotation', 'audit', 'erasure'])
const HEX = /^[0-9a-f]{64}$/

/** True when a parsed value has the shape of an entry. */
export function isChainEntry(value: unknown): value is ChainEntry {
  if (typeof value !== 'object' || value === null) return false
  const { seq, kind, digest, prev } = value as Record<string, unknown>
  return (
    Number.isSafeInteger(seq) &&
    Number(seq) > 0 &&
    KINDS.has(kind) &&
    typeof digest === 'string' &&
    HEX.test(digest) &&
    typeof prev === 'string' &&
    HEX.test(prev)
  )
}

export class ChainCheck {
  readonly #wanted: Set<string>
  #rows = 0
  #byDigestOnly = 0
  #last = 0
  #head: string | null = null
  #firstBad: FirstBad | undefined

  /** @param heads heads known from elsewhere (messages, an earlier export): each must be met. */
  constructor(heads: readonly string[]) {
    this.#wanted = new Set(heads.filter((head) => head !== FIRST_PREV))
  }

  get broken(): boolean {
    return this.#firstBad !== undefined
  }

  /** For a whole ledger: the first entry must be the first one. A part may begin anywhere. */
  beginAtFirst(): void {
    this.#head = FIRST_PREV
  }

  bad(seq: number, why: string): void {
    this.#firstBad ??= { seq, why }
  }

  /** Takes the next entry; `digest` is what its body really has, null when the body is not at hand. */
  take(entry: ChainEntry, digest: string | null): void {
    if (this.broken) return
    const { seq } = entry
    if (this.#head !== null) this.#follows(entry)
    if (digest !== null && digest !== entry.digest) {
      this.bad(
        seq,
        `entry ${seq} was changed: its ${entry.kind} does not have the digest of the chain`,
      )
    }
    if (this.broken) return
    if (digest === null && entry.kind === 'record') this.#byDigestOnly += 1
    if (digest !== null) this.#rows += 1
    this.#last = seq
    this.#head = headOf(entry)
    this.#wanted.delete(this.#head)
    // A part that begins just behind a known head holds that head as its prev.
    this.#wanted.delete(entry.prev)
  }

  #follows({ seq, prev }: ChainEntry): void {
    const next = this.#last + 1
    if (seq < next)
      this.bad(seq, `entry ${seq} stands after entry ${this.#last}: the order was changed`)
    else if (seq > next) {
      const missing =
        seq - 1 === next ? `entry ${next} is missing` : `entries ${next} to ${seq - 1} are missing`
      this.bad(next, missing)
    } else if (prev !== this.#head) {
      this.bad(seq, `entry ${seq} does not follow the one before it: one of the two was changed`)
    }
  }

  result(): Verified {
    const [lost] = this.#wanted
    if (lost !== undefined) {
      this.bad(
        this.#last + 1,
        `the head ${lost} known from elsewhere is not in this chain: its end was cut off or written anew`,
      )
    }
    const found = {
      rows: this.#rows,
      byDigestOnly: this.#byDigestOnly,
      head: this.#head ?? FIRST_PREV,
    }
    return this.#firstBad === undefined
      ? { ok: true, ...found }
      : { ok: false, ...found, firstBad: this.#firstBad }
  }
}
