// How commands are run: repeated, bounded in time, checked, and flushed whatever happens.
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import {
  CreatePrimary,
  createPrimary,
  decode,
  EK_TEMPLATES,
  encode,
  FlushContext,
  GetCapability,
  GetRandom,
  isResponse,
  isTpmFault,
  nameOf,
  permanent,
  RH,
  readBanks,
  readNv,
  readPcrs,
  readProperties,
  SelfTest,
  SRK_P256,
  startSession,
  Tpm,
  TpmFault,
  type TpmOptions,
  type TpmTransport,
} from '../../../drivers/tpm2-ts/index.ts'
import { readCommand, record } from '../../fakes/tpm-commands.ts'

const success = (body: Uint8Array, tag = 0x8001) => {
  const bytes = Buffer.alloc(10 + body.length)
  bytes.writeUInt16BE(tag, 0)
  bytes.writeUInt32BE(bytes.length, 2)
  bytes.set(body, 10)
  return new Uint8Array(bytes)
}
const refusal = (code: number) => {
  const bytes = Buffer.from('80010000000a00000000', 'hex')
  bytes.writeUInt32BE(code, 6)
  return new Uint8Array(bytes)
}
const random = success(Uint8Array.of(0, 2, 7, 8))

type Answer = Uint8Array | ((command: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>)

/** A transport that gives one answer after the other, the last one for ever, and keeps what it was sent. */
function scripted(...answers: readonly Answer[]) {
  const sent: Buffer[] = []
  const transport: TpmTransport = {
    send: async (command, signal) => {
      if (signal.aborted) throw signal.reason
      const answer = answers[Math.min(sent.length, answers.length - 1)]
      sent.push(Buffer.from(command))
      if (answer === undefined) throw new TpmFault('TPM_CLOSED', 'The script is over.')
      return typeof answer === 'function' ? answer(command, signal) : answer
    },
  }
  return { transport, sent }
}

const silent: Answer = (_, signal) =>
  new Promise((_resolve, reject) => {
    const fail = () => reject(signal.reason)
    if (signal.aborted) fail()
    else signal.addEventListener('abort', fail)
  })

/** Sleeps in no time and keeps how long it was asked to. */
function quick(): TpmOptions & { readonly slept: number[] } {
  const slept: number[] = []
  return {
    slept,
    sleep: async (ms) => {
      slept.push(ms)
    },
  }
}

async function faultOf(work: Promise<unknown>): Promise<TpmFault> {
  try {
    await work
  } catch (error) {
    if (error instanceof TpmFault) return error
    throw error
  }
  throw new Error('it went well')
}

const ask = { bytesRequested: 2 }

describe('a wish of the TPM to repeat', () => {
  test.each([0x922, 0x908, 0x90a, 0x920])('0x%s is granted with the same bytes', async (code) => {
    const { transport, sent } = scripted(refusal(code), refusal(code), random)
    const options = quick()
    const tpm = new Tpm(transport, options)
    expect(await tpm.run(GetRandom, ask)).toEqual({ randomBytes: Uint8Array.of(7, 8) })
    expect(sent).toHaveLength(3)
    expect(sent.every((bytes) => bytes.equals(sent[0] ?? Buffer.alloc(0)))).toBe(true)
    expect(options.slept).toEqual([1, 5])
    expect(tpm.roundTrips).toBe(3)
  })

  test('has an end, after six seconds at most', async () => {
    const { transport, sent } = scripted(refusal(0x922))
    const options = quick()
    const fault = await faultOf(new Tpm(transport, options).run(GetRandom, ask))
    expect(fault.response).toMatchObject({ name: 'RETRY' })
    expect(sent).toHaveLength(13)
    expect(options.slept.reduce((sum, ms) => sum + ms)).toBeLessThan(6000)
  })

  test('ends with the time of the command', async () => {
    const { transport } = scripted(refusal(0x922))
    const tpm = new Tpm(transport, { timeouts: { quick: 30 } })
    expect((await faultOf(tpm.run(GetRandom, ask))).code).toBe('TPM_TIMEOUT')
  })

  test('is not read into another code', async () => {
    const { transport, sent } = scripted(refusal(0x18b))
    const fault = await faultOf(new Tpm(transport, quick()).run(GetRandom, ask))
    expect(isResponse(fault, 'HANDLE')).toBe(true)
    expect(fault.message).toContain('TPM2_GetRandom answered HANDLE of handle 1 (0x18B)')
    expect(sent).toHaveLength(1)
  })
})

describe('the time of a command', () => {
  test('is that of its class', async () => {
    const tpm = new Tpm(scripted(silent).transport, {
      timeouts: { quick: 1, crypto: 40, keyCreation: 80 },
    })
    const measure = async (work: () => Promise<unknown>) => {
      const fault = await faultOf(work())
      expect(fault.code).toBe('TPM_TIMEOUT')
      return Number(/within (\d+) ms/.exec(fault.message)?.[1])
    }
    expect(await measure(() => tpm.run(GetRandom, ask))).toBe(1)
    expect(await measure(() => tpm.run(SelfTest, { fullTest: 1 }))).toBe(40)
    expect(await measure(() => createPrimary(tpm, permanent(RH.OWNER), SRK_P256))).toBe(80)
    expect(tpm.hasLostHandle).toBe(true)
  })

  test('does not reach into the next command', async () => {
    const { transport } = scripted(silent, random)
    const tpm = new Tpm(transport, { timeouts: { quick: 5 } })
    expect((await faultOf(tpm.run(GetRandom, ask))).code).toBe('TPM_TIMEOUT')
    expect((await tpm.run(GetRandom, ask)).randomBytes).toHaveLength(2)
    expect(tpm.hasLostHandle).toBe(false)
  })

  const after =
    (ms: number, answer: Uint8Array): Answer =>
    async (_, signal) => {
      await wait(ms, undefined, { signal })
      return answer
    }

  test('counts from its own start, not from that of the command before', async () => {
    const { transport } = scripted(random, after(250, random), silent)
    const tpm = new Tpm(transport, { timeouts: { quick: 400 } })
    await tpm.run(GetRandom, ask)
    await wait(250)
    expect((await tpm.run(GetRandom, ask)).randomBytes).toHaveLength(2)
    expect((await faultOf(tpm.run(GetRandom, ask))).code).toBe('TPM_TIMEOUT')
  })

  test('of one class does not end a command of another', async () => {
    const { transport } = scripted(random, after(80, success(new Uint8Array(0))))
    const tpm = new Tpm(transport, { timeouts: { quick: 30 } })
    await tpm.run(GetRandom, ask)
    expect(await tpm.run(SelfTest, { fullTest: 1 })).toEqual({})
  })

  test('ends early by a signal of the run or of the whole client', async () => {
    for (const isOfRun of [true, false]) {
      const stop = new AbortController()
      const reason = new TpmFault('TPM_CANCELLED', 'enough')
      const options = isOfRun ? {} : { signal: stop.signal }
      const tpm = new Tpm(scripted(silent).transport, options)
      const work = tpm.run(GetRandom, ask, isOfRun ? { signal: stop.signal } : {})
      stop.abort(reason)
      expect(await faultOf(work)).toBe(reason)
    }
  })
})

describe('an answer', () => {
  const code = async (...answers: readonly Answer[]) =>
    (await faultOf(new Tpm(scripted(...answers).transport, quick()).run(GetRandom, ask))).code

  test('that is none is garbled', async () => {
    expect(await code(new Uint8Array(0))).toBe('TPM_GARBLED')
    expect(await code(random.slice(0, 12))).toBe('TPM_GARBLED')
    expect(await code(success(Uint8Array.of(0, 0), 0x8002))).toBe('TPM_GARBLED')
  })

  test('with other parameters is malformed', async () => {
    expect(await code(success(Uint8Array.of(0, 3, 7, 8)))).toBe('TPM_MALFORMED')
    expect(await code(success(Uint8Array.of(0, 1, 7, 8)))).toBe('TPM_MALFORMED')
    expect(await code(success(new Uint8Array(0)))).toBe('TPM_MALFORMED')
  })

  test('of a TPM 1.2 is its complaint about the tag', async () => {
    const old = new Uint8Array(Buffer.from('00c40000000a0000001e', 'hex'))
    const fault = await faultOf(new Tpm(scripted(old).transport).run(GetRandom, ask))
    expect(isResponse(fault, 'BAD_TAG')).toBe(true)
  })

  test('to one command at a time', async () => {
    const stop = new AbortController()
    const tpm = new Tpm(scripted(silent).transport, { signal: stop.signal })
    const first = faultOf(tpm.run(GetRandom, ask))
    expect((await faultOf(tpm.run(GetRandom, ask))).code).toBe('TPM_BUSY')
    stop.abort()
    await first
  })
})

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

describe('a TPM that never comes to an end', () => {
  const properties = (from: number) => {
    const bytes = Buffer.alloc(17)
    bytes.writeUInt8(1, 0)
    bytes.writeUInt32BE(6, 1)
    bytes.writeUInt32BE(1, 5)
    bytes.writeUInt32BE(from, 9)
    return success(bytes)
  }
  const asked = (command: Uint8Array) =>
    readCommand(command).request as { property: number; capability: number }

  test('with properties that begin again is garbling', async () => {
    const { transport, sent } = scripted(properties(0x100))
    expect((await faultOf(readProperties(new Tpm(transport)))).code).toBe('TPM_GARBLED')
    expect(sent.length).toBeLessThan(5)
  })

  test('with more and more properties is read to the end of the group', async () => {
    const { transport, sent } = scripted(async (command) => properties(asked(command).property))
    const work = faultOf(readProperties(new Tpm(transport)))
    expect((await work).code).toBe('TPM_GARBLED')
    expect(sent.length).toBe(64)
  })

  test('with another capability than was asked for is garbling', async () => {
    const { transport } = scripted(properties(0x100))
    expect((await faultOf(readBanks(new Tpm(transport)))).code).toBe('TPM_GARBLED')
  })

  test('with PCRs that change all the time is garbling', async () => {
    let counter = 0
    const { transport, sent } = scripted(async () => {
      const bytes = Buffer.alloc(4 + 4 + 6 + 4 + 34)
      counter += 1
      bytes.writeUInt32BE(counter, 0)
      bytes.writeUInt32BE(1, 4)
      bytes.writeUInt16BE(11, 8)
      bytes.writeUInt8(3, 10)
      bytes.writeUInt8(counter % 2 === 1 ? 1 : 2, 11)
      bytes.writeUInt32BE(1, 14)
      bytes.writeUInt16BE(32, 18)
      return success(bytes)
    })
    expect((await faultOf(readPcrs(new Tpm(transport), 11, [0, 1]))).code).toBe('TPM_GARBLED')
    expect(sent.length).toBeLessThan(20)
  })

  test('with fewer bytes of an index than it has is garbling', async () => {
    const body = Buffer.from('0000000400020708' + '0000010000', 'hex')
    const { transport } = scripted(success(body, 0x8002))
    const index = {
      handle: 0x1c00002,
      name: new Uint8Array(34),
      nvPublic: {
        nvIndex: 0x1c00002,
        nameAlg: 11,
        attributes: 0,
        authPolicy: new Uint8Array(0),
        dataSize: 100,
      },
    }
    expect((await faultOf(readNv(new Tpm(transport), index))).code).toBe('TPM_GARBLED')
  })
})

describe('a request', () => {
  test('with more sessions than a command takes is the caller’s fault', async () => {
    const { transport, sent } = scripted(random)
    const tpm = new Tpm(transport)
    const session = await faultOf(
      tpm.run(GetCapability, { capability: 6, property: 0, propertyCount: 1 }, { auth: [never()] }),
    )
    expect(session.code).toBe('TPM_USAGE')
    expect(sent).toHaveLength(0)
  })

  test('has the bytes of the specification', async () => {
    const { transport, sent } = scripted(refusal(0x101))
    const endorsement = permanent(RH.ENDORSEMENT)
    await faultOf(createPrimary(new Tpm(transport), endorsement, EK_TEMPLATES['L-2']))
    const taken = readCommand(new Uint8Array(sent[0] ?? []))
    expect(taken.auths).toEqual([
      { handle: 0x40000009, nonce: new Uint8Array(0), attributes: 0, hmac: new Uint8Array(0) },
    ])
    expect(sent[0]?.subarray(0, 27).toString('hex')).toBe(
      `8002${sent[0]?.length.toString(16).padStart(8, '0')}000001314000000b` +
        '00000009400000090000000000',
    )
    expect(sent[0]?.subarray(27, 33).toString('hex')).toBe('000400000000')
    expect(
      decode(record(CreatePrimary.request), new Uint8Array(sent[0]?.subarray(27) ?? [])),
    ).toEqual(taken.request)
  })
})

/** An authorisation that must never be asked. */
function never() {
  const fail = () => {
    throw new Error('it was asked')
  }
  return {
    nonceTpm: new Uint8Array(0),
    attributes: 0,
    prepare: fail,
    encrypt: fail,
    authorize: fail,
    check: fail,
    decrypt: fail,
  }
}

test('a fault is told from any other error', () => {
  expect(isTpmFault(new Error('TPM_CLOSED'))).toBe(false)
  expect(isTpmFault(new TpmFault('TPM_CLOSED', 'gone'), 'TPM_BUSY')).toBe(false)
  expect(new TpmFault('TPM_CLOSED', 'gone', { cause: 1 }).cause).toBe(1)
})
