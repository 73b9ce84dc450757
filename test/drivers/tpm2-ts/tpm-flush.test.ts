// What a command loaded is flushed whatever happens, and what may be lost is told.
import { describe, expect, test } from 'vitest'
import {
  CreatePrimary,
  createPrimary,
  encode,
  FlushContext,
  GetRandom,
  nameOf,
  permanent,
  RH,
  SRK_P256,
  startSession,
  Tpm,
  TpmFault,
} from '../../../drivers/tpm2-ts/index.ts'
import { readCommand, record } from '../../fakes/tpm-commands.ts'
import { ask, faultOf, random, refusal, scripted, success } from '../../fakes/tpm-script.ts'

/** What CreatePrimary answers, with a name of the test's choice. */
function primary(name: Uint8Array): Uint8Array {
  const empty = new Uint8Array(0)
  const parameters = encode(record(CreatePrimary.answer), {
    outPublic: SRK_P256,
    creationData: {
      pcrSelect: [],
      pcrDigest: empty,
      locality: 1,
      parentNameAlg: 0x10,
      parentName: empty,
      parentQualifiedName: empty,
      outsideInfo: empty,
    },
    creationHash: empty,
    creationTicket: { tag: 0x8021, hierarchy: RH.OWNER, digest: empty },
    name,
  })
  const head = Buffer.alloc(8)
  head.writeUInt32BE(0x80000005, 0)
  head.writeUInt32BE(parameters.length, 4)
  const auth = Uint8Array.of(0, 0, 1, 0, 0)
  return success(Buffer.concat([head, parameters, auth]), 0x8002)
}

const flushedIn = (sent: readonly Buffer[]) =>
  sent
    .map((bytes) => readCommand(bytes))
    .filter(({ command }) => command === FlushContext)
    .map(({ request }) => request['flushHandle'])

describe('what was loaded', () => {
  const good = primary(nameOf(SRK_P256))

  test('is flushed at the end of its block, once, and is poison afterwards', async () => {
    const { transport, sent } = scripted(good, success(new Uint8Array(0)))
    const tpm = new Tpm(transport)
    const kept = await (async () => {
      await using srk = await createPrimary(tpm, permanent(RH.OWNER), SRK_P256)
      expect(srk.handle).toBe(0x80000005)
      return srk
    })()
    expect(flushedIn(sent)).toEqual([0x80000005])
    expect(() => kept.handle).toThrow(/^TPM_FLUSHED/)
    await kept.flush()
    expect(sent).toHaveLength(2)
  })

  test('is flushed although the caller has cancelled', async () => {
    const { transport, sent } = scripted(good, success(new Uint8Array(0)))
    const stop = new AbortController()
    const tpm = new Tpm(transport, { signal: stop.signal })
    const work = async () => {
      await using _srk = await createPrimary(tpm, permanent(RH.OWNER), SRK_P256)
      stop.abort()
      await tpm.run(GetRandom, ask)
    }
    await expect(work()).rejects.toThrow(/^TPM_CANCELLED/)
    expect(flushedIn(sent)).toEqual([0x80000005])
    expect(tpm.unflushed).toEqual([])
  })

  test('is flushed behind a command that is still in flight', async () => {
    const { transport, sent } = scripted(good, random, success(new Uint8Array(0)))
    const tpm = new Tpm(transport)
    const work = async () => {
      await using _srk = await createPrimary(tpm, permanent(RH.OWNER), SRK_P256)
      return tpm.run(GetRandom, ask)
    }
    expect((await work()).randomBytes).toHaveLength(2)
    expect(flushedIn(sent)).toEqual([0x80000005])
    expect(tpm.unflushed).toEqual([])
  })

  test('is told about if the TPM does not answer any more', async () => {
    const { transport } = scripted(good, async () => {
      throw new TpmFault('TPM_CLOSED', 'gone')
    })
    const tpm = new Tpm(transport)
    const srk = await createPrimary(tpm, permanent(RH.OWNER), SRK_P256)
    await srk.flush()
    expect(tpm.unflushed).toEqual([0x80000005])
  })

  test('is no longer owed if the TPM has forgotten it', async () => {
    const tpm = new Tpm(scripted(good, refusal(0x1cb)).transport)
    const srk = await createPrimary(tpm, permanent(RH.OWNER), SRK_P256)
    await srk.flush()
    expect(tpm.unflushed).toEqual([])
  })

  test('is flushed at once if its name is not that of its public area', async () => {
    const { transport, sent } = scripted(primary(new Uint8Array(34)), success(new Uint8Array(0)))
    const work = createPrimary(new Tpm(transport), permanent(RH.OWNER), SRK_P256)
    expect((await faultOf(work)).code).toBe('TPM_INTEGRITY')
    expect(flushedIn(sent)).toEqual([0x80000005])
  })

  test('is flushed at once if its description is cut', async () => {
    const cut = Uint8Array.from(good)
    // The parameters end one byte early, and the authorisation area begins there.
    cut[17] = (cut[17] ?? 0) - 1
    const { transport, sent } = scripted(cut, success(new Uint8Array(0)))
    const work = createPrimary(new Tpm(transport), permanent(RH.OWNER), SRK_P256)
    expect((await faultOf(work)).code).toMatch(/^TPM_(MALFORMED|GARBLED)$/)
    expect(flushedIn(sent)).toEqual([0x80000005])
  })

  test('is known to be lost if the answer ends before its handle', async () => {
    const tpm = new Tpm(scripted(success(Uint8Array.of(0x80, 0), 0x8002)).transport)
    await faultOf(createPrimary(tpm, permanent(RH.OWNER), SRK_P256))
    expect(tpm.hasLostHandle).toBe(true)
  })

  test('under a handle that no answer told is known to be lost', async () => {
    const tpm = new Tpm(
      scripted(async () => {
        throw new TpmFault('TPM_CLOSED', 'gone')
      }).transport,
    )
    await faultOf(startSession(tpm, { kind: 'policy' }))
    expect(tpm.hasLostHandle).toBe(true)
    const nobody = new Tpm(
      scripted(async () => {
        throw new TpmFault('TPM_UNREACHABLE', 'nobody')
      }).transport,
    )
    await faultOf(startSession(nobody, { kind: 'policy' }))
    expect(nobody.hasLostHandle).toBe(false)
  })
})
