// A publishing station as a process of its own, so that a test can kill it: `node station-process.ts <broker url>`.
import { openRig } from './rig.ts'
import { until } from './wait.ts'

const rig = await openRig(process.argv[2] ?? '')
process.once('SIGTERM', async () => {
  await rig.publisher.stop(1500)
  process.exit(0)
})
rig.events(20)
await until('the rows to go out', () => rig.unsent() === 0)
process.stdout.write('published\n')
// Stays until it is told to go.
setInterval(() => rig.bench.tell('B1'), 1000)
