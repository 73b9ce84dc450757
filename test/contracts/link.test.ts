// The contract of links on the nic driver over cards in memory; real ones are in test/integration/link.
import { bayId } from '../../agent/core/ids.ts'
import { scaledClock } from '../../drivers/host/clock.ts'
import { openNic, openNicFamily } from '../../drivers/link/index.ts'
import { FakeNics } from '../drivers/link/fake-nics.ts'
import { linkContract } from './link.contract.ts'

linkContract('nic: (cards in memory, polled)', () => {
  const nics = new FakeNics()
  nics.add('p1')
  const family = openNicFamily({
    clock: scaledClock(10, Date.UTC(2026, 10, 23)),
    read: nics.read,
    ipCommand: null,
  })
  return {
    source: openNic({ family, iface: 'p1', bay: bayId('1'), reportHealth: () => undefined }),
    up: () => nics.set('p1', true),
    down: () => nics.set('p1', false),
    flap: () => {
      nics.set('p1', false)
      nics.set('p1', true)
    },
    port: { remove: () => nics.remove('p1'), restore: () => nics.add('p1') },
    close: () => undefined,
  }
})
