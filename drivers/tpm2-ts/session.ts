// Sessions: policies, and HMACs that keep a relay from altering what it carries (Part 1, section 19).
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Authorization, Signed } from './authorization.ts'
import { concat, sameBytes } from './codec/bytes.ts'
import { StartAuthSession } from './commands/start-auth-session.ts'
import { ALG, type Hash, RH, SE, SESSION } from './constants.ts'
import { hashByAlg, hmacOf } from './crypto/hash.ts'
import { kdfa } from './crypto/kdf.ts'
import { shareSecret } from './crypto/secret.ts'
import { type Entity, handleName, permanent } from './entity.ts'
import { TpmFault } from './fault.ts'
import type { PublicArea } from './structures/public.ts'
import type { Tpm } from './tpm.ts'
import type { AuthCommand, AuthResponse } from './wire.ts'

export interface SessionOptions {
  readonly kind: 'hmac' | 'policy' | 'trial'
  /** The session's hash; a policy needs that of the object's name. */
  readonly hashAlg?: number
  /**
   * A loaded decryption key whose public part the caller trusts. With it nobody between knows the
   * session's key; without it an HMAC protects against accidents only.
   */
  readonly salt?: Entity & { readonly publicArea: PublicArea }
}

/** What a session does for the next command only. */
export interface Uses {
  /** The TPM ends the session with the command: one round trip less than flushing it. */
  readonly last?: boolean
  /** Encrypts the command's first parameter, which must be a sized buffer. */
  readonly encryptCommand?: boolean
  /** Has the TPM encrypt the answer's first parameter, which must be a sized buffer. */
  readonly encryptAnswer?: boolean
}

const EMPTY = new Uint8Array(0)
const AES_BITS = 128
const IV_BITS = 128
const KINDS = { hmac: SE.HMAC, policy: SE.POLICY, trial: SE.TRIAL } as const

/** Trailing zeros of an authorisation value do not count (Part 1, section 19.6.4.3). */
function trimmed(auth: Uint8Array): Uint8Array {
  let length = auth.length
  while (length > 0 && auth[length - 1] === 0) length -= 1
  return auth.subarray(0, length)
}

interface Started {
  readonly handle: number
  readonly hash: Hash
  readonly isPolicy: boolean
  readonly key: Uint8Array
  readonly nonceTpm: Uint8Array
}

/** A session in the TPM; `await using` flushes it. It is an entity too: policy commands name it. */
export class Session implements Authorization, Entity, AsyncDisposable {
  readonly #tpm: Tpm
  readonly #started: Started
  readonly name: Uint8Array
  #nonceTpm: Uint8Array
  #nonceCaller: Uint8Array = EMPTY
  #attributes = 0
  #uses: Uses = {}
  #entityAuth: Uint8Array = EMPTY
  #isEnded = false

  constructor(tpm: Tpm, started: Started) {
    this.#tpm = tpm
    this.#started = started
    this.#nonceTpm = started.nonceTpm
    this.name = handleName(started.handle)
  }

  get handle(): number {
    if (this.#isEnded) throw new TpmFault('TPM_FLUSHED', 'The session has ended.')
    return this.#started.handle
  }

  get nonceTpm(): Uint8Array {
    return this.#nonceTpm
  }

  get attributes(): number {
    return this.#attributes
  }

  /** Says what the session does for the next command: `auth: [session.for({ last: true })]`. */
  for(uses: Uses): this {
    this.#uses = uses
    return this
  }

  prepare(entity: Entity | null): void {
    const { last = false, encryptCommand = false, encryptAnswer = false } = this.#uses
    this.#uses = {}
    const isAudit = entity === null && !encryptCommand && !encryptAnswer
    this.#attributes =
      (last ? 0 : SESSION.CONTINUE) |
      (encryptCommand ? SESSION.DECRYPT : 0) |
      (encryptAnswer ? SESSION.ENCRYPT : 0) |
      (isAudit ? SESSION.AUDIT : 0)
    this.#entityAuth = trimmed(entity?.auth ?? EMPTY)
    // A policy session without a key signs nothing, and its nonce would only cost bytes.
    this.#nonceCaller = this.#signs ? new Uint8Array(randomBytes(this.#started.hash.size)) : EMPTY
  }

  encrypt(parameters: Uint8Array): void {
    if ((this.#attributes & SESSION.DECRYPT) === 0) return
    const { key, iv } = this.#cipherKey(this.#nonceCaller, this.#nonceTpm)
    const cipher = createCipheriv('aes-128-cfb', key, iv)
    inPlace(parameters, (bytes) => concat([cipher.update(bytes), cipher.final()]))
  }

  decrypt(parameters: Uint8Array): void {
    if ((this.#attributes & SESSION.ENCRYPT) === 0) return
    const { key, iv } = this.#cipherKey(this.#nonceTpm, this.#nonceCaller)
    const decipher = createDecipheriv('aes-128-cfb', key, iv)
    inPlace(parameters, (bytes) => concat([decipher.update(bytes), decipher.final()]))
  }

  authorize({ parametersHash, otherNonces }: Signed): AuthCommand {
    const { handle } = this
    const attributes = this.#attributes
    const nonce = this.#nonceCaller
    if (!this.#signs) return { handle, nonce, attributes, hmac: EMPTY }
    const tail = [this.#nonceTpm, otherNonces, Uint8Array.of(attributes)]
    const hmac = this.#hmac([parametersHash(this.#started.hash), nonce, ...tail])
    return { handle, nonce, attributes, hmac }
  }

  check({ nonce, attributes, hmac }: AuthResponse, { parametersHash }: Signed): void {
    const wanted = this.#signs
      ? this.#hmac([
          parametersHash(this.#started.hash),
          nonce,
          this.#nonceCaller,
          Uint8Array.of(attributes),
        ])
      : EMPTY
    if (!sameBytes(hmac, wanted)) {
      throw new TpmFault('TPM_INTEGRITY', 'The answer was not signed by the session of the TPM.')
    }
    this.#nonceTpm = nonce
    if ((attributes & SESSION.CONTINUE) === 0) this.#isEnded = true
  }

  /** Ends the session in the TPM; does nothing if it has ended. */
  async flush(): Promise<void> {
    if (this.#isEnded) return
    this.#isEnded = true
    await this.#tpm.flush(this.#started.handle)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.flush()
  }

  /** A policy session signs only with a key of its own (Part 1, section 19.6.12). */
  get #signs(): boolean {
    return !this.#started.isPolicy || this.#started.key.length > 0
  }

  #hmac(parts: readonly Uint8Array[]): Uint8Array {
    const { key, isPolicy, hash } = this.#started
    return hmacOf(hash, isPolicy ? key : concat([key, this.#entityAuth]), parts)
  }

  /** CFB parameter encryption (Part 1, section 21.3). */
  #cipherKey(newer: Uint8Array, older: Uint8Array): { key: Uint8Array; iv: Uint8Array } {
    const { hash, key } = this.#started
    if (key.length === 0) {
      throw new TpmFault('TPM_USAGE', 'A session without a salt has no key to encrypt with.')
    }
    const value = concat([key, this.#entityAuth])
    const bytes = kdfa(hash, value, 'CFB', newer, older, AES_BITS + IV_BITS)
    return { key: bytes.slice(0, AES_BITS / 8), iv: bytes.slice(AES_BITS / 8) }
  }
}

/** Changes the content of the first sized buffer, whose size stays. */
function inPlace(parameters: Uint8Array, change: (bytes: Uint8Array) => Uint8Array): void {
  const size = parameters.length < 2 ? -1 : ((parameters[0] ?? 0) << 8) | (parameters[1] ?? 0)
  if (size < 0 || size + 2 > parameters.length) {
    throw new TpmFault('TPM_MALFORMED', 'The first parameter is no sized buffer.')
  }
  parameters.set(change(parameters.subarray(2, 2 + size)), 2)
}

/** Starts a session. Its handle is flushed by `await using`, or ended with its last command. */
export async function startSession(tpm: Tpm, options: SessionOptions): Promise<Session> {
  const { kind, hashAlg = ALG.SHA256, salt } = options
  const hash = hashByAlg(hashAlg)
  const nonceCaller = new Uint8Array(randomBytes(hash.size))
  const shared = salt === undefined ? null : shareSecret(salt.publicArea, 'SECRET')
  const { sessionHandle, nonceTpm } = await tpm.run(StartAuthSession, {
    tpmKey: salt ?? permanent(RH.NULL),
    bind: permanent(RH.NULL),
    nonceCaller,
    encryptedSalt: shared?.encrypted ?? EMPTY,
    sessionType: KINDS[kind],
    symmetric:
      shared === null
        ? { algorithm: ALG.NULL }
        : { algorithm: ALG.AES, keyBits: AES_BITS, mode: ALG.CFB },
    authHash: hashAlg,
  })
  const key =
    shared === null ? EMPTY : kdfa(hash, shared.secret, 'ATH', nonceTpm, nonceCaller, hash.size * 8)
  return new Session(tpm, { handle: sessionHandle, hash, isPolicy: kind !== 'hmac', key, nonceTpm })
}
