// What one poll asks of a switch: status of all watched ports in a few requests, the rest only when something moved.
import { type FdbEntry, readFdb } from './fdb.ts'
import {
  BASE_PORT_IF_INDEX,
  DOT1D_FDB_PORT,
  DOT1D_FDB_STATUS,
  DOT1Q_FDB_PORT,
  DOT1Q_FDB_STATUS,
  IF_ADMIN_STATUS,
  IF_HIGH_SPEED,
  IF_LAST_CHANGE,
  IF_NAME,
  IF_OPER_STATUS,
} from './oids.ts'
import type { Column, SwitchSession, Value } from './session.ts'
import type { PortRow } from './track.ts'

const UP = 1
const EMPTY: Column = new Map()
const numberOf = (value: Value | undefined): number | null =>
  typeof value === 'number' ? value : null

export interface Status {
  readonly upTime: number
  /** By ifIndex; a port that is not in it has left the switch. */
  readonly rows: ReadonlyMap<number, Pick<PortRow, 'isUp' | 'lastChange'>>
}

/** Names of all ports by ifIndex, with the time they were read at. */
export async function readNames(session: SwitchSession): Promise<Column> {
  const { columns } = await session.columns([IF_NAME])
  return columns[0] ?? EMPTY
}

const span = (ports: readonly number[]): [number, number] => [
  Math.min(...ports),
  Math.max(...ports),
]

/** Status and time of last change of the ports between the lowest and the highest of `ports`. */
export async function readStatus(
  session: SwitchSession,
  ports: readonly number[],
): Promise<Status> {
  const oids = [IF_OPER_STATUS, IF_LAST_CHANGE]
  const { upTime, columns } = await session.columns(oids, ...span(ports))
  const [status = EMPTY, changes = EMPTY] = columns
  const rows = [...status].map(
    ([index, value]) =>
      [Number(index), { isUp: value === UP, lastChange: numberOf(changes.get(index)) }] as const,
  )
  return { upTime, rows: new Map(rows) }
}

export type Extras = ReadonlyMap<number, Pick<PortRow, 'isEnabled' | 'speed'>>

/** Speed and administration of the same ports. */
export async function readExtras(
  session: SwitchSession,
  ports: readonly number[],
): Promise<Extras> {
  const { columns } = await session.columns([IF_ADMIN_STATUS, IF_HIGH_SPEED], ...span(ports))
  const [admin = EMPTY, speeds = EMPTY] = columns
  const rows = [...admin].map(([index, value]) => {
    const speed = numberOf(speeds.get(index))
    const known = speed === null || speed <= 0 ? null : speed
    return [Number(index), { isEnabled: value === UP, speed: known }] as const
  })
  return new Map(rows)
}

/** Bridge port to ifIndex; changes only when the switch is rebuilt. */
export async function readBasePorts(session: SwitchSession): Promise<Column> {
  const { columns } = await session.columns([BASE_PORT_IF_INDEX])
  return columns[0] ?? EMPTY
}

/**
 * What the switch learnt. The table by VLAN is asked first: the other one shows only the default VLAN on some switches
 * (hardware page 6.2).
 */
export async function readLearnt(
  session: SwitchSession,
  basePorts: Column,
): Promise<readonly FdbEntry[]> {
  const byVlan = await session.columns([DOT1Q_FDB_PORT, DOT1Q_FDB_STATUS])
  const [ports = EMPTY, status = EMPTY] = byVlan.columns
  if (ports.size > 0) return readFdb(ports, status, basePorts)
  const { columns } = await session.columns([DOT1D_FDB_PORT, DOT1D_FDB_STATUS])
  return readFdb(columns[0] ?? EMPTY, columns[1] ?? EMPTY, basePorts)
}
