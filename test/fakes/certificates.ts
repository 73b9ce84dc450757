// Writes certificates for tests, right ones and wrong ones: what no tool would make is written byte by byte.
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content])
  const hex = content.length.toString(16)
  const size = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length]), size, content])
}

export function oid(text: string): Buffer {
  const [one = 0, two = 0, ...rest] = text.split('.').map(Number)
  const bytes = [one * 40 + two, ...rest].flatMap((arc) => {
    const out = [arc & 0x7f]
    for (let left = arc >>> 7; left > 0; left >>>= 7) out.unshift((left & 0x7f) | 0x80)
    return out
  })
  return der(6, Buffer.from(bytes))
}

const utf8 = (text: string) => der(0x0c, Buffer.from(text))
const attribute = (id: string, text: string) => der(0x31, der(0x30, oid(id), utf8(text)))
export const nameDer = (common: string) =>
  common === '' ? der(0x30) : der(0x30, attribute('2.5.4.3', common))
const bool = der(1, Buffer.from([0xff]))
const extension = (id: string, isCritical: boolean, value: Uint8Array) =>
  der(0x30, oid(id), ...(isCritical ? [bool] : []), der(4, value))
const time = (ms: number) =>
  der(0x18, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`))
const YEAR = 365 * 24 * 3600 * 1000

export interface Authority {
  readonly name: string
  readonly key: KeyObject
  readonly der: Buffer
}

export interface CertificateOptions {
  readonly subject?: string
  readonly serial?: Uint8Array
  readonly notBefore?: number
  readonly notAfter?: number
  readonly isCa?: boolean
  readonly pathLength?: number
  /** First byte of KeyUsage; null leaves it out. */
  readonly usage?: number | null
  readonly purposes?: readonly string[] | null
  readonly manufacturer?: string
  readonly unknownCritical?: boolean
  readonly isSha1?: boolean
}

/** A certificate for `publicKey`, signed by `issuer` (P-256 or RSA). */
export function certificate(
  publicKey: KeyObject,
  issuer: { readonly name: string; readonly key: KeyObject },
  options: CertificateOptions = {},
): Buffer {
  const { subject = '', isCa = false, purposes = isCa ? null : ['2.23.133.8.1'] } = options
  const isEc = publicKey.asymmetricKeyType === 'ec'
  const { usage = isCa ? 0x04 : isEc ? 0x08 : 0x20 } = options
  const now = Date.UTC(2026, 10, 23)
  const { notBefore = now - YEAR, notAfter = now + 10 * YEAR } = options
  const isEcIssuer = issuer.key.asymmetricKeyType === 'ec'
  const scheme = isEcIssuer
    ? der(0x30, oid('1.2.840.10045.4.3.2'))
    : der(0x30, oid(`1.2.840.113549.1.1.${options.isSha1 ? 5 : 11}`), der(5))
  const names = der(
    0x30,
    attribute('2.23.133.2.1', options.manufacturer ?? 'id:00001014'),
    attribute('2.23.133.2.2', 'swtpm'),
    attribute('2.23.133.2.3', 'id:20191023'),
  )
  const constraints = isCa
    ? der(
        0x30,
        bool,
        ...(options.pathLength === undefined ? [] : [der(2, Buffer.from([options.pathLength]))]),
      )
    : der(0x30)
  const keyId = createHash('sha1').update(issuer.name).digest()
  const extensions = [
    extension('2.5.29.19', true, constraints),
    extension('2.5.29.35', false, der(0x30, der(0x80, keyId))),
    ...(usage === null ? [] : [extension('2.5.29.15', true, der(3, Buffer.from([0, usage])))]),
    ...(purposes === null ? [] : [extension('2.5.29.37', false, der(0x30, ...purposes.map(oid)))]),
    ...(isCa ? [] : [extension('2.5.29.17', true, der(0x30, der(0xa4, names)))]),
    ...(options.unknownCritical ? [extension('1.2.3.4', true, der(5))] : []),
  ]
  const tbs = der(
    0x30,
    der(0xa0, der(2, Buffer.from([2]))),
    der(2, options.serial ?? Buffer.from([0x11])),
    scheme,
    nameDer(issuer.name),
    der(0x30, time(notBefore), time(notAfter)),
    nameDer(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, ...extensions)),
  )
  const signature = sign(options.isSha1 ? 'sha1' : 'sha256', tbs, issuer.key)
  return der(0x30, tbs, scheme, der(3, Buffer.from([0]), signature))
}

/** A root, or an issuer below `parent`. */
export function authority(
  name: string,
  parent?: Authority,
  options: CertificateOptions = {},
): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = parent ?? { name, key: privateKey }
  const made = certificate(publicKey, issuer, { subject: name, isCa: true, ...options })
  return { name, key: privateKey, der: made }
}

export const pem = (bytes: Uint8Array) =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(bytes).toString('base64')}\n-----END CERTIFICATE-----\n`
