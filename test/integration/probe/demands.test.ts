// What a work order demands of a TPM, on a whole station: held without a probe, refused or asked about with one, in words.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RecordBody } from '../../../agent/core/record.ts'
import type { BayView } from '../../../agent/core/view.ts'
import { openLog } from '../../../agent/log.ts'
import { type LiveRun, openLive } from '../../../agent/station/live-run.ts'
import { EVENT } from '../../../drivers/tpm/event-log/log.ts'
import { loadConfig } from '../../../station-config/loader.ts'
import { certify, measure, ROOT } from '../../fakes/attest-bench.ts'
import { type MadeEvent, makeLog, makeVariable } from '../../fakes/event-log.ts'
import { until } from '../station/real-bay.ts'
import { DeviceNetwork } from './namespace.ts'
import { TpmDevice } from './tpm-device.ts'

const PROBE = join(import.meta.dirname, '../../../drivers/probe/probe.sh')
const GLOBAL = '8be4df61-93ca-11d2-aa0d-00e098032b8c'
const SERIAL = '5CG12345AB'

/** A boot with Secure Boot off. */
const BOOT: readonly MadeEvent[] = [
  {
    pcr: 7,
    type: EVENT.efiVariableDriverConfig,
    data: makeVariable(GLOBAL, 'SecureBoot', Buffer.from([0])),
  },
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((pcr) => ({
    pcr,
    type: EVENT.separator,
    data: Buffer.alloc(4),
  })),
]

let network: DeviceNetwork
let tpm: TpmDevice
let folder: string
let live: LiveRun | null = null

async function station(demands: readonly string[]): Promise<string> {
  const roots = join(folder, 'roots')
  mkdirSync(roots)
  const pem = Buffer.from(ROOT.der).toString('base64').replace(/.{64}/g, '$&\n')
  writeFileSync(
    join(roots, 'root.pem'),
    `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`,
  )
  const order = {
    order: 'WO-7',
    customer: 'Contoso',
    tenantDomain: 'contoso.example',
    profile: 'P',
    demands,
    serials: [SERIAL],
  }
  writeFileSync(join(folder, 'orders.json'), JSON.stringify({ orders: [order] }))
  const file = join(folder, 'bench.yaml')
  writeFileSync(
    file,
    JSON.stringify({
      web: { port: 0 },
      mqtt: { embedded: true, port: 0 },
      limits: { steadyMs: 200, closeAnswerMs: 300 },
      orders: ['orders.json'],
      bays: [{ bay: '01', link: `nic:${network.card}`, networkCheck: false }],
      probe: { listen: `${network.host}:0`, roots, allowTestTpm: true },
    }),
  )
  const { config, problems } = loadConfig(file)
  if (config === null) throw new Error(JSON.stringify(problems))
  live = await openLive({
    config,
    dataDir: join(folder, 'data'),
    log: openLog({ level: 'silent', pretty: false }),
    version: '0',
    signal: new AbortController().signal,
  })
  await until('the device is plugged in', () => view().state === 'present')
  return live.station.boardUrl ?? ''
}

function view(): BayView {
  const found = live?.station.bench.bay('01')
  if (found === null || found === undefined) throw new Error('no bay')
  return found
}

async function post(url: string, body: object = {}): Promise<Record<string, string>> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  return (await answer.json()) as Record<string, string>
}
const scan = (url: string) => post(`${url}/api/v1/bays/01/actions/scan`, { text: SERIAL })

async function probed(url: string) {
  const { url: at, pin, code } = await post(`${url}/api/v1/bays/01/probe`)
  const log = join(folder, 'boot.log')
  writeFileSync(log, makeLog(BOOT, ['sha256']))
  const line = ['sh', PROBE, at ?? '', pin ?? '', code ?? '', '--tpm', tpm.path]
  return network.run(['env', `RESEAL_BOOT_LOG=${log}`, ...line])
}

async function record(): Promise<RecordBody> {
  const reader = live?.station.reader
  const runs = async () => (await reader?.runs({ max: 1 })) ?? []
  await until(`a record in ${view().state}`, async () => (await runs()).length === 1)
  const [run] = await runs()
  if (run === undefined) throw new Error('no record')
  return run.record
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reseal-demands-'))
  network = new DeviceNetwork()
  tpm = new TpmDevice()
  await tpm.open(undefined, async (swtpm) => {
    await certify(swtpm, 'L-1', {})
    await measure(swtpm, BOOT)
  })
})
afterEach(async () => {
  await live?.close()
  live = null
  await tpm.close()
  network.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a work order that demands proofs', () => {
  it('holds its device until a probe came; what the proof then says is judged by the demand', async () => {
    const url = await station(['secure-boot'])
    await scan(url)
    await until('the hold', () => view().state === 'hold')
    expect(view().prompt?.line).toBe(
      'The order demands a TPM proof (no probe came: start it on the device)',
    )
    expect(view().tpm).toMatchObject({
      station: 'not-seen',
      demands: ['attestation', 'secure-boot'],
    })
    const ran = await probed(url)
    const { verdict, error, keys, tpm: found } = await record()
    expect(ran.err).toContain('done')
    expect({ verdict, code: error?.code, keys }).toEqual({
      verdict: 'failed',
      code: 'DEVICE_TPM',
      keys: [],
    })
    expect(error?.action).toMatch(/^Secure Boot is off or unknown, or debugging is on: /)
    expect(found.flow).toEqual({ result: 'not-reached' })
    const of = (id: string) => found.checks.find((check) => check.id === id)
    expect(of('secure-boot')).toMatchObject({
      verdict: 'NO-GO',
      value: 'Secure Boot off',
      hint: expect.stringContaining('The work order demands it'),
    })
    expect(of('event-log')).toMatchObject({ verdict: 'GO' })
    // The bay says why, while the device still stands there.
    expect(view()).toMatchObject({ signal: 'failed', tpm: { station: 'NO-GO' } })
    expect(view().tpm?.reasons[0]?.words).toBe('Secure Boot is off or unknown, or debugging is on')
  })

  it('is judged anew when a person says whose device it is after its probe spoke', async () => {
    const url = await station(['secure-boot'])
    await probed(url)
    // SMBIOS of this PC may say a serial number of its own, which is on no order; the label then says another one.
    expect(view().tpm).toMatchObject({ station: 'HOLD', demands: [] })
    await scan(url)
    expect((await record()).error?.code).toBe('DEVICE_TPM')
  })

  it('and one that demands nothing goes on without a probe, and leaves its verdict to a person', async () => {
    const url = await station([])
    await scan(url)
    await until('no hold', () => !['identify', 'present', 'precheck'].includes(view().state))
    expect(view().state).not.toBe('hold')
    expect(view().tpm).toBeUndefined()
    await post(`${url}/api/v1/bays/01/actions/abort`)
    expect((await record()).tpm).toMatchObject({ station: 'not-seen', checks: [] })
    await post(`${url}/api/v1/bays/01/actions/removed`)
    await live?.close()
    live = null
    rmSync(join(folder, 'data'), { recursive: true })
    rmSync(join(folder, 'roots'), { recursive: true })
    const again = await station([])
    await probed(again)
    await scan(again)
    await until('the hold', () => view().state === 'hold')
    expect(view().prompt?.line).toBe(
      'TPM: fetch the lead (Secure Boot is off or unknown, or debugging is on)',
    )
    expect(view().prompt?.choices.map(({ answer }) => answer)).toContain('go-on')
  })
})
