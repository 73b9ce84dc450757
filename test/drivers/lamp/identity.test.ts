// Who a HID lamp is: serial number, USB port or its own word; never a guess, never another maker's.
import { describe, expect, it } from 'vitest'
import { usbPlaceOf } from '../../../drivers/io/hid-place.ts'
import { findLamp } from '../../../drivers/lamp/index.ts'
import { Blink1Double, EmbravaDouble, ForeignDouble } from '../../fakes/hid-lamps.ts'
import { RelayDouble } from '../../fakes/hid-towers.ts'
import { faultOf, lampBench } from '../../fakes/lamp-bench.ts'
import { COLOURS, LINEAR_COLOURS, ON_OFF } from '../../fakes/lamp-looks.ts'
import { until } from '../../fakes/pty.ts'

describe('who a lamp is', () => {
  it('is its serial number, whatever node it has, also after both were replugged', async () => {
    const { system, open, now, close } = lampBench()
    const [one, two] = [new Blink1Double(now, '2000AAAA'), new Blink1Double(now, '3000BBBB')]
    system.plug(two)
    system.plug(one)
    const [first, second] = [open('blink1:2000AAAA'), open('blink1:3000bbbb')]
    await Promise.all([first.show('done'), second.show('failed')])
    expect([one.look(), two.look()]).toEqual([COLOURS.done, COLOURS.failed])
    for (const lamp of [one, two]) system.unplug(lamp)
    for (const lamp of [two, one]) system.plug(lamp)
    await until('both are back', () => one.look() !== 'dark' && two.look() !== 'dark')
    expect([one.look(), two.look()]).toEqual([COLOURS.done, COLOURS.failed])
    await close()
  })

  it.for(['1-2.4', 'pci-0000:00:14.0-usb-0:2.4', 'pci-0000:00:14.0-usb-0:2.4:1.0'])(
    'is its USB port %s when it has no serial number',
    async (port) => {
      const { system, open, now, close } = lampBench()
      const [other, mine] = [
        new EmbravaDouble(now, '', '1-2.3'),
        new EmbravaDouble(now, '', '1-2.4'),
      ]
      system.plug(other)
      system.plug(mine)
      await open(`embrava:${port}`).show('done')
      expect([other.look(), mine.look()]).toEqual(['dark', LINEAR_COLOURS.done])
      await close()
    },
  )

  it('is what the board itself says, for relays; two that look alike are told apart', async () => {
    const { system, open, close } = lampBench()
    const [one, two] = [
      new RelayDouble('AAAAA', ['lamp'], '1-1'),
      new RelayDouble('BBBBB', ['lamp'], '1-2'),
    ]
    system.plug(two)
    system.plug(one)
    await Promise.all([open('relay:AAAAA').show('done'), open('relay:BBBBB').show('waiting')])
    expect([one.look(), two.look()]).toEqual([ON_OFF.done, ON_OFF.waiting])
    await close()
  })

  it('is never guessed: of two that fit one must be named', async () => {
    const { system, open, now, close } = lampBench()
    system.plug(new EmbravaDouble(now, '', '1-2.3'))
    const other = new EmbravaDouble(now, '', '1-2.4')
    system.plug(other)
    const lamp = open('embrava:')
    expect(await faultOf(lamp.show('done'))).toBe('STATION_LAMP_GONE')
    system.unplug(other)
    await until('it is plain now', async () => (await faultOf(lamp.show('done'))) === null)
    await close()
  })

  it('is refused when another product stands under the shared id, or at the address', async () => {
    const { system, open, now, close } = lampBench()
    const foreign = new ForeignDouble(now, '', '1-2.3')
    system.plug(foreign)
    expect(await faultOf(open('luxafor:1-2.3').show('done'))).toBe('STATION_HID_WRONG')
    expect(await faultOf(open('blink1:1-2.3').show('done'))).toBe('STATION_HID_WRONG')
    expect(await faultOf(open('relay:').show('done'))).toBe('STATION_LAMP_GONE')
    expect([foreign.taken, system.opens]).toEqual([0, 0])
    await close()
  })

  it('belongs to one part of the config only', async () => {
    const { system, open, now, close } = lampBench()
    system.plug(new Blink1Double(now, '2000AAAA'))
    const [first, second] = [open('blink1:2000AAAA'), open('blink1:2000AAAA')]
    await first.show('done')
    expect(await faultOf(second.show('done'))).toBe('STATION_HID_BUSY')
    await close()
  })

  it('is read from the path in sysfs as udev names it', () => {
    const pci = '/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2.3/1-2.3:1.0/0003:27B8:01ED.0001'
    expect(usbPlaceOf(pci)).toEqual({ usbPath: '1-2.3', byPath: 'pci-0000:00:14.0-usb-0:2.3' })
    const bridged =
      '/sys/devices/platform/scb/fd500000.pcie/pci0000:00/0000:00:00.0/0000:01:00.0/usb1/1-1/1-1.3/1-1.3:1.0/0003:27B8:01ED.0002'
    expect(usbPlaceOf(bridged)?.byPath).toBe('platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.3')
    const soc = '/sys/devices/platform/soc/fe980000.usb/usb1/1-1/1-1:1.0/0003:27B8:01ED.0003'
    expect(usbPlaceOf(soc)?.byPath).toBe('platform-fe980000.usb-usb-0:1')
    expect(usbPlaceOf('/sys/devices/virtual/misc/uhid/0003:27B8:01ED.0004')).toBeNull()
    expect(usbPlaceOf('')).toBeNull()
  })
})

describe('looking for a lamp, as the doctor does', () => {
  it('finds it without lighting it, and says what stands there instead', async () => {
    const { system, family, now, close } = lampBench()
    const double = new RelayDouble('HURTM', ['lamp'])
    system.plug(double)
    const foreign = new ForeignDouble(now, '', '1-2.5')
    system.plug(foreign)
    // The double's node is in no /dev: it was found, and only then its rights are asked for.
    expect(await faultOf(findLamp('relay:HURTM', family))).toBe('STATION_HID_DENIED')
    expect(await faultOf(findLamp('relay:OTHER', family))).toBe('STATION_LAMP_GONE')
    expect(await faultOf(findLamp('luxafor:1-2.5', family))).toBe('STATION_HID_WRONG')
    expect(await faultOf(findLamp('blink1:', family))).toBe('STATION_LAMP_GONE')
    expect([double.taken, foreign.taken]).toEqual([0, 0])
    expect(await findLamp('command:/bin/true', family)).toBe('command:/bin/true')
    expect(await faultOf(findLamp('tower:/dev/no-such-tower', family))).toBe('STATION_PORT_GONE')
    await close()
  })
})
