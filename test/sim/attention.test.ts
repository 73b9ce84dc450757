// What a bench of 24 bays asks of its operator when nothing goes wrong, in seconds per device: walking, looking, acting.
import { expect, test } from 'vitest'
import { Sim } from './parts/bench-sim.ts'
import { runToEnd } from './parts/end.ts'

/** The aims are 45 s assisted and 15 s with a capture; the limits catch a flow that asks for much more than today. */
const BENCHES = [
  { kind: 'assisted', assisted: 'all', aimS: 45, limitS: 100 },
  { kind: 'capture', assisted: 'none', aimS: 15, limitS: 40 },
] as const

test.each(BENCHES)(
  'an operator of 24 $kind bays spends at most $limitS s on a device',
  async (one) => {
    const sim = new Sim({ seed: 24, bays: 24, devices: 144, faults: false, assisted: one.assisted })
    const end = await runToEnd(sim)
    const { secondsPerDevice, promptsPerDevice, devices } = sim.figures()
    console.log(
      `${one.kind}: ${secondsPerDevice.toFixed(1)} s and ${promptsPerDevice.toFixed(1)} answers a device over ${devices} devices (aim ${one.aimS} s), verdicts ${JSON.stringify(end.verdicts)}`,
    )
    expect(end.complaints).toEqual([])
    expect(secondsPerDevice).toBeLessThan(one.limitS)
  },
)
