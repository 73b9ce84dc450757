// Asks a TPM what it is: family, maker, firmware, its authorisations and lockout, its PCR banks and handles.
import { CAP, capabilities, HANDLES, HASHES, listHandles, PT, readBanks, type Tpm } from 'tpm2-ts'
import type { TpmProperties } from '../../agent/ports.ts'
import { unreadable } from './der.ts'

/** TPMA_PERMANENT (Part 2, section 8.6). */
const PERMANENT = { owner: 0x1, endorsement: 0x2, lockout: 0x4, inLockout: 0x200 } as const

const ascii = (value: number) =>
  String.fromCharCode(...[24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff))

/** A TPM's own words, as text that a terminal can show. */
const clean = (text: string) => text.replace(/[^\x20-\x7e]/g, '').trimEnd()

/** Properties without which a verdict would rest on zeros that nobody said. */
const NEEDED = [PT.FAMILY_INDICATOR, PT.MANUFACTURER, PT.PERMANENT, PT.LOCKOUT_COUNTER] as const

function propertiesOf(values: ReadonlyMap<number, number>): TpmProperties {
  const untold = NEEDED.find((property) => !values.has(property))
  if (untold !== undefined) throw unreadable(`TPM: property 0x${untold.toString(16)} is not told`)
  const value = (property: number) => values.get(property) ?? 0
  const permanent = value(PT.PERMANENT)
  const vendor = [0, 1, 2, 3].map((index) => ascii(value(PT.VENDOR_STRING_1 + index)))
  const [one, two] = [value(PT.FIRMWARE_VERSION_1), value(PT.FIRMWARE_VERSION_2)]
  return {
    manufacturer: value(PT.MANUFACTURER),
    vendorText: clean(vendor.join('')),
    firmware: [one >>> 16, one & 0xffff, two >>> 16, two & 0xffff],
    ownerAuthSet: (permanent & PERMANENT.owner) !== 0,
    endorsementAuthSet: (permanent & PERMANENT.endorsement) !== 0,
    lockoutAuthSet: (permanent & PERMANENT.lockout) !== 0,
    inLockout: (permanent & PERMANENT.inLockout) !== 0,
    lockoutCounter: value(PT.LOCKOUT_COUNTER),
    lockoutMax: value(PT.MAX_AUTH_FAIL),
  }
}

export interface Described {
  /** `2.0`. */
  readonly family: string
  readonly properties: TpmProperties
  /** Bytes of NV that one command may read. */
  readonly nvChunk: number
}

/** Fixed and variable properties; most TPMs end an answer at the end of a group, so these are two round trips. */
export async function describe(tpm: Tpm): Promise<Described> {
  const values = new Map<number, number>()
  for (const first of [PT.FIXED, PT.VARIABLE]) {
    if (values.has(first)) continue
    for await (const { properties } of capabilities(tpm, CAP.TPM_PROPERTIES, first)) {
      for (const { property, value } of properties) values.set(property, value)
    }
  }
  const max = values.get(PT.NV_BUFFER_MAX) ?? 512
  return {
    family: clean(ascii(values.get(PT.FAMILY_INDICATOR) ?? 0)),
    properties: propertiesOf(values),
    nvChunk: Math.min(Math.max(max, 64), 2048),
  }
}

/** Names of the banks in which at least one PCR is kept. */
export async function activeBanks(tpm: Tpm): Promise<readonly string[]> {
  const banks = await readBanks(tpm)
  return banks
    .filter(({ select }) => select.some((byte) => byte !== 0))
    .map(({ hash }) => HASHES.find(({ alg }) => alg === hash)?.name ?? `0x${hash.toString(16)}`)
}

/** NV indices and persistent objects that exist. */
export async function standingHandles(
  tpm: Tpm,
): Promise<{ readonly nv: readonly number[]; readonly persistent: readonly number[] }> {
  const nv = await listHandles(tpm, HANDLES.NV)
  return { nv, persistent: await listHandles(tpm, HANDLES.PERSISTENT) }
}
