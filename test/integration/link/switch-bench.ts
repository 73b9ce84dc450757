// A station's side of the fake switch: a family on its port, watches on its bays, and what was noted.
import { bayId } from '../../../agent/core/ids.ts'
import type { Health } from '../../../agent/ports.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import {
  openSnmpFamily,
  type SnmpFamily,
  type SwitchLogin,
  type SwitchOptions,
} from '../../../drivers/link/snmp/index.ts'
import { Watched } from '../../contracts/link.contract.ts'

export const V2C: SwitchLogin = { version: '2c', community: 'bench' }
export const V3: SwitchLogin = {
  version: '3',
  user: 'reseal',
  auth: { protocol: 'sha256', key: 'a-long-auth-key' },
  priv: { protocol: 'aes', key: 'a-long-priv-key' },
}
export const clock = systemClock()

export interface Side {
  readonly family: SnmpFamily
  readonly notes: readonly string[]
  readonly health: readonly Omit<Health, 'since'>[]
  watch(port: number): Watched
  source(port: number): ReturnType<SnmpFamily['open']>
  stop(): Promise<void>
}

/** A family on a switch at a port of this machine; polls each 300 ms unless told otherwise. */
export function side(port: number, more: Partial<SwitchOptions> & { traps?: number } = {}): Side {
  const { traps, ...options } = more
  const notes: string[] = []
  const health: Omit<Health, 'since'>[] = []
  const watches: Watched[] = []
  const family = openSnmpFamily({
    clock,
    switches: [
      {
        id: 'sw1',
        host: '127.0.0.1',
        port,
        login: V2C,
        timeoutMs: 300,
        retries: 1,
        pollMs: 300,
        control: true,
        ...options,
      },
    ],
    traps: traps === undefined ? null : { host: '127.0.0.1', port: traps },
    note: (text) => notes.push(text),
  })
  const source = (number: number) =>
    family.open({
      switchId: 'sw1',
      port: `Gi1-0-${number}`,
      bay: bayId(String(number)),
      reportHealth: (row) => health.push(row),
    })
  return {
    family,
    notes,
    health,
    source,
    watch: (number) => {
      const watched = new Watched(source(number))
      watches.push(watched)
      return watched
    },
    stop: async () => {
      for (const watched of watches.splice(0)) await watched.stop()
    },
  }
}
