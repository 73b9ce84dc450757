// Thirty power cuts of a running station; `npm run test:power -- [cuts] [seed]`. Its result stands in docs/HARDWARE.md.
import process from 'node:process'
import { makeBed } from './hardware/bed.ts'
import { chanceOf, cutsText, judgeControl, powerCuts } from './hardware/power-cuts.ts'
import { Report } from './hardware/report.ts'

const CUTS = 30

const [cuts = CUTS, seed = process.pid] = process.argv.slice(2).map(Number)
const report = new Report()
const bed = await makeBed()
process.on('exit', () => bed.close())
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(1))
report.note(`${bed.kernelName} in QEMU, ${cuts} power cuts, seed ${seed}`)
const sum = await powerCuts(bed, report, cuts, chanceOf(seed))
judgeControl(sum, report)
if (report.failed === 0) report.proved(cutsText(sum))
report.end()
process.exitCode = report.failed === 0 ? 0 : 1
