// Key derivations, shared secrets and credentials against vectors of the TCG's reference implementation.
import {
  constants,
  createDecipheriv,
  createECDH,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
} from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  ALG,
  type Credential,
  decode,
  digest,
  type EccPublic,
  EK_TEMPLATES,
  eccPoint,
  encode,
  hashByAlg,
  hmacOf,
  isTpmFault,
  kdfa,
  kdfe,
  makeCredential,
  nameOf,
  type PublicArea,
  publicArea,
  type RsaPublic,
  shareSecret,
  sized,
  struct,
  u16,
} from '../../../drivers/tpm2-ts/index.ts'
import { rsaPrivateKey } from '../../fakes/rsa-private.ts'
import vectors from '../../vectors/tpm-crypto.json' with { type: 'json' }

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
const EMPTY = new Uint8Array(0)
/** TPMT_SENSITIVE (Part 2, section 12.3.2.4), which only a test needs. */
const sensitive = struct({ type: u16, auth: digest, seed: digest, key: sized(512) })

describe('key derivations', () => {
  test.each(vectors.kdfa)('KDFa gives vector $Name', (vector) => {
    const key = kdfa(
      hashByAlg(vector.HashAlg),
      hex(vector.Key),
      vector.Label,
      hex(vector.ContextU),
      hex(vector.ContextV),
      vector.Bits,
    )
    expect(Buffer.from(key).toString('hex')).toBe(vector.Result)
  })

  test.each(vectors.kdfe)('KDFe gives vector $Name', (vector) => {
    const key = kdfe(
      hashByAlg(vector.HashAlg),
      hex(vector.Z),
      vector.Label,
      hex(vector.ContextU),
      hex(vector.ContextV),
      vector.Bits,
    )
    expect(Buffer.from(key).toString('hex')).toBe(vector.Result)
  })
})

type Label = 'IDENTITY' | 'SECRET' | 'DUPLICATE'

function openRsa(area: RsaPublic, key: KeyObject, label: string, encrypted: Uint8Array) {
  const { scheme } = area.parameters
  const alg = scheme.scheme === ALG.OAEP ? scheme.hashAlg : area.nameAlg
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const oaepLabel = Buffer.from(`${label}\0`)
  return privateDecrypt({ key, padding, oaepHash: hashByAlg(alg).name, oaepLabel }, encrypted)
}

describe('secrets shared with a key', () => {
  test.each(vectors.ecc)('are those of vector $Name', (vector) => {
    const area = decode(publicArea, hex(vector.PublicKey))
    const ephemeral = hex(vector.EphemeralPrivate)
    const { secret, encrypted } = shareSecret(area, vector.Label as Label, { ephemeral })
    expect(Buffer.from(secret).toString('hex')).toBe(vector.Secret)
    expect(Buffer.from(encrypted).toString('hex')).toBe(vector.Ciphertext)
  })

  test.each(vectors.rsa)('are opened by the key of vector $Name', (vector) => {
    const area = decode(publicArea, hex(vector.PublicKey)) as RsaPublic
    const { key: prime } = decode(sensitive, hex(vector.PrivateKey))
    const key = rsaPrivateKey(area.unique, prime)
    // The padding is random: that the vector opens shows our reading of it, and then ours must open too.
    const theirs = openRsa(area, key, vector.Label, hex(vector.Ciphertext))
    expect(theirs.toString('hex')).toBe(vector.Secret)
    const ours = shareSecret(area, vector.Label as Label)
    const opened = openRsa(area, key, vector.Label, ours.encrypted)
    expect(opened.equals(ours.secret)).toBe(true)
    expect(ours.secret.length).toBe(hashByAlg(area.nameAlg).size)
  })
})

/** What the TPM does in ActivateCredential, from the seed on (Part 1, section 24.4). */
function openCredential(
  area: RsaPublic | EccPublic,
  seed: Uint8Array,
  name: Uint8Array,
  { credentialBlob }: Credential,
) {
  const hash = hashByAlg(area.nameAlg)
  const integrity = credentialBlob.slice(2, 2 + hash.size)
  const identity = credentialBlob.slice(2 + hash.size)
  const hmacKey = kdfa(hash, seed, 'INTEGRITY', EMPTY, EMPTY, hash.size * 8)
  expect(hmacOf(hash, hmacKey, [identity, name])).toEqual(integrity)
  const { symmetric } = area.parameters
  const bits = symmetric.algorithm === ALG.AES ? symmetric.keyBits : 0
  const key = kdfa(hash, seed, 'STORAGE', name, EMPTY, bits)
  const cipher = createDecipheriv(`aes-${bits}-cfb` as 'aes-128-cfb', key, Buffer.alloc(16))
  return decode(digest, new Uint8Array(cipher.update(identity)))
}

const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' }) as Record<string, string>
const field = (key: KeyObject, name: string) =>
  new Uint8Array(Buffer.from(jwkOf(key)[name] ?? '', 'base64url'))

describe('a credential made without a TPM', () => {
  const name = nameOf(EK_TEMPLATES['L-2'])
  const value = new Uint8Array(32).map((_, index) => index)

  test.each(['L-1', 'H-6', 'H-7'] as const)('opens with the RSA key of template %s', (id) => {
    const template = EK_TEMPLATES[id]
    const modulusLength = template.parameters.keyBits
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength })
    const area = { ...template, unique: field(publicKey, 'n') }
    const credential = makeCredential(area, name, value)
    const seed = new Uint8Array(openRsa(area, privateKey, 'IDENTITY', credential.secret))
    expect(openCredential(area, seed, name, credential)).toEqual(value)
  })

  const curves = [
    ['L-2', 'prime256v1'],
    ['H-3', 'secp384r1'],
    ['H-4', 'secp521r1'],
  ] as const
  test.each(curves)('opens with the key of template %s on %s', (id, curve) => {
    const template = EK_TEMPLATES[id]
    const own = createECDH(curve)
    own.generateKeys()
    const size = (own.getPublicKey().length - 1) / 2
    const x = new Uint8Array(own.getPublicKey().subarray(1, 1 + size))
    const y = new Uint8Array(own.getPublicKey().subarray(1 + size))
    const area: EccPublic = { ...template, unique: { x, y } }
    const credential = makeCredential(area, name, value)
    const point = decode(eccPoint, credential.secret)
    const z = new Uint8Array(own.computeSecret(Buffer.concat([Buffer.of(4), point.x, point.y])))
    const hash = hashByAlg(area.nameAlg)
    const seed = kdfe(hash, z, 'IDENTITY', point.x, x, hash.size * 8)
    expect(openCredential(area, seed, name, credential)).toEqual(value)
  })

  const fault = (area: PublicArea, bytes: Uint8Array) => {
    try {
      makeCredential(area, name, bytes)
      return 'none'
    } catch (error) {
      return isTpmFault(error) ? error.code : String(error)
    }
  }

  test('is refused for a key that cannot receive it, with a reason', () => {
    const ecc = EK_TEMPLATES['L-2']
    const one = { x: new Uint8Array(32).fill(1), y: new Uint8Array(32).fill(1) }
    expect(fault({ ...ecc, unique: one }, value)).toBe('TPM_KEY')
    expect(fault({ ...ecc, parameters: { ...ecc.parameters, curve: 0x20 } }, value)).toBe('TPM_KEY')
    expect(fault({ ...EK_TEMPLATES['L-1'], unique: EMPTY }, value)).toBe('TPM_KEY')
    expect(fault({ ...ecc, nameAlg: ALG.SM3_256 }, value)).toBe('TPM_KEY')
    const none = { ...ecc.parameters, symmetric: { algorithm: ALG.NULL } } as const
    expect(fault({ ...ecc, parameters: none }, value)).toBe('TPM_KEY')
    const unknown = { ...ecc, type: 'unknown', code: 0x99, bytes: EMPTY } as const
    expect(fault(unknown, value)).toBe('TPM_KEY')
  })

  test('is refused if it is longer than a digest of the key', () => {
    expect(fault(EK_TEMPLATES['L-1'], new Uint8Array(33))).toBe('TPM_USAGE')
    expect(fault(EK_TEMPLATES['L-1'], EMPTY)).toBe('TPM_USAGE')
  })
})

test('the name of a template is its hash behind the number of the algorithm', () => {
  const name = nameOf(EK_TEMPLATES['L-1'])
  expect(Buffer.from(name.slice(0, 2)).toString('hex')).toBe('000b')
  expect(name.length).toBe(34)
  expect(encode(publicArea, EK_TEMPLATES['L-1']).length).toBe(314)
})
