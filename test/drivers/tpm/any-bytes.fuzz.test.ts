// Any bytes into the parsers of foreign bytes give a value or a fault of ours: certificates, boot logs, Windows' words.
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readTpmtool } from '../../../agent/core/tpm/windows-flags.ts'
import { isStationError } from '../../../agent/fault.ts'
import { signatureBy } from '../../../drivers/tpm/certificate.ts'
import { chainOf } from '../../../drivers/tpm/chain.ts'
import { oidText, readAll, textOf, timeOf } from '../../../drivers/tpm/der.ts'
import { readBlob } from '../../../drivers/tpm/ek-blob.ts'
import { profileFindings, tpmNames } from '../../../drivers/tpm/ek-profile.ts'
import { readLog } from '../../../drivers/tpm/event-log/log.ts'
import { storyOf } from '../../../drivers/tpm/event-log/story.ts'
import { certificatesIn } from '../../../drivers/tpm/roots.ts'
import { authority, certificate } from '../../fakes/certificates.ts'
import { makeLog } from '../../fakes/event-log.ts'
import { bounded, fuzzRuns } from '../../fakes/fuzz-runs.ts'

const root = authority('Test root')
const issuer = createPublicKey(root.key)
const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const GOOD = certificate(publicKey, root)
const LOG = readFileSync(new URL('../../vectors/event-log/ovmf-open.bin', import.meta.url))
const HEADER = makeLog([], ['sha256'])

function survives(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    if (!isStationError(error)) throw error
  }
}

/** Everything that is asked of a certificate; what was read may still refuse to be understood, by a fault of ours. */
function certificates(bytes: Uint8Array): void {
  for (const one of readBlob(bytes).certificates) {
    profileFindings(one)
    tpmNames(one)
    signatureBy(one, issuer)
    chainOf(one, { roots: [one], helpers: [] }, [one], 0)
  }
}
const story = (bytes: Uint8Array) => storyOf(readLog(bytes), 'sha256')(new Map())

/** The bytes with up to six of them changed. */
const changed = (bytes: Uint8Array) =>
  fc
    .array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
    .map((changes) => {
      const copy = Buffer.from(bytes)
      for (const [at, value] of changes) copy[at] = value
      return copy
    })
const behindHeader = fc.uint8Array({ maxLength: 300 }).map((rest) => Buffer.concat([HEADER, rest]))

/** Every element, as deep as it goes, read as whatever it might be. */
function elements(bytes: Uint8Array, depth = 0): void {
  for (const one of readAll(bytes)) {
    for (const read of [() => oidText(one.content), () => textOf(one), () => timeOf(one)])
      survives(read)
    if (depth < 8 && (one.tag & 0x20) !== 0) survives(() => elements(one.content, depth + 1))
  }
}

const certified = fuzzRuns('certificates', 2)
const logged = fuzzRuns('bootLog', 2)
const der = fuzzRuns('der', 2)
const tpmtool = fuzzRuns('tpmtool')

test.each([
  ['bytes as certificates', fc.uint8Array({ maxLength: 200 }), certificates, certified],
  ['a changed certificate', changed(GOOD), certificates, certified],
  ['bytes as DER', fc.uint8Array({ maxLength: 200 }), elements, der],
  ['a changed certificate as DER', changed(GOOD), elements, der],
  ['bytes as a boot log', behindHeader, story, logged],
  ['a changed boot log', changed(LOG), story, logged],
  ['bytes as PEM', fc.uint8Array({ maxLength: 200 }), certificatesIn, fuzzRuns('pem')],
] as const)(
  '%s: a value, or a fault of ours',
  async (_, bytes, read, { numRuns, timeoutMs }) => {
    expect(numRuns).toBeGreaterThan(0)
    const property = fc.property(bytes as fc.Arbitrary<Uint8Array>, (one) =>
      survives(() => read(one)),
    )
    const limits = { interruptAfterTimeLimit: timeoutMs, markInterruptAsFailure: true }
    bounded(() => fc.assert(property, { numRuns, ...limits }))
  },
  certified.timeoutMs,
)

test('any text as the words of tpmtool gives flags', { timeout: tpmtool.timeoutMs }, () => {
  const property = fc.property(fc.string({ maxLength: 300 }), (text) => {
    for (const value of Object.values(readTpmtool(text)))
      expect(['boolean', 'string', 'number', 'object']).toContain(typeof value)
  })
  fc.assert(property, { numRuns: tpmtool.numRuns })
})
