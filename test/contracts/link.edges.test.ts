// The words that the record puts to what a link did, as stories of a bench; and that any story gets one.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  LINK_TIMES,
  type LinkWord,
  readLinkEdges,
  type WireEvent,
} from '../../agent/core/link-edges.ts'

/** `up@1000`, `down`, `gone`, `back`, `keys`, `nokeys`, `keys?`, each with the seconds since the start before it. */
function events(story: string): WireEvent[] {
  const words = story === '' ? [] : story.split(' ')
  return words.map((word) => {
    const [seconds = '', what = ''] = word.split(':')
    const at = Number(seconds) * 1000
    if (what.includes('keys')) {
      return { kind: 'keyboard', enumerated: what === 'keys?' ? null : what === 'keys', at }
    }
    const [link = '', speed] = what.split('@')
    if (link !== 'up' && link !== 'down' && link !== 'gone' && link !== 'back')
      throw new Error(word)
    return { kind: 'link', link, at, ...(speed === undefined ? {} : { speed: Number(speed) }) }
  })
}

describe('what a link did', () => {
  it.each<[string, string, number, LinkWord]>([
    ['nothing yet', '', 60, 'steady'],
    ['steady', '0:up@1000 1:keys', 60, 'steady'],
    ['a driver that reloads', '0:up 1:keys 10:down 11:up', 60, 'flap'],
    ['a flap of a bay without a telling keyboard', '0:up 1:keys? 10:down 12:up', 60, 'flap'],
    ['a restart', '0:up@1000 1:keys 10:down 12:nokeys 40:up@1000 42:keys', 60, 'restart'],
    [
      'a restart whose keyboard goes first',
      '0:up 1:keys 10:nokeys 12:down 40:up 42:keys',
      60,
      'restart',
    ],
    ['a restart whose keyboard is late', '0:up 1:keys 10:down 12:nokeys 40:up', 45, 'restart'],
    ['an update of ten minutes', '0:up 1:keys 10:down 11:nokeys 610:up 615:keys', 700, 'restart'],
    ['a restart of an hour', '0:up 1:keys 10:down 11:nokeys 3610:up 3615:keys', 3700, 'unclear'],
    ['both gone, just now', '0:up 1:keys 10:down 11:nokeys', 30, 'unclear'],
    ['both gone for good', '0:up 1:keys 10:down 11:nokeys', 56, 'shutdown'],
    ['one cable after the other', '0:up 1:keys 10:down 40:nokeys', 120, 'unclear'],
    [
      'off with wake-up over the net',
      '0:up@1000 1:keys 10:down 12:up@100 13:nokeys',
      20,
      'shutdown',
    ],
    ['off without an edge', '0:up@1000 1:keys 10:up@10 13:nokeys', 20, 'shutdown'],
    ['slow from the beginning', '0:up@100 1:keys 10:down 12:up@100', 20, 'flap'],
    ['a slower cable? no: a faster link', '0:up@100 1:keys 10:down 12:up@1000', 20, 'flap'],
    ['the wire alone', '0:up 1:keys 10:down', 60, 'pulled'],
    ['the wire alone, and back', '0:up 1:keys 10:down 30:up', 60, 'pulled'],
    ['the wire alone, just now', '0:up 1:keys 10:down', 11, 'unclear'],
    ['down, and a keyboard that cannot tell', '0:up 1:keys? 10:down', 600, 'unclear'],
    ['the card itself', '0:up 1:keys 10:gone', 60, 'port'],
    ['the card, and back', '0:up 1:keys 10:gone 20:back 21:up', 60, 'port'],
    [
      'a restart after the card was lost',
      '0:up 1:keys 10:gone 20:back 21:up 30:down 31:nokeys 60:up 61:keys',
      70,
      'restart',
    ],
    [
      'an old restart, now a flap',
      '0:up 1:keys 10:down 11:nokeys 40:up 41:keys 500:down 501:up',
      600,
      'flap',
    ],
  ])('%s', (_, story, now, word) => {
    expect(readLinkEdges(events(story), now * 1000).word).toBe(word)
  })

  it('says what speaks against a shutdown', () => {
    const off = readLinkEdges(events('0:up 1:keys 10:down 11:nokeys'), 56_000)
    expect(off.reasons.join('; ')).toContain('all cables pulled at once look the same')
    const slow = readLinkEdges(events('0:up@1000 1:keys 10:up@100'), 20_000)
    expect(slow.reasons.join('; ')).toContain('but the keyboard is enumerated')
  })

  it('gives a word and reasons to any story, also when the clock was set', () => {
    const at = fc.integer({ min: -5_000, max: 2_000_000 })
    const event: fc.Arbitrary<WireEvent> = fc.oneof(
      fc.record(
        {
          kind: fc.constant('link' as const),
          link: fc.constantFrom('up', 'down', 'gone', 'back'),
          speed: fc.constantFrom(10, 100, 1000),
          at,
        },
        { requiredKeys: ['kind', 'link', 'at'] },
      ),
      fc.record({
        kind: fc.constant('keyboard' as const),
        enumerated: fc.constantFrom(true, false, null),
        at,
      }),
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), at, (story, now) => {
        const { word, reasons, downMs } = readLinkEdges(story, now)
        expect(reasons.length).toBeGreaterThan(0)
        if (downMs !== null) expect(downMs).toBeGreaterThanOrEqual(0)
        // Never a shutdown from a wire alone: the keyboard left, or the link is slow.
        const keysLeft = story.some((one) => one.kind === 'keyboard' && one.enumerated === false)
        const isSlow = story.some((one) => one.kind === 'link' && (one.speed ?? 1000) <= 100)
        if (word === 'shutdown') expect(keysLeft || isSlow).toBe(true)
        if (word === 'restart') expect(downMs).toBeLessThanOrEqual(LINK_TIMES.restartMaxMs)
      }),
      { numRuns: 3000, seed: 11 },
    )
  })
})
