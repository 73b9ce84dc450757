// Opens the links of real bays: cards of this PC and ports of managed switches, each family once for all bays.
import { openNic, openNicFamily } from '../../drivers/link/index.ts'
import type { SnmpFamily, SwitchLogin, SwitchOptions } from '../../drivers/link/snmp/index.ts'
import type { BayConfig, StationConfig, SwitchConfig } from '../../station-config/loader.ts'
import { problemText } from '../../station-config/problem.ts'
import { readSecret } from '../../station-config/secret.ts'
import { bayId } from '../core/ids.ts'
import { StationError } from '../fault.ts'
import type { Log } from '../log.ts'
import type { Clock, LinkSource, PortControl, ReportHealth } from '../ports.ts'

export interface LinksNeeds {
  readonly config: StationConfig
  readonly clock: Clock
  readonly log: Log
  readonly report: ReportHealth
}

export interface Links {
  /** @throws StationError STATION_DRIVER_UNKNOWN for a link that stands only on a virtual bench */
  readonly open: (bay: BayConfig) => LinkSource
  /** Switches the port of a bay; null where the station has no hand on it. */
  readonly control: (bay: BayConfig) => PortControl | null
}

/** @throws StationError FILE_UNREADABLE for a secret of a switch */
export async function openLinks({ config, clock, log, report }: LinksNeeds): Promise<Links> {
  const cards = openNicFamily({ clock, note: (text: string) => log.debug(text) })
  const switches = config.switches.length === 0 ? null : await openSwitches(config, clock, log)
  return {
    open: ({ bay, link }) => {
      const shared = { bay: bayId(bay), reportHealth: report }
      if (link.driver === 'nic') return openNic({ family: cards, iface: link.interface, ...shared })
      if (link.driver === 'snmp' && switches !== null) return switches.open({ ...link, ...shared })
      const where = `bays.${bay}.link: ${link.text} stands only on a virtual bench`
      throw new StationError('STATION_DRIVER_UNKNOWN', where)
    },
    control: ({ link }) => (link.driver === 'snmp' ? (switches?.control(link) ?? null) : null),
  }
}

/** Loaded where a config has switches (`reload` cannot add the first one): a bench of cards spares their memory. */
async function openSwitches(config: StationConfig, clock: Clock, log: Log): Promise<SnmpFamily> {
  const { openSnmpFamily } = await import('../../drivers/link/snmp/index.ts')
  return openSnmpFamily({
    clock,
    switches: config.switches.map(switchOf),
    traps: config.traps,
    note: (text: string) => log.info(text),
  })
}

/** What the driver needs of a switch in the config, its secrets read. @throws StationError FILE_UNREADABLE */
export function switchOf(one: SwitchConfig): SwitchOptions {
  const { host, port, timeoutMs, retries, pollMs, control } = one
  return { id: one.switch, host, port, login: loginOf(one), timeoutMs, retries, pollMs, control }
}

function loginOf(one: SwitchConfig): SwitchLogin {
  if (one.communityFile !== null) return { version: '2c', community: secretOf(one.communityFile) }
  const { user, authFile, authProtocol, privFile, privProtocol } = one
  return {
    version: '3',
    user: user ?? '',
    auth: authFile === null ? null : { protocol: authProtocol, key: secretOf(authFile) },
    priv: privFile === null ? null : { protocol: privProtocol, key: secretOf(privFile) },
  }
}

function secretOf(file: string): string {
  const read = readSecret(file)
  if ('secret' in read) return read.secret
  throw new StationError('FILE_UNREADABLE', problemText(read.problem))
}
