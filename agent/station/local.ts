// Opens the station's own socket, and tells the bench what dnsmasq said while no station was there to hear it.
import { readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { BayConfig, StationConfig } from '../../station-config/loader.ts'
import type { Bench } from '../bench/bench.ts'
import { SPOOL_FILE } from '../cli/dhcp-event.ts'
import { SOCKET_FILE } from '../cli/station-socket.ts'
import { type BayId, bayId } from '../core/ids.ts'
import { StationError } from '../fault.ts'
import type { Log } from '../log.ts'
import type { AuditLog, Clock, PortControl, PortDesk } from '../ports.ts'
import type { Accounts } from '../web/auth/accounts.ts'
import { startLocal } from '../web/local.ts'
import { leaseBody, parse } from '../wire/http.ts'
import type { Stack } from './stack.ts'

export interface LocalNeeds {
  /** Its bays are those that stand on the bench now. */
  readonly config: StationConfig
  readonly bench: Bench
  readonly ports: PortDesk
  readonly accounts: Accounts
  readonly audit: AuditLog
  readonly clock: Clock
  readonly log: Log
  readonly dataDir: string
  readonly stack: Stack
}

/** The guard of a bay's port: nothing goes dark under an open run unless it is asked for twice. */
export function portDesk(
  config: StationConfig,
  control: (bay: BayConfig) => PortControl | null,
  bench: Pick<Bench, 'runOf' | 'note'>,
  log: Log,
): PortDesk {
  return {
    async set(bay, { want, what, evenWithOpenRun, by }) {
      const own = config.bays.find((one) => one.bay === bay)
      const hand = own === undefined ? null : control(own)
      if (hand === null) throw new StationError('STATION_PORT_FIXED', `bay ${bay}`)
      const run = bench.runOf(bay)
      if (want !== 'on' && run !== null && !evenWithOpenRun)
        throw new StationError('OPERATOR_RUN_OPEN', `bay ${bay}`)
      log.info(`port of bay ${bay}: ${what} ${want}, asked by ${by}`, { bay, want, what, by })
      // Known before it is done: what follows on the wire is the station's own doing.
      await bench.note(bay, `port-${want}`, `${what} by ${by}`)
      await hand.set(want, what)
    },
  }
}

/** Bays alone on a card of this PC: whoever asks there for an address is their device. */
function ownCards(config: StationConfig): ReadonlyMap<string, BayId> {
  return new Map(
    config.bays.flatMap(({ bay, link }) =>
      link.driver === 'nic' ? [[link.interface, bayId(bay)] as const] : [],
    ),
  )
}

/** A socket that cannot be made is told and missed: the bench works without it. */
export async function openLocal(needs: LocalNeeds): Promise<void> {
  const { config, bench, ports, clock, log, dataDir, stack } = needs
  bench.leases.alone(() => ownCards(config))
  const path = join(dataDir, SOCKET_FILE)
  try {
    const { leases } = bench
    const { accounts, audit } = needs
    const local = await startLocal({ bench, leases, ports, accounts, audit, clock, log, path })
    stack.defer('local socket', () => local.close())
  } catch (error) {
    log.warn(
      `the local socket cannot be opened; reseal dhcp-event and port do not reach this station`,
      { error },
    )
    return
  }
  for (const line of spooled(dataDir)) {
    const lease = leaseOf(line)
    if (lease !== null) await bench.leases.take({ ...lease, at: lease.at ?? clock.now() })
  }
}

function leaseOf(line: string) {
  try {
    const parsed = parse(leaseBody, JSON.parse(line))
    return parsed.ok ? parsed.value : null
  } catch {
    // A line that was cut by a full disk.
    return null
  }
}

/** What lies in the spool, taken out of it. */
function spooled(dataDir: string): readonly string[] {
  const file = join(dataDir, SPOOL_FILE)
  const taken = `${file}.taken`
  try {
    renameSync(file, taken)
    const lines = readFileSync(taken, 'utf8').split('\n')
    rmSync(taken)
    return lines.filter((line) => line !== '')
  } catch {
    // Mostly there is none.
    return []
  }
}
