// The measured boot log of a device, handed over by probe.sh with its TPM, is replayed against the PCRs that the TPM quotes.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { judgeTpm } from '../../../agent/core/tpm/judge.ts'
import type { TpmSighting } from '../../../agent/ports.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { readLog } from '../../../drivers/tpm/event-log/log.ts'
import { attestTpm, NO_ROOTS } from '../../../drivers/tpm/index.ts'
import { BAY, type OpenDesk, openDesk } from './desk.ts'
import { LOG, measureLog } from './measured.ts'
import { DeviceNetwork } from './namespace.ts'
import { TpmDevice } from './tpm-device.ts'

const PROBE = join(import.meta.dirname, '../../../drivers/probe/probe.sh')
let network: DeviceNetwork
let device: TpmDevice
let open: OpenDesk

beforeEach(async () => {
  network = new DeviceNetwork()
  device = new TpmDevice()
  await device.open(undefined, measureLog)
  open = await openDesk(network.host)
})
afterEach(async () => {
  await open?.[Symbol.asyncDispose]()
  await device?.close()
  network?.close()
})

/** probe.sh on the device, with its boot log at `log`; then the rows that tell of it. */
async function probed(log: string) {
  let seen: TpmSighting | null = null
  open.desk.work = async ({ relay, eventLog }, signal) => {
    const clock = systemClock()
    seen = await attestTpm(relay, { clock, roots: NO_ROOTS, signal, where: 'bay 01', eventLog })
  }
  const { intake } = open
  const env = ['env', `TMPDIR=${device.folder}`, `RESEAL_BOOT_LOG=${log}`]
  const line = ['sh', PROBE, intake.url, intake.pin, intake.issue(BAY).code, '--tpm', device.path]
  const ran = await network.run([...env, ...line])
  expect(ran).toMatchObject({ status: 0, err: expect.stringContaining('done') })
  const tpm = seen as TpmSighting | null
  expect(tpm?.quote).toMatchObject({ seen: { failed: null } })
  const policy = { allowTestTpm: true, demands: [] }
  const { station, checks } = judgeTpm({ tpm, windows: null, machine: null, rules: [], policy })
  const of = (id: string) => checks.find((check) => check.id === id)
  return { station, log: of('event-log'), secureBoot: of('secure-boot'), said: ran.err }
}

function kept(bytes: Uint8Array): string {
  const file = join(device.folder, 'measurements')
  writeFileSync(file, bytes)
  return file
}

test('a good log: equal to the quoted PCRs, and Secure Boot is told from it', async () => {
  const { log, secureBoot } = await probed(kept(LOG))
  expect(log).toMatchObject({ verdict: 'GO', source: 'tpm' })
  expect(secureBoot).toMatchObject({
    verdict: 'GO',
    value: expect.stringMatching(/^Secure Boot on, /),
  })
})

test('an altered log is NO-GO, and nothing is read from it', async () => {
  const altered = Buffer.from(LOG)
  // One bit of the last event's digest, well inside.
  const { events } = readLog(LOG)
  const digest = Buffer.from(events.at(-1)?.digests.get('sha256') ?? [])
  const at = altered.lastIndexOf(digest)
  altered.writeUInt8((altered[at] ?? 0) ^ 1, at)
  const { station, log, secureBoot } = await probed(kept(altered))
  expect(log?.verdict).toBe('NO-GO')
  expect(station).toBe('NO-GO')
  expect(secureBoot?.verdict).toBe('HOLD')
})

test('a missing log is a hold, and the probe says so on the device', async () => {
  const none = await probed(join(device.folder, 'nowhere'))
  expect(none.log).toMatchObject({ verdict: 'HOLD', value: expect.stringContaining('missing') })
  expect(none.said).toContain('no boot log')
})

test('a log that is too long stays on the device, which says so: a hold as well', async () => {
  const long = await probed(kept(Buffer.concat([LOG, Buffer.alloc(600_000)])))
  expect(long.log).toMatchObject({ verdict: 'HOLD', value: expect.stringContaining('missing') })
  expect(long.said).toContain('longer than 512 KB')
})
