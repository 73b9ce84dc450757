// A HID peripheral whose old handle is still with the kernel: it is not opened a second time meanwhile.
import { expect, test } from 'vitest'
import { systemClock } from '../../drivers/host/clock.ts'
import { HidBus } from '../../drivers/io/hid-bus.ts'
import type { HidSystem } from '../../drivers/io/hid-system.ts'
import { HidDouble } from '../fakes/hid-double.ts'
import { Blink1Double } from '../fakes/hid-lamps.ts'
import { until } from '../fakes/pty.ts'

test('a peripheral that comes back while its old handle closes is opened when that is over', async () => {
  const clock = systemClock()
  const double = new HidDouble()
  const lamp = new Blink1Double(() => clock.mono(), '2000AAAA')
  double.plug(lamp)
  // node-hid closes behind a call that hangs: for as long as the kernel holds that.
  const kernel = Promise.withResolvers<void>()
  const system: HidSystem = {
    list: () => double.list(),
    descriptor: (node) => double.descriptor(node),
    watch: (changed) => double.watch(changed),
    open: async (node, ears) => {
      const handle = await double.open(node, ears)
      return { ...handle, close: () => kernel.promise.then(() => handle.close()) }
    },
  }
  const bus = new HidBus({ clock, system })
  const told: string[] = []
  const line = bus.open(
    { what: 'blink1:2000AAAA', ids: [], address: '2000AAAA' },
    {
      back: () => void told.push('back'),
      gone: ({ code }) => void told.push(code),
      report: () => undefined,
    },
  )
  await until('it is open', () => line.isOpen)

  double.unplug(lamp)
  await until('it is gone', () => !line.isOpen)
  double.plug(lamp)
  const { lists } = double
  await until('it was looked for twice', () => double.lists >= lists + 2)
  expect([double.opens, double.openNow, line.isOpen]).toEqual([1, 1, false])

  kernel.resolve()
  await until('it is open again', () => line.isOpen)
  expect([double.opens, double.openNow]).toEqual([2, 1])
  expect(told).toEqual(['back', 'STATION_HID_GONE', 'back'])
  await line.close()
})
