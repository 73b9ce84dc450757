// The contracts of link, keyboard and lamp on the parts of the virtual bench: what is true of real parts is true here.
import { bayId } from '../../agent/core/ids.ts'
import type { Signal } from '../../agent/core/signals.ts'
import { scaledClock } from '../../drivers/host/clock.ts'
import { CABLES } from '../../drivers/virtual/device.ts'
import { VirtualBench } from '../../drivers/virtual/index.ts'
import { plainSpec, simDevice } from '../drivers/virtual/rig.ts'
import { until } from '../fakes/pty.ts'
import { keyboardContract } from './keyboard.ts'
import { lampContract } from './lamp.contract.ts'
import { linkContract } from './link.contract.ts'

const bay = bayId('1')
const START = Date.UTC(2026, 10, 23)

function benchOf(rate: number, seen: Signal[] = []) {
  const clock = scaledClock(rate, START)
  const bench = new VirtualBench({
    clock,
    seed: 1,
    bays: [bay],
    devices: 1,
    faults: false,
    capture: () => true,
    lampShown: (_, signal) => seen.push(signal),
  })
  return { clock, bench, place: bench.place(bay) }
}

linkContract('virtual:', () => {
  const { clock, bench, place } = benchOf(1000)
  const device = simDevice(clock, plainSpec({ updates: [] }))
  place.place(device)
  device.powerOn()
  // The device is up; only its cable moves.
  const isUp = until('the device stands on its first page', () => device.page.name === 'signin')
  const up = async () => {
    await isUp
    device.plug(['link'])
  }
  return {
    source: bench.link(bay),
    up,
    down: () => device.pull(['link']),
    flap: () => {
      device.pull(['link'])
      device.plug(['link'])
    },
    port: {
      remove: () => place.break('link', true),
      restore: () => {
        device.pull(['link'])
        place.break('link', false)
      },
    },
    close: () => device.powerOff(),
  }
})

keyboardContract('virtual:', async () => {
  const { clock, bench, place } = benchOf(20)
  const spec = { ...plainSpec({ updates: [], bootMs: 2000 }), driverMs: 10 }
  const device = simDevice(clock, spec)
  const landed: (readonly number[])[] = []
  const report = device.report.bind(device)
  device.report = (bytes) => {
    if (device.enumerated) landed.push(bytes)
    report(bytes)
  }
  place.place(device)
  device.plug(CABLES)
  device.powerOn()
  await until('the driver is alive', () => device.page.name === 'signin' && device.leds !== null)
  const keyboard = bench.keyboard(bay)
  if (keyboard === null) throw new Error('a bay with a chip has a keyboard')
  let leds = device.leds ?? 0
  return {
    keyboard,
    landed: () => landed,
    leds: () => {
      leds = device.leds ?? leds
      return leds
    },
    setEnumerated: (enumerated) =>
      enumerated ? device.plug(['keyboard']) : device.pull(['keyboard']),
    setDriverAlive: (alive) => {
      spec.driverMs = alive ? 10 : 3_600_000
      device.pull(['keyboard'])
      device.plug(['keyboard'])
    },
    lose: async () => place.break('keyboard', true),
    regain: async () => place.break('keyboard', false),
    close: async () => device.powerOff(),
  }
})

lampContract('virtual:', () => {
  const seen: Signal[] = []
  const { bench } = benchOf(1, seen)
  return {
    lamp: bench.lamp(bay),
    look: () => seen.at(-1) ?? '',
    lookOf: (signal) => signal,
    dark: null,
    news: () => seen.length,
    plug: null,
  }
})
