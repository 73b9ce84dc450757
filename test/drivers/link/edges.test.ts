// Every way from one reading of a network card to the next, as a table.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { follow, type Track, UNTRACKED } from '../../../drivers/link/edges.ts'
import type { NicReading, PresentNic } from '../../../drivers/link/sysfs.ts'

const nic = (carrier: boolean, downs: number | null = 1, more: Partial<PresentNic> = {}) => ({
  is: 'present' as const,
  isAdminDown: false,
  carrier,
  downs,
  ifindex: 5,
  speed: carrier ? 1000 : null,
  address: null,
  ...more,
})
const missing: NicReading = { is: 'missing' }
const garbage: NicReading = { is: 'unreadable', why: 'carrier reads "x"' }

/** The words that a sequence of readings gives, with the count where there is one. */
function told(...readings: NicReading[]): string {
  let track: Track = UNTRACKED
  const words: string[] = []
  for (const reading of readings) {
    const next = follow(track, reading)
    track = next.track
    for (const { link, downs, speed } of next.edges) {
      words.push(
        `${link}${downs === undefined ? '' : downs}${speed === undefined ? '' : `@${speed}`}`,
      )
    }
  }
  return words.join(' ')
}

describe('from reading to reading', () => {
  it.each<[string, string, NicReading[]]>([
    ['the first reading is the present state', 'up1@1000', [nic(true)]],
    ['the first reading of a dead port too', 'down1', [nic(false)]],
    ['the first reading of nothing too', 'gone', [missing]],
    ['nothing new is no report', 'up1@1000', [nic(true), nic(true), nic(true)]],
    ['an edge is told with its count', 'up1@1000 down2', [nic(true), nic(false, 2)]],
    ['a flap that only the counter saw', 'up1@1000 down2 up2@1000', [nic(true), nic(true, 2)]],
    ['many flaps at once say how many', 'up1@1000 down9 up9@1000', [nic(true), nic(true, 9)]],
    ['up and down again between', 'down1 up1 down2', [nic(false), nic(false, 2)]],
    ['down with flaps before it', 'up1@1000 down4', [nic(true), nic(false, 4)]],
    ['gone and back', 'up1@1000 gone back down1', [nic(true), missing, missing, nic(false)]],
    [
      'another card under the name',
      'up1@1000 gone back up1@1000',
      [nic(true), nic(true, 1, { ifindex: 9 })],
    ],
    [
      'another card that took the name in the middle of a reading',
      'up1@1000 down1 gone back down1',
      [nic(true), nic(false, 1, { ifindex: null }), nic(false, 1, { ifindex: 9 })],
    ],
    [
      'a counter that could not be read once',
      'up1@1000 down2 up2@1000',
      [nic(true), nic(true, null), nic(true, 2)],
    ],
    [
      'a counter that ran backwards is another card',
      'up7@1000 gone back down0',
      [nic(true, 7), nic(false, 0)],
    ],
    [
      'a speed that fell while up',
      'up1@1000 up1@100',
      [nic(true), nic(true, 1, { speed: 100 }), nic(true, 1, { speed: 100 })],
    ],
    [
      'a speed that is known late, and one that is lost for a moment',
      'up1 up1@1000',
      [nic(true, 1, { speed: null }), nic(true), nic(true, 1, { speed: null }), nic(true)],
    ],
    [
      'without counters edges alone',
      'up down',
      [nic(true, null, { speed: null }), nic(true, null, { speed: null }), nic(false, null)],
    ],
    [
      'switched off is down',
      'up1@1000 down2',
      [nic(true), nic(false, 2, { isAdminDown: true }), nic(false, 2)],
    ],
    [
      'a moment of nonsense changes nothing',
      'up1@1000',
      [nic(true), garbage, garbage, garbage, nic(true)],
    ],
    [
      'a second of nonsense is a loss',
      'up1@1000 gone back up1@1000',
      [nic(true), garbage, garbage, garbage, garbage, garbage, nic(true)],
    ],
    ['a flap during nonsense', 'up1@1000 down2 up2@1000', [nic(true), garbage, nic(true, 2)]],
  ])('%s', (_, expected, readings) => {
    expect(told(...readings)).toBe(expected)
  })

  it('names the condition of the port', () => {
    const last = (...readings: NicReading[]) =>
      readings.reduce((track, reading) => follow(track, reading).track, UNTRACKED).condition
    expect(last(nic(true))).toBe('ok')
    expect(last(nic(true), nic(false, 2, { isAdminDown: true }))).toBe('admin-down')
    expect(last(nic(true), missing)).toBe('missing')
    expect(last(nic(true), garbage)).toBe('ok')
    expect(last(nic(true), garbage, garbage, garbage, garbage)).toBe('unreadable')
    expect(last(missing, nic(false))).toBe('ok')
  })

  it('keeps its promises for any readings', () => {
    const reading: fc.Arbitrary<NicReading> = fc.oneof(
      fc.record({
        is: fc.constant('present' as const),
        isAdminDown: fc.boolean(),
        carrier: fc.boolean(),
        downs: fc.option(fc.nat(5)),
        ifindex: fc.option(fc.integer({ min: 1, max: 2 })),
        speed: fc.option(fc.constantFrom(10, 100, 1000)),
        address: fc.constant(null),
      }),
      fc.constant(missing),
      fc.constant(garbage),
    )
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 30 }), (readings) => {
        let track: Track = UNTRACKED
        let shown: string | null = null
        for (const now of readings) {
          const next = follow(track, now)
          track = next.track
          for (const { link } of next.edges) {
            // Out of `gone` only by `back`, and `back` from nowhere else; `down` and `gone` never twice.
            if (shown === 'gone') expect(link).toBe('back')
            if (link === 'back') expect(shown).toBe('gone')
            if (link !== 'up') expect(link).not.toBe(shown)
            shown = link
          }
          // After every reading the last word is the level, and it is what the reading says.
          expect(shown).toBe(track.level)
          if (now.is === 'present') expect(shown).toBe(now.carrier ? 'up' : 'down')
          if (now.is === 'missing') expect(shown).toBe('gone')
        }
      }),
      { numRuns: 2000, seed: 3 },
    )
  })
})
