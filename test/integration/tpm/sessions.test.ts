// Sessions over a relay that alters what it carries: whatever it changes is found, and nothing stays loaded.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  ActivateCredential,
  AK_P256,
  ALG,
  type Authorization,
  create,
  createPrimary,
  EK_TEMPLATES,
  GetRandom,
  isTpmFault,
  type LoadedObject,
  load,
  loadedHandles,
  makeCredential,
  type OpenTransport,
  PolicyGetDigest,
  password,
  permanent,
  Quote,
  RH,
  readPcrs,
  type Session,
  SRK_P256,
  satisfyEkPolicy,
  selectPcrs,
  startSession,
  Tpm,
  tcpTransport,
} from '../../../drivers/tpm2-ts/index.ts'
import { type Swtpm, startSwtpm } from '../../fakes/swtpm.ts'
import { Relay } from '../../fakes/tpm-relay.ts'

const owner = permanent(RH.OWNER)
const endorsement = permanent(RH.ENDORSEMENT)
const selection = selectPcrs(ALG.SHA256, [0])

const flip = (bytes: Buffer, at: number) => bytes.writeUInt8(bytes.readUInt8(at) ^ 0x20, at)

let swtpm: Swtpm
let transport: OpenTransport
let relay: Relay
let tpm: Tpm

beforeAll(async () => {
  swtpm = await startSwtpm()
})
afterAll(() => swtpm.stop())
beforeEach(() => {
  transport = tcpTransport('127.0.0.1', swtpm.port)
  relay = new Relay(transport)
  tpm = new Tpm(relay)
})
afterEach(async () => {
  relay.honest()
  const left = await loadedHandles(tpm)
  await transport.close()
  expect(left).toEqual([])
})

interface Keys extends AsyncDisposable {
  readonly ek: LoadedObject
  readonly ak: LoadedObject
}

async function keys(id: 'L-1' | 'L-2' | 'H-3' | 'H-4'): Promise<Keys> {
  const ek = await createPrimary(tpm, endorsement, EK_TEMPLATES[id])
  const srk = await createPrimary(tpm, owner, SRK_P256)
  const ak = await load(tpm, srk, await create(tpm, srk, AK_P256, { userAuth: USER }), {
    userAuth: USER,
  })
  await srk.flush()
  return {
    ek,
    ak,
    [Symbol.asyncDispose]: async () => {
      await ak.flush()
      await ek.flush()
    },
  }
}
const USER = Uint8Array.of(9, 9, 9)

const quote = (ak: LoadedObject, auth: readonly Authorization[]) =>
  tpm.run(
    Quote,
    {
      signHandle: ak,
      qualifyingData: Uint8Array.of(1, 2, 3, 4),
      inScheme: { scheme: ALG.NULL },
      pcrSelect: [selection],
    },
    { auth },
  )

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'none'
  } catch (error) {
    return isTpmFault(error) ? `${error.code} ${error.response?.name ?? ''}`.trim() : String(error)
  }
}

describe.each(['L-1', 'L-2', 'H-3', 'H-4'] as const)('an HMAC session salted with %s', (id) => {
  test('authorises one command after the other, hides what it is told to, and ends', async () => {
    await using both = await keys(id)
    await using session = await startSession(tpm, { kind: 'hmac', salt: both.ek })
    for (const uses of [
      {},
      { encryptCommand: true },
      { encryptAnswer: true },
      { encryptCommand: true, encryptAnswer: true },
    ]) {
      relay.seen.length = 0
      const { quoted } = await quote(both.ak, [session.for(uses)])
      const [asked, answered] = relay.seen
      const hasNonce = asked?.includes(Buffer.from([0, 4, 1, 2, 3, 4]))
      expect(hasNonce).toBe(uses.encryptCommand !== true)
      expect(answered?.includes(Buffer.from(quoted))).toBe(uses.encryptAnswer !== true)
    }
    await quote(both.ak, [session.for({ last: true })])
    expect(() => session.handle).toThrow(/^TPM_FLUSHED/)
    expect(await loadedHandles(tpm)).toHaveLength(2)
  })
})

describe('what a relay changes', () => {
  test('in a command is refused by the TPM, wherever it is', async () => {
    await using both = await keys('L-2')
    await using session = await startSession(tpm, { kind: 'hmac', salt: both.ek })
    let length = 0
    relay.onCommand = (bytes) => {
      length = bytes.length
    }
    await quote(both.ak, [session])
    // Behind the header, the handle and the size of the authorisation area; flipped bits of sizes and
    // of the session's own fields are refused too, with other codes.
    for (let at = 18; at < length; at += 1) {
      relay.onCommand = (bytes) => flip(bytes, at)
      expect(await codeOf(quote(both.ak, [session])), `byte ${at}`).not.toBe('none')
    }
    relay.honest()
    await quote(both.ak, [session])
  })

  test('in an answer is found, wherever it is', async () => {
    await using both = await keys('L-2')
    await using session = await startSession(tpm, { kind: 'hmac', salt: both.ek })
    let length = 0
    relay.onAnswer = (bytes) => {
      length = bytes.length
    }
    await quote(both.ak, [session])
    for (let at = 0; at < length; at += 1) {
      relay.onAnswer = (bytes) => {
        if (at < bytes.length) flip(bytes, at)
      }
      await using own = await startHonestly(both.ek)
      relay.onAnswer = (bytes) => {
        if (at < bytes.length) flip(bytes, at)
      }
      const code = await codeOf(quote(both.ak, [own]))
      relay.honest()
      expect(code, `byte ${at}`).toMatch(/^TPM_(INTEGRITY|GARBLED|MALFORMED|RESPONSE)/)
    }
  })

  async function startHonestly(salt: LoadedObject): Promise<Session> {
    relay.honest()
    return await startSession(tpm, { kind: 'hmac', salt })
  }

  test('of the key that is meant is found, although both have the same value: names are signed', async () => {
    await using srk = await createPrimary(tpm, owner, SRK_P256)
    const one = await create(tpm, srk, AK_P256, { userAuth: USER })
    const two = await create(tpm, srk, AK_P256, { userAuth: USER })
    await using meant = await load(tpm, srk, one, { userAuth: USER })
    await using other = await load(tpm, srk, two, { userAuth: USER })
    await using session = await startSession(tpm, { kind: 'hmac', salt: srk })
    await quote(meant, [session])
    relay.onCommand = (bytes) => {
      if (bytes.readUInt32BE(6) === Quote.code) bytes.writeUInt32BE(other.handle, 10)
    }
    expect(await codeOf(quote(meant, [session]))).toBe('TPM_RESPONSE BAD_AUTH')
    // With a password nobody would have noticed.
    expect(await codeOf(quote(meant, []))).toBe('none')
  })

  test('of an old answer into a new one is found', async () => {
    await using both = await keys('L-2')
    await using session = await startSession(tpm, { kind: 'hmac', salt: both.ek })
    let old: Buffer | null = null
    relay.onAnswer = (bytes) => {
      if (old === null) old = Buffer.from(bytes)
      else old.copy(bytes)
    }
    const ask = () => tpm.run(GetRandom, { bytesRequested: 8 }, { extra: [session] })
    expect(await codeOf(ask())).toBe('none')
    expect(await codeOf(ask())).toBe('TPM_INTEGRITY')
  })

  test('of PCR values is found by a session that only protects', async () => {
    await using both = await keys('H-3')
    await using session = await startSession(tpm, { kind: 'hmac', salt: both.ek })
    const extra = [session]
    expect((await readPcrs(tpm, ALG.SHA256, [0, 1, 2, 3, 4, 5, 6, 7, 8], { extra })).size).toBe(9)
    relay.onAnswer = (bytes) => flip(bytes, bytes.length - 80)
    expect(await codeOf(readPcrs(tpm, ALG.SHA256, [0], { extra }))).toBe('TPM_INTEGRITY')
  })

  test('of a public area is found without a session: its name would be another', async () => {
    relay.onAnswer = (bytes) => {
      if (bytes.length > 200) flip(bytes, 60)
    }
    const code = await codeOf(createPrimary(tpm, endorsement, EK_TEMPLATES['L-2']))
    expect(code).toMatch(/^TPM_(INTEGRITY|MALFORMED)$/)
  })
})

describe('a policy session', () => {
  test.each([false, true])(
    'opens a credential that only its caller reads (salted: %s)',
    async (salted) => {
      await using both = await keys('L-2')
      const options = salted
        ? ({ kind: 'policy', salt: both.ek } as const)
        : ({ kind: 'policy' } as const)
      await using policy = await startSession(tpm, options)
      await satisfyEkPolicy(tpm, policy)
      const value = new Uint8Array(32).fill(0x5c)
      const credential = makeCredential(both.ek.publicArea, both.ak.name, value)
      relay.seen.length = 0
      const uses = { last: true, encryptAnswer: salted }
      const request = { activateHandle: both.ak, keyHandle: both.ek, ...credential }
      const auth = [password, policy.for(uses)]
      const { certInfo } = await tpm.run(ActivateCredential, request, { auth })
      expect(certInfo).toEqual(value)
      expect(relay.seen.at(-1)?.includes(Buffer.from(value))).toBe(!salted)
    },
  )

  test('without a salt cannot encrypt, and says so before anything is sent', async () => {
    await using both = await keys('L-2')
    await using session = await startSession(tpm, { kind: 'hmac' })
    const before = tpm.roundTrips
    expect(await codeOf(quote(both.ak, [session.for({ encryptCommand: true })]))).toBe('TPM_USAGE')
    expect(tpm.roundTrips).toBe(before)
  })

  test('beside an HMAC session: the first one signs the nonce of the one that encrypts', async () => {
    await using both = await keys('L-2')
    await using first = await startSession(tpm, { kind: 'hmac', salt: both.ek })
    await using second = await startSession(tpm, {
      kind: 'hmac',
      salt: both.ek,
      hashAlg: ALG.SHA384,
    })
    const request = {
      signHandle: both.ak,
      qualifyingData: Uint8Array.of(1),
      inScheme: { scheme: ALG.NULL },
      pcrSelect: [selection],
    } as const
    for (const uses of [
      { encryptCommand: true },
      { encryptAnswer: true },
      { encryptCommand: true, encryptAnswer: true },
    ]) {
      const options = { auth: [first], extra: [second.for(uses)] }
      expect((await tpm.run(Quote, request, options)).quoted.length).toBeGreaterThan(100)
    }
  })

  test('that ended is poison', async () => {
    const policy = await startSession(tpm, { kind: 'policy' })
    await policy.flush()
    const work = async () => tpm.run(PolicyGetDigest, { policySession: policy })
    expect(await codeOf(work())).toBe('TPM_FLUSHED')
  })
})
