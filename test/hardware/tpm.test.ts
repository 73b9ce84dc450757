// A TPM as a device of the kernel, behind its own driver and resource manager, attested by the command that a bench uses.
import { execFile } from 'node:child_process'
import process from 'node:process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { proved } from './guest/runner.ts'

const run = promisify(execFile)
const TPM = 'device:/dev/tpmrm0'

test('a TPM behind the kernel attests to the station, its boot log included', async () => {
  const args = ['agent/main.ts', 'attest', '--tpm', TPM, '--roots', 'tpm-roots', '--allow-test-tpm']
  const { code, stdout, stderr } = await run(process.execPath, args).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
  expect([code, stderr, code === 0 ? '' : stdout]).toEqual([0, '', ''])
  expect(stdout).toMatch(/credential activation +the secret came back/)
  proved(
    `reseal attest --tpm ${TPM}: exit 0, the secret came back through the kernel's resource manager`,
  )
})
