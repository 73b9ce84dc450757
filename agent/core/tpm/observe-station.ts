// Finds the case of each row that the station itself proves, from what its attestation saw.
import { metRules } from './firmware.ts'
import { found, fromSeen } from './found.ts'
import type { TpmSubject } from './judge.ts'
import { observeEk } from './observe-ek.ts'
import { observeProof } from './observe-proof.ts'
import type { TpmProperties, TpmSighting } from './sighting.ts'
import type { Found, RowId } from './table.ts'
import { isTestTpm, isVirtualMachine, manufacturerText, vendorOf } from './vendors.ts'

type StationRow = Exclude<RowId, 'windows-flags' | 'device-clock'>
export type StationRows = { readonly [R in StationRow]: Found<R> }

function family({ tpm, windows }: TpmSubject): Found<'tpm-family'> {
  if (tpm !== null && 'seen' in tpm.family)
    return found(tpm.family.seen === '2.0' ? '2.0' : 'other', tpm.family.seen)
  if (windows?.flags.present === false) return found('none', 'Windows sees no TPM')
  const told = windows?.flags.version ?? null
  if (told !== null) return found(told.startsWith('2.0') ? '2.0' : 'other', `${told} (Windows)`)
  if (tpm === null) return { absent: 'not attested' }
  return fromSeen(tpm.family, (family) => found('other', family))
}

function physical({ machine, policy }: TpmSubject, seen: TpmProperties): Found<'tpm-physical'> {
  const vendor = vendorOf(seen.manufacturer)
  const id = manufacturerText(seen.manufacturer)
  const name = vendor === null || vendor.name === id ? '' : ` ${vendor.name}`
  const value = `${id}${name}, "${seen.vendorText}"`
  if (isTestTpm(seen.vendorText)) {
    if (policy.allowTestTpm) return found('test-tpm-accepted', `${value}, test TPM accepted`)
    return found('test-tpm', `${value}, a software TPM`)
  }
  if (vendor === null) return found('unknown-vendor', value)
  if (id !== 'MSFT') return found('known-vendor', value)
  if (machine === null) return found('microsoft-unseen-machine', value)
  const where = `${value} in ${machine.manufacturer} ${machine.model}`
  return isVirtualMachine(machine) ? found('virtual-machine', where) : found('pluton', where)
}

function lockout(seen: TpmProperties): Found<'lockout'> {
  const counter = `${seen.lockoutCounter} of ${seen.lockoutMax}`
  if (seen.inLockout) return found('in-lockout', `locked out, counter ${counter}`)
  return seen.lockoutCounter > 0 ? found('counting', `counter ${counter}`) : found('clear', 'clear')
}

function ownerAuth(tpm: TpmSighting, seen: TpmProperties): Found<'owner-auth'> {
  if (!seen.ownerAuthSet) return found('clear', 'clear')
  const srk = tpm.persistentSrk
  if ('seen' in srk && srk.seen) return found('persistent-srk', 'set, with a usable storage key')
  return found('set', 'set, without a usable storage key')
}

function banks(active: readonly string[]): Found<'pcr-bank'> {
  const strong = active.some((bank) => bank === 'sha256' || bank === 'sha384')
  return found(strong ? 'active' : 'sha1-only', active.join(', ') || 'none')
}

/** Whose firmware is held against the rules, and by whose word. */
interface Maker {
  readonly manufacturer: number
  readonly firmware: readonly number[]
  readonly isTest: boolean
  /** Stands behind the version where Windows alone told it. */
  readonly by: string
}

function ruleRows(subject: TpmSubject, maker: Maker) {
  const { tpm } = subject
  const ek = tpm !== null && 'seen' in tpm.ek ? tpm.ek.seen : null
  const certificate =
    ek !== null && 'certificate' in ek.certificate ? ek.certificate.certificate : null
  const vendor = manufacturerText(maker.manufacturer)
  const met = metRules(subject.rules, {
    vendor: maker.isTest ? '' : vendor,
    firmware: maker.firmware,
    model: certificate?.model ?? '',
    ek: ek?.strength.kind ?? null,
    windows: subject.windows?.build ?? null,
  })
  const version = `${vendor} ${maker.firmware.join('.')}${maker.by}`
  const by = (effect: (typeof met)[number]['effect']) => met.find((rule) => rule.effect === effect)
  const words = (rule: (typeof met)[number]) => `${version}: ${rule.reason} [${rule.id}]`
  const vulnerable = by('vulnerable')
  const advised = by('update-advised')
  const firmware: Found<'firmware'> = vulnerable
    ? found('vulnerable', words(vulnerable))
    : advised
      ? found('update-advised', words(advised))
      : found('not-listed', version)
  const blocks = by('blocks')
  const match = by('known-issue')
  const known: Found<'known-issues'> = blocks
    ? found('blocks', words(blocks))
    : match
      ? found('match', words(match))
      : found('none', `none of ${subject.rules.length} rules`)
  return { firmware, 'known-issues': known }
}

/** What Windows alone tells of the maker, where the station did not attest: named, never proved. */
function toldRows(
  subject: TpmSubject,
): Pick<StationRows, 'tpm-physical' | 'firmware' | 'known-issues'> {
  const none = { absent: 'not attested' } as const
  const maker = subject.windows?.maker
  if (maker === undefined) return { 'tpm-physical': none, firmware: none, 'known-issues': none }
  const name = vendorOf(maker.manufacturer)?.name ?? 'unknown vendor'
  const physical = { absent: `${manufacturerText(maker.manufacturer)} ${name}, by Windows' word` }
  if (maker.firmware.length === 0)
    return { 'tpm-physical': physical, firmware: none, 'known-issues': none }
  const rows = ruleRows(subject, { ...maker, isTest: false, by: ' (Windows)' })
  return { 'tpm-physical': physical, ...rows }
}

function answers(tpm: TpmSighting): Found<'tpm-answers'> {
  if (tpm.trouble === null)
    return found('yes', `${tpm.commands} commands, ${Math.round(tpm.tookMs)} ms`)
  const { kind, step, detail } = tpm.trouble
  return found(kind, `${step}: ${detail}`)
}

/** Every row of the station's side. */
export function observeStation(subject: TpmSubject): StationRows {
  const { tpm } = subject
  const none = { absent: 'not attested' } as const
  if (tpm === null)
    return {
      'tpm-answers': none,
      'tpm-family': family(subject),
      'pcr-bank': none,
      lockout: none,
      'endorsement-auth': none,
      'owner-auth': none,
      ...toldRows(subject),
      ...observeEk(subject),
      ...observeProof(subject),
    }
  const { properties } = tpm
  const rules =
    'seen' in properties
      ? ruleRows(subject, {
          manufacturer: properties.seen.manufacturer,
          firmware: properties.seen.firmware,
          isTest: isTestTpm(properties.seen.vendorText),
          by: '',
        })
      : { firmware: properties, 'known-issues': properties }
  return {
    'tpm-answers': answers(tpm),
    'tpm-family': family(subject),
    'tpm-physical': fromSeen(properties, (seen) => physical(subject, seen)),
    'pcr-bank': fromSeen(tpm.banks, banks),
    lockout: fromSeen(properties, lockout),
    'endorsement-auth': fromSeen(properties, ({ endorsementAuthSet }) =>
      endorsementAuthSet ? found('set', 'set') : found('clear', 'clear'),
    ),
    'owner-auth': fromSeen(properties, (seen) => ownerAuth(tpm, seen)),
    ...rules,
    ...observeEk(subject),
    ...observeProof(subject),
  }
}
