// The whole way: probe.sh on a device in its own network namespace relays a real software TPM to the station's attestation.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TpmSighting } from '../../../agent/ports.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { attestTpm, NO_ROOTS } from '../../../drivers/tpm/index.ts'
import { BAY, type OpenDesk, openDesk } from './desk.ts'
import { DeviceNetwork } from './namespace.ts'
import { TpmDevice } from './tpm-device.ts'

const PROBE = join(import.meta.dirname, '../../../drivers/probe/probe.sh')

let network: DeviceNetwork
let device: TpmDevice
let open: OpenDesk

beforeEach(async () => {
  network = new DeviceNetwork()
  device = new TpmDevice()
  await device.open()
  open = await openDesk(network.host)
})
afterEach(async () => {
  await open[Symbol.asyncDispose]()
  await device.close()
  network.close()
})

const probe = (shell: string, code: string, ...options: string[]) =>
  network.run([
    'env',
    `TMPDIR=${device.folder}`,
    shell,
    PROBE,
    open.intake.url,
    open.intake.pin,
    code,
    '--tpm',
    device.path,
    ...options,
  ])

describe('probe.sh behind the intake', () => {
  // Debian's two shells; the script holds to what POSIX says.
  it.each(['dash', 'bash'])(
    'in %s reports, and its TPM attests to the station: credential activated, quote checked',
    async (shell) => {
      const { desk, intake } = open
      let seen: TpmSighting | null = null
      desk.work = async ({ relay }, signal) => {
        const clock = systemClock()
        seen = await attestTpm(relay, { clock, roots: NO_ROOTS, signal, where: 'bay 01' })
      }
      const ran = await probe(shell, intake.issue(BAY).code)
      expect(ran).toMatchObject({ status: 0, err: expect.stringContaining('done') })
      expect(desk.reports).toHaveLength(1)
      expect(desk.reports[0]).toMatchObject({ bay: '01', run: 'run-1' })
      expect(desk.reports[0]?.text).toMatch(/^reseal-probe 1\nprobe=linux\n/)
      const sighting = seen as TpmSighting | null
      expect(sighting?.trouble).toBeNull()
      expect(sighting?.activation).toEqual({ seen: 'returned' })
      expect(sighting?.quote).toMatchObject({ seen: { failed: null } })
      // Nothing is left behind.
      expect(readdirSync(device.folder).filter((name) => name.startsWith('tmp.'))).toEqual([])
      expect(desk.refused).toEqual([])
    },
  )
})
