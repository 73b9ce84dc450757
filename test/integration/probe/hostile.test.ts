// A hostile device against the intake, from a network namespace: what it must not do is refused and told, and bays go on.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TpmRelay } from '../../../agent/ports.ts'
import { intakeIdentity } from '../../../drivers/probe/certificate.ts'
import { readFrame, writeFrame } from '../../../drivers/probe/frame.ts'
import { BAY, type OpenDesk, OTHER, openDesk } from './desk.ts'
import type { Answer, Deed } from './hostile-device.ts'
import { DeviceNetwork } from './namespace.ts'
import { TpmDevice } from './tpm-device.ts'

const DEVICE = join(import.meta.dirname, 'hostile-device.ts')
const PROBE = join(import.meta.dirname, '../../../drivers/probe/probe.sh')
/** TPM2_GetRandom of 8 bytes, TPM2_Clear with an empty password. */
const GET_RANDOM = Buffer.from('80010000000c0000017b0008', 'hex')
const CLEAR = Buffer.from(
  '80020000001b000001264000000a000000094000000900000000 00'.replace(/ /g, ''),
  'hex',
)
/** A response to it as a TPM would give it. */
const RANDOM = Buffer.from('80010000001400000000' + '0008' + '0102030405060708', 'hex')
const READY = '0000000000000000'
const frame = (number: number, payload: Uint8Array) =>
  Buffer.from(writeFrame({ number, payload })).toString('hex')

let network: DeviceNetwork
let open: OpenDesk

beforeEach(async () => {
  network = new DeviceNetwork()
  open = await openDesk(network.host)
})
afterEach(async () => {
  await open[Symbol.asyncDispose]()
  network.close()
})

async function device(...deeds: readonly Deed[]): Promise<readonly Answer[]> {
  const input = deeds.map((deed) => `${JSON.stringify(deed)}\n`).join('')
  const ran = await network.run([process.execPath, DEVICE, open.intake.url], input)
  return ran.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer)
}

const hello = (code: string, more: Partial<Deed> = {}): Deed => ({
  path: '/device/v1/hello',
  body: Buffer.from(code).toString('hex'),
  ...more,
})
const text = (hex: string) => Buffer.from(hex, 'hex').toString()
const as = (token: string) => ({ authorization: `Bearer ${token}` })

async function tokenOf(code: string): Promise<string> {
  const [answer] = await device(hello(code))
  expect(answer?.status).toBe(200)
  return text(answer?.body ?? '').trim()
}

/** The station's end, in hand: what it asks is asked when the test says so. */
function relayInHand(): Promise<TpmRelay> {
  const { promise, resolve } = Promise.withResolvers<TpmRelay>()
  open.desk.work = async ({ relay }, signal) => {
    resolve(relay)
    await new Promise<void>((done) => signal.addEventListener('abort', () => done()))
  }
  return promise
}

describe('codes and tokens', () => {
  it('are used once, know their bay, and end with their run', async () => {
    const { intake, desk } = open
    const { code } = intake.issue(BAY)
    const older = intake.issue(OTHER).code
    const newer = intake.issue(OTHER).code
    const [first, again, gone, wrong] = await device(
      hello(code.toLowerCase().replace('-', ' ')),
      hello(code),
      hello(older),
      hello('0000-0000'),
    )
    expect([first, again, gone, wrong].map((one) => one?.status)).toEqual([200, 401, 401, 401])
    expect(JSON.parse(text(wrong?.body ?? ''))).toMatchObject({ code: 'OPERATOR_PROBE_CODE' })
    // The run that the code was made for is over when it is typed in.
    desk.runs.set('02', 'run-3')
    expect((await device(hello(newer)))[0]?.status).toBe(401)
    // And a session that is open ends with its run.
    const report = {
      path: '/device/v1/report',
      headers: { ...as(text(first?.body ?? '').trim()), 'reseal-number': '1' },
      body: Buffer.from('reseal-probe 1\n').toString('hex'),
    }
    desk.runs.set('01', null)
    expect((await device(report))[0]?.status).toBe(401)
    expect(desk.reports).toEqual([])
  })

  it('of another device are no good: a token belongs to its address', async () => {
    const { intake, desk } = open
    const token = await tokenOf(intake.issue(BAY).code)
    const report = {
      path: '/device/v1/report',
      headers: { ...as(token), 'reseal-number': '1' },
      body: Buffer.from('reseal-probe 1\nprobe=linux\n').toString('hex'),
    }
    const [foreign, own] = await device({ ...report, from: network.stranger }, report)
    expect([foreign?.status, own?.status]).toEqual([403, 204])
    expect(desk.reports.map(({ bay }) => bay)).toEqual(['01'])
    expect(desk.refused.join()).toContain('BACKEND_FORBIDDEN: token of bay 01, another address')
  })

  it('cannot be guessed: ten wrong ones, then none is looked at for a while, the right one included', async () => {
    const { code } = open.intake.issue(BAY)
    const tries = Array.from({ length: 12 }, (_, index) => hello(`ZZZZ-ZZZ${index % 10}`))
    const statuses = (await device(...tries, hello(code))).map(({ status }) => status)
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401))
    expect(statuses.slice(10)).toEqual([429, 429, 429])
    // Another device is not held up.
    expect((await device(hello(code, { from: network.stranger })))[0]?.status).toBe(200)
  })
})

describe('reports and routes', () => {
  it('take each number once, no more than 64 KB, and nothing that is no route', async () => {
    const { intake, desk } = open
    const token = await tokenOf(intake.issue(BAY).code)
    const report = (number: number, body: string): Deed => ({
      path: '/device/v1/report',
      headers: { ...as(token), 'reseal-number': `${number}` },
      body: Buffer.from(body).toString('hex'),
    })
    const answers = await device(
      report(1, 'reseal-probe 1\n'),
      report(1, 'reseal-probe 1\n'),
      report(2, `reseal-probe 1\n${'x'.repeat(70_000)}`),
      { path: '/device/v1/' },
      { path: '/device/v1/../../etc/passwd' },
      { method: 'GET', path: '/device/v1/' },
      { method: 'GET', path: '/' },
      { method: 'GET', path: '/device/v1/probe.sh' },
    )
    expect(answers.map(({ status }) => status)).toEqual([204, 409, 400, 404, 404, 404, 404, 200])
    expect(text(answers[7]?.body ?? '')).toMatch(/^#!\/bin\/sh/)
    expect(desk.reports).toHaveLength(1)
    expect(desk.refused.join()).toMatch(/DEVICE_PROBE_REPLAY: report 1 again/)
  })
})

describe('the relay', () => {
  it('refuses replayed, foreign, cut and oversized frames while the command in flight gets its answer', async () => {
    const token = await tokenOf(open.intake.issue(BAY).code)
    const tpm = (body: string): Deed => ({ path: '/device/v1/tpm', headers: as(token), body })
    const inHand = relayInHand()
    const asked = inHand.then((relay) => relay.send(GET_RANDOM, new AbortController().signal))
    const statuses = await device(
      tpm(READY),
      tpm(READY),
      tpm(frame(7, RANDOM)),
      tpm(frame(1, RANDOM).slice(0, -2)),
      tpm(`00001001${'00000001'}${'00'.repeat(4097)}`),
      tpm(`00001001${'00000001'}`),
      tpm(`0000000500000001${'00'.repeat(5)}`),
    )
    expect(statuses.map(({ status }) => status)).toEqual([200, 409, 409, 400, 400, 400, 400])
    expect(readFrame(Buffer.from(statuses[0]?.body ?? '', 'hex'))).toEqual({
      number: 1,
      payload: new Uint8Array(GET_RANDOM),
    })
    // The true answer, whose connection then waits for the next command until the relay is closed; and once more.
    const answered = device(tpm(frame(1, RANDOM)), tpm(frame(1, RANDOM)))
    expect(Buffer.from(await asked)).toEqual(RANDOM)
    const relay = await inHand
    const second = relay.send(GET_RANDOM, new AbortController().signal)
    second.catch(() => undefined)
    const [next, replayed] = await answered
    expect([next?.status, replayed?.status]).toEqual([200, 409])
    // Nobody answers the second: the station's patience ends it, not a replay.
    await open.intake.close()
    await expect(second).rejects.toMatchObject({ code: 'DEVICE_PROBE_GONE' })
    expect(open.desk.refused.join()).toMatch(/DEVICE_PROBE_REPLAY/)
  })

  it('never sends what stands on no list, whatever the station asks', async () => {
    const token = await tokenOf(open.intake.issue(BAY).code)
    const inHand = relayInHand()
    const polled = device({ path: '/device/v1/tpm', headers: as(token), body: READY })
    const relay = await inHand
    const refused = relay.send(CLEAR, new AbortController().signal)
    await expect(refused).rejects.toMatchObject({ code: 'STATION_PROBE_COMMAND' })
    // The first that the device hears is the next command, under the first number.
    relay.send(GET_RANDOM, new AbortController().signal).catch(() => undefined)
    expect((await polled)[0]?.body).toBe(frame(1, GET_RANDOM))
  })
})

describe('1,000 connections from one device', () => {
  it('are turned away and told once; the probe of another bay is served meanwhile', async () => {
    const { intake, desk } = open
    const { code } = intake.issue(BAY)
    const crowd = device({ flood: 1000, from: network.stranger })
    const began = performance.now()
    // The probe's way in stays open: a token, a report.
    const token = await tokenOf(code)
    const [report] = await device({
      path: '/device/v1/report',
      headers: { ...as(token), 'reseal-number': '1' },
      body: Buffer.from('reseal-probe 1\n').toString('hex'),
    })
    expect(report?.status).toBe(204)
    expect(performance.now() - began).toBeLessThan(10_000)
    const [flooded] = await crowd
    expect(flooded?.open).toBeLessThanOrEqual(8)
    expect(flooded?.refused).toBeGreaterThan(100)
    expect(
      desk.notes.filter(({ why }) => `${why}`.includes('too many connections')).length,
    ).toBeLessThan(5)
    expect(desk.reports).toHaveLength(1)
  })
})

describe('probe.sh against a station that is not what it should be', () => {
  it('sends nothing to one whose key is another', async () => {
    const { code } = open.intake.issue(BAY)
    const other = Buffer.alloc(32, 1).toString('base64')
    const ran = await network.run(['sh', PROBE, open.intake.url, other, code, '--no-relay'])
    expect(ran).toMatchObject({ status: 3, err: expect.stringContaining('not the station') })
    expect(open.desk.notes).toEqual([])
  })

  it('refuses a forbidden command itself, and its TPM never sees it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'reseal-fake-station-'))
    const tpm = new TpmDevice()
    await tpm.open()
    const { keyPem, certificatePem, pin } = intakeIdentity(folder)
    const sent = [
      CLEAR,
      Buffer.from('80010000000a20000000', 'hex'),
      Buffer.concat([GET_RANDOM, GET_RANDOM]),
      GET_RANDOM,
    ]
    const answers: string[] = []
    const server = createServer({ key: keyPem, cert: certificatePem }, (request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        if (request.url === '/device/v1/hello') return response.end('ab\n')
        if (request.url !== '/device/v1/tpm') return response.writeHead(204).end()
        answers.push(Buffer.concat(parts).toString('hex'))
        const payload = sent[answers.length - 1]
        if (payload === undefined) return response.writeHead(410).end()
        return response.end(writeFrame({ number: answers.length, payload }))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, network.host, resolve))
    const { port } = server.address() as { port: number }
    const url = `https://${network.host}:${port}`
    const ran = await network.run(['sh', PROBE, url, pin, '0000', '--tpm', tpm.path])
    expect(ran).toMatchObject({
      status: 0,
      err: expect.stringContaining('refused command 00000126'),
    })
    expect(answers.slice(1, 4)).toEqual([
      '000000040000000100000001',
      '000000040000000200000001',
      '000000040000000300000002',
    ])
    expect(answers[4]).toMatch(/^0000001400000004800100000014000000000008/)
    server.close()
    await tpm.close()
    rmSync(folder, { recursive: true })
  })
})
