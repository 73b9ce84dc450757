// Short codes that a person types, and the sessions they open: each bound to one bay and run, short-lived, used once.
import { createHash, randomBytes, randomInt } from 'node:crypto'
import type { BayId } from '../../agent/ports.ts'

/** Crockford's base 32: no letter that looks like a digit, and none that makes words. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 8 of 32 letters are 40 bits; an address may try ten a minute (see `intake.ts`). */
const CODE_LETTERS = 8
/** How long a code may be typed in. */
export const CODE_MS = 15 * 60_000
/** A session ends after this, whatever it does; and when nothing came for so long. */
export const SESSION_MS = 60 * 60_000
export const IDLE_MS = 10 * 60_000

interface Code {
  readonly bay: BayId
  /** The run it was made for; null: none was open, the session takes the one that opens. */
  readonly run: string | null
  readonly until: number
}

export interface Badge {
  readonly bay: BayId
  readonly run: string | null
}

/** What is typed in place of a code where the station knows a bay by its network. */
export const BY_ADDRESS = 'bay'

/** A typed code as it is compared: capitals, without dashes and spaces, look-alikes as digits. */
const plain = (typed: string): string =>
  typed.slice(0, 64).toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')

/** True for the word that stands in place of a code; no code is so short. */
export const isByAddress = (typed: string): boolean => plain(typed) === BY_ADDRESS.toUpperCase()

const shown = (code: string) => `${code.slice(0, 4)}-${code.slice(4)}`

/** One open code per bay: a new one takes the old one's place. Times are monotonic ms. */
export class CodeBook {
  readonly #codes = new Map<string, Code>()

  /** @returns the code as a person reads it: `K7M3-9QXF` */
  issue(bay: BayId, run: string | null, now: number): string {
    this.revoke(bay)
    let code = ''
    do
      code = Array.from({ length: CODE_LETTERS }, () => LETTERS[randomInt(LETTERS.length)]).join('')
    while (this.#codes.has(code))
    this.#codes.set(code, { bay, run, until: now + CODE_MS })
    return shown(code)
  }

  /** Uses a code up. Null when it is unknown, used or too old. */
  redeem(typed: string, now: number): Badge | null {
    const code = plain(typed)
    const found = this.#codes.get(code)
    if (found === undefined) return null
    this.#codes.delete(code)
    return found.until < now ? null : { bay: found.bay, run: found.run }
  }

  /** The code of a bay that nobody has used yet, as a person reads it. */
  openOf(bay: BayId, now: number): { readonly code: string; readonly leftMs: number } | null {
    for (const [code, one] of this.#codes)
      if (one.bay === bay && one.until >= now) return { code: shown(code), leftMs: one.until - now }
    return null
  }

  revoke(bay: BayId): void {
    for (const [code, one] of this.#codes) if (one.bay === bay) this.#codes.delete(code)
  }
}

/** A bearer token, 256 bits, hex. */
export const newToken = (): string => randomBytes(32).toString('hex')

/** What is kept of a token: enough to know it again. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex')

export const isOver = (opened: number, heard: number, now: number): boolean =>
  now - opened > SESSION_MS || now - heard > IDLE_MS

/** What starts a probe on a device: on a Linux live system, and in Windows with probe.ps1 at hand. */
export function startLines(url: string, pin: string, code: string) {
  const fetched = `curl -fsk --noproxy '*' --pinnedpubkey 'sha256//${pin}' ${url}/device/v1/probe.sh`
  return {
    linux: `${fetched} | sh -s -- ${url} ${pin} ${code}`,
    windows: `powershell -NoProfile -ExecutionPolicy Bypass -File probe.ps1 ${url} ${pin} ${code}`,
  }
}
