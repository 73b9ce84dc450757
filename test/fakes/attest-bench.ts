// Real software TPMs in the states that a bench meets, and their attestation with the verdict by row.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TpmCheck, TpmFact } from '../../agent/core/facts.ts'
import { judgeTpm } from '../../agent/core/tpm/judge.ts'
import type { TpmSighting } from '../../agent/core/tpm/sighting.ts'
import type { RowId } from '../../agent/core/tpm/table.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { readCertificate } from '../../drivers/tpm/certificate.ts'
import { type AttestOptions, attestTpm, openTpm } from '../../drivers/tpm/index.ts'
import type { TrustStore } from '../../drivers/tpm/roots.ts'
import {
  createPrimary,
  EK_TEMPLATES,
  type EkTemplate,
  loadedHandles,
  permanent,
  publicKeyOf,
  RH,
  Tpm,
  transportFromUrl,
} from '../../drivers/tpm2-ts/index.ts'
import { loadFirmwareRules } from '../../station-config/tpm/firmware-rules.ts'
import { type Authority, authority, type CertificateOptions, certificate } from './certificates.ts'
import type { MadeEvent } from './event-log.ts'
import type { Swtpm } from './swtpm.ts'

export const ROOT: Authority = authority('Reseal test root')
export const store = (...roots: readonly Authority[]): TrustStore => ({
  roots: roots.map(({ der }) => readCertificate(der)),
  helpers: [],
})

/** NV index of the certificate of each template. */
export const PLACES: Readonly<Record<EkTemplate, string>> = {
  'L-1': '0x01c00002',
  'L-2': '0x01c0000a',
  'H-1': '0x01c00012',
  'H-2': '0x01c00014',
  'H-3': '0x01c00016',
  'H-4': '0x01c00018',
  'H-6': '0x01c0001c',
  'H-7': '0x01c0001e',
}

export async function withTpm<T>(url: string, use: (tpm: Tpm) => Promise<T>): Promise<T> {
  await using transport = transportFromUrl(url)
  return await use(new Tpm(transport))
}

export const handlesOf = (swtpm: Swtpm) => withTpm(swtpm.url, (tpm) => loadedHandles(tpm))

/** The public key of the TPM's own endorsement key. */
export const ekKey = (swtpm: Swtpm, template: EkTemplate) =>
  withTpm(swtpm.url, async (tpm) => {
    await using ek = await createPrimary(tpm, permanent(RH.ENDORSEMENT), EK_TEMPLATES[template])
    return publicKeyOf(ek.publicArea)
  })

/** Writes bytes into an index as a TPM's maker would. */
export async function writeNv(swtpm: Swtpm, index: string, bytes: Uint8Array): Promise<void> {
  const attributes = 'ppwrite|ppread|ownerread|authread|no_da|platformcreate'
  const file = join(swtpm.state, 'nv.bin')
  writeFileSync(file, bytes)
  await swtpm.tool('tpm2_nvdefine', index, '-C', 'p', '-s', String(bytes.length), '-a', attributes)
  await swtpm.tool('tpm2_nvwrite', index, '-C', 'p', '-i', file)
}

/** Gives a TPM the certificate of one of its keys. */
export async function certify(
  swtpm: Swtpm,
  template: EkTemplate,
  options: CertificateOptions & { readonly issuer?: Authority } = {},
): Promise<void> {
  const key = await ekKey(swtpm, template)
  await writeNv(swtpm, PLACES[template], certificate(key, options.issuer ?? ROOT, options))
}

const rules = loadFirmwareRules().value ?? []

export interface Attested {
  readonly fact: TpmFact
  readonly sighting: TpmSighting
  row(id: RowId): TpmCheck
  /** Rows that are not GO and count: `id=verdict`. */
  readonly bad: readonly string[]
}

export async function attest(
  url: string,
  options: Partial<AttestOptions> & { readonly allowTestTpm?: boolean } = {},
): Promise<Attested> {
  await using transport = openTpm(url)
  const sighting = await attestTpm(transport, {
    clock: systemClock(),
    roots: store(ROOT),
    signal: AbortSignal.timeout(60_000),
    where: url,
    ...options,
  })
  const { allowTestTpm = true } = options
  const policy = { allowTestTpm, demands: [] }
  const fact = judgeTpm({ tpm: sighting, windows: null, machine: null, rules, policy })
  const bad = fact.checks
    .filter(({ verdict }) => verdict !== 'GO' && verdict !== 'not-seen')
    .map(({ id, verdict }) => `${id}=${verdict}`)
  const row = (id: RowId) => fact.checks.find((check) => check.id === id) as TpmCheck
  return { fact, sighting, row, bad }
}

/** Measures events into the TPM as firmware would, in its SHA-256 bank. */
export async function measure(swtpm: Swtpm, events: readonly MadeEvent[]): Promise<void> {
  for (const { pcr, data, measured = data } of events) {
    if (pcr >= 24) continue
    const digest = createHash('sha256').update(measured).digest('hex')
    await swtpm.tool('tpm2_pcrextend', `${pcr}:sha256=${digest}`)
  }
}
