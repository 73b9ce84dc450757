// A fresh quote over the PCRs of the boot, checked over the bytes as they were received.
import { randomBytes } from 'node:crypto'
import {
  ALG,
  checkQuote,
  decodeAttest,
  encode,
  isTpmFault,
  type LoadedObject,
  type PcrValues,
  Quote,
  readPcrs,
  selectPcrs,
  signature,
  type Tpm,
} from 'tpm2-ts'
import type { QuoteSighting } from '../../agent/ports.ts'

/** PCRs of firmware, boot manager and Windows' own measurements; 8 to 10 belong to Linux and change while it runs. */
export const QUOTED_PCRS = [0, 1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14] as const

export interface Bank {
  readonly name: string
  readonly alg: number
}

/** SHA-256, else SHA-384: the banks that count; null when neither is there. */
export function bankOf(active: readonly string[]): Bank | null {
  if (active.includes('sha256')) return { name: 'sha256', alg: ALG.SHA256 }
  return active.includes('sha384') ? { name: 'sha384', alg: ALG.SHA384 } : null
}

export interface Quoted {
  readonly sighting: QuoteSighting
  /** The values that the quote signs; empty when it does not hold. */
  readonly values: PcrValues
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** Clock and counters of the attested bytes; zeros when they cannot be read. */
function clockOf(quoted: Uint8Array) {
  try {
    const { clock, resetCount, restartCount, safe } = decodeAttest(quoted).clockInfo
    return { clockMs: String(clock), resetCount, restartCount, isClockSafe: Number(safe) !== 0 }
  } catch (error) {
    if (!isTpmFault(error)) throw error
    return { clockMs: '0', resetCount: 0, restartCount: 0, isClockSafe: false }
  }
}

/** Reads the PCRs, has them signed with a fresh nonce, and checks all of it. */
export async function takeQuote(tpm: Tpm, ak: LoadedObject, bank: Bank): Promise<Quoted> {
  const values = await readPcrs(tpm, bank.alg, QUOTED_PCRS)
  const nonce = new Uint8Array(randomBytes(32))
  const selection = selectPcrs(bank.alg, QUOTED_PCRS)
  const answer = await tpm.run(Quote, {
    signHandle: ak,
    qualifyingData: nonce,
    inScheme: { scheme: ALG.NULL },
    pcrSelect: [selection],
  })
  const check = checkQuote(answer, { key: ak.publicArea, nonce, selection, values })
  const sighting: QuoteSighting = {
    failed: check.isGood ? null : check.finding,
    bank: bank.name,
    attested: hex(answer.quoted),
    signature: hex(encode(signature, answer.signature)),
    nonce: hex(nonce),
    ...clockOf(answer.quoted),
  }
  return { sighting, values: check.isGood ? values : new Map() }
}
