// The verdict table: every case of every row is met, and the two verdicts are the worst of their own rows.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judgeTpm, type TpmSubject, worst } from '../../../agent/core/tpm/judge.ts'
import type { EkSighting, TpmSighting, WindowsSighting } from '../../../agent/core/tpm/sighting.ts'
import { PROFILE_WEIGHTS, type Row, type RowId, TABLE } from '../../../agent/core/tpm/table.ts'
import { CERTIFICATE, LOG, PROPERTIES, SIGHTING, WINDOWS } from '../../fakes/tpm-sighting.ts'

const SOUND: TpmSubject = {
  tpm: SIGHTING,
  windows: WINDOWS,
  machine: null,
  rules: [],
  policy: { allowTestTpm: false, demands: [] },
}
const rule = (effect: 'vulnerable' | 'update-advised' | 'known-issue' | 'blocks') => ({
  rules: [
    {
      id: 'test',
      vendors: ['IFX'],
      effect,
      reason: 'why',
      hint: 'do',
      source: 'here',
      date: '2026-01-01',
    },
  ],
})

const tpm = (change: Partial<TpmSighting>) => ({ tpm: { ...SIGHTING, ...change } })
const properties = (change: Partial<typeof PROPERTIES>) =>
  tpm({ properties: { seen: { ...PROPERTIES, ...change } } })
const ekSeen = 'seen' in SIGHTING.ek ? SIGHTING.ek.seen : null
const ek = (change: Partial<EkSighting>) =>
  tpm({ ek: { seen: { ...(ekSeen as EkSighting), ...change } } })
const strength = (change: Partial<EkSighting['strength']>) =>
  ek({ strength: { kind: 'rsa2048', bits: 2048, isRoca: false, isExponentUsual: true, ...change } })
const certificate = (change: Partial<typeof CERTIFICATE>) =>
  ek({ certificate: { state: 'matches', certificate: { ...CERTIFICATE, ...change } } })
const chain = (verdict: (typeof CERTIFICATE)['chain']['verdict']) =>
  certificate({ chain: { verdict, path: [], detail: 'why' } })
const log = (change: Partial<typeof LOG>) => tpm({ log: { seen: { ...LOG, ...change } } })
const windows = (change: Partial<WindowsSighting>) => ({ windows: { ...WINDOWS, ...change } })
const flags = (change: Partial<WindowsSighting['flags']>) =>
  windows({ flags: { ...WINDOWS.flags, ...change } })
const trouble = (kind: 'stopped' | 'restarted' | 'garbled' | 'no-slot' | 'timed-out' | 'refused') =>
  tpm({ trouble: { kind, step: 'taking a quote', detail: 'why' } })
const demands = (...rows: RowId[]) => ({ policy: { allowTestTpm: false, demands: rows } })
const testTpm = { policy: { allowTestTpm: true, demands: [] } }
const SW = { manufacturer: 0x49424d00, vendorText: 'SW   TPM' }
const MSFT = { manufacturer: 0x4d534654, vendorText: 'Pluton' }
const machine = (manufacturer: string, model: string) => ({ machine: { manufacturer, model } })

/** How each case is met; the type wants every row, the test every case. */
const MET: { readonly [R in RowId]: Readonly<Record<string, Partial<TpmSubject>>> } = {
  'tpm-answers': {
    yes: {},
    stopped: trouble('stopped'),
    restarted: trouble('restarted'),
    garbled: trouble('garbled'),
    'no-slot': trouble('no-slot'),
    'timed-out': trouble('timed-out'),
    refused: trouble('refused'),
  },
  'tpm-family': {
    '2.0': {},
    other: tpm({ family: { seen: '1.2' } }),
    none: { tpm: null, ...flags({ present: false }) },
  },
  'tpm-physical': {
    'known-vendor': {},
    pluton: { ...properties(MSFT), ...machine('Microsoft Corporation', 'Surface Laptop 7') },
    'test-tpm-accepted': { ...properties(SW), ...testTpm },
    'unknown-vendor': properties({ manufacturer: 0x41424344 }),
    'microsoft-unseen-machine': properties(MSFT),
    'virtual-machine': {
      ...properties(MSFT),
      ...machine('Microsoft Corporation', 'Virtual Machine'),
    },
    'test-tpm': properties(SW),
  },
  'pcr-bank': { active: {}, 'sha1-only': tpm({ banks: { seen: ['sha1'] } }) },
  lockout: {
    clear: {},
    counting: properties({ lockoutCounter: 1 }),
    'in-lockout': properties({ inLockout: true, lockoutCounter: 32 }),
  },
  'endorsement-auth': { clear: {}, set: properties({ endorsementAuthSet: true }) },
  'owner-auth': {
    clear: {},
    'persistent-srk': tpm({
      properties: { seen: { ...PROPERTIES, ownerAuthSet: true } },
      persistentSrk: { seen: true },
    }),
    set: properties({ ownerAuthSet: true }),
  },
  'ek-certificate': {
    matches: {},
    'vendor-offers': ek({ certificate: { state: 'vendor-offers', url: 'https://vendor.test' } }),
    none: ek({ certificate: { state: 'none' } }),
    'another-key': ek({ certificate: { state: 'another-key', certificate: CERTIFICATE } }),
    unreadable: ek({ certificate: { state: 'unreadable', why: 'cut' } }),
  },
  'ek-profile': {
    valid: {},
    deviates: certificate({ findings: ['no-ek-purpose'] }),
    'wrong-use': certificate({ findings: ['ca-flag', 'no-key-usage'] }),
  },
  'ek-chain': {
    valid: {},
    'unknown-root': chain('unknown-root'),
    expired: chain('expired'),
    'expired-issuer': chain('expired-issuer'),
    'not-yet-valid': chain('not-yet-valid'),
    'weak-signature': chain('weak-signature'),
    'not-understood': chain('not-understood'),
    'issuer-not-ca': chain('issuer-not-ca'),
    'broken-signature': chain('broken-signature'),
  },
  'ek-manufacturer': {
    equal: {},
    'test-tpm-accepted': { ...properties(SW), ...testTpm },
    differs: certificate({ manufacturer: 0x53544d20 }),
  },
  roca: { negative: {}, positive: strength({ isRoca: true }) },
  'ek-strength': {
    usual: {},
    unusual: strength({ isExponentUsual: false }),
    weak: strength({ kind: 'rsa1024', bits: 1024 }),
  },
  firmware: {
    'not-listed': {},
    'update-advised': rule('update-advised'),
    vulnerable: rule('vulnerable'),
  },
  'known-issues': { none: {}, match: rule('known-issue'), blocks: rule('blocks') },
  'ak-attributes': {
    right: {},
    wrong: tpm({ ak: { seen: { kind: 'P-256 ECDSA', faults: ['not restricted'] } } }),
  },
  activation: {
    returned: {},
    'timed-out': tpm({ activation: { seen: 'timed-out' } }),
    'wrong-secret': tpm({ activation: { seen: 'wrong-secret' } }),
  },
  quote: {
    holds: {},
    fails: tpm({
      quote: {
        seen: {
          ...('seen' in SIGHTING.quote ? SIGHTING.quote.seen : (null as never)),
          failed: 'nonce',
        },
      },
    }),
  },
  'event-log': { equal: {}, differs: log({ differing: [4, 7] }) },
  'secure-boot': {
    sound: {},
    unknown: log({ secureBoot: null }),
    unsound: log({ secureBoot: false }),
    'unsound-demanded': { ...log({ debug: ['kernel debugging'] }), ...demands('secure-boot') },
  },
  'windows-flags': {
    ready: {},
    'before-first-task': windows({
      flags: { ...WINDOWS.flags, readyForAttestation: false },
      firstTaskRan: null,
    }),
    incomplete: flags({ lockedOut: null }),
    'not-ready': flags({ readyForAttestation: false }),
    'vulnerable-firmware': windows({ information: 0x1000000 }),
    'clear-needed': flags({ clearNeeded: true }),
    'locked-out': flags({ lockedOut: true }),
  },
  'device-clock': {
    right: windows({ clockOffsetMs: -60_000 }),
    late: windows({ clockOffsetMs: 60_001 }),
    wrong: windows({ clockOffsetMs: -120_001 }),
  },
}

const cases = Object.entries(MET).flatMap(([id, met]) =>
  Object.entries(met).map(([one, change]) => ({ id: id as RowId, one, change })),
)

test('every case of the table is tried here', () => {
  for (const [id, row] of Object.entries<Row>(TABLE))
    expect(Object.keys(MET[id as RowId]).sort()).toEqual(Object.keys(row.cases).sort())
})

test.each(cases)('$id is met as $one', ({ id, one, change }) => {
  const row: Row = TABLE[id]
  const wanted = row.cases[one]
  const fact = judgeTpm({ ...SOUND, ...change })
  const check = fact.checks.find((found) => found.id === id)
  expect(check).toMatchObject({ verdict: wanted?.verdict, hint: wanted?.hint })
  expect(check?.value).not.toBe('')
  const side = row.side === 'windows' ? fact.windows : fact.station
  if (wanted?.verdict === 'NO-GO') expect(side).toBe('NO-GO')
  if (wanted?.verdict === 'HOLD') expect(['HOLD', 'NO-GO']).toContain(side)
})

test('a sound device is GO on both sides', () => {
  expect(judgeTpm(SOUND)).toMatchObject({ station: 'GO', windows: 'GO' })
})

test('the verdicts never mix: a bad Windows flag leaves the station alone, and a bad quote leaves Windows alone', () => {
  expect(judgeTpm({ ...SOUND, ...flags({ lockedOut: true }) })).toMatchObject({
    station: 'GO',
    windows: 'NO-GO',
  })
  expect(judgeTpm({ ...SOUND, ...tpm({ activation: { seen: 'wrong-secret' } }) })).toMatchObject({
    station: 'NO-GO',
    windows: 'GO',
  })
})

test('what cannot be seen on this path does not count, unless the work order demands it', () => {
  const bare = { ...SOUND, windows: null, ...tpm({ log: { absent: 'no boot log on this path' } }) }
  const fact = judgeTpm(bare)
  expect(fact).toMatchObject({ station: 'GO', windows: 'not-seen' })
  const unseen = fact.checks.filter(({ verdict }) => verdict === 'not-seen').map(({ id }) => id)
  expect(unseen).toEqual(['event-log', 'secure-boot', 'windows-flags', 'device-clock'])
  const strict = {
    ...bare,
    policy: { allowTestTpm: false, demands: ['event-log', 'windows-flags'] as const },
  }
  expect(judgeTpm(strict)).toMatchObject({ station: 'HOLD', windows: 'HOLD' })
})

test('any other missing value is a hold', () => {
  for (const key of ['properties', 'banks', 'ek', 'ak', 'activation', 'quote', 'log'] as const)
    expect(judgeTpm({ ...SOUND, ...tpm({ [key]: { missing: 'broke off' } }) }).station).toBe('HOLD')
})

test('without any sighting both sides are not seen', () => {
  expect(judgeTpm({ ...SOUND, tpm: null, windows: null })).toMatchObject({
    station: 'not-seen',
    windows: 'not-seen',
  })
})

test('a log that is not what was measured is not asked about Secure Boot', () => {
  const { checks } = judgeTpm({ ...SOUND, ...log({ differing: [7], secureBoot: true }) })
  expect(checks.find(({ id }) => id === 'secure-boot')?.verdict).toBe('HOLD')
})

test('every finding of the profile has its weight, and hard ones forbid', () => {
  for (const [finding, [weight]] of Object.entries(PROFILE_WEIGHTS)) {
    const { station } = judgeTpm({ ...SOUND, ...certificate({ findings: [finding as never] }) })
    expect(station).toBe(weight === 'hard' ? 'NO-GO' : weight === 'soft' ? 'HOLD' : 'GO')
  }
})

test('a test TPM is never accepted by its own word, and never as another vendor', () => {
  expect(judgeTpm({ ...SOUND, ...properties(SW) }).station).toBe('NO-GO')
  // The switch accepts software TPMs; it does not forgive a real vendor's certificate that differs.
  const differs = { ...SOUND, ...testTpm, ...certificate({ manufacturer: 0x53544d20 }) }
  expect(judgeTpm(differs).station).toBe('NO-GO')
})

test('the worst of verdicts is the same in any order, and not-seen never counts', () => {
  const verdict = fc.constantFrom('GO', 'HOLD', 'NO-GO', 'not-seen')
  fc.assert(
    fc.property(fc.array(verdict), (list) => {
      const found = worst(list)
      expect(worst(list.toReversed())).toBe(found)
      expect(worst([...list, 'not-seen'])).toBe(found)
      if (list.includes('NO-GO')) expect(found).toBe('NO-GO')
    }),
  )
})

test('every hint is one sentence, and every HOLD and NO-GO has one', () => {
  for (const row of Object.values<Row>(TABLE)) {
    for (const { verdict, hint } of Object.values(row.cases)) {
      if (verdict === 'GO') expect(hint).toBe('')
      else expect(hint).toMatch(/^[A-Z'].*\.$/)
    }
    expect(row.missing).toMatch(/^[A-Z].*\.$/)
  }
})
