// The virtual hardware machine: drivers against the kernel's own USB, HID, network and TPM code. `npm run test:hardware`.
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { makeBed } from './hardware/bed.ts'
import { cableHands, cardDevices } from './hardware/cards.ts'
import { TEST_PROGRAM } from './hardware/guest-path.ts'
import { chanceOf, cutsText, powerCuts } from './hardware/power-cuts.ts'
import { follow, Report } from './hardware/report.ts'
import { type MachineTpm, machineTpm } from './hardware/tpm.ts'

/** All of it must end within 8 minutes on two free cores; a busy machine gets more. */
const LIFE_MS = 20 * 60_000

/** Enough to see that it works; `npm run test:power` has the long series. */
const POWER_CUTS = 2

/** Whole stations: on a machine of their own beside the drivers', for one emulated processor is one core of this PC. */
const STATIONS = new Set(['service.test.ts', 'suggest.test.ts'])

const [only = '-'] = process.argv.slice(2)
const tests = readdirSync(resolve(import.meta.dirname, '../test/hardware'))
  .filter((name) => name.endsWith('.test.ts'))
  .sort()

/** One machine that runs these files. */
async function run(files: readonly string[], devices: readonly string[]): Promise<void> {
  const program = [TEST_PROGRAM, encodeURIComponent(only), ...files]
  await using machine = await bed.start(program, { devices, lifeMs: LIFE_MS })
  await follow(machine, report, cableHands(machine))
}

async function stations(): Promise<void> {
  await run([...STATIONS], cardDevices)
  if (only !== '-') return
  const sum = await powerCuts(bed, report, POWER_CUTS, chanceOf(process.pid))
  if (report.failed === 0) report.proved(cutsText(sum))
}

const report = new Report()
const bed = await makeBed()
let tpm: MachineTpm | null = null
// QEMU and swtpm end with this process; its folder must go too.
process.on('exit', () => bed.close())
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(1))
try {
  tpm = await machineTpm(join(bed.folder, 'tpm'), join(bed.checkout, 'tpm-roots'))
  report.note(`${bed.kernelName} in QEMU, ${tests.length} test files`)
  const drivers = tests.filter((name) => !STATIONS.has(name))
  await Promise.all([run(drivers, [...cardDevices, ...tpm.devices]), stations()])
} finally {
  await tpm?.close()
  bed.close()
}
report.end()
process.exitCode = report.failed === 0 ? 0 : 1
