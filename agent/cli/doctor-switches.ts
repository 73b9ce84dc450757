// What `doctor` says of managed switches: each is asked once, however many bays hang at it.
import { lookAtSwitch, type SwitchLook } from '../../drivers/link/snmp/index.ts'
import type { BayConfig, StationConfig } from '../../station-config/loader.ts'
import { isStationError, type StationError } from '../fault.ts'
import type { Clock } from '../ports.ts'
import { switchOf } from '../station/links.ts'
import { bad, type Checked, ok } from './checked.ts'

type SnmpLink = Extract<BayConfig['link'], { readonly driver: 'snmp' }>

/** What was seen of the switches, for the lines of their bays. */
export interface SwitchesSeen {
  /** One line for each switch. */
  readonly lines: readonly Checked[]
  /** The line of a bay at a port. */
  of(part: string, link: SnmpLink): Checked
}

/** Asks every switch of the config once, all at the same time; each has the time-outs that the config gives it. */
export async function lookAtSwitches(
  { switches, bays }: StationConfig,
  clock: Clock,
): Promise<SwitchesSeen> {
  const links = bays.flatMap(({ link }) => (link.driver === 'snmp' ? [link] : []))
  const looks = new Map<string, SwitchLook | StationError>()
  const lines = await Promise.all(
    switches.map(async (one): Promise<Checked> => {
      const part = `switch ${one.switch}`
      const ports = links.filter(({ switchId }) => switchId === one.switch).map(({ port }) => port)
      try {
        const look = await lookAtSwitch(switchOf(one), ports, clock)
        looks.set(one.switch, look)
        return ok(part, `${one.host} answers and names ${look.names} interfaces`)
      } catch (error) {
        if (!isStationError(error)) throw error
        looks.set(one.switch, error)
        return bad(part, error.code, error.where)
      }
    }),
  )
  return { lines, of: (part, link) => lineOf(part, link, looks.get(link.switchId)) }
}

function lineOf(
  part: string,
  { switchId, port }: SnmpLink,
  look: SwitchLook | StationError | undefined,
): Checked {
  const where = `${port} of switch ${switchId}`
  if (isStationError(look)) return bad(part, look.code, where)
  const seen = look?.ports.get(port)
  if (seen === undefined) return bad(part, 'STATION_LINK_MISSING', `${where}: not asked`)
  if (seen.is === 'missing') return bad(part, 'STATION_LINK_MISSING', `${switchId} ${seen.why}`)
  const wire = seen.isUp === null ? 'state not told' : seen.isUp ? 'link up' : 'no link'
  return ok(part, `${where}: ${wire}`)
}
