// A boot log that was measured by a virtual machine, and a TPM whose PCRs are made what that boot left in them.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { EVENT, readLog } from '../../../drivers/tpm/event-log/log.ts'
import type { Swtpm } from '../../fakes/swtpm.ts'

/** An OVMF boot with Secure Boot, read from QEMU's memory. */
export const LOG_FILE = fileURLToPath(
  new URL('../../vectors/event-log/ovmf-secure-boot.bin', import.meta.url),
)
export const LOG = readFileSync(LOG_FILE)

/** Each measured digest is extended, as the firmware did it. */
export async function measureLog(swtpm: Swtpm): Promise<void> {
  const steps = readLog(LOG)
    .events.filter(({ pcr, type }) => pcr < 24 && type !== EVENT.noAction)
    .map(({ pcr, digests }) => {
      const digest = Buffer.from(digests.get('sha256') ?? []).toString('hex')
      return `${pcr}:sha256=${digest}`
    })
  if (steps.length < 10) throw new Error('the log has no boot in it')
  await swtpm.tool('tpm2_pcrextend', ...steps)
}
