// Commands about the TPM itself against a real software TPM, which holds nothing afterwards.
import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  ALG,
  CAP,
  capabilities,
  concat,
  digestOf,
  EK_TEMPLATES,
  findNv,
  GetCapability,
  GetRandom,
  GetTestResult,
  HANDLES,
  hashByAlg,
  isResponse,
  listHandles,
  PolicyGetDigest,
  PolicyOr,
  PT,
  permanent,
  ReadClock,
  RH,
  readBanks,
  readNv,
  readProperties,
  SelfTest,
  Startup,
  SU,
  satisfyEkPolicy,
  startSession,
  Tpm,
  tcpTransport,
} from '../../../drivers/tpm2-ts/index.ts'
import { startSwtpm } from '../../fakes/swtpm.ts'
import { tpmBench } from '../../fakes/tpm-bench.ts'

const owner = permanent(RH.OWNER)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const bench = tpmBench()

describe('a TPM that was switched on', () => {
  test('wants Startup once', async () => {
    await using own = await startSwtpm({ isStarted: false })
    await using way = tcpTransport('127.0.0.1', own.port)
    const fresh = new Tpm(way)
    const early = fresh.run(GetRandom, { bytesRequested: 1 })
    await expect(early).rejects.toSatisfy((error) => isResponse(error, 'INITIALIZE'))
    await fresh.run(Startup, { startupType: SU.CLEAR })
    const again = fresh.run(Startup, { startupType: SU.CLEAR })
    await expect(again).rejects.toSatisfy((error) => isResponse(error, 'INITIALIZE'))
    expect((await fresh.run(GetRandom, { bytesRequested: 1 })).randomBytes).toHaveLength(1)
  })

  test('tests itself and says how it went', async () => {
    await bench.tpm.run(SelfTest, { fullTest: 1 })
    expect((await bench.tpm.run(GetTestResult, {})).testResult).toBe(0)
  })

  test('counts time in 64 bits', async () => {
    const one = (await bench.tpm.run(ReadClock, {})).currentTime
    const other = (await bench.tpm.run(ReadClock, {})).currentTime
    expect(one.clockInfo.clock).toBeTypeOf('bigint')
    expect(other.time >= one.time).toBe(true)
    expect(other.clockInfo.restartCount).toBe(one.clockInfo.restartCount)
  })

  test('gives random bytes, as many as its largest digest has', async () => {
    const { randomBytes } = await bench.tpm.run(GetRandom, { bytesRequested: 200 })
    expect(randomBytes).toHaveLength(64)
  })
})

describe('capabilities', () => {
  test('of every group are read, in pieces too', async () => {
    const counted: Record<string, number> = {}
    for (const [name, capability] of Object.entries(CAP)) {
      try {
        const isByHandle = capability === CAP.HANDLES || capability === CAP.AUTH_POLICIES
        const first = isByHandle ? HANDLES.PERMANENT : 0
        for await (const data of capabilities(bench.tpm, capability, first)) {
          const lists = Object.values(data).filter((value) => Array.isArray(value))
          expect(lists, name).toHaveLength(1)
          counted[name] = (counted[name] ?? 0) + (lists[0]?.length ?? 0)
        }
      } catch (error) {
        // ACT came with revision 1.59 and swtpm 0.7.1 has none of them.
        if (!isResponse(error, 'VALUE') || name !== 'ACT') throw error
      }
    }
    const full = ['ALGS', 'HANDLES', 'COMMANDS', 'PCRS', 'TPM_PROPERTIES', 'PCR_PROPERTIES']
    for (const name of [...full, 'ECC_CURVES']) expect(counted[name], name).toBeGreaterThan(2)
    expect(counted['COMMANDS']).toBeGreaterThan(80)
  })

  test('say that there is more, and a second call brings it', async () => {
    const request = { capability: CAP.TPM_PROPERTIES, property: PT.FIXED, propertyCount: 2 }
    const { moreData, data } = await bench.tpm.run(GetCapability, request)
    expect(moreData).toBe(1)
    expect(data.capability === CAP.TPM_PROPERTIES && data.properties).toHaveLength(2)
  })

  test('name the maker and the state', async () => {
    const fixed = await readProperties(bench.tpm, PT.FIXED)
    expect(fixed.get(PT.FAMILY_INDICATOR)).toBe(0x322e3000)
    expect(fixed.get(PT.MANUFACTURER)).toBe(0x49424d00)
    expect([...fixed.keys()].every((property) => property >>> 8 === 1)).toBe(true)
    const variable = await readProperties(bench.tpm, PT.VARIABLE)
    expect(variable.has(PT.PERMANENT) && variable.has(PT.LOCKOUT_COUNTER)).toBe(true)
  })

  test('are the same as tpm2_getcap prints', async () => {
    const banks = await readBanks(bench.tpm)
    const printed = await bench.tool('tpm2_getcap', 'pcrs')
    expect(banks).toHaveLength(printed.match(/- sha/g)?.length ?? 0)
    const fixed = await readProperties(bench.tpm, PT.FIXED)
    const text = await bench.tool('tpm2_getcap', 'properties-fixed')
    const raw = [...text.matchAll(/raw: (0x[0-9A-Fa-f]+)/g)].map(([, value]) => Number(value))
    for (const value of raw) expect([...fixed.values()]).toContain(value)
    expect(raw.length).toBeGreaterThan(30)
  })
})

describe('the TPM’s own memory', () => {
  const INDEX = 0x0180_0123
  const content = new Uint8Array(1500).map((_, index) => (index * 7) & 0xff)

  test('is read in pieces, whatever their size', async () => {
    writeFileSync(`${bench.state}/content`, content)
    const attributes = 'ownerwrite|ownerread|authread|authwrite'
    await bench.tool('tpm2_nvdefine', `${INDEX}`, '-C', 'o', '-s', '1500', '-a', attributes)
    await bench.tool('tpm2_nvwrite', `${INDEX}`, '-C', 'o', '-i', 'content')
    expect(await listHandles(bench.tpm, HANDLES.NV)).toContain(INDEX)
    const index = await findNv(bench.tpm, INDEX)
    if (index === null) throw new Error('the index is not there')
    expect(index.nvPublic.dataSize).toBe(1500)
    for (const chunk of [1, 512, 700, 1024]) {
      if (chunk === 1) {
        const { nvPublic } = index
        const short = { ...index, nvPublic: { ...nvPublic, dataSize: 3 } }
        expect(await readNv(bench.tpm, short, { chunk })).toEqual(content.slice(0, 3))
      } else expect(await readNv(bench.tpm, index, { chunk })).toEqual(content)
    }
    expect(await readNv(bench.tpm, index, { authorizedBy: owner })).toEqual(content)
    const tooMuch = readNv(bench.tpm, index, { chunk: 1500 })
    await expect(tooMuch).rejects.toSatisfy((error) => isResponse(error, 'VALUE'))
    const printed = await bench.tool('tpm2_nvreadpublic', `${INDEX}`)
    expect(printed).toContain(`name: ${hex(index.name)}`)
    await bench.tool('tpm2_nvundefine', `${INDEX}`, '-C', 'o')
    expect(await findNv(bench.tpm, INDEX)).toBeNull()
  })
})

describe('policies', () => {
  test('reach the digests of the endorsement key profile', async () => {
    await using trial = await startSession(bench.tpm, { kind: 'trial' })
    await satisfyEkPolicy(bench.tpm, trial)
    const { policyDigest } = await bench.tpm.run(PolicyGetDigest, { policySession: trial })
    expect(hex(policyDigest)).toBe(hex(EK_TEMPLATES['L-1'].authPolicy))
  })

  test('may branch', async () => {
    await using trial = await startSession(bench.tpm, { kind: 'trial' })
    await satisfyEkPolicy(bench.tpm, trial)
    const pHashList = [EK_TEMPLATES['L-1'].authPolicy, new Uint8Array(32)]
    await bench.tpm.run(PolicyOr, { policySession: trial, pHashList })
    const { policyDigest } = await bench.tpm.run(PolicyGetDigest, { policySession: trial })
    const code = Uint8Array.of(0, 0, 1, 0x71)
    const zero = new Uint8Array(32)
    expect(hex(policyDigest)).toBe(
      hex(digestOf(hashByAlg(ALG.SHA256), [zero, code, concat(pHashList)])),
    )
  })
})
