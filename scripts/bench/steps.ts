// How many inputs a second the pure core takes, on the mix of a virtual run.
import { record, replay } from './recording.ts'
import { inTurns, type Row, rowOf } from './row.ts'

const ROUNDS = 7
const STEPS_MIN = 400_000

export async function steps(): Promise<readonly Row[]> {
  const tape = await record()
  const times = Math.ceil(STEPS_MIN / tape.inputs)
  const { ours } = await inTurns(ROUNDS, {
    ours: async () => {
      const from = performance.now()
      for (let n = 0; n < times; n += 1) for (const bay of tape.bays) replay(bay)
      return (times * tape.inputs * 1000) / (performance.now() - from)
    },
  })
  return [
    rowOf({
      name: 'core: steps',
      unit: '/s',
      ours,
      goal: { of: 'figure', is: 'at least', value: 500_000 },
      note: `${tape.inputs} inputs and ${tape.records} records of a virtual run with faults, replayed to the same states`,
    }),
  ]
}
