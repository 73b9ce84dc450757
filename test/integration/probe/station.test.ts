// A whole station on a real card: probe.sh on the other end opens the run, its TPM is attested, the record carries it.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bayMessage } from '../../../agent/core/messages.ts'
import type { RecordBody } from '../../../agent/core/record.ts'
import { openLog } from '../../../agent/log.ts'
import { type LiveRun, openLive } from '../../../agent/station/live-run.ts'
import { loadConfig } from '../../../station-config/loader.ts'
import { certify, ROOT } from '../../fakes/attest-bench.ts'
import { startSwtpm } from '../../fakes/swtpm.ts'
import { ip } from '../link/veth.ts'
import { until } from '../station/real-bay.ts'
import { LOG_FILE, measureLog } from './measured.ts'
import { DeviceNetwork } from './namespace.ts'
import { TpmDevice } from './tpm-device.ts'

const PROBE = join(import.meta.dirname, '../../../drivers/probe/probe.sh')
const MAIN = join(import.meta.dirname, '../../../agent/main.ts')

let network: DeviceNetwork
let tpm: TpmDevice
let folder: string
let live: LiveRun | null = null

/** A TPM with an endorsement certificate of our own root. */
async function tpmState(): Promise<string> {
  const state = join(folder, 'tpm')
  mkdirSync(state)
  await using swtpm = await startSwtpm({ state })
  await certify(swtpm, 'L-1', {})
  return state
}

async function station(probe: Record<string, unknown>): Promise<string> {
  const roots = join(folder, 'roots')
  mkdirSync(roots)
  const pem = Buffer.from(ROOT.der).toString('base64').replace(/.{64}/g, '$&\n')
  writeFileSync(
    join(roots, 'root.pem'),
    `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`,
  )
  const file = join(folder, 'bench.yaml')
  const bay = { bay: '01', link: `nic:${network.card}`, networkCheck: false }
  const limits = { steadyMs: 200, closeAnswerMs: 300 }
  writeFileSync(
    file,
    JSON.stringify({
      web: { port: 0 },
      mqtt: { embedded: true, port: 0 },
      limits,
      bays: [bay],
      probe: { listen: `${network.host}:0`, roots, ...probe },
    }),
  )
  const { config, problems } = loadConfig(file)
  if (config === null) throw new Error(JSON.stringify(problems))
  const log = openLog({ level: 'silent', pretty: false })
  const dataDir = join(folder, 'data')
  live = await openLive({
    config,
    dataDir,
    log,
    version: '0',
    signal: new AbortController().signal,
  })
  return live.station.boardUrl ?? ''
}

async function post(url: string, body: object = {}): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  return answer.json()
}

/** The line as a person gets it: by the command line. */
async function probed(url: string, log = join(folder, 'no-log')) {
  const args = [MAIN, 'probe', '01', '--url', url, '--json']
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const code = JSON.parse(stdout) as Record<'url' | 'pin' | 'code' | 'linux', string>
  expect(code.linux).toContain(`| sh -s -- ${code.url} ${code.pin} ${code.code}`)
  const line = ['sh', PROBE, code.url, code.pin, code.code, '--tpm', tpm.path]
  return network.run(['env', `RESEAL_BOOT_LOG=${log}`, ...line])
}

const state = () => live?.station.bench.bay('01')?.state
async function record(said = ''): Promise<RecordBody> {
  const reader = live?.station.reader
  await until(
    `a record in ${state()} ${said}`,
    async () => ((await reader?.runs({ max: 1 })) ?? []).length === 1,
  )
  const [run] = (await reader?.runs({ max: 1 })) ?? []
  if (run === undefined) throw new Error('no record')
  return run.record
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reseal-probed-'))
  network = new DeviceNetwork()
  tpm = new TpmDevice()
  await tpm.open(await tpmState(), measureLog)
})
afterEach(async () => {
  await live?.close()
  live = null
  await tpm.close()
  network.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a device with a probe', () => {
  it('opens its run, is attested, and the record carries activation and quote', async () => {
    const url = await station({ allowTestTpm: true })
    await until('the device is plugged in', () => state() === 'present')
    const ran = await probed(url)
    expect(ran).toMatchObject({ status: 0, err: expect.stringContaining('done') })
    // SMBIOS of this PC may say a serial or none: then a person says who it is.
    if (state() === 'identify')
      await post(`${url}/api/v1/bays/01/actions/scan`, { text: '5CG12345AB' })
    // A system without a boot log: a hold for a person, nothing worse.
    await until('the hold', () => state() === 'hold')
    await post(`${url}/api/v1/bays/01/actions/abort`)
    const { tpm: verdict, evidence } = await record()
    expect(verdict.station).toBe('HOLD')
    const of = (id: string) => verdict.checks.find((check) => check.id === id)
    expect(of('activation')).toMatchObject({ verdict: 'GO', source: 'tpm' })
    expect(of('quote')).toMatchObject({ verdict: 'GO', source: 'tpm' })
    expect(of('ek-chain')).toMatchObject({ verdict: 'GO' })
    expect(of('tpm-physical')?.value).toContain('test TPM accepted')
    expect(of('physical-device')).toMatchObject({ source: 'probe' })
    expect(evidence.map(({ kind, source }) => `${source}:${kind}`)).toEqual(
      expect.arrayContaining(['probe:opened', 'probe:probe', 'probe:smbios', 'tpm:tpm']),
    )
    expect(
      evidence.filter(({ kind }) => kind === 'probe').every(({ source }) => source === 'probe'),
    ).toBe(true)
  })

  it('that hands its boot log over is GO, with the log replayed to the PCRs that its TPM quoted', async () => {
    const url = await station({ allowTestTpm: true })
    await until('the device is plugged in', () => state() === 'present')
    const ran = await probed(url, LOG_FILE)
    expect(ran).toMatchObject({ status: 0, err: expect.stringContaining('done') })
    if (state() === 'identify')
      await post(`${url}/api/v1/bays/01/actions/scan`, { text: '5CG12345AB' })
    await until('the verdict', () => live?.station.bench.bay('01')?.tpm?.station !== undefined)
    await post(`${url}/api/v1/bays/01/actions/abort`)
    const { tpm: verdict } = await record()
    const of = (id: string) => verdict.checks.find((check) => check.id === id)
    expect(of('event-log')).toMatchObject({ verdict: 'GO', source: 'tpm' })
    expect(of('secure-boot')).toMatchObject({ verdict: 'GO', source: 'tpm' })
    expect(verdict.station).toBe('GO')
  })

  it('that is no real one (a virtual machine, a software TPM) is closed as failed before a key is pressed', async () => {
    const url = await station({})
    await until('the device is plugged in', () => state() === 'present')
    await post(`${url}/api/v1/bays/01/actions/scan`, { text: '5CG12345AB' })
    const ran = await probed(url)
    const { verdict, error, keys, tpm: found } = await record(ran.err)
    expect({ verdict, code: error?.code, keys }).toEqual({
      verdict: 'failed',
      code: 'DEVICE_TPM',
      keys: [],
    })
    expect(found.checks.filter(({ verdict }) => verdict === 'NO-GO')).not.toEqual([])
  })

  it('finds the intake as soon as the device network is there; the station does not wait for it', async () => {
    const late = network.host.replace(/\d+$/, (last) => `${Number(last) + 5}`)
    const url = await station({ listen: `${late}:0` })
    expect(await post(`${url}/api/v1/bays/01/probe`)).toMatchObject({
      status: 503,
      code: 'STATION_ADDRESS_IN_USE',
    })
    ip(`addr add ${late}/32 dev ${network.card}`)
    const asked = async () =>
      (await post(`${url}/api/v1/bays/01/probe`)) as { readonly url?: string }
    await until(
      'the intake listens',
      async () => (await asked()).url?.includes(late) === true,
      15_000,
    )
  })

  it('shows its code on the board after a command barcode, until it is used or another is made', async () => {
    const url = await station({ bayAddress: true })
    const view = async () => {
      const answer = await fetch(`${url}/api/v1/bays/01`)
      return (await answer.json()) as { probe?: Record<'code' | 'linux' | 'windows', string> }
    }
    expect((await view()).probe).toBeUndefined()
    expect(await post(`${url}/api/v1/scan`, { text: 'RSL.01.probe' })).toMatchObject({
      taken: 'taken',
      bay: '01',
    })
    const first = (await view()).probe
    expect(first?.linux).toMatch(new RegExp(`\\| sh -s -- https://\\S+ \\S+ ${first?.code}$`))
    expect(first?.windows).toContain(first?.code)
    await post(`${url}/api/v1/bays/01/actions/probe`)
    const line = (await view()).probe
    expect(line?.code).not.toBe(first?.code)
    // It never leaves the board: a broker's retained topics are read by anybody.
    const bay = live?.station.bench.bay('01')
    if (bay === undefined || bay === null) throw new Error('no bay')
    const stamp = { station: 's', epoch: 'e', seq: 1, at: 0, rate: null }
    expect(JSON.stringify(bayMessage(stamp, bay))).not.toContain(line?.code)
    const ran = await network.run(['sh', '-c', `${line?.linux} --no-relay`])
    expect(ran).toMatchObject({ status: 0, err: expect.stringContaining('reported') })
    expect((await view()).probe).toBeUndefined()
    expect(await post(`${url}/api/v1/bays/77/actions/probe`)).toMatchObject({ status: 404 })
  })

  it('needs no code at the bay whose own card it comes by, where the config says so', async () => {
    const url = await station({ bayAddress: true })
    await until('the device is plugged in', () => state() === 'present')
    const { url: at, pin } = (await post(`${url}/api/v1/bays/01/probe`)) as Record<
      'url' | 'pin',
      string
    >
    const ran = await network.run(['sh', PROBE, at, pin, 'bay', '--no-relay'])
    expect(ran).toMatchObject({ status: 0, err: expect.stringContaining('reported') })
    await until('the run is open', () => state() !== 'present')
    await live?.close()
    live = null
    rmSync(join(folder, 'roots'), { recursive: true })
    const closed = await station({})
    const again = (await post(`${closed}/api/v1/bays/01/probe`)) as Record<'url' | 'pin', string>
    const refused = await network.run(['sh', PROBE, again.url, again.pin, 'bay', '--no-relay'])
    expect(refused).toMatchObject({ status: 1, err: expect.stringContaining('not let in: 401') })
  })
})
