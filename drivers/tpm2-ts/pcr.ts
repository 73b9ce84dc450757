// PCR selections as bitmaps and as lists, and reading more than eight PCRs.
import { PcrRead } from './commands/pcr-read.ts'
import type { Hash } from './constants.ts'
import { digestOf } from './crypto/hash.ts'
import { TpmFault } from './fault.ts'
import type { PcrSelection } from './structures/common.ts'
import type { RunOptions, Tpm } from './tpm.ts'

/** The PC Client profile has 24 PCRs; a TPM may refuse a shorter bitmap. */
const BITMAP_BYTES = 3
const PCR_MAX = 31
/** A call returns at least one of 24 PCRs; PCRs that change meanwhile start the reading over, so often. */
const CALLS_MAX = 32
const RESTARTS_MAX = 3

/** A selection of one bank; throws `TPM_USAGE` for a PCR that no bitmap has. */
export function selectPcrs(hashAlg: number, pcrs: readonly number[]): PcrSelection {
  const bytes = Math.max(BITMAP_BYTES, ...pcrs.map((pcr) => (pcr >> 3) + 1))
  const select = new Uint8Array(bytes)
  for (const pcr of pcrs) {
    if (!Number.isInteger(pcr) || pcr < 0 || pcr > PCR_MAX) {
      throw new TpmFault('TPM_USAGE', `There is no PCR ${pcr}.`)
    }
    select[pcr >> 3] = (select[pcr >> 3] ?? 0) | (1 << (pcr & 7))
  }
  return { hash: hashAlg, select }
}

/** The selected PCRs in rising order. */
export function selectedPcrs({ select }: PcrSelection): readonly number[] {
  return Array.from({ length: select.length * 8 }, (_, pcr) => pcr).filter(
    (pcr) => ((select[pcr >> 3] ?? 0) & (1 << (pcr & 7))) !== 0,
  )
}

/** Whether two selections name the same PCRs of the same banks, whatever the length of their bitmaps. */
export function sameSelection(
  one: readonly PcrSelection[],
  other: readonly PcrSelection[],
): boolean {
  const text = (selections: readonly PcrSelection[]) =>
    selections.map((bank) => `${bank.hash}:${selectedPcrs(bank).join(',')}`).join(' ')
  return text(one) === text(other)
}

/** The values of one bank by PCR. */
export type PcrValues = ReadonlyMap<number, Uint8Array>

/**
 * Reads PCRs of one bank, all of one moment: if the TPM's update counter moves in between, it starts
 * over. Throws `TPM_GARBLED` if the TPM leaves one out, as one does for a bank it does not have.
 */
export async function readPcrs(
  tpm: Tpm,
  hashAlg: number,
  pcrs: readonly number[],
  options: RunOptions = {},
): Promise<PcrValues> {
  for (let restart = 0; restart <= RESTARTS_MAX; restart += 1) {
    const values = await readOnce(tpm, hashAlg, pcrs, options)
    if (values !== null) return values
  }
  throw new TpmFault('TPM_GARBLED', 'The PCRs change faster than they can be read.')
}

async function readOnce(
  tpm: Tpm,
  hashAlg: number,
  pcrs: readonly number[],
  options: RunOptions,
): Promise<PcrValues | null> {
  const values = new Map<number, Uint8Array>()
  let counter: number | null = null
  for (let call = 0; call < CALLS_MAX; call += 1) {
    const left = pcrs.filter((pcr) => !values.has(pcr))
    if (left.length === 0) return values
    const request = { pcrSelectionIn: [selectPcrs(hashAlg, left)] }
    const answer = await tpm.run(PcrRead, request, options)
    if (counter !== null && counter !== answer.pcrUpdateCounter) return null
    counter = answer.pcrUpdateCounter
    const got = answer.pcrSelectionOut.flatMap((bank) =>
      bank.hash === hashAlg ? selectedPcrs(bank) : [],
    )
    if (got.length === 0 || got.length !== answer.pcrValues.length) break
    for (const [index, pcr] of got.entries()) {
      const value = answer.pcrValues[index]
      if (value === undefined || !left.includes(pcr)) {
        throw new TpmFault('TPM_GARBLED', 'The TPM read PCRs that nobody asked for.')
      }
      values.set(pcr, value)
    }
  }
  throw new TpmFault('TPM_GARBLED', 'The TPM does not read all PCRs: is the bank active?')
}

/** What a quote signs: the hash over the values in the order of the selection (Part 1, section 17.5). */
export function pcrDigest(hash: Hash, values: PcrValues, pcrs: readonly number[]): Uint8Array {
  const ordered = [...pcrs].sort((one, other) => one - other)
  return digestOf(
    hash,
    ordered.map((pcr) => {
      const value = values.get(pcr)
      if (value === undefined) throw new TpmFault('TPM_USAGE', `PCR ${pcr} was not read.`)
      return value
    }),
  )
}
