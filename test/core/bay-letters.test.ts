// A bay takes every letter: also one put by whoever was told, just then, that the letter before it is done.
import { expect, it } from 'vitest'
import { Bay } from '../../agent/bench/bay.ts'
import { bayId } from '../../agent/core/ids.ts'
import { freshBay } from '../../agent/core/state.ts'
import type { Ledger, Taken } from '../../agent/ports.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { randomIds } from '../../drivers/host/ids.ts'
import { rulesOf } from './flow/rules.ts'

it('one after the other, each put when the one before is answered', async () => {
  const id = bayId('01')
  const clock = systemClock()
  const ledger = { commit: async () => ({ seq: 1, chain: null }) } as Partial<Ledger> as Ledger
  const bay = new Bay(
    {
      bay: id,
      rules: rulesOf({}, {}),
      clock,
      ids: randomIds(),
      ledger,
      report: () => undefined,
      committed: () => undefined,
      relearn: () => [],
    },
    freshBay(id, clock.now()),
  )
  const put = () =>
    new Promise<Taken>((done) => bay.put({ kind: 'mac', mac: '02:00:00:00:00:01' }, null, done))
  for (let round = 1; round <= 5; round += 1) {
    // No step between the answer and the next letter: that is where one was left lying.
    const taken = await put()
    expect(taken).toMatchObject({ bay: '01' })
    expect(bay.state.input).toBe(round)
  }
  bay.stop()
}, 2000)
