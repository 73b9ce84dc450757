// One look at a switch for `doctor`: whether it answers this station, and how the ports of the bays stand.
import { StationError } from '../../../agent/fault.ts'
import type { Clock } from '../../../agent/ports.ts'
import { type Found, findPort } from './names.ts'
import { readNames, readStatus } from './poll.ts'
import { type SwitchAddress, SwitchSession } from './session.ts'

/** `isUp` is null when the switch names the port and tells nothing of it. */
export type PortLook =
  | { readonly is: 'there'; readonly isUp: boolean | null }
  | { readonly is: 'missing'; readonly why: string }

export interface SwitchLook {
  /** How many interfaces the switch names: ports, uplinks, VLANs. */
  readonly names: number
  /** By name, as they were asked for. */
  readonly ports: ReadonlyMap<string, PortLook>
}

/** What the tables may take beyond the switch's own time-outs, ms: those of 48 ports are four datagrams. */
const TABLES_MS = 5000

/**
 * Asks the switch once, in a session of its own that ends with the answer; nothing is changed.
 * @throws StationError STATION_SWITCH_SILENT, STATION_SWITCH_REFUSED
 */
export async function lookAtSwitch(
  address: SwitchAddress,
  ports: readonly string[],
  clock: Clock,
): Promise<SwitchLook> {
  const { host, timeoutMs, retries } = address
  const session = new SwitchSession(address)
  const end = new AbortController()
  const boundMs = timeoutMs * (retries + 1) + TABLES_MS
  const late = clock.sleep(boundMs, end.signal).then(() => {
    throw new StationError('STATION_SWITCH_SILENT', `switch ${host}: not done in ${boundMs} ms`)
  })
  // Who won the race has no use for the other's end.
  late.catch(() => undefined)
  try {
    return await Promise.race([read(session, ports), late])
  } finally {
    end.abort()
    session.close()
  }
}

async function read(session: SwitchSession, ports: readonly string[]): Promise<SwitchLook> {
  const names = await readNames(session)
  const found = new Map(ports.map((port) => [port, findPort(names, port)] as const))
  const indexes = [...found.values()].flatMap(({ ifIndex }) => ifIndex ?? [])
  const rows = indexes.length === 0 ? null : (await readStatus(session, indexes)).rows
  const lookOf = (one: Found): PortLook =>
    one.ifIndex === null
      ? { is: 'missing', why: one.why }
      : { is: 'there', isUp: rows?.get(one.ifIndex)?.isUp ?? null }
  return {
    names: names.size,
    ports: new Map([...found].map(([port, one]) => [port, lookOf(one)])),
  }
}
