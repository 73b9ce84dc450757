// Puts a word to what a link did, with its reasons, for the record; evidence alone: no step of the flow decides by it.
import type { InstantMs } from './ids.ts'

/** What happened at the wires of a bay, oldest first. */
export type WireEvent =
  | {
      readonly kind: 'link'
      readonly link: 'up' | 'down' | 'gone' | 'back'
      /** Mb/s. */
      readonly speed?: number
      readonly at: InstantMs
    }
  | { readonly kind: 'keyboard'; readonly enumerated: boolean | null; readonly at: InstantMs }

/**
 * `flap`: the wire alone, for a moment. `restart`: wire and keyboard left and came back. `shutdown`: both left and
 * stayed away, or the link fell to a slow one. `pulled`: the wire alone, for longer. `port`: the interface itself.
 */
export type LinkWord = 'steady' | 'flap' | 'restart' | 'shutdown' | 'pulled' | 'port' | 'unclear'

export interface LinkReading {
  readonly word: LinkWord
  /** Sentences for the record; what speaks against the word is among them. */
  readonly reasons: readonly string[]
  /** How long the link is or was down, ms; null when it did not go down. */
  readonly downMs: number | null
}

/** Times in ms; all are inferred, none is published (hardware page 6.4): settings, to be measured per model. */
export interface LinkTimes {
  /** Copper negotiates for up to about 3 s: a cable that was out cannot be back sooner. */
  readonly flapMs: number
  /** Wire and keyboard that leave within this time left together. */
  readonly togetherMs: number
  /** So long both must stay away before it is no restart that has just begun: the off-proof's hold. */
  readonly offMs: number
  /** Firmware and update restarts keep a link down for 3 to 12 minutes. */
  readonly restartMaxMs: number
}

export const LINK_TIMES: LinkTimes = {
  flapMs: 3_000,
  togetherMs: 10_000,
  offMs: 45_000,
  restartMaxMs: 12 * 60_000,
}

/** The last time the link went, and what came around it. */
interface Story {
  readonly downAt: InstantMs | null
  readonly upAt: InstantMs | null
  readonly speedBefore: number | null
  readonly speedAfter: number | null
  readonly portLost: boolean
  /** When the keyboard was last lost and last came; null when it did not, or is unable to tell. */
  readonly keysLostAt: InstantMs | null
  readonly keysBackAt: InstantMs | null
  readonly keysKnown: boolean
}

function storyOf(events: readonly WireEvent[]): Story {
  let link: 'up' | 'down' | null = null
  let speed: number | null = null
  let keys: boolean | null = null
  let story: Story = {
    downAt: null,
    upAt: null,
    speedBefore: null,
    speedAfter: null,
    portLost: false,
    keysLostAt: null,
    keysBackAt: null,
    keysKnown: false,
  }
  for (const event of events) {
    if (event.kind === 'keyboard') {
      const { enumerated, at } = event
      if (enumerated !== null) story = { ...story, keysKnown: true }
      if (keys === true && enumerated === false)
        story = { ...story, keysLostAt: at, keysBackAt: null }
      if (keys === false && enumerated === true) story = { ...story, keysBackAt: at }
      if (enumerated !== null) keys = enumerated
    } else if (event.link === 'up') {
      if (link === 'up') {
        const hasNews = event.speed !== undefined && event.speed !== speed
        // A slower link without an edge: what comes after is told by the speed alone.
        if (hasNews && speed !== null)
          story = { ...story, speedBefore: speed, speedAfter: event.speed }
      } else if (link === 'down') {
        story = { ...story, upAt: event.at, speedAfter: event.speed ?? null }
      }
      speed = event.speed ?? speed
      link = 'up'
    } else if (event.link !== 'back') {
      const isEdge = link === 'up'
      if (isEdge) {
        const portLost = event.link === 'gone'
        story = {
          ...story,
          downAt: event.at,
          upAt: null,
          speedBefore: speed,
          speedAfter: null,
          portLost,
        }
      } else if (event.link === 'gone') story = { ...story, portLost: true }
      link = 'down'
    }
  }
  return story
}

const seconds = (ms: number) => `${Math.round(ms / 1000)} s`

const fellTo = ({ speedBefore, speedAfter }: Story): boolean =>
  speedBefore !== null && speedAfter !== null && speedAfter <= 100 && speedBefore > speedAfter

function fell(story: Story, downMs: number | null): LinkReading {
  const { speedBefore, speedAfter, keysKnown, keysLostAt, keysBackAt } = story
  const reasons = [
    `the link fell from ${speedBefore} to ${speedAfter} Mb/s, as a device that is off does`,
  ]
  const keysAreGone = keysLostAt !== null && keysBackAt === null
  if (keysAreGone) reasons.push('the keyboard is no longer enumerated')
  else if (keysKnown)
    reasons.push('but the keyboard is enumerated: USB may be powered while it is off')
  else reasons.push('the keyboard is unable to tell')
  return { word: 'shutdown', reasons, downMs }
}

function stillDown(story: Story, downMs: number, times: LinkTimes): LinkReading {
  const { downAt, keysLostAt, keysBackAt, keysKnown } = story
  const reasons = [`the link is down for ${seconds(downMs)}`]
  if (!keysKnown) {
    reasons.push('the keyboard is unable to tell')
    return { word: 'unclear', reasons, downMs }
  }
  if (keysLostAt === null || keysBackAt !== null) {
    reasons.push('the keyboard stays enumerated')
    return { word: downMs > times.flapMs ? 'pulled' : 'unclear', reasons, downMs }
  }
  const apart = Math.abs(keysLostAt - (downAt ?? keysLostAt))
  reasons.push(`the keyboard left ${seconds(apart)} apart from it`)
  if (downMs < times.offMs) {
    reasons.push('too early to tell a restart from a shutdown')
    return { word: 'unclear', reasons, downMs }
  }
  if (apart > times.togetherMs)
    reasons.push('not together, as one does who pulls one cable after the other')
  else reasons.push('together; all cables pulled at once look the same from outside')
  if (downMs < times.restartMaxMs) reasons.push('a restart for an update can take longer still')
  return { word: apart > times.togetherMs ? 'unclear' : 'shutdown', reasons, downMs }
}

function upAgain(story: Story, downMs: number, times: LinkTimes): LinkReading {
  const { downAt, upAt, keysLostAt, keysBackAt, keysKnown } = story
  const reasons = [`the link was down for ${seconds(downMs)}`]
  const lostAround =
    keysLostAt !== null &&
    keysLostAt >= (downAt ?? 0) - times.togetherMs &&
    keysLostAt <= (upAt ?? 0) + times.togetherMs
  if (lostAround) {
    reasons.push(
      keysBackAt === null ? 'the keyboard is not back yet' : 'the keyboard left and came back',
    )
    if (downMs > times.restartMaxMs) reasons.push('longer than restarts are known to take')
    return { word: downMs > times.restartMaxMs ? 'unclear' : 'restart', reasons, downMs }
  }
  reasons.push(keysKnown ? 'the keyboard stayed enumerated' : 'the keyboard is unable to tell')
  if (downMs <= times.flapMs) return { word: 'flap', reasons, downMs }
  return { word: keysKnown ? 'pulled' : 'unclear', reasons, downMs }
}

/**
 * What the link did last, as of `now`. Total: any events in any order give a word. Only the last time that it went
 * down is told; earlier ones were told when they were the last.
 */
export function readLinkEdges(
  events: readonly WireEvent[],
  now: InstantMs,
  times: LinkTimes = LINK_TIMES,
): LinkReading {
  const story = storyOf(events)
  const { downAt, upAt } = story
  // The wall clock may have been set back between two events.
  const downMs = downAt === null ? null : Math.max(0, (upAt ?? now) - downAt)
  if (story.portLost) {
    const reasons = ['the interface itself left: nothing is known of the cable']
    return { word: 'port', reasons, downMs }
  }
  if (fellTo(story)) return fell(story, downMs)
  if (downMs === null) return { word: 'steady', reasons: ['the link did not go down'], downMs }
  return upAt === null ? stillDown(story, downMs, times) : upAgain(story, downMs, times)
}
