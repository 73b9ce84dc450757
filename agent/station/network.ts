// Binds each bay's network to the place that its config names, for the station and for `reseal network` alike.
import { fileURLToPath } from 'node:url'
import {
  type BayNetwork,
  type NetworkPlace,
  openNetworkCheck,
  waysOut,
} from '../../drivers/network/index.ts'
import type { BayConfig, StationConfig } from '../../station-config/loader.ts'
import { loadAddresses } from '../../station-config/network/addresses.ts'
import { problemText } from '../../station-config/problem.ts'
import { bayId } from '../core/ids.ts'
import { StationError } from '../fault.ts'
import type { Log } from '../log.ts'
import type { Clock, NetworkCheck } from '../ports.ts'

/** Asks apart from the bays' loop, and in the namespace of a bay. */
const HELPER = fileURLToPath(new URL('./network-helper.ts', import.meta.url))

/** What the config says, else the bay's own card; `virtual:` bays are asked for from the PC. */
export function placeOf({ network, link }: BayConfig): NetworkPlace {
  const dns = network?.dns ?? null
  if (network?.netns !== undefined) return { from: 'netns', name: network.netns, dns }
  if (network?.interface !== undefined) return { from: 'interface', name: network.interface, dns }
  return link.driver === 'nic' ? { from: 'link', name: link.interface, dns } : { from: 'host', dns }
}

/**
 * The check of all bays of a config; `signal` ends what runs. `every`: a finding for each address.
 * @throws StationError CONFIG_INVALID when the list that ships with the program was damaged
 */
export function networkOf(
  config: StationConfig,
  clock: Clock,
  signal: AbortSignal,
  every = false,
): NetworkCheck {
  const { value, problems } = loadAddresses()
  if (value === null) throw new StationError('CONFIG_INVALID', problems.map(problemText).join('; '))
  const checked = config.bays.filter(({ networkCheck }) => networkCheck)
  const bays = checked.map((bay): readonly [ReturnType<typeof bayId>, BayNetwork] => [
    bayId(bay.bay),
    { place: placeOf(bay), accept: bay.network?.accept ?? [] },
  ])
  return openNetworkCheck({
    clock,
    signal,
    addresses: value.addresses,
    bays: new Map(bays),
    helper: HELPER,
    every,
  })
}

/** Says once that a virtual bench stands on a PC without an uplink: it needs none, a real one would hold every start. */
export async function tellUplink(log: Log): Promise<void> {
  if ((await waysOut('/proc')).length > 0) return
  log.info(
    'this PC has no uplink: the virtual bench needs none, a real bench would hold every start',
  )
}
