// How many inputs a second the pure core takes, on the mix of a virtual run.
import process from 'node:process'
import { checkReplay, record, replay } from './recording.ts'
import { inTurns, type Row, rowOf } from './row.ts'

const ROUNDS = 7
const STEPS_MIN = 400_000

export async function steps(): Promise<readonly Row[]> {
  const tape = await record()
  for (const bay of tape.bays) checkReplay(bay)
  const times = Math.ceil(STEPS_MIN / tape.inputs)
  const { ours } = await inTurns(ROUNDS, {
    ours: async () => {
      const from = process.threadCpuUsage()
      for (let n = 0; n < times; n += 1) for (const bay of tape.bays) replay(bay)
      const { user, system } = process.threadCpuUsage(from)
      return (times * tape.inputs * 1e6) / (user + system)
    },
  })
  return [
    rowOf({
      name: 'core: steps',
      unit: '/s',
      ours,
      goal: { of: 'figure', is: 'at least', value: 500_000 },
      note: `${tape.inputs} inputs and ${tape.records} records of a virtual run with faults, replayed to the same states; by the time of the processor that the thread took`,
    }),
  ]
}
