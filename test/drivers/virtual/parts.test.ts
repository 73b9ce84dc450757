// The parts of a virtual bay beyond the contracts: looks that wait for a change, the fence of a killed agent, the lamp.
import { describe, expect, it } from 'vitest'
import { bayId } from '../../../agent/core/ids.ts'
import { reportsOf } from '../../../agent/core/key-script.ts'
import type { Keyboard, LinkReport, Observation } from '../../../agent/ports.ts'
import { CABLES } from '../../../drivers/virtual/device.ts'
import { SteppedClock, VirtualBench } from '../../../drivers/virtual/index.ts'
import { plainSpec, simDevice } from './rig.ts'

const bay = bayId('1')
const never = new AbortController().signal
const windowsX5 = {
  script: 'first-page',
  burst: 'windows-x5',
  reports: reportsOf({
    name: 'windows-x5',
    guard: 'none',
    taps: [{ key: 'LWIN', times: 5, shift: false, holdMs: 50, gapMs: 50 }],
  }),
}

function open() {
  const clock = new SteppedClock()
  const bench = new VirtualBench({
    clock,
    seed: 3,
    bays: [bay],
    devices: 1,
    faults: false,
    capture: () => true,
  })
  const place = bench.place(bay)
  const device = simDevice(clock, plainSpec({ firstPages: ['region', 'signin'] }))
  place.place(device)
  device.plug(CABLES)
  device.powerOn()
  const pass = async (ms: number) => {
    const end = clock.mono() + ms
    clock.after(ms, () => {})
    await clock.run(() => clock.mono() >= end, 100_000)
  }
  const keyboard = (): Keyboard => {
    const one = bench.keyboard(bay)
    if (one === null) throw new Error('a chip was asked for')
    return one
  }
  return { clock, bench, place, device, pass, keyboard }
}

describe('a look', () => {
  it('is answered at once without a picture to compare with, else at the first change', async () => {
    const { bench, device, pass } = open()
    const screen = bench.screen(bay)
    const first = await screen?.look(null, never)
    expect(first).toMatchObject({ page: 'dark' })
    const seen: Observation[] = []
    void screen?.look(first ?? null, never).then((one) => seen.push(one))
    await pass(10_000)
    expect(seen).toEqual([])
    await pass(20_000)
    expect(seen).toMatchObject([{ page: 'region', fields: { windows: 11 } }])
    expect(seen[0]?.frameRef).not.toBe(first?.frameRef)
    device.pull(['video'])
    expect(await screen?.look(seen[0] ?? null, never)).toMatchObject({ page: 'dark' })
  })

  it('ends with its signal, and with the capture', async () => {
    const { bench, place } = open()
    const screen = bench.screen(bay)
    const first = (await screen?.look(null, never)) ?? null
    const stop = new AbortController()
    const stopped = screen?.look(first, stop.signal)
    stop.abort()
    await expect(stopped).rejects.toThrow()
    const lost = screen?.look(first, never)
    place.break('screen', true)
    await expect(lost).rejects.toMatchObject({ code: 'STATION_SCREEN_GONE' })
    await expect(screen?.look(null, never)).rejects.toMatchObject({ code: 'STATION_SCREEN_GONE' })
    place.break('screen', false)
    expect(await screen?.look(null, never)).toMatchObject({ page: 'dark' })
  })

  it('is not there in an assisted bay, nor a chip in a manual one', () => {
    const bench = new VirtualBench({
      clock: new SteppedClock(),
      seed: 1,
      bays: [bay],
      devices: 1,
      faults: false,
      capture: () => false,
      manual: () => true,
    })
    expect([bench.screen(bay), bench.keyboard(bay)]).toEqual([null, null])
  })
})

describe('a killed agent', () => {
  it('leaves the burst where it was, keys down, until the next one releases them; the count is spoilt', async () => {
    const { bench, device, pass, keyboard } = open()
    await pass(25_000)
    const stop = new AbortController()
    let isOver = false
    void keyboard()
      .play(windowsX5, stop.signal)
      .finally(() => {
        isOver = true
      })
    // Four full taps and the fifth key down: 4 x 2 x 72 ms, then a bit.
    await pass(8 * 72 + 10)
    bench.kill()
    stop.abort()
    await pass(60_000)
    expect([isOver, bench.keysDown(), device.page.name]).toEqual([false, [bay], 'region'])
    await keyboard().releaseAll()
    expect(bench.keysDown()).toEqual([])
    await pass(2000)
    expect(device.page.name).toBe('options')
  })

  it('hears and shows nothing any more, while the world and the next agent go on', async () => {
    const { bench, place, device, pass } = open()
    const old: LinkReport[] = []
    const next: LinkReport[] = []
    const collect = async (into: LinkReport[]) => {
      for await (const report of bench.link(bay).watch(never)) into.push(report)
    }
    const lamp = bench.lamp(bay)
    await lamp.show('working')
    void collect(old)
    await pass(1000)
    expect(old).toMatchObject([{ link: 'down' }])
    bench.kill()
    void lamp.show('done')
    void collect(next)
    await pass(60_000)
    expect(old).toHaveLength(1)
    expect(next.flatMap((one) => (one.kind === 'link' ? [one.link] : []))).toEqual([
      'down',
      'up',
      'down',
      'up',
    ])
    expect(next.at(-1)).toMatchObject({ kind: 'mac', mac: device.spec.mac })
    expect(place.lamp?.signal).toBe('working')
  })
})

describe('a chip', () => {
  it('says ok and drops reports: five taps are not five there', async () => {
    const clock = new SteppedClock()
    const bench = new VirtualBench({
      clock,
      seed: 3,
      bays: [bay],
      devices: 1,
      faults: false,
      capture: () => true,
    })
    const device = simDevice(clock, plainSpec({ firstPages: ['region', 'signin'], dropShare: 0.2 }))
    bench.place(bay).place(device)
    device.plug(CABLES)
    device.powerOn()
    await clock.run(() => device.leds !== null && device.page.name === 'region', 100_000)
    const answers: string[] = []
    const play = async () => {
      for (let round = 0; round < 3; round++)
        answers.push((await bench.keyboard(bay)?.play(windowsX5, never))?.proof ?? '')
    }
    void play()
    await clock.run(() => answers.length === 3, 100_000)
    expect(answers).toEqual(['accepted', 'accepted', 'accepted'])
    expect(device.truth.read().reportsDropped).toBeGreaterThan(0)
  })
})

describe('the network of a bay', () => {
  it('holds so often as was drawn, then lets the device on', async () => {
    const { clock, bench, place, pass } = open()
    place.takeOut(CABLES)
    place.place(simDevice(clock, plainSpec({ networkHolds: 2 })))
    const grades: (string | undefined)[] = []
    const look = async () => {
      for (let n = 0; n < 3; n++)
        grades.push(
          (await bench.networkCheck().check(bay, never)).find((one) => one.id === 'uplink')?.grade,
        )
    }
    void look()
    await pass(10_000)
    expect(grades).toEqual(['hold', 'hold', 'ok'])
  })
})
