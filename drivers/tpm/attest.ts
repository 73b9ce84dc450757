// The station's own attestation of one TPM, from the first question to the quote; it sees, and judges nothing.
import {
  isTpmFault,
  LoadedObject,
  publicKeyOf,
  Startup,
  SU,
  Tpm,
  type TpmOptions,
  takesPassword,
} from 'tpm2-ts'
import { isStationError } from '../../agent/fault.ts'
import type { Clock, TpmSighting, TpmTransport } from '../../agent/ports.ts'
import { activate } from './activation.ts'
import { akFaults, akKind, makeAk, makeAkBelowPersistent } from './ak.ts'
import { bootLog, NO_LOG, type Told, tellLog } from './boot-log.ts'
import {
  chosen,
  type Ek,
  ekSighting,
  type Judged,
  judgeStored,
  makeEk,
  persistentEk,
  type Trust,
} from './ek.ts'
import { DEFAULT_EK } from './ek-index.ts'
import { type RawEks, readStored, type StoredEks, storedEks } from './ek-read.ts'
import { Meanwhile } from './meanwhile.ts'
import { activeBanks, type Described, describe, standingHandles } from './properties.ts'
import { type Bank, bankOf, takeQuote } from './quote.ts'
import type { TrustStore } from './roots.ts'
import { silent, troubleOf } from './trouble.ts'
import type { FetchedEk } from './vendor-fetch.ts'
import { type EkOffer, offerOf } from './vendor-offer.ts'

/** The steps, as they are told while they happen. */
export const STEPS = [
  'asking what it is',
  'reading its certificates',
  'making an attestation key',
  'finding its endorsement key',
  'activating a credential',
  'taking a quote',
  'reading its boot log',
] as const
export type Step = (typeof STEPS)[number]

export interface AttestOptions {
  readonly clock: Pick<Clock, 'now' | 'mono'>
  readonly roots: TrustStore
  readonly signal: AbortSignal
  /** Where the TPM is, for messages. */
  readonly where: string
  /** The measured boot log: bytes, null when it is missing, undefined when this path has none. */
  readonly eventLog?: Uint8Array | null
  /** Told before each step. */
  readonly onStep?: (step: Step) => void
  /** Asks the vendor for a certificate that is not in the TPM; null: it has none either. Left out: nobody is asked. */
  readonly fetchEk?: (offer: EkOffer, signal: AbortSignal) => Promise<FetchedEk | null>
  /** Time limits of commands; those of the package when nothing is said. */
  readonly timeouts?: TpmOptions['timeouts']
}

type Sheet = { -readonly [K in keyof TpmSighting]: TpmSighting[K] }

const BROKE_OFF = { missing: 'the attestation broke off' } as const

const emptySheet = (hasLog: boolean): Sheet => ({
  trouble: null,
  family: BROKE_OFF,
  properties: BROKE_OFF,
  banks: BROKE_OFF,
  persistentSrk: { absent: 'not needed' },
  ek: BROKE_OFF,
  ak: BROKE_OFF,
  activation: BROKE_OFF,
  quote: BROKE_OFF,
  log: hasLog ? BROKE_OFF : NO_LOG,
  commands: 0,
  tookMs: 0,
})

interface Talk {
  readonly tpm: Tpm
  readonly sheet: Sheet
  readonly options: AttestOptions
  readonly meanwhile: Meanwhile
  /** Tells the step and remembers it, so that a fault can name it. */
  readonly step: (step: Step) => void
}

/** The first answer. A TPM that nobody started (a bare emulator) is started once, as firmware would. */
async function firstAnswer({ tpm, options }: Talk): Promise<Described | null> {
  try {
    return await describe(tpm)
  } catch (error) {
    if (!isTpmFault(error) || error.code === 'TPM_CANCELLED') throw error
    const name = error.response?.name
    // Tag 00C4: the answer of a TPM 1.2 to anything of 2.0.
    if (name === 'BAD_TAG') return null
    if (name !== 'INITIALIZE') throw silent(options.where, error)
    await tpm.run(Startup, { startupType: SU.CLEAR })
    return describe(tpm)
  }
}

interface Standing extends Described {
  readonly nv: readonly number[]
  readonly persistent: readonly number[]
}

interface Known extends Standing {
  readonly eks: StoredEks
  readonly trust: Trust
  readonly judged: Judged
}

async function makeKey({ tpm, sheet }: Talk, known: Standing): Promise<LoadedObject | null> {
  if (!known.properties.ownerAuthSet) return makeAk(tpm)
  const ak = await makeAkBelowPersistent(tpm, known.persistent)
  sheet.persistentSrk = { seen: ak !== null }
  return ak
}

/** The endorsement key of the first certificate: the persistent one if it is kept, else made anew. */
async function findEk({ tpm }: Talk, known: Known): Promise<Ek | null> {
  const one = chosen(known.eks.stored)
  const key = one?.blob?.certificates[0]?.key ?? null
  const kept = await persistentEk(tpm, known.persistent, key)
  if (kept !== null) return kept
  // With this authorisation set nobody but its owner can make keys there.
  if (known.properties.endorsementAuthSet) return null
  return makeEk(tpm, one?.index ?? DEFAULT_EK, known.nv, known.nvChunk)
}

const NEEDS_AUTH = { missing: 'it needs the endorsement authorisation' } as const

/** Says what the endorsement key is, and has it prove that it holds the attestation key beside it. */
async function proveEk(talk: Talk, known: Known, ak: LoadedObject | null): Promise<void> {
  const { sheet, options } = talk
  talk.step('finding its endorsement key')
  const ek = await findEk(talk, known)
  await using _own = ek instanceof LoadedObject ? ek : null
  sheet.ek = NEEDS_AUTH
  sheet.activation = NEEDS_AUTH
  if (ek === null) return
  const { trust, judged } = known
  const { stored } = known.eks
  const one = chosen(stored)
  const fetched = one === null ? await fetchEk(known, ek, options) : null
  const seen = talk.meanwhile.plan('ActivateCredential', () =>
    ekSighting({ ek, stored, judged, one, trust, ...fetched }),
  )
  try {
    if (known.properties.endorsementAuthSet && !takesPassword(ek.publicArea)) return
    sheet.activation = { missing: 'no attestation key to activate' }
    if (ak !== null) await proveAk(talk, ek, ak)
  } finally {
    sheet.ek = { seen: seen() }
  }
}

async function proveAk(talk: Talk, ek: Ek, ak: LoadedObject): Promise<void> {
  const { tpm, sheet, step } = talk
  step('activating a credential')
  sheet.activation = BROKE_OFF
  // Taken over now, it is at hand for the quote; a key that is none is the quote's finding.
  talk.meanwhile.plan('ActivateCredential', () => publicKeyOf(ak.publicArea))
  try {
    sheet.activation = { seen: await activate(tpm, ek, ak) }
  } catch (error) {
    if (isTpmFault(error, 'TPM_TIMEOUT')) sheet.activation = { seen: 'timed-out' }
    throw error
  }
}

async function fetchEk({ properties }: Known, ek: Ek, { fetchEk: fetch, signal }: AttestOptions) {
  const offer = offerOf(properties.manufacturer, publicKeyOf(ek.publicArea))
  if (offer === null) return {}
  const found = fetch === undefined ? null : await fetch(offer, signal)
  return { offer: offer.url, ...(found === null ? {} : { fetched: found }) }
}

interface Boot {
  readonly bank: Bank | null
  readonly told: Told
}

async function proveBoot(talk: Talk, ak: LoadedObject | null, { bank, told }: Boot): Promise<void> {
  const { tpm, sheet, options } = talk
  const none = bank === null ? 'no bank to quote' : 'no attestation key to quote with'
  sheet.quote = { missing: none }
  sheet.log = options.eventLog === undefined ? NO_LOG : { missing: 'no quote to hold it against' }
  if (bank === null || ak === null) return
  talk.step('taking a quote')
  sheet.quote = BROKE_OFF
  const { sighting, values } = await takeQuote(tpm, ak, bank)
  sheet.quote = { seen: sighting }
  if (sighting.failed !== null) return
  talk.step('reading its boot log')
  sheet.log = bootLog(told, values)
}

/** The certificates and their chains, looked into while the TPM makes keys. */
function judge({ meanwhile, options }: Talk, raw: RawEks) {
  const { roots, clock } = options
  const read = meanwhile.plan('CreatePrimary', () => storedEks(raw))
  return meanwhile.plan('Create', () => {
    const eks = read()
    const trust: Trust = { store: roots, helpers: eks.helpers, now: clock.now() }
    return { eks, trust, judged: judgeStored(eks.stored, trust) }
  })
}

/** Everything, in the order in which a small TPM has room for it: at most two keys are loaded at once. */
async function converse(talk: Talk): Promise<void> {
  const { tpm, sheet, step } = talk
  step('asking what it is')
  const described = await firstAnswer(talk)
  if (described === null) {
    sheet.family = { seen: '1.2' }
    return
  }
  sheet.family = { seen: described.family }
  sheet.properties = { seen: described.properties }
  const banks = await activeBanks(tpm)
  sheet.banks = { seen: banks }
  step('reading its certificates')
  const handles = await standingHandles(tpm)
  const raw = await readStored(tpm, handles.nv, described.nvChunk)
  const standing = { ...described, ...handles }
  step('making an attestation key')
  const judged = judge(talk, raw)
  await using ak = await makeKey(talk, standing)
  const known = { ...standing, ...judged() }
  sheet.ak = { missing: 'it needs the owner authorisation' }
  if (ak !== null) {
    const faults = akFaults(ak.publicArea)
    sheet.ak = { seen: { kind: akKind(ak.publicArea), faults } }
  }
  const bank = bankOf(banks)
  const told = tellLog(talk.meanwhile, talk.options.eventLog, bank)
  await proveEk(talk, known, ak)
  await proveBoot(talk, ak, { bank, told })
}

/**
 * Attests one TPM and says what was seen. Nothing stays loaded in it, wherever it still answers.
 * @throws StationError DEVICE_TPM_SILENT when it gives no first answer
 */
export async function attestTpm(
  transport: TpmTransport,
  options: AttestOptions,
): Promise<TpmSighting> {
  const { clock, signal, timeouts, onStep } = options
  const meanwhile = new Meanwhile()
  const tpm = new Tpm(meanwhile.over(transport), {
    signal,
    ...(timeouts === undefined ? {} : { timeouts }),
  })
  const sheet = emptySheet(options.eventLog !== undefined)
  const begun = clock.mono()
  let at: Step = STEPS[0]
  const step = (next: Step) => {
    at = next
    onStep?.(next)
  }
  try {
    await converse({ tpm, sheet, options, meanwhile, step })
  } catch (error) {
    const isSilent = isStationError(error) && error.code === 'DEVICE_TPM_SILENT'
    if (isSilent && !('seen' in sheet.family)) throw error
    sheet.trouble = troubleOf(error, at)
  }
  return { ...sheet, commands: tpm.roundTrips, tookMs: clock.mono() - begun }
}
