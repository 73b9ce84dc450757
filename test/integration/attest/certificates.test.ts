// Endorsement keys of every kind and their certificates, right and wrong, in real TPMs: each has its own reason.
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createPrimary,
  EK_TEMPLATES,
  type EkTemplate,
  encode,
  permanent,
  publicArea,
  publicKeyOf,
  RH,
} from '../../../drivers/tpm2-ts/index.ts'
import {
  attest,
  certify,
  ekKey,
  handlesOf,
  PLACES,
  ROOT,
  store,
  withTpm,
  writeNv,
} from '../../fakes/attest-bench.ts'
import { authority, certificate } from '../../fakes/certificates.ts'
import { type Swtpm, startSwtpm } from '../../fakes/swtpm.ts'

let swtpm: Swtpm
beforeEach(async () => {
  swtpm = await startSwtpm()
})
afterEach(() => swtpm.stop())

/** Attests, and proves that the TPM holds afterwards what it held before. */
async function checked(
  ...args: Parameters<typeof attest> extends [string, ...infer R] ? R : never
) {
  const before = await handlesOf(swtpm)
  const attested = await attest(swtpm.url, ...args)
  expect(await handlesOf(swtpm)).toEqual(before)
  return attested
}

test.each<EkTemplate>(['L-1', 'L-2', 'H-1', 'H-2', 'H-3', 'H-4', 'H-6'])(
  'a TPM with the certificate of its %s key is GO',
  async (template) => {
    await certify(swtpm, template)
    const { fact, bad, sighting } = await checked()
    expect(bad).toEqual([])
    expect(fact).toMatchObject({ station: 'GO', windows: 'not-seen' })
    expect(sighting).toMatchObject({ trouble: null, activation: { seen: 'returned' } })
  },
)

test('several certificates are all looked at, and the first one is asked', async () => {
  await certify(swtpm, 'H-3')
  await certify(swtpm, 'L-1')
  const { bad, sighting } = await checked()
  expect(bad).toEqual([])
  expect(sighting.ek).toMatchObject({
    seen: { key: 'rsa2048 L-1', others: [{ where: '0x01C00016', chain: { verdict: 'valid' } }] },
  })
})

test('a persistent endorsement key is used instead of making one', async () => {
  await certify(swtpm, 'L-1')
  const made = await checked()
  await swtpm.tool('tpm2_createek', '-G', 'rsa', '-c', '0x81010001')
  const kept = await checked()
  expect(kept.bad).toEqual([])
  expect(kept.sighting.ek).toMatchObject({
    seen: { key: 'rsa2048 0x81010001', isPersistent: true },
  })
  expect(made.sighting.ek).toMatchObject({ seen: { isPersistent: false } })
  // One read instead of making and flushing.
  expect(kept.sighting.commands).toBe(made.sighting.commands - 1)
})

test('a persistent key that is not the certified one is passed over', async () => {
  await certify(swtpm, 'L-2')
  await swtpm.tool('tpm2_createek', '-G', 'rsa', '-c', '0x81010001')
  const { bad, sighting } = await checked()
  expect(bad).toEqual([])
  expect(sighting.ek).toMatchObject({ seen: { key: 'prime256v1 L-2', isPersistent: false } })
})

test('a nonce beside the certificate changes the key', async () => {
  const nonce = randomBytes(64)
  const template = EK_TEMPLATES['L-1']
  const key = await withTpm(swtpm.url, async (tpm) => {
    const unique = new Uint8Array(256)
    unique.set(nonce)
    await using ek = await createPrimary(tpm, permanent(RH.ENDORSEMENT), { ...template, unique })
    return publicKeyOf(ek.publicArea)
  })
  await writeNv(swtpm, PLACES['L-1'], certificate(key, ROOT))
  expect((await checked()).bad).toEqual(['ek-certificate=NO-GO'])
  await writeNv(swtpm, '0x01c00003', nonce)
  expect((await checked()).bad).toEqual([])
})

test('a template of the TPM takes the place of the standard one', async () => {
  const template = { ...EK_TEMPLATES['L-1'], unique: new Uint8Array(256).fill(7) }
  const key = await withTpm(swtpm.url, async (tpm) => {
    await using ek = await createPrimary(tpm, permanent(RH.ENDORSEMENT), template)
    return publicKeyOf(ek.publicArea)
  })
  await writeNv(swtpm, PLACES['L-1'], certificate(key, ROOT))
  await writeNv(swtpm, '0x01c00004', encode(publicArea, template))
  expect((await checked()).bad).toEqual([])
})

test('wrapping and padding of the certificate do no harm and are told', async () => {
  const der = certificate(await ekKey(swtpm, 'L-1'), ROOT, { serial: Buffer.from([0, 0, 7]) })
  const head = Buffer.from([0x10, 0x01, 0x00, der.length >> 8, der.length & 0xff])
  await writeNv(swtpm, PLACES['L-1'], Buffer.concat([head, der, Buffer.alloc(200, 0xff)]))
  const { bad, row } = await checked()
  expect(bad).toEqual([])
  expect(row('ek-profile').value).toMatch(/wrapped as .*200 bytes of padding.*leading zeros/)
})

test('no certificate is NO-GO, and the TPM still proves the rest', async () => {
  const { bad, row } = await checked()
  expect(bad).toEqual(['ek-certificate=NO-GO'])
  expect(row('ek-certificate').value).toBe('none for rsa2048 L-1')
  expect(row('activation').verdict).toBe('GO')
})

test('a certificate that cannot be read is a hold', async () => {
  await writeNv(swtpm, PLACES['L-1'], Buffer.from('no certificate at all'))
  const { bad, row } = await checked()
  expect(bad).toEqual(['ek-certificate=HOLD'])
  expect(row('ek-certificate').value).toMatch(/^0x01C00002: /)
})

test('a foreign authority is a hold, also when it uses the name of a root', async () => {
  await certify(swtpm, 'L-1', { issuer: authority('Somebody else') })
  expect((await checked()).bad).toEqual(['ek-chain=HOLD'])
  const namesake = await attest(swtpm.url, { roots: store() })
  expect(namesake.row('ek-chain').value).toContain('is not among the roots')
})

test('a certificate that the root of that name did not sign is NO-GO', async () => {
  await certify(swtpm, 'L-1', { issuer: authority(ROOT.name) })
  const { bad, row } = await checked()
  expect(bad).toEqual(['ek-chain=NO-GO'])
  expect(row('ek-chain').value).toContain('not signed by')
})

test('the certificate of another TPM is NO-GO', async () => {
  await using other = await startSwtpm()
  const key = await ekKey(other, 'L-1')
  await writeNv(swtpm, PLACES['L-1'], certificate(key, ROOT))
  const { bad, row } = await checked()
  expect(bad).toEqual(['ek-certificate=NO-GO'])
  expect(row('ek-certificate').value).toBe('0x01C00002 is not for the key rsa2048 L-1')
})

test.each([
  ['expired', { notAfter: Date.UTC(2025, 0, 1) }, 'ek-chain=HOLD', 'expired on 2025-01-01'],
  [
    'not valid yet',
    { notBefore: Date.UTC(2040, 0, 1), notAfter: Date.UTC(2050, 0, 1) },
    'ek-chain=HOLD',
    'valid from 2040-01-01',
  ],
  [
    'for another purpose',
    { purposes: ['1.3.6.1.5.5.7.3.1'] },
    'ek-profile=NO-GO',
    'extended key usage',
  ],
  [
    'one of an authority',
    { isCa: true, usage: 0x24, purposes: ['2.23.133.8.1'] },
    'ek-profile=NO-GO',
    'CA flag',
  ],
] as const)('a certificate that is %s has its own reason', async (_, options, wanted, words) => {
  await certify(swtpm, 'L-1', options)
  const { bad, row } = await checked()
  const [id = ''] = wanted.split('=')
  expect(bad).toContain(wanted)
  expect(row(id as 'ek-chain').value).toContain(words)
})

test('issuers that stand in the TPM help to reach the root, also over the end of an index', async () => {
  const middle = authority('Middle', ROOT)
  const low = authority('Low', middle)
  await certify(swtpm, 'H-3', { issuer: low })
  expect((await checked()).bad).toEqual(['ek-chain=HOLD'])
  const chain = Buffer.concat([low.der, middle.der])
  await writeNv(swtpm, '0x01c00100', chain.subarray(0, 500))
  await writeNv(swtpm, '0x01c00101', chain.subarray(500))
  const { bad, sighting } = await checked()
  expect(bad).toEqual([])
  expect(sighting.ek).toMatchObject({
    seen: {
      certificate: { certificate: { chain: { path: ['CN=Low', 'CN=Middle', `CN=${ROOT.name}`] } } },
    },
  })
})

test('a certificate that cannot be read beside a good one is told', async () => {
  await certify(swtpm, 'L-2')
  await writeNv(swtpm, PLACES['L-1'], Buffer.from('no certificate at all'))
  const { bad, row } = await checked()
  expect(bad).toEqual([])
  expect(row('ek-certificate').value).toMatch(/^0x01C0000A .*; not readable: 0x01C00002: /)
})

test('a certificate that makes no sense inside is a hold, and so is an issuer', async () => {
  const key = await ekKey(swtpm, 'L-2')
  // The content of an extension loses its form: an element longer than its bytes.
  const senseless = (der: Buffer, oid: string) => {
    const at = der.indexOf(Buffer.from(oid, 'hex')) + oid.length / 2
    const broken = Buffer.from(der)
    broken[broken.indexOf(0x30, at) + 1] = 0x7f
    return broken
  }
  await writeNv(swtpm, PLACES['L-2'], senseless(certificate(key, ROOT), '551d11'))
  const { bad, row } = await checked()
  expect(bad).toEqual(['ek-certificate=HOLD'])
  expect(row('ek-certificate').value).toMatch(/^0x01C0000A: DER: /)
})
