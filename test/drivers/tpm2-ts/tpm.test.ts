// How commands are run: repeated, bounded in time, and checked.
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import {
  CreatePrimary,
  createPrimary,
  decode,
  EK_TEMPLATES,
  GetCapability,
  GetRandom,
  isResponse,
  isTpmFault,
  permanent,
  RH,
  SelfTest,
  SRK_P256,
  Tpm,
  TpmFault,
} from '../../../drivers/tpm2-ts/index.ts'
import { readCommand, record } from '../../fakes/tpm-commands.ts'
import {
  type Answer,
  ask,
  faultOf,
  quick,
  random,
  refusal,
  scripted,
  silent,
  success,
} from '../../fakes/tpm-script.ts'

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

  const later =
    (ms: number, answer: Uint8Array): Answer =>
    async (_, signal) => {
      await wait(ms, undefined, { signal })
      return answer
    }

  test('counts from its own start, not from that of the command before', async () => {
    const { transport } = scripted(random, later(250, random), silent)
    const tpm = new Tpm(transport, { timeouts: { quick: 400 } })
    await tpm.run(GetRandom, ask)
    await wait(250)
    expect((await tpm.run(GetRandom, ask)).randomBytes).toHaveLength(2)
    expect((await faultOf(tpm.run(GetRandom, ask))).code).toBe('TPM_TIMEOUT')
  })

  test('of one class does not end a command of another', async () => {
    const { transport } = scripted(random, later(80, success(new Uint8Array(0))))
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
