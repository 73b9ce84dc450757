// Passwords as scrypt hashes: slow to guess, one at a time so that a flood of sign-ins cannot take the bench's memory.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { StationError } from '../../fault.ts'

/**
 * OWASP Password Storage Cheat Sheet, scrypt: N=2^15, r=8, p=3 stands level with N=2^17, p=1 and takes 32 MiB in place
 * of 128: a bench PC has other work. Hashes say their own parameters; another set is hashed anew at the next sign-in.
 */
const LN = 15
const R = 8
const P = 3
const KEY_BYTES = 32
const SALT_BYTES = 16
/** A hash in the file may not ask for more than this: 2^17 is 128 MiB. */
const LN_MAX = 17
/** Sign-ins that wait for their turn; more are told to come again. */
const WAITING_MAX = 16

/** One turn after the other: one hash keeps one thread of the pool busy for about a quarter of a second. */
let turn: Promise<unknown> = Promise.resolve()
let waiting = 0

function derive(password: string, salt: Buffer, ln: number, r: number, p: number): Promise<Buffer> {
  if (waiting >= WAITING_MAX) throw new StationError('BACKEND_TOO_MANY', 'sign-ins')
  waiting += 1
  const work = () =>
    new Promise<Buffer>((resolve, reject) => {
      const options = { N: 2 ** ln, r, p, maxmem: 2 ** ln * r * 128 * 2 }
      // RFC 8265 asks for NFC, so that one keyboard's accents match another's.
      scrypt(password.normalize('NFC'), salt, KEY_BYTES, options, (error, key) =>
        error === null ? resolve(key) : reject(error),
      )
    })
  const mine = turn.then(work, work)
  turn = mine.catch(() => undefined)
  return mine.finally(() => {
    waiting -= 1
  })
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

/** `$scrypt$ln=15,r=8,p=3$salt$key`, base64url. @throws StationError BACKEND_TOO_MANY */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const key = await derive(password, salt, LN, R, P)
  return `$scrypt$ln=${LN},r=${R},p=${P}$${base64(salt)}$${base64(key)}`
}

const SHAPE = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]{8,128})\$([\w-]{16,128})$/

export interface PasswordAnswer {
  readonly fits: boolean
  /** It was hashed with other parameters than today's. */
  readonly isOld: boolean
}

/** Takes as long for no account (`null`) as for a wrong password. @throws StationError BACKEND_TOO_MANY */
export async function checkPassword(
  password: string,
  hash: string | null,
): Promise<PasswordAnswer> {
  const [, ln, r, p, salt, key] = SHAPE.exec(hash ?? '') ?? []
  if (salt === undefined || key === undefined || Number(ln) > LN_MAX) {
    await derive(password, Buffer.alloc(SALT_BYTES), LN, R, P)
    return { fits: false, isOld: false }
  }
  const wanted = Buffer.from(key, 'base64url')
  const found = await derive(
    password,
    Buffer.from(salt, 'base64url'),
    Number(ln),
    Number(r),
    Number(p),
  )
  const fits = wanted.length === found.length && timingSafeEqual(wanted, found)
  return { fits, isOld: Number(ln) !== LN || Number(r) !== R || Number(p) !== P }
}

/** What nobody may choose: the first guesses of every list, and the product's own words. */
const COMMON =
  /^(?:(?:password|passwort|contrase(?:ñ|n)a|qwert[yz]\w*|letmein|welcome|admin\w*|operator|reseal|autopilot|changeme|12345\d*)[\d!.]*|(.)\1*|(?:0?123456789\d*|9876543210?))$/i

/** Why a password may not be chosen; null: it may. */
export function weakness(password: string, account: string): string | null {
  if (COMMON.test(password)) return 'is among the first that are guessed'
  if (password.toLowerCase().includes(account)) return 'holds the name of the account'
  return null
}

/** Crockford's base 32: no I, L, O, U, so that a person can read it out. */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Chance of `chars` base-32 characters, 5 bits each. */
export function secretText(chars: number): string {
  let text = ''
  for (const byte of randomBytes(chars)) text += CROCKFORD.charAt(byte % 32)
  return text
}

/** A secret that a person types once: `XXXXX-XXXXX-XXXXX`, 75 bits. */
export const typedSecret = (): string => (secretText(15).match(/.{5}/g) ?? []).join('-')
