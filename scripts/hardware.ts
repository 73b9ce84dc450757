// The virtual hardware machine: drivers against the kernel's own USB, HID, network and TPM code. `npm run test:hardware`.
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import process from 'node:process'
import { makeBed } from './hardware/bed.ts'
import { TEST_PROGRAM } from './hardware/guest-path.ts'
import { follow, Report } from './hardware/report.ts'

/** All of it must end within 8 minutes on two free cores; a busy machine gets more. */
const LIFE_MS = 20 * 60_000

const [only = '-'] = process.argv.slice(2)
const tests = readdirSync(resolve(import.meta.dirname, '../test/hardware'))
  .filter((name) => name.endsWith('.test.ts'))
  .sort()

const report = new Report()
const bed = await makeBed()
try {
  report.note(`${bed.kernelName} in QEMU, ${tests.length} test files`)
  const program = [TEST_PROGRAM, encodeURIComponent(only), ...tests]
  await using machine = await bed.start(program, { lifeMs: LIFE_MS })
  await follow(machine, report, async () => ({}))
} finally {
  bed.close()
}
report.end()
process.exitCode = report.failed === 0 ? 0 : 1
