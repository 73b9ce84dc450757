// What each check of a device says in words that an operator understands; the board, MQTT, holds and the report use them.
import type { TpmCheck, TpmVerdict } from '../facts.ts'
import { type Row, type RowId, TABLE } from './table.ts'

/** One sentence for a row that is not GO; its hint says what to do, its value what was seen. */
const WORDS = {
  'tpm-answers': 'The TPM stopped answering',
  'tpm-family': 'There is no TPM 2.0',
  'tpm-physical': 'It is not known to be a real TPM',
  'pcr-bank': 'The TPM measures with SHA-1 only',
  lockout: 'Wrong passwords were tried on the TPM',
  'endorsement-auth': 'A password on the TPM blocks attestation',
  'owner-auth': 'The TPM belongs to somebody already',
  'ek-certificate': "The maker's certificate of the TPM is missing or does not fit",
  'ek-profile': "The maker's certificate of the TPM is not as it should be",
  'ek-chain': "The maker's certificate of the TPM is not trusted here",
  'ek-manufacturer': 'The TPM and its certificate name different makers',
  roca: 'The TPM has a weak key',
  'ek-strength': 'The TPM has a key of an unusual kind',
  firmware: 'The firmware of the TPM needs an update',
  'known-issues': 'Attestation is known to fail on such devices',
  'ak-attributes': 'The TPM made another key than was asked for',
  activation: 'The TPM did not prove that its certificate is its own',
  quote: 'The TPM did not sign its state',
  'event-log': 'The boot log is missing or was changed',
  'secure-boot': 'Secure Boot is off or unknown, or debugging is on',
  'windows-flags': 'Windows is not ready to use its TPM',
  'device-clock': 'The clock of the device is wrong',
} as const satisfies Readonly<Record<RowId, string>>

/** Prerequisites that a probe tells (agent/core/probe/prerequisites.ts). */
const OTHERS: Readonly<Record<string, string>> = {
  'windows-edition': 'This edition of Windows may not be fit',
  'windows-version': 'This version of Windows may not be fit',
  'windows-tpm': 'Windows sees no TPM 2.0',
  'physical-device': 'It is not known to be a real device',
}

/** The sentence of a check; ids of a later version stand for themselves. */
export const wordsOf = (id: string): string =>
  Object.hasOwn(WORDS, id)
    ? WORDS[id as RowId]
    : ((Object.hasOwn(OTHERS, id) ? OTHERS[id] : undefined) ?? id)

/** Which of the two verdicts a check belongs to; prerequisites are Windows' side. */
export function sideOf(id: string): 'station' | 'windows' {
  const row: Row | undefined = Object.hasOwn(TABLE, id) ? TABLE[id as RowId] : undefined
  return row?.side ?? (Object.hasOwn(OTHERS, id) ? 'windows' : 'station')
}

/** One reason against a device, as people read it. */
export interface TpmReason {
  readonly id: string
  readonly side: 'station' | 'windows'
  readonly verdict: 'HOLD' | 'NO-GO'
  readonly words: string
  /** What was seen, as it was told. */
  readonly value: string
  readonly hint: string
}

const VALUE_MAX = 160
const isBad = (verdict: TpmVerdict): verdict is TpmReason['verdict'] =>
  verdict === 'HOLD' || verdict === 'NO-GO'

/** Reasons of both sides, refusals first, in the order of the table. */
export function reasonsOf(checks: readonly TpmCheck[]): readonly TpmReason[] {
  const all = checks.flatMap(({ id, verdict, value, hint }) =>
    isBad(verdict)
      ? [{ id, side: sideOf(id), verdict, words: wordsOf(id), value: short(value), hint }]
      : [],
  )
  return [
    ...all.filter(({ verdict }) => verdict === 'NO-GO'),
    ...all.filter(({ verdict }) => verdict === 'HOLD'),
  ]
}

const short = (value: string) => value.slice(0, VALUE_MAX).toWellFormed()

/** The reasons in one line for a prompt or a record: the first in full, of the others how many. */
export function reasonLine(checks: readonly TpmCheck[]): string {
  const [first, ...others] = reasonsOf(checks)
  if (first === undefined) return ''
  return others.length === 0 ? first.words : `${first.words}, and ${others.length} more`
}
