// Takes what wire and keyboard say into the bay's live knowledge, and says when a bay that should be silent came to life.
import type { Fact, LinkFact } from '../facts.ts'
import type { WireEvent } from '../link-edges.ts'
import type { BayState, Quiet } from '../state.ts'
import type { Step } from './context.ts'

/** Mb/s; at this or less a link that was faster may be a device that is off and listens (facts/autopilot §3.3). */
export const OFF_SPEED_MAX = 100

/** Takes a fact of the wire or the keyboard into the state; all other facts change nothing here. */
export function sense(c: Step, fact: Fact): void {
  if (fact.kind === 'link') {
    const { since, downs } = c.s.wire
    c.s.wire = wireAfter(c, fact)
    if (c.s.wire.link !== 'up' || c.s.wire.downs !== downs) lose(c)
    const { link, speed } = fact
    if (c.s.wire.since !== since || link === 'gone' || link === 'back')
      keep(c, { kind: 'link', link, at: c.at, ...(speed === undefined ? {} : { speed }) })
  } else if (fact.kind === 'mac') c.s.wire = { ...c.s.wire, mac: fact.mac }
  else if (fact.kind === 'keyboard') {
    const { enumerated, health } = fact
    const same = enumerated === c.s.keyboard.enumerated && health === c.s.keyboard.health
    c.s.keyboard = { enumerated, health, since: same ? c.s.keyboard.since : c.at }
    if (!same) {
      keep(c, { kind: 'keyboard', enumerated, at: c.at })
      lose(c)
    }
  }
}

/** Wire or keyboard went away or came anew: the driver of the echo before may be another one now. */
function lose(c: Step): void {
  if (c.s.run !== null && c.s.run.sinceEcho !== null) c.note({ sinceEcho: null })
}

/** Enough for the story of one restart or shutdown with its flaps. */
const EDGES_MAX = 12
const keep = (c: Step, edge: WireEvent): void => {
  c.s.edges = [...c.s.edges.slice(1 - EDGES_MAX), edge]
}

/** `since` moves only when something changed: a level that is told twice is no edge. */
function wireAfter(c: Step, fact: LinkFact): BayState['wire'] {
  const { wire } = c.s
  const link = fact.link === 'up' ? 'up' : fact.link === 'back' ? wire.link : 'down'
  const told = fact.speed ?? (fact.link === 'back' ? wire.speed : null)
  const speed = link === 'up' ? told : null
  const downs = fact.downs ?? wire.downs
  // The same level with another count: it went away and came back unseen.
  const flapped = link === wire.link && wire.downs !== null && downs !== wire.downs
  const same = link === wire.link && speed === wire.speed && !flapped
  return {
    link,
    since: same ? wire.since : c.at,
    speed,
    downs,
    present: fact.link !== 'gone',
    mac: link === 'up' && !flapped ? wire.mac : null,
  }
}

/** How much life wire and keyboard show. */
export const lifeOf = ({ wire, keyboard }: Pick<BayState, 'wire' | 'keyboard'>): Quiet => ({
  link: wire.link === 'up',
  speed: wire.link === 'up' ? wire.speed : null,
  keys: keyboard.enumerated === true,
})

/** True when there is more life than there was: a link, a faster link, or a keyboard that is enumerated. */
export function rose(quiet: Quiet, now: Quiet): boolean {
  const faster =
    quiet.speed !== null &&
    quiet.speed <= OFF_SPEED_MAX &&
    now.speed !== null &&
    now.speed > OFF_SPEED_MAX
  return (now.link && (!quiet.link || faster)) || (now.keys && !quiet.keys)
}

/** The least life seen so far. A keyboard that cannot tell does not count as gone. */
export function lower(quiet: Quiet, now: BayState): Quiet {
  const life = lifeOf(now)
  const link = quiet.link && life.link
  const speeds = [quiet.speed, life.speed].filter((speed) => speed !== null)
  return {
    link,
    speed: link && speeds.length > 0 ? Math.min(...speeds) : null,
    keys: quiet.keys && now.keyboard.enumerated !== false,
  }
}
