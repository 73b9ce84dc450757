// Tells what happened to a port of a switch between two polls; pure, so that every case stands in a table of tests.
import type { Edge } from '../edges.ts'

/** A port as one poll shows it. Null: the switch does not tell. */
export interface PortRow {
  readonly isUp: boolean
  /** False when an administrator switched it off. */
  readonly isEnabled: boolean
  /** Mb/s. */
  readonly speed: number | null
  /** sysUpTime of the last change, hundredths of a second. */
  readonly lastChange: number | null
}

/** What is remembered of a port between polls. */
export interface PortTrack {
  readonly level: 'up' | 'down' | 'gone' | null
  readonly speed: number | null
  readonly lastChange: number | null
}

export const UNTRACKED_PORT: PortTrack = { level: null, speed: null, lastChange: null }

const edge = (link: Edge['link'], speed: number | null = null): Edge =>
  speed === null ? { link } : { link, speed }

export interface TrackedPort {
  readonly track: PortTrack
  readonly edges: readonly Edge[]
}

/** Nobody can say how the port stands: the switch is silent, or has no port of this name. */
export function lost(last: PortTrack): TrackedPort {
  const edges = last.level === 'gone' ? [] : [edge('gone')]
  return { track: { ...UNTRACKED_PORT, level: 'gone' }, edges }
}

/**
 * What `row` means after `last`. `restarted`: the switch counts its time anew, so that another time of last change is no
 * sign of a flap; only the status itself tells an edge then.
 */
export function followPort(last: PortTrack, row: PortRow, restarted: boolean): TrackedPort {
  const level = row.isUp ? 'up' : 'down'
  const speed = row.isUp ? row.speed : null
  const track: PortTrack = { level, speed, lastChange: row.lastChange }
  const arrived = edge(level, speed)
  if (last.level === null) return { track, edges: [arrived] }
  if (last.level === 'gone') return { track, edges: [edge('back'), arrived] }
  if (level !== last.level) return { track, edges: [arrived] }
  const moved =
    last.lastChange !== null && row.lastChange !== null && row.lastChange !== last.lastChange
  // It went and came back between two polls, once or more often: no counter says how often.
  if (moved && !restarted) return { track, edges: [edge(level === 'up' ? 'down' : 'up'), arrived] }
  if (level === 'up' && speed !== null && speed !== last.speed) return { track, edges: [arrived] }
  return { track: { ...track, speed: speed ?? last.speed }, edges: [] }
}

/** sysUpTime is 32 bits of hundredths: it begins again after 497 days. */
const TICKS = 2 ** 32
/** A clock of a switch and ours may differ by so much, hundredths. */
const SLACK = 6000

/**
 * True when a switch, or the program in it that answers, was restarted between two readings of sysUpTime.
 * @param elapsedMs monotonic time between them
 */
export function wasRestarted(before: number, now: number, elapsedMs: number): boolean {
  if (now >= before) return false
  // Just as much before the end of the count as has passed: it only began again.
  const expected = before + elapsedMs / 10
  return Math.abs(expected - TICKS - now) > SLACK
}
