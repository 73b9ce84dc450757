// The set-up command's own steps on the kernel's configfs: what they make is a keyboard that the driver plays.
import { existsSync, realpathSync, statSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../drivers/host/clock.ts'
import { carryOut, nodeOf, planRemove, planSetup } from '../../drivers/keyboard/gadget.ts'
import { nameOf, planName, planUnname } from '../../drivers/keyboard/gadget-name.ts'
import { kernelTree } from '../../drivers/keyboard/gadget-tree.ts'
import { openHidg } from '../../drivers/keyboard/hidg.ts'
import { burst } from '../contracts/keyboard.ts'
import { until } from '../fakes/pty.ts'
import { HostSide } from './guest/gadget.ts'
import { proved } from './guest/runner.ts'

const never = new AbortController().signal

function setUp(bay: string, udc: string) {
  const plan = planSetup(kernelTree, bay, udc)
  carryOut(kernelTree, plan.steps, bay)
  carryOut(kernelTree, planName(kernelTree, bay))
  return plan
}

const tearDown = (bay: string) =>
  carryOut(kernelTree, [...planUnname(kernelTree, bay), ...planRemove(kernelTree, bay)])

describe('reseal gadget setup', () => {
  afterEach(() => {
    for (let n = 0; n < 5; n++) tearDown(`S${n}`)
  })

  test('makes a keyboard that the USB host knows by the serial number of its bay, and takes it away', async () => {
    const { serial, steps } = setUp('S0', 'dummy_udc.0')
    expect(steps.length).toBeGreaterThan(10)
    const node = nodeOf(kernelTree, 'S0') ?? ''
    await until('the node is there', () => existsSync(node))
    expect(statSync(node).isCharacterDevice()).toBe(true)
    expect(planSetup(kernelTree, 'S0', 'dummy_udc.0').steps).toEqual([])
    const side = await HostSide.of(serial)
    const path = nameOf('S0')
    expect(realpathSync(path)).toBe(node)
    const keyboard = await openHidg({ path, clock: systemClock(), stateDir: '/tmp' })
    try {
      await keyboard.ready()
      expect((await keyboard.play(burst(0xe3, 5, 50, 50), never)).proof).toBe('accepted')
      await until('ten key events came', () => side.keys.length === 10)
    } finally {
      await keyboard.close()
      side.close()
    }
    tearDown('S0')
    await until('the node is gone', () => !existsSync(node))
    expect(kernelTree.target(path)).toBeNull()
    expect(planRemove(kernelTree, 'S0')).toEqual([])
    proved(
      'reseal gadget: set up, found again, played by its bay’s name, and removed by the kernel’s own configfs',
    )
  })

  test('two that are made in the other order after a restart swap their nodes and keep their names', () => {
    const nodes = [
      ['S0', 'S1'],
      ['S1', 'S0'],
    ].map((order) => {
      for (const bay of order) setUp(bay, `dummy_udc.${bay.slice(1)}`)
      const found = ['S0', 'S1'].map((bay) => nodeOf(kernelTree, bay))
      expect(['S0', 'S1'].map((bay) => kernelTree.target(nameOf(bay)))).toEqual(found)
      for (const bay of order) tearDown(bay)
      return found
    })
    expect(nodes[1]).toEqual(nodes[0]?.toReversed())
    proved('reseal gadget: made in another order the nodes swap, the names do not')
  })

  test('a controller in use and a fifth keyboard are refused by name, and nothing half made is left', () => {
    for (let n = 0; n < 4; n++) setUp(`S${n}`, `dummy_udc.${n}`)
    expect(() => setUp('S4', 'dummy_udc.3')).toThrow(/STATION_GADGET_BUSY.*reseal-S3/)
    kernelTree.write('/sys/kernel/config/usb_gadget/reseal-S3/UDC', '\n')
    expect(() => setUp('S4', 'dummy_udc.3')).toThrow(/STATION_GADGET_FULL/)
    expect(kernelTree.list('/sys/kernel/config/usb_gadget')).not.toContain('reseal-S4')
    expect(() => setUp('S4', 'dummy_udc.9')).toThrow(/STATION_GADGET_NO_UDC/)
    proved('reseal gadget: a used controller and a fifth keyboard are refused, with nothing left')
  })
})
