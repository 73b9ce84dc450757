// A process that commits closing steps as fast as it can, says which are done, and is killed by its test.
import { writeSync } from 'node:fs'
import { openLedger } from '../../../../agent/ledger/ledger.ts'
import { systemClock } from '../../../../drivers/host/clock.ts'
import { closing, step } from './steps.ts'

const [dir = '', generation = '0'] = process.argv.slice(2)
const ids = { next: () => `E${generation.padStart(25, '0')}` }
const ledger = await openLedger({
  dir,
  mode: 'thread',
  clock: systemClock(),
  ids,
  station: 'bench-1',
  ballastBytes: 0,
})
// A write that the kernel has taken before the next step begins: what the test read was said before the kill.
writeSync(1, 'open\n')

async function bay(name: string): Promise<void> {
  for (let input = 1; ; input += 2) {
    const run = `${generation}-${name}-${input}`
    await ledger.commit(step(name, input, { run, phase: 'provisioning' }))
    await ledger.commit(closing(name, input + 1, run))
    writeSync(1, `${run}\n`)
  }
}
await Promise.all(['B1', 'B2', 'B3', 'B4'].map(bay))
