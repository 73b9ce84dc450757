// A TPM as a device of the kernel, behind its own driver and resource manager, attested by the command that a bench uses.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import process from 'node:process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { transportFromUrl } from '../../drivers/tpm2-ts/index.ts'
import { type MadeEvent, makeLog, makeVariable } from '../fakes/event-log.ts'
import { proved } from './guest/runner.ts'

const run = promisify(execFile)
const TPM = 'device:/dev/tpmrm0'

/** The verdict of `reseal attest`, and the lines that are neither good nor unknown. */
async function attested(...more: string[]) {
  const trust = ['--roots', 'tpm-roots', '--allow-test-tpm']
  const args = ['agent/main.ts', 'attest', '--tpm', TPM, ...trust, ...more]
  const ended = await run(process.execPath, args).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
  const { code, stdout, stderr } = ended
  const doubts = stdout.split('\n').filter((line) => /^[?✗]/.test(line))
  return { code, stdout, stderr, doubts: doubts.map((line) => line.replaceAll(/ +/g, ' ')) }
}

/** EV_EFI_VARIABLE_DRIVER_CONFIG and EV_SEPARATOR of the PC client profile, and the variables that UEFI itself owns. */
const DRIVER_CONFIG = 0x80000001
const SEPARATOR = 4
const EFI_GLOBAL = '8be4df61-93ca-11d2-aa0d-00e098032b8c'

/** What a UEFI firmware measures at least: Secure Boot is on, and nothing more comes from it. */
const BOOT: readonly MadeEvent[] = [
  { pcr: 7, type: DRIVER_CONFIG, data: makeVariable(EFI_GLOBAL, 'SecureBoot', Buffer.from([1])) },
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((pcr) => ({ pcr, type: SEPARATOR, data: Buffer.alloc(4) })),
]

/** TPM2_PCR_Extend with an empty password (TPM 2.0 part 3, §22.2), sent through the kernel. */
async function measure(events: readonly MadeEvent[]): Promise<void> {
  await using transport = transportFromUrl(TPM)
  for (const { pcr, data } of events) {
    const digest = createHash('sha256').update(data).digest('hex')
    const register = pcr.toString(16).padStart(8, '0')
    const body = `00000182${register}0000000940000009${'0'.repeat(10)}00000001000b${digest}`
    const size = (6 + body.length / 2).toString(16).padStart(8, '0')
    const command = Buffer.from(`8002${size}${body}`, 'hex')
    const answer = await transport.send(command, AbortSignal.timeout(60_000))
    expect(Buffer.from(answer).readUInt32BE(6)).toBe(0)
  }
}

test('a TPM behind the kernel attests to the station: no boot log is a hold, one that agrees is GO', async () => {
  const hold = await attested()
  expect([hold.code, hold.stderr, hold.doubts]).toEqual([
    4,
    '',
    [
      '? HOLD event log the boot log is missing',
      '? HOLD Secure Boot, debug the boot log is missing',
    ],
  ])
  await measure(BOOT)
  writeFileSync('/tmp/boot-log', makeLog(BOOT, ['sha256']))
  const { code, stdout, stderr, doubts } = await attested('--event-log', '/tmp/boot-log')
  expect([code, stderr, doubts]).toEqual([0, '', []])
  expect(stdout).toMatch(/credential activation +the secret came back/)
  proved(`reseal attest --tpm ${TPM}: exit 0, through the kernel’s driver and resource manager`)
})
