// The signature algorithms that EK certificates and their issuers use, by object identifier.
import { type Der, oidText, readAll, readDer, TAG } from './der.ts'

export interface SignatureScheme {
  readonly kind: 'rsa' | 'pss' | 'ec'
  readonly hash: string
  /** PSS only, bytes. */
  readonly saltLength?: number
}

/** RFC 8017 A.2.4, RFC 5758 3.2. */
const SCHEMES: Readonly<Record<string, SignatureScheme>> = {
  '1.2.840.113549.1.1.5': { kind: 'rsa', hash: 'sha1' },
  '1.2.840.113549.1.1.11': { kind: 'rsa', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { kind: 'rsa', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { kind: 'rsa', hash: 'sha512' },
  '1.2.840.10045.4.1': { kind: 'ec', hash: 'sha1' },
  '1.2.840.10045.4.3.2': { kind: 'ec', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { kind: 'ec', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { kind: 'ec', hash: 'sha512' },
}
const PSS_OID = '1.2.840.113549.1.1.10'
const HASHES: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

/** RSASSA-PSS-params (RFC 8017 A.2.3): SHA-1 and 20 bytes of salt where nothing is said. */
function pss(parameters: Der | undefined): SignatureScheme | null {
  let hash = 'sha1'
  let saltLength = 20
  for (const { tag, content } of readAll(parameters?.content ?? new Uint8Array())) {
    if (tag === 0xa0) {
      const oid = readAll(readDer(content).content)[0]
      const named = oid?.tag === TAG.oid ? HASHES[oidText(oid.content)] : undefined
      if (named === undefined) return null
      hash = named
    }
    if (tag === 0xa2) saltLength = readDer(content).content.at(-1) ?? 0
  }
  return { kind: 'pss', hash, saltLength }
}

/** The scheme of an AlgorithmIdentifier; null when it is none of ours. */
export function schemeOf(algorithm: Der): SignatureScheme | null {
  const [oid, parameters] = readAll(algorithm.content)
  if (oid?.tag !== TAG.oid) return null
  const name = oidText(oid.content)
  return name === PSS_OID ? pss(parameters) : (SCHEMES[name] ?? null)
}

/** SHA-1 signatures can be forged by collision; they prove nothing today. */
export const isSha1 = ({ hash }: SignatureScheme): boolean => hash === 'sha1'
