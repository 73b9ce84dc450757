// Tells what happened to a link between two readings of sysfs; pure, so that every case stands in a table of tests.
import type { NicReading, PresentNic } from './sysfs.ts'

/** How an interface stands as a part of the bench. */
export type Condition = 'ok' | 'admin-down' | 'missing' | 'unreadable'

export interface Edge {
  readonly link: 'up' | 'down' | 'gone' | 'back'
  readonly speed?: number
  readonly downs?: number
}

/** What is remembered of an interface between readings. */
export interface Track {
  readonly level: 'up' | 'down' | 'gone' | null
  readonly downs: number | null
  readonly ifindex: number | null
  readonly speed: number | null
  readonly condition: Condition | null
  /** Readings in a row that made no sense. */
  readonly nonsense: number
}

export const UNTRACKED: Track = {
  level: null,
  downs: null,
  ifindex: null,
  speed: null,
  condition: null,
  nonsense: 0,
}

/** One second of nonsense at 4 readings a second; an interface nobody can read is as good as gone. */
const NONSENSE_MAX = 4

export interface Tracked {
  readonly track: Track
  readonly edges: readonly Edge[]
}

const edge = (link: Edge['link'], downs: number | null, speed: number | null): Edge => ({
  link,
  ...(speed === null ? {} : { speed }),
  ...(downs === null ? {} : { downs }),
})

function absent(last: Track, condition: 'missing' | 'unreadable', nonsense: number): Tracked {
  const edges = last.level === 'gone' ? [] : [edge('gone', null, null)]
  return { track: { ...UNTRACKED, level: 'gone', condition, nonsense }, edges }
}

/** Another interface took the name: another number, or a counter that ran backwards. */
const isAnother = (last: Track, now: PresentNic): boolean =>
  (last.ifindex !== null && now.ifindex !== null && last.ifindex !== now.ifindex) ||
  (last.downs !== null && now.downs !== null && now.downs < last.downs)

function present(last: Track, now: PresentNic): Tracked {
  const level = now.carrier ? 'up' : 'down'
  const { speed } = now
  // A file that was gone in the middle of a reading says nothing: what is known stays, or the card that took the name
  // in that very moment would never be told from the one before.
  const downs = now.downs ?? last.downs
  const track: Track = {
    level,
    downs,
    ifindex: now.ifindex ?? last.ifindex,
    speed,
    condition: now.isAdminDown ? 'admin-down' : 'ok',
    nonsense: 0,
  }
  const arrived = edge(level, downs, level === 'up' ? speed : null)
  if (last.level === null) return { track, edges: [arrived] }
  if (last.level === 'gone') return { track, edges: [edge('back', null, null), arrived] }
  if (isAnother(last, now)) {
    return { track, edges: [edge('gone', null, null), edge('back', null, null), arrived] }
  }
  // A flap that no reading saw: the counter moved and the level is the same as before.
  const missed = last.downs !== null && downs !== null && downs > last.downs
  if (level === last.level && missed) {
    const between = level === 'up' ? edge('down', downs, null) : edge('up', last.downs, null)
    return { track, edges: [between, arrived] }
  }
  // The same level again tells a new speed: a device that goes to sleep falls to 10 or 100 Mb/s.
  const isNews = level !== last.level || (level === 'up' && speed !== null && speed !== last.speed)
  if (isNews) return { track, edges: [arrived] }
  // While it is up a speed once known stays: drivers lose it for a moment.
  return { track: { ...track, speed: speed ?? (level === 'up' ? last.speed : null) }, edges: [] }
}

/** What `reading` means after `last`: the new memory, and what happened in its order. */
export function follow(last: Track, reading: NicReading): Tracked {
  if (reading.is === 'present') return present(last, reading)
  if (reading.is === 'missing') return absent(last, 'missing', 0)
  const nonsense = Math.min(last.nonsense + 1, NONSENSE_MAX)
  if (nonsense >= NONSENSE_MAX) return absent(last, 'unreadable', nonsense)
  return { track: { ...last, nonsense }, edges: [] }
}
