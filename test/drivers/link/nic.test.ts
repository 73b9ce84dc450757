// What a bay hears of its network card: health, MACs, nonsense from sysfs, and many cards at once.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bayId } from '../../../agent/core/ids.ts'
import { isStationError } from '../../../agent/fault.ts'
import type { Health } from '../../../agent/ports.ts'
import { scaledClock } from '../../../drivers/host/clock.ts'
import { openNic, openNicFamily } from '../../../drivers/link/index.ts'
import { NicView } from '../../../drivers/link/nic.ts'
import { NicFiles, type PresentNic } from '../../../drivers/link/sysfs.ts'
import { Watched } from '../../contracts/link.contract.ts'
import { FakeNics } from './fake-nics.ts'

// Polls come every 25 real ms.
const clock = () => scaledClock(10, Date.UTC(2026, 10, 23))

function bench(nics: FakeNics, iface = 'p1') {
  const health: Omit<Health, 'since'>[] = []
  const family = openNicFamily({ clock: clock(), read: nics.read, ipCommand: null })
  const reportHealth = (now: Omit<Health, 'since'>) => health.push(now)
  const source = openNic({ family, iface, bay: bayId('1'), reportHealth })
  return {
    family,
    source,
    watched: new Watched(source),
    health,
    codes: () => health.map((h) => h.code),
  }
}

describe('a network card of a bay', () => {
  it('that is switched off is down, and a health report names the remedy', async () => {
    const nics = new FakeNics()
    nics.add('p1', true)
    const { watched, codes, health } = bench(nics)
    await watched.untilWords('up')
    nics.admin('p1', false)
    await watched.untilWords('up', 'down')
    nics.admin('p1', true)
    nics.set('p1', true)
    await watched.untilWords('up', 'down', 'up')
    expect(codes()).toEqual([null, 'STATION_LINK_ADMIN_DOWN', null])
    expect(health[1]).toMatchObject({ part: 'link', bay: '1', ok: false })
    expect(health[1]?.detail).toContain('p1')
    await watched.stop()
  })

  it('that is not there is gone, and comes back when it is plugged in', async () => {
    const nics = new FakeNics()
    const { watched, codes } = bench(nics)
    await watched.untilWords('gone')
    nics.add('p1', true)
    await watched.untilWords('gone', 'back', 'up')
    expect(codes()).toEqual(['STATION_LINK_MISSING', null])
    await watched.stop()
  })

  it('that goes and comes between two polls is another card', async () => {
    const nics = new FakeNics()
    nics.add('p1', true)
    const { watched } = bench(nics)
    await watched.untilWords('up')
    nics.remove('p1')
    nics.add('p1', true)
    await watched.untilWords('up', 'gone', 'back', 'up')
    await watched.stop()
  })

  it('tells its speed, and a fall to 100 Mb/s without an edge', async () => {
    const nics = new FakeNics()
    nics.add('p1', true)
    const { watched } = bench(nics)
    await watched.untilWords('up')
    nics.set('p1', true, 100)
    await watched.untilWords('up', 'up')
    expect(watched.reports.map((report) => report.kind === 'link' && report.speed)).toEqual([
      1000, 100,
    ])
    await watched.stop()
  })

  it('that talks nonsense for a second is gone, with what it said in the health report', async () => {
    const nics = new FakeNics()
    nics.add('p1', true)
    const { watched, health } = bench(nics)
    await watched.untilWords('up')
    nics.spoilt.set('p1/carrier', 'maybe\n')
    await watched.untilWords('up', 'gone')
    expect(health.at(-1)).toMatchObject({ ok: false, code: 'STATION_LINK_MISSING' })
    expect(health.at(-1)?.detail).toContain('maybe')
    nics.spoilt.clear()
    await watched.untilWords('up', 'gone', 'back', 'up')
    expect(health.at(-1)).toMatchObject({ ok: true, code: null })
    await watched.stop()
  })

  it('may have a name of the kernel and no other', () => {
    const family = openNicFamily({ clock: clock(), ipCommand: null })
    const open = (iface: string) =>
      openNic({ family, iface, bay: bayId('1'), reportHealth: () => undefined })
    for (const good of ['eth0', 'enp3s0f0', 'a@b', 'enx001122334455']) open(good)
    for (const bad of ['', '.', '..', '../eth0', 'a/b', 'a b', 'a:1', 'x'.repeat(16)]) {
      expect(() => open(bad)).toThrow(expect.toSatisfy(isStationError))
    }
  })

  it('is read from files under the root that is given', async () => {
    const root = await mkdtemp(join(tmpdir(), 'reseal-sys-'))
    const folder = join(root, 'class/net/p1')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'carrier'), '1\n')
    await writeFile(join(folder, 'carrier_down_count'), '4\n')
    const family = openNicFamily({ clock: clock(), sysRoot: root, ipCommand: null })
    const watched = new Watched(
      openNic({ family, iface: 'p1', bay: bayId('1'), reportHealth: () => undefined }),
    )
    await watched.untilWords('up')
    expect(watched.downs).toEqual([4])
    await rm(folder, { recursive: true })
    await watched.untilWords('up', 'gone')
    await watched.stop()
    await rm(root, { recursive: true })
  })
})

describe('files of sysfs', () => {
  const texts = [
    '',
    '\n',
    '1',
    '0',
    '2',
    '-1',
    ' 1 ',
    '1\n1',
    'yes',
    '\0\0',
    '٣',
    '1e3',
    '0x1',
    'x'.repeat(9000),
    '4294967295',
    '99999999999999',
  ]
  const codes = ['EINVAL', 'EIO', 'EACCES', 'ENODEV', 'ENOENT', 'EISDIR', 'ENOTDIR', 'EMFILE']
  const names = ['carrier', 'carrier_down_count', 'ifindex', 'speed', 'address']

  it('with any content or error give a typed reading, never a throw', async () => {
    for (const name of names) {
      for (const bad of [...texts, ...codes.map((code) => ({ code }))]) {
        const nics = new FakeNics()
        nics.add('p1', true)
        nics.spoilt.set(`p1/${name}`, bad)
        const files = new NicFiles('/sys', 'p1', nics.read)
        const reading = await files.full()
        const about = `${name} = ${JSON.stringify(bad)}`
        expect(['present', 'missing', 'unreadable'], about).toContain(reading.is)
        await files.quick()
        if (name !== 'carrier') expect(reading.is, about).toBe('present')
        if (reading.is !== 'present') continue
        for (const number of [reading.downs, reading.ifindex, reading.speed]) {
          expect(number === null || Number.isSafeInteger(number), about).toBe(true)
        }
      }
    }
  })

  it('give carrier and counter of one moment while the link flaps', async () => {
    const nics = new FakeNics()
    nics.add('p1', true)
    // The cable is pulled between the reading of the counter and that of the carrier.
    let pulled = false
    const files = new NicFiles('/sys', 'p1', (path) => {
      if (path.endsWith('/carrier') && !pulled) {
        pulled = true
        nics.set('p1', false)
      }
      return nics.read(path)
    })
    expect(await files.full()).toMatchObject({ carrier: false, downs: 2 })
  })

  it('are given up on, not read for ever, when they never agree', async () => {
    const nics = new FakeNics()
    nics.add('p1', true)
    const files = new NicFiles('/sys', 'p1', (path) => {
      nics.set('p1', false)
      nics.set('p1', true)
      return nics.read(path)
    })
    expect((await files.full()).is).toBe('present')
    expect(nics.reads).toBeLessThan(20)
  })
})

describe('MACs of a bay', () => {
  const present: PresentNic = {
    is: 'present',
    isAdminDown: false,
    carrier: true,
    downs: 1,
    ifindex: 2,
    speed: null,
    address: '02:00:00:00:00:01',
  }
  const view = () =>
    new NicView(
      { iface: 'p1', bay: bayId('1'), reportHealth: () => undefined },
      clock(),
      () => undefined,
    )
  async function taken(from: NicView): Promise<string[]> {
    const stop = new AbortController()
    const words: string[] = []
    from.reports.push({ kind: 'mac', mac: 'end', at: 0 })
    for await (const report of from.reports.drain(stop.signal)) {
      const word = report.kind === 'mac' ? report.mac : report.link
      if (word === 'end') stop.abort()
      else words.push(word)
    }
    return words
  }

  it('are told once per link-up, without our own', async () => {
    const bay = view()
    bay.take(present)
    for (const mac of ['02:00:00:00:00:01', '02:00:00:00:00:05', '02:00:00:00:00:05'])
      bay.learn(mac)
    bay.take({ ...present, carrier: false, downs: 2 })
    bay.take({ ...present, downs: 2 })
    bay.learn('02:00:00:00:00:05')
    expect(await taken(bay)).toEqual(['up', '02:00:00:00:00:05', 'down', 'up', '02:00:00:00:00:05'])
  })

  it('that come just before the link is seen are told with it, bounded in number', async () => {
    const bay = view()
    bay.take({ ...present, carrier: false })
    for (let i = 0; i < 500; i++)
      bay.learn(`02:00:00:00:${(i >> 8).toString(16)}:${(i & 255).toString(16)}`)
    bay.take(present)
    const words = await taken(bay)
    expect(words.slice(0, 3)).toEqual(['down', 'up', '02:00:00:00:0:0'])
    expect(words).toHaveLength(2 + 64)
  })
})

describe('a watcher that does not take its reports', () => {
  it('loses the oldest ones, is told so, and still has the count', async () => {
    let complaints = 0
    const bay = new NicView(
      { iface: 'p1', bay: bayId('1'), reportHealth: () => undefined },
      clock(),
      () => {
        complaints += 1
      },
    )
    const at = {
      is: 'present',
      isAdminDown: false,
      ifindex: 2,
      speed: null,
      address: null,
    } as const
    for (let i = 0; i < 1000; i++) {
      bay.take({ ...at, carrier: false, downs: i + 1 })
      bay.take({ ...at, carrier: true, downs: i + 1 })
    }
    expect(complaints).toBe(2000 - 1024)
    const stop = new AbortController()
    let last = 0
    let count = 0
    for await (const report of bay.reports.drain(stop.signal)) {
      if (report.kind === 'link') last = report.downs ?? 0
      count += 1
      if (count === 1024) stop.abort()
    }
    expect(last).toBe(1000)
  })
})
