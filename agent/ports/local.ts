// Ports of what comes in by the station's own socket: leases that dnsmasq gave, and hands on a bay's switch port.
import type { BayId, InstantMs } from '../core/ids.ts'

export type PortWant = 'off' | 'on' | 'cycle'
/** The link alone, or the power that the switch gives over the cable. */
export type PortPower = 'link' | 'poe'

export interface PortControl {
  /**
   * Resolves when the switch has confirmed it.
   * @throws StationError STATION_SWITCH_SILENT, STATION_SWITCH_REFUSED, STATION_LINK_MISSING
   */
  set(want: PortWant, what: PortPower): Promise<void>
}

export interface PortRequest {
  readonly want: PortWant
  readonly what: PortPower
  /** Asked twice: also under an open run. */
  readonly evenWithOpenRun: boolean
  readonly by: string
}

/** Hands on the ports of the bays, with the guard of an open run. */
export interface PortDesk {
  /** @throws StationError STATION_PORT_FIXED, OPERATOR_RUN_OPEN, or what PortControl throws */
  set(bay: BayId, request: PortRequest): Promise<void>
}

/** What dnsmasq tells its hook (hardware page 6.3). */
export interface Lease {
  /** `old` is replayed when dnsmasq starts: no sign of life. */
  readonly event: 'add' | 'old' | 'del'
  /** Lower case with colons. */
  readonly mac: string
  readonly ip: string
  readonly hostname: string | null
  /** The card or bridge that the request came in by. */
  readonly iface: string | null
  readonly at: InstantMs
}

/** `waiting`: no bay shows this MAC yet; it is remembered for a while. */
export type LeaseTaken = 'taken' | 'waiting' | 'ignored'

export interface LeaseDesk {
  take(lease: Lease): Promise<LeaseTaken>
}
