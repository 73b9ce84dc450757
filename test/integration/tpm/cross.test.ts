// The same work done by tpm2-tools and by us on one TPM: each opens, checks and names what the other made.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  ActivateCredential,
  AK_P256,
  AK_RSA2048,
  ALG,
  type Credential,
  checkQuote,
  concat,
  create,
  createPrimary,
  decode,
  EK_TEMPLATES,
  type EkTemplate,
  encode,
  encryptedSecret,
  idObject,
  LoadedObject,
  load,
  loadedHandles,
  makeCredential,
  nameOf,
  type PublicArea,
  password,
  permanent,
  Quote,
  RH,
  readPcrs,
  SRK_P256,
  satisfyEkPolicy,
  selectPcrs,
  signature,
  sizedPublic,
  startSession,
  struct,
  Tpm,
  takesPassword,
  tcpTransport,
  u32,
} from '../../../drivers/tpm2-ts/index.ts'
import { type Swtpm, startSwtpm } from '../../fakes/swtpm.ts'

const owner = permanent(RH.OWNER)
const endorsement = permanent(RH.ENDORSEMENT)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

let swtpm: Swtpm
beforeEach(async () => {
  swtpm = await startSwtpm()
})
afterEach(() => swtpm.stop())

const path = (name: string) => join(swtpm.state, name)
const file = (name: string) => new Uint8Array(readFileSync(path(name)))
const put = (name: string, bytes: Uint8Array) => writeFileSync(path(name), bytes)
const tool = (name: string, ...args: string[]) => swtpm.tool(`tpm2_${name}`, ...args)

/** Our part: swtpm serves one connection at a time, so it ends before a tool runs. */
async function ours<T>(work: (tpm: Tpm) => Promise<T>): Promise<T> {
  await using transport = tcpTransport('127.0.0.1', swtpm.port)
  return await work(new Tpm(transport))
}

/** Keys that stay loaded for the tools, which name them by handle. */
const keys = (id: EkTemplate, template: typeof AK_P256 | typeof AK_RSA2048 = AK_P256) =>
  ours(async (tpm) => {
    const ek = await createPrimary(tpm, endorsement, EK_TEMPLATES[id])
    const srk = await createPrimary(tpm, owner, SRK_P256)
    const ak = await load(tpm, srk, await create(tpm, srk, template))
    await srk.flush()
    return { ek, ak }
  })
const handle = (key: LoadedObject) => `0x${key.handle.toString(16)}`

const again = (tpm: Tpm, key: LoadedObject) =>
  new LoadedObject(tpm, key.handle, key.publicArea, key.name, key.auth)

/** What tpm2_makecredential writes: a magic number, a version, both buffers. */
const credentialFile = struct({
  magic: u32,
  version: u32,
  credentialBlob: idObject,
  secret: encryptedSecret,
})
const writeCredential = (name: string, credential: Credential) =>
  put(name, encode(credentialFile, { magic: 0xbadcc0de, version: 1, ...credential }))
const readCredential = (name: string) => decode(credentialFile, file(name))

async function toolSession(): Promise<string> {
  await tool('startauthsession', '--policy-session', '-S', 'session.ctx')
  await tool('policysecret', '-S', 'session.ctx', '-c', 'e')
  return 'session:session.ctx'
}

const ids = ['L-1', 'L-2', 'H-1', 'H-2', 'H-3', 'H-4', 'H-6'] as const

describe.each(ids)('a credential for endorsement key %s', (id) => {
  test('that we made is opened by tpm2_activatecredential', async () => {
    const { ek, ak } = await keys(id)
    const value = Buffer.from('one of 32 bytes, but not of more')
    writeCredential('cred', makeCredential(ek.publicArea, ak.name, value))
    const auth = takesPassword(ek.publicArea) ? [] : ['-P', await toolSession()]
    const names = ['-c', handle(ak), '-C', handle(ek), '-i', 'cred', '-o', 'opened']
    await tool('activatecredential', ...names, ...auth)
    expect(hex(file('opened'))).toBe(hex(value))
  })

  test('that tpm2_makecredential made is opened by us', async () => {
    const { ek, ak } = await keys(id)
    put('ek.pub', encode(sizedPublic, ek.publicArea))
    put('secret', Buffer.from('their secret'))
    // Without a TPM, so that their software is compared and not the TPM with itself.
    const request = ['-T', 'none', '-u', 'ek.pub', '-s', 'secret', '-n', hex(ak.name)]
    await tool('makecredential', ...request, '-o', 'cred')
    const { credentialBlob, secret } = readCredential('cred')
    const opened = await ours(async (tpm) => {
      await using endorsementKey = again(tpm, ek)
      await using key = again(tpm, ak)
      const both = { activateHandle: key, keyHandle: endorsementKey }
      if (takesPassword(ek.publicArea)) {
        return await tpm.run(ActivateCredential, { ...both, credentialBlob, secret })
      }
      await using policy = await startSession(tpm, { kind: 'policy' })
      await satisfyEkPolicy(tpm, policy)
      const auth = [password, policy.for({ last: true })]
      return await tpm.run(ActivateCredential, { ...both, credentialBlob, secret }, { auth })
    })
    expect(Buffer.from(opened.certInfo).toString()).toBe('their secret')
    expect(await ours((tpm) => loadedHandles(tpm))).toEqual([])
  })
})

test.each([
  ['rsa', 'L-1'],
  ['ecc', 'L-2'],
] as const)(
  'the endorsement key of tpm2_createek -G %s is ours of template %s',
  async (kind, id) => {
    await tool('createek', '-G', kind, '-c', 'ek.ctx', '-u', 'ek.pub')
    const printed = await tool('readpublic', '-c', 'ek.ctx')
    await tool('flushcontext', '-t')
    const theirs = decode(sizedPublic, file('ek.pub'))
    await ours(async (tpm) => {
      await using ek = await createPrimary(tpm, endorsement, EK_TEMPLATES[id])
      expect(ek.publicArea).toEqual(theirs)
      expect(printed).toContain(`name: ${hex(ek.name)}`)
    })
  },
)

test.each([
  ['ecc', 'ecdsa'],
  ['rsa', 'rsassa'],
])(
  'the attestation key of tpm2_createak -G %s has the name that we compute',
  async (kind, scheme) => {
    await tool('createek', '-G', 'ecc', '-c', 'ek.ctx')
    const key = ['-c', 'ak.ctx', '-u', 'ak.pub', '-n', 'ak.name']
    await tool('createak', '-C', 'ek.ctx', '-G', kind, '-g', 'sha256', '-s', scheme, ...key)
    const area = decode(sizedPublic, file('ak.pub'))
    expect(hex(nameOf(area))).toBe(hex(file('ak.name')))
    expect(hex(encode(sizedPublic, area))).toBe(hex(file('ak.pub')))
  },
)

test('our keys have the names that tpm2_readpublic prints', async () => {
  const { ek, ak } = await keys('H-3', AK_RSA2048)
  for (const key of [ek, ak]) {
    const printed = await tool('readpublic', '-c', handle(key))
    expect(printed).toContain(`name: ${hex(key.name)}`)
  }
})

describe('a quote', () => {
  const pcrs = [0, 7, 16]
  const selection = selectPcrs(ALG.SHA256, pcrs)
  const nonce = Uint8Array.of(0xca, 0xfe, 1, 2, 3, 4)
  const refused = (work: Promise<string>) => expect(work).rejects.toThrow(/Command failed/)

  test.each([
    ['ECDSA', AK_P256],
    ['RSASSA', AK_RSA2048],
  ] as const)(
    'by %s of ours is good for tpm2_checkquote, and an altered one is not',
    async (_, key) => {
      await tool('pcrextend', `16:sha256=${'5a'.repeat(32)}`)
      const { ak } = await keys('L-2', key)
      const { claim, values } = await ours(async (tpm) => ({
        claim: await tpm.run(Quote, {
          signHandle: ak,
          qualifyingData: nonce,
          inScheme: { scheme: ALG.NULL },
          pcrSelect: [selection],
        }),
        values: await readPcrs(tpm, ALG.SHA256, pcrs),
      }))
      put('ak.pub', encode(sizedPublic, ak.publicArea))
      put('msg', claim.quoted)
      put('sig', encode(signature, claim.signature))
      put('pcrs', concat(pcrs.map((pcr) => values.get(pcr) ?? new Uint8Array(0))))
      const check = (message: string, extra: string) =>
        tool(
          'checkquote',
          ...['-u', 'ak.pub', '-m', message, '-s', 'sig', '-g', 'sha256', '-q', extra],
          ...['-F', 'values', '-f', 'pcrs', '-l', `sha256:${pcrs.join(',')}`],
        )
      await check('msg', hex(nonce))
      await refused(check('msg', 'cafe'))
      const altered = Uint8Array.from(claim.quoted)
      altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1
      put('altered', altered)
      await refused(check('altered', hex(nonce)))
      put('pcrs', new Uint8Array(96))
      await refused(check('msg', hex(nonce)))
    },
  )

  test.each([
    ['ecc', 'ecdsa'],
    ['rsa', 'rsassa'],
    ['rsa', 'rsapss'],
  ])('by %s %s of tpm2_quote is good for us, and an altered one is not', async (kind, scheme) => {
    await tool('createek', '-G', 'ecc', '-c', 'ek.ctx')
    await tool(
      'createak',
      ...['-C', 'ek.ctx', '-c', 'ak.ctx', '-u', 'ak.pub', '-G', kind, '-g', 'sha256', '-s', scheme],
    )
    await tool('flushcontext', '-t')
    const asked = ['-l', `sha256:${pcrs.join(',')}`, '-q', hex(nonce), '-m', 'msg', '-s', 'sig']
    await tool('quote', '-c', 'ak.ctx', '--scheme', scheme, ...asked)
    await tool('flushcontext', '-t')
    const claim = { quoted: file('msg'), signature: decode(signature, file('sig')) }
    const key: PublicArea = decode(sizedPublic, file('ak.pub'))
    const values = await ours((tpm) => readPcrs(tpm, ALG.SHA256, pcrs))
    const expected = { key, nonce, selection, values }
    expect(checkQuote(claim, expected)).toMatchObject({ isGood: true })
    expect(checkQuote(claim, { ...expected, nonce: Uint8Array.of(1) })).toEqual({
      isGood: false,
      finding: 'nonce',
    })
    const quoted = Uint8Array.from(claim.quoted)
    quoted[quoted.length - 1] = (quoted.at(-1) ?? 0) ^ 1
    expect(checkQuote({ ...claim, quoted }, expected)).toEqual({
      isGood: false,
      finding: 'signature',
    })
  })
})
