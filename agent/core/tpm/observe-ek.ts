// Finds the case of each row about the endorsement key and its certificate.
import { found, fromSeen } from './found.ts'
import type { TpmSubject } from './judge.ts'
import type { EkCertificate, EkFinding, EkSighting, Seen } from './sighting.ts'
import { type Found, PROFILE_WEIGHTS } from './table.ts'
import { isTestTpm, manufacturerText } from './vendors.ts'

type EkRow =
  | 'ek-certificate'
  | 'ek-profile'
  | 'ek-chain'
  | 'ek-manufacturer'
  | 'roca'
  | 'ek-strength'

const day = (ms: number) => (ms > 8.64e15 ? 'never' : new Date(ms).toISOString().slice(0, 10))

function certificateRow({ key, certificate, unreadable }: EkSighting): Found<'ek-certificate'> {
  switch (certificate.state) {
    case 'matches': {
      const { fingerprint, notAfter, where } = certificate.certificate
      const value = `${where} ${fingerprint.slice(0, 16)}, until ${day(notAfter)}`
      const others = unreadable.length === 0 ? '' : `; not readable: ${unreadable.join('; ')}`
      return found('matches', `${value}${others}`)
    }
    case 'another-key':
      return found('another-key', `${certificate.certificate.where} is not for the key ${key}`)
    case 'unreadable':
      return found('unreadable', certificate.why)
    case 'vendor-offers':
      return found('vendor-offers', `not in the TPM; offered at ${certificate.url}`)
    case 'none':
      return found('none', `none for ${key}`)
  }
}

const words = (findings: readonly EkFinding[]) =>
  findings.map((finding) => PROFILE_WEIGHTS[finding][1])

function profileRow({ findings, oddities }: EkCertificate): Found<'ek-profile'> {
  const weight = (which: 'hard' | 'soft') =>
    findings.filter((finding) => PROFILE_WEIGHTS[finding][0] === which)
  const hard = weight('hard')
  if (hard.length > 0) return found('wrong-use', words(hard).join('; '))
  const all = [...words(findings), ...oddities].join('; ')
  if (weight('soft').length > 0) return found('deviates', all)
  return found('valid', all === '' ? 'as profile 2.6 wants it' : `usable, though: ${all}`)
}

function chainRow({ chain }: EkCertificate): Found<'ek-chain'> {
  const value = chain.detail === '' ? (chain.path.at(-1) ?? '') : chain.detail
  return found(chain.verdict, chain.verdict === 'valid' ? `to ${value}` : value)
}

function manufacturerRow(subject: TpmSubject, one: EkCertificate): Found<'ek-manufacturer'> {
  const properties = subject.tpm?.properties
  if (properties === undefined || !('seen' in properties))
    return { missing: 'the TPM does not say' }
  if (one.manufacturer === null) return { missing: 'the certificate does not say' }
  const { manufacturer, vendorText } = properties.seen
  const [certificate, tpm] = [manufacturerText(one.manufacturer), manufacturerText(manufacturer)]
  if (one.manufacturer === manufacturer) return found('equal', tpm)
  const value = `certificate ${certificate}, TPM ${tpm}`
  if (subject.policy.allowTestTpm && isTestTpm(vendorText))
    return found('test-tpm-accepted', `${value}, test TPM accepted`)
  return found('differs', value)
}

/** RSA below 2048 bits attests nowhere; exponent 65537 and these kinds are all that the templates know. */
const KINDS = ['rsa2048', 'rsa3072', 'rsa4096', 'prime256v1', 'secp384r1', 'secp521r1']

function strengthRow({ strength }: EkSighting): Found<'ek-strength'> {
  const { kind, bits, isExponentUsual } = strength
  if (bits !== null && bits < 2048) return found('weak', kind)
  if (!isExponentUsual) return found('unusual', `${kind} with another exponent than 65537`)
  return KINDS.includes(kind) ? found('usual', kind) : found('unusual', kind)
}

function rocaRow({ strength }: EkSighting): Found<'roca'> {
  if (strength.bits === null) return found('negative', `no RSA key (${strength.kind})`)
  return strength.isRoca
    ? found('positive', 'the key has the fingerprint')
    : found('negative', 'no fingerprint')
}

/** The certificate that belongs to the key, or why its rows have no value. */
function certificateOf(ek: Seen<EkSighting>): Seen<EkCertificate> {
  if (!('seen' in ek)) return ek
  const { certificate } = ek.seen
  if ('certificate' in certificate) return { seen: certificate.certificate }
  // The row of the certificate itself tells it already; a second HOLD beside its NO-GO would say nothing new.
  return { absent: certificate.state === 'unreadable' ? 'not readable' : 'no certificate' }
}

export function observeEk(subject: TpmSubject): { readonly [R in EkRow]: Found<R> } {
  const ek: Seen<EkSighting> = subject.tpm?.ek ?? { absent: 'not attested' }
  const certificate = certificateOf(ek)
  return {
    'ek-certificate': fromSeen(ek, certificateRow),
    'ek-profile': fromSeen(certificate, profileRow),
    'ek-chain': fromSeen(certificate, chainRow),
    'ek-manufacturer': fromSeen(certificate, (one) => manufacturerRow(subject, one)),
    'ek-strength': fromSeen(ek, strengthRow),
    roca: fromSeen(ek, rocaRow),
  }
}
