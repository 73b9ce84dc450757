// A software TPM that stops, comes late, restarts or wants patience, over sockets and over a device file.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  AK_P256,
  ALG,
  create,
  createPrimary,
  deviceTransport,
  EK_TEMPLATES,
  GetRandom,
  isResponse,
  isTpmFault,
  load,
  loadedHandles,
  OBJECT,
  type OpenTransport,
  PT,
  permanent,
  Quote,
  RH,
  readProperties,
  SRK_P256,
  selectPcrs,
  startSession,
  Tpm,
  transportFromUrl,
} from '../../../drivers/tpm2-ts/index.ts'
import { type Swtpm, startSwtpm } from '../../fakes/swtpm.ts'

const owner = permanent(RH.OWNER)
const endorsement = permanent(RH.ENDORSEMENT)
const ask = { bytesRequested: 4 }

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (holds()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`${what} did not come`)
}

const codeOf = async (work: Promise<unknown>) => {
  try {
    await work
    return 'none'
  } catch (error) {
    return isTpmFault(error) ? error.code : String(error)
  }
}

describe('a TPM', () => {
  let swtpm: Swtpm
  let transport: OpenTransport

  beforeEach(async () => {
    swtpm = await startSwtpm()
    transport = transportFromUrl(swtpm.url)
  })
  afterEach(async () => {
    await transport.close()
    await swtpm.stop()
  })

  test('that stops answering is given up in time, and what it held is flushed when it comes back', async () => {
    const tpm = new Tpm(transport, { timeouts: { quick: 100, keyCreation: 150 } })
    const srk = await createPrimary(tpm, owner, SRK_P256)
    const before = await loadedHandles(tpm)
    swtpm.freeze(true)
    expect(await codeOf(createPrimary(tpm, endorsement, EK_TEMPLATES['L-2']))).toBe('TPM_TIMEOUT')
    expect(tpm.hasLostHandle).toBe(true)
    await srk.flush()
    expect(tpm.unflushed).toEqual(before)
    swtpm.freeze(false)
    // The command that had no answer was done all the same: only the list of handles tells.
    const patient = new Tpm(transport)
    const held = await loadedHandles(patient)
    for (const handle of held) await patient.flush(handle)
    expect(await loadedHandles(patient)).toEqual([])
  })

  test('that answers late is not believed: the next answer is for the next command', async () => {
    const tpm = new Tpm(transport, { timeouts: { quick: 100 } })
    await tpm.run(GetRandom, ask)
    swtpm.freeze(true)
    expect(await codeOf(tpm.run(GetRandom, { bytesRequested: 32 }))).toBe('TPM_TIMEOUT')
    swtpm.freeze(false)
    const { randomBytes } = await new Tpm(transport).run(GetRandom, ask)
    expect(randomBytes).toHaveLength(4)
  })

  test('that restarts in the middle has forgotten its objects, and says so', async () => {
    const tpm = new Tpm(transport)
    const srk = await createPrimary(tpm, owner, SRK_P256)
    const session = await startSession(tpm, { kind: 'policy' })
    await swtpm.restart()
    expect(await codeOf(tpm.run(GetRandom, ask))).toMatch(/^(none|TPM_CLOSED)$/)
    const work = create(tpm, srk, AK_P256)
    await expect(work).rejects.toSatisfy((error) => {
      return isResponse(error, 'HANDLE') || isResponse(error, 'REFERENCE_H0')
    })
    await srk.flush()
    await session.flush()
    expect(tpm.unflushed).toEqual([])
    expect(await loadedHandles(tpm)).toEqual([])
  })

  test('that was killed is unreachable, and everything owed to it is named', async () => {
    const tpm = new Tpm(transport)
    const srk = await createPrimary(tpm, owner, SRK_P256)
    await swtpm.stop()
    expect(await codeOf(tpm.run(GetRandom, ask))).toMatch(/^TPM_(UNREACHABLE|CLOSED)$/)
    await srk.flush()
    expect(tpm.unflushed).toEqual([0x80000000])
  })

  test('that wants a command repeated gets it: the first use of a protected key', async () => {
    const template = { ...AK_P256, attributes: AK_P256.attributes & ~OBJECT.NO_DA }
    const tpm = new Tpm(transport)
    await using srk = await createPrimary(tpm, owner, SRK_P256)
    await using ak = await load(tpm, srk, await create(tpm, srk, template))
    const before = tpm.roundTrips
    await tpm.run(Quote, {
      signHandle: ak,
      qualifyingData: new Uint8Array(0),
      inScheme: { scheme: ALG.NULL },
      pcrSelect: [selectPcrs(ALG.SHA256, [0])],
    })
    expect(tpm.roundTrips - before).toBe(2)
  })

  test('is left clean by a caller who cancels anywhere', async () => {
    for (let cancelAt = 1; cancelAt <= 8; cancelAt += 1) {
      const stop = new AbortController()
      let sent = 0
      const counting = {
        send: async (command: Uint8Array, signal: AbortSignal) => {
          sent += 1
          const answer = await transport.send(command, signal)
          if (sent === cancelAt) stop.abort()
          return answer
        },
      }
      const tpm = new Tpm(counting, { signal: stop.signal })
      const chain = async () => {
        await using _ek = await createPrimary(tpm, endorsement, EK_TEMPLATES['H-2'])
        await using srk = await createPrimary(tpm, owner, SRK_P256)
        await using _ak = await load(tpm, srk, await create(tpm, srk, AK_P256))
        await using _session = await startSession(tpm, { kind: 'hmac', salt: srk })
      }
      expect(await codeOf(chain())).toBe(cancelAt < 5 ? 'TPM_CANCELLED' : 'none')
      expect(await loadedHandles(new Tpm(transport))).toEqual([])
    }
  })
})

test('a TPM behind a UNIX socket answers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reseal-unix-'))
  await using swtpm = await startSwtpm({ socket: join(folder, 'tpm.sock') })
  await using transport = transportFromUrl(swtpm.url)
  const properties = await readProperties(new Tpm(transport))
  expect(properties.get(PT.MANUFACTURER)).toBe(0x49424d00)
  rmSync(folder, { recursive: true, force: true })
})

describe('a device file', () => {
  let swtpm: Swtpm
  let socat: ChildProcess
  let folder: string

  beforeEach(async () => {
    swtpm = await startSwtpm()
    folder = mkdtempSync(join(tmpdir(), 'reseal-device-'))
    const device = `PTY,link=${join(folder, 'tpm0')},raw,echo=0`
    socat = spawn('socat', [device, `TCP:127.0.0.1:${swtpm.port}`], { stdio: 'ignore' })
    await until('the device', () => existsSync(join(folder, 'tpm0')))
  })
  afterEach(async () => {
    const ended = once(socat, 'exit')
    if (socat.exitCode === null && socat.signalCode === null) {
      socat.kill('SIGKILL')
      await ended
    }
    await swtpm.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('takes commands and gives whole responses', async () => {
    await using transport = deviceTransport(join(folder, 'tpm0'))
    const tpm = new Tpm(transport)
    {
      await using ek = await createPrimary(tpm, endorsement, EK_TEMPLATES['L-1'])
      expect(ek.publicArea).toHaveProperty('unique.length', 256)
    }
    expect(await loadedHandles(tpm)).toEqual([])
  })

  test('that does not answer ends the wait, and refuses the next command until it has', async () => {
    const transport = deviceTransport(join(folder, 'tpm0'))
    const tpm = new Tpm(transport, { timeouts: { quick: 100 } })
    await tpm.run(GetRandom, ask)
    swtpm.freeze(true)
    expect(await codeOf(tpm.run(GetRandom, ask))).toBe('TPM_TIMEOUT')
    expect(await codeOf(tpm.run(GetRandom, ask))).toBe('TPM_BUSY')
    swtpm.freeze(false)
    let code = 'TPM_BUSY'
    for (let tries = 0; tries < 200 && code === 'TPM_BUSY'; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      code = await codeOf(tpm.run(GetRandom, ask))
    }
    expect(code).toBe('none')
    await transport.close()
    expect(await codeOf(tpm.run(GetRandom, ask))).toBe('TPM_CLOSED')
  })
})
