// Every story of a switch's port between two polls as a table: edges, flaps that no poll saw, restarts, a wrapped clock.
import { describe, expect, it } from 'vitest'
import { MacBook, readFdb } from '../../../drivers/link/snmp/fdb.ts'
import { findPort } from '../../../drivers/link/snmp/names.ts'
import {
  followPort,
  lost,
  type PortRow,
  type PortTrack,
  UNTRACKED_PORT,
  wasRestarted,
} from '../../../drivers/link/snmp/track.ts'

/** `up@1000/5`: up with 1000 Mb/s, last changed at tick 5. */
function row(text: string): PortRow {
  const [, status, speed, change] = /^(up|down)(?:@(\d+))?(?:\/(\d+))?$/.exec(text) ?? []
  if (status === undefined) throw new Error(text)
  return {
    isUp: status === 'up',
    isEnabled: true,
    speed: speed === undefined ? null : Number(speed),
    lastChange: change === undefined ? null : Number(change),
  }
}

/** The words that a story of polls gives; `!` before a poll: the switch was restarted, `?`: nobody can say. */
function words(story: string): string {
  let track: PortTrack = UNTRACKED_PORT
  const said: string[] = []
  for (const poll of story.split(' ')) {
    const next =
      poll === '?'
        ? lost(track)
        : followPort(track, row(poll.replace('!', '')), poll.startsWith('!'))
    track = next.track
    said.push(...next.edges.map(({ link, speed }) => (speed ? `${link}@${speed}` : link)))
  }
  return said.join(' ')
}

describe('a port of a switch from poll to poll', () => {
  it.each([
    ['tells the present state first', 'up@1000/5', 'up@1000'],
    ['is quiet when nothing happens', 'up@1000/5 up@1000/5 up@1000/5', 'up@1000'],
    ['tells an edge once', 'down/5 up@1000/9 up@1000/9', 'down up@1000'],
    ['tells a flap that no poll saw', 'up@1000/5 up@1000/9', 'up@1000 down up@1000'],
    ['tells a short life of a link', 'down/5 down/9', 'down up down'],
    ['reads no flap where the switch tells no time of change', 'up@100 up@100', 'up@100'],
    ['tells another speed', 'up@1000/5 up@100/5', 'up@1000 up@100'],
    ['keeps a speed that is missing for a moment', 'up@1000/5 up/5 up@1000/5', 'up@1000'],
    ['reads no drop from a restart of the switch', 'up@1000/500 !up@1000/0', 'up@1000'],
    ['reads a drop in a restart that shows one', 'up@1000/500 !down/0', 'up@1000 down'],
    ['sees flaps again after the restart', 'up/500 !up/0 up/0 up/7', 'up down up'],
    ['is gone while nobody can say, and back', 'up/5 ? ? up/5', 'up gone back up'],
    ['is gone from the first poll on', '? down/5', 'gone back down'],
  ])('%s', (_, story, expected) => expect(words(story)).toBe(expected))

  it.each([
    ['time goes on', 1000, 1200, 2000, false],
    ['the switch was restarted', 900_000, 300, 5000, true],
    ['only its counter began again after 497 days', 2 ** 32 - 100, 400, 5000, false],
    ['restarted on that very day', 2 ** 32 - 900_000, 400, 5000, true],
  ])('%s', (_, before, now, elapsedMs, expected) =>
    expect(wasRestarted(before, now, elapsedMs)).toBe(expected),
  )
})

describe('the name of a port', () => {
  const names = new Map([
    ['1', 'Gi1/0/7'],
    ['2', 'Gi1/0/8'],
    ['3', 'gi1.0.8'],
    ['4', 'Po1'],
    ['5', 'Po1'],
  ])
  it.each([
    ['Gi1/0/7', 1],
    ['Gi1-0-7', 1],
    ['gi1/0/7', 1],
    ['Gi1/0/8', 2],
    ['Gi1-0-8', 'has 2 ports called Gi1-0-8'],
    ['Po1', 'has 2 ports called Po1'],
    ['Gi1/0/70', 'has no port Gi1/0/70'],
  ])('%s', (name, expected) => {
    const found = findPort(names, name)
    expect(found.ifIndex ?? ('why' in found && found.why)).toBe(expected)
  })
})

describe('what a switch learnt', () => {
  const A = '02:00:00:00:00:0a'
  const B = '02:00:00:00:00:0b'
  const entry = (mac: string, ifIndex: number) => ({ mac, ifIndex })
  const say = (
    book: MacBook,
    entries: readonly { mac: string; ifIndex: number }[],
    up: boolean,
  ) => {
    const learnt = book.take(entries, new Map([[7, up]])).get(7)
    return learnt?.is === 'one' ? learnt.mac : (learnt?.is ?? 'down')
  }

  it('is read by VLAN with the bridge ports; own, static and group addresses are left out', () => {
    const base = new Map([['1', 10_101]])
    const cells = [
      ['20.2.0.0.0.0.10', 1, 3],
      ['30.2.0.0.0.0.11', 1, 4],
      ['20.1.0.94.0.0.1', 1, 3],
      ['20.2.0.0.0.0.12', 0, 3],
      ['20.2.0.0.0.0.300', 1, 3],
    ] as const
    const ports = new Map(cells.map(([index, port]) => [index, port]))
    const status = new Map(cells.map(([index, , kind]) => [index, kind]))
    expect(readFdb(ports, status, base)).toEqual([entry(A, 10_101)])
  })

  it('is one MAC at a port whose link is up', () => {
    const book = new MacBook()
    expect(say(book, [entry(A, 7), entry(B, 8)], true)).toBe(A)
    expect(say(book, [], true)).toBe('none')
  })

  it('is nobody when there are several', () => {
    expect(say(new MacBook(), [entry(A, 7), entry(B, 7)], true)).toBe('several')
  })

  it('is nobody while one MAC stands at two ports', () => {
    const book = new MacBook()
    expect(say(book, [entry(A, 7), entry(A, 9)], true)).toBe('none')
    expect(say(book, [entry(A, 7)], true)).toBe(A)
  })

  it('is never the device before, whose entry outlives its link', () => {
    const book = new MacBook()
    expect(say(book, [entry(A, 7)], true)).toBe(A)
    book.fell(7)
    expect(say(book, [entry(A, 7)], false)).toBe('down')
    expect(say(book, [entry(A, 7)], true)).toBe('none')
    expect(say(book, [entry(A, 7), entry(B, 7)], true)).toBe(B)
  })

  it('is the same device again, once the switch had let it go', () => {
    const book = new MacBook()
    expect(say(book, [entry(A, 7)], true)).toBe(A)
    book.fell(7)
    expect(say(book, [], false)).toBe('down')
    expect(say(book, [entry(A, 7)], true)).toBe(A)
  })

  it('is fresh after a restart of the switch', () => {
    const book = new MacBook()
    say(book, [entry(A, 7)], true)
    book.fell(7)
    book.restarted()
    expect(say(book, [entry(A, 7)], true)).toBe(A)
  })
})
