// Boxes that are not as they should be: without a descriptor that names buttons, in another order, or reporting without end.
import { afterEach, describe, expect, test } from 'vitest'
import { isStationError } from '../../../agent/fault.ts'
import type { ButtonHealth, ButtonReport } from '../../../agent/ports.ts'
import { openButtons } from '../../../drivers/buttons/index.ts'
import { readKeys } from '../../../drivers/buttons/key-map.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { HidBus } from '../../../drivers/io/hid-bus.ts'
import { readButtonsUrl } from '../../../station-config/lamp-url.ts'
import { ButtonBoxDouble } from '../../fakes/button-box.ts'
import { HidDouble, type HidPeripheral } from '../../fakes/hid-double.ts'
import { until } from '../../fakes/pty.ts'

const clock = systemClock()
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** A foot switch of its maker's own kind: its descriptor says nothing but "8 bytes". */
const footSwitch: HidPeripheral = {
  vendor: 0x3553,
  product: 0xb001,
  serial: 'FOOT-1',
  name: 'FootSwitch',
  usbPath: '1-5',
  descriptor: Uint8Array.from([
    ...[0x06, 0x00, 0xff, 0x09, 0x01, 0xa1, 0x01, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08],
    ...[0x95, 0x08, 0x09, 0x01, 0x81, 0x02, 0xc0],
  ]),
  output: () => undefined,
  feature: () => undefined,
  getFeature: (_, length) => new Uint8Array(length),
}

function opened(url: string, system: HidDouble, hid = new HidBus({ clock, system })) {
  const buttons = openButtons(url, { clock, hid })
  if (buttons === null) throw new Error('no buttons')
  const heard: (ButtonReport | ButtonHealth)[] = []
  const end = new AbortController()
  void (async () => {
    for await (const fact of buttons.watch(end.signal)) heard.push(fact)
  })()
  closers.push(() => {
    end.abort()
    return buttons.close()
  })
  const keys = () => heard.flatMap((one) => ('press' in one ? [one.key] : []))
  const health = () => heard.findLast((one) => 'health' in one)
  return { keys, health, close: () => buttons.close() }
}

describe('a box', () => {
  test('that reports without end presses as well as one that reports changes alone', async () => {
    const system = new HidDouble()
    const box: ButtonBoxDouble = new ButtonBoxDouble('BOX', false, (bytes) =>
      system.send(box, bytes),
    )
    system.plug(box)
    const { keys, health } = opened('hid:BOX', system)
    await until('it is there', () => health()?.health === 'ok')
    let state = 0
    let wobble = 0
    // Axes that wobble: a report each 2 ms.
    const stream = setInterval(() => system.send(box, [wobble++ & 0xff, 0x7f, state]), 2)
    closers.push(() => clearInterval(stream))
    state = 0b10
    await clock.sleep(150)
    state = 0
    await until('the press', () => keys().length === 1)
    expect(keys()).toEqual([1])
  })

  test('whose cables are crossed has its keys in the order that the config gives', async () => {
    const system = new HidDouble()
    const box: ButtonBoxDouble = new ButtonBoxDouble('BOX', true, (bytes) =>
      system.send(box, bytes),
    )
    system.plug(box)
    const { keys, health } = opened('hid:BOX?keys=3,1', system)
    await until('it is there', () => health()?.health === 'ok')
    expect(health()).toMatchObject({ keys: 2 })
    for (const button of [0, 1, 2]) {
      box.set(button, true)
      await clock.sleep(60)
      box.set(button, false)
      await clock.sleep(60)
    }
    await until('two presses', () => keys().length === 2)
    expect(keys()).toEqual([1, 0])
  })

  test('whose descriptor names no buttons is not there, until the config says where they are', async () => {
    const system = new HidDouble()
    system.plug(footSwitch)
    const bare = opened('hid:FOOT-1', system)
    await until('it was looked at', () => system.opens === 1)
    await clock.sleep(50)
    expect(bare.health()).toMatchObject({ health: 'gone', code: 'STATION_HID_WRONG' })
    for (const close of closers.splice(0)) await close()

    const { keys, health } = opened('hid:FOOT-1?keys=3.1,2:1f', system)
    await until('it is there', () => health()?.health === 'ok')
    const press = async (...bytes: number[]) => {
      system.send(footSwitch, bytes)
      await clock.sleep(60)
      system.send(footSwitch, [1, 0, 0, 0])
      await clock.sleep(60)
    }
    await press(1, 0, 0x1f, 0)
    await press(1, 0, 0x20, 0)
    await press(1, 0, 0, 0b10)
    await press(1, 0, 0, 0b01)
    // Too short to speak of either.
    await press(1, 0)
    await until('two presses', () => keys().length >= 2)
    expect(keys()).toEqual([1, 0])
  })
})

describe('why a box is not there', () => {
  const boxIn = (system: HidDouble, denied = false) => {
    const box: ButtonBoxDouble = new ButtonBoxDouble('BOX', true, (bytes) =>
      system.send(box, bytes),
    )
    return { box, trouble: system.plug(box, { denied }) }
  }
  /** The kernel's notice of a plug anywhere: it is looked for again at once. */
  const notice = (system: HidDouble) => system.plug({ ...footSwitch, serial: 'FOOT-2' })

  test('unplugged has no other name; denied and wrong have, and all of them heal', async () => {
    const system = new HidDouble()
    const { keys, health } = opened('hid:BOX', system)
    await until('the first look', () => system.lists > 0)
    expect(health()).not.toHaveProperty('code')
    const { box, trouble } = boxIn(system, true)
    await until('denied', () => health()?.code === 'STATION_HID_DENIED')
    expect(health()?.health).toBe('gone')
    trouble.denied = false
    notice(system)
    await until('it is there', () => health()?.health === 'ok')
    expect(health()).not.toHaveProperty('code')
    box.set(0, true)
    await clock.sleep(60)
    box.set(0, false)
    await until('the press', () => keys().length === 1)
    system.unplug(box)
    await until('gone', () => health()?.health === 'gone')
    expect(health()).not.toHaveProperty('code')
  })

  test('held by another part it is busy, and heals when that one lets go', async () => {
    const system = new HidDouble()
    const bus = new HidBus({ clock, system })
    boxIn(system)
    const first = opened('hid:BOX', system, bus)
    await until('the first has it', () => first.health()?.health === 'ok')
    const second = opened('hid:1-4', system, bus)
    await until('busy', () => second.health()?.code === 'STATION_HID_BUSY')
    await first.close()
    notice(system)
    await until('the second has it', () => second.health()?.health === 'ok')
  })
})

describe('?keys=', () => {
  const GOOD = ['1', '32,1', '0.0,63.7', '2:1f,2:1F', '1,3.0,2:00', '1,2,3,4,5,6,7,8']
  const BAD = ['', '0', '33', '1,1', '1,', '3.8', '64.0', '2:1', '2:1g', 'x', '1,2,3,4,5,6,7,8,9']
  test.each(GOOD)('%s is read by the config and by the driver', (keys) => {
    expect(readButtonsUrl(`hid:1-2.3?keys=${keys}`)).toHaveProperty('url')
    expect(readKeys('hid:', keys)).toHaveLength(keys.split(',').length)
  })
  test.each(BAD)('"%s" is refused by both', (keys) => {
    expect(readButtonsUrl(`hid:1-2.3?keys=${keys}`)).toHaveProperty('fault.code', 'CONFIG_INVALID')
    let code: unknown = null
    try {
      readKeys('hid:', keys)
    } catch (error) {
      code = isStationError(error) ? error.code : error
    }
    expect(code).toBe('CONFIG_INVALID')
  })
})
