// What a PC has is read from the kernel's files; a PC laid out as files has everything that benches have.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DeviceTree, surveyOf } from '../../../drivers/host/survey/index.ts'
import { LaidOutPc } from '../../fakes/device-tree.ts'

let pc: LaidOutPc
beforeEach(() => {
  pc = new LaidOutPc()
})
afterEach(() => pc.remove())
const survey = () => surveyOf(new DeviceTree(pc.root))
const nic = (name: string) => survey().nics.find((one) => one.name === name)

describe('the cards', () => {
  test('come as people count, with driver, link and what they cannot be', () => {
    pc.card({ name: 'eth10', carrier: 1 })
    pc.card({ name: 'eth2' })
    pc.card({ name: 'wlan0', isRadio: true })
    pc.card({ name: 'docker0', isVirtual: true })
    expect(survey().nics.map(({ name }) => name)).toEqual(['docker0', 'eth2', 'eth10', 'wlan0'])
    expect(nic('eth10')).toMatchObject({ driver: 'igb', isCard: true, carrier: true, speed: 1000 })
    expect(nic('eth2')).toMatchObject({ carrier: false, speed: null, isAdminUp: true })
    expect(nic('wlan0')?.isRadio).toBe(true)
    expect(nic('docker0')).toMatchObject({ isCard: false, driver: null })
  })

  test('the uplink has the default route itself, or is a port of the bridge that has it', () => {
    pc.card({ name: 'br0', isVirtual: true })
    pc.card({ name: 'eth1', master: 'br0' })
    pc.card({ name: 'eth22' })
    pc.defaultRoute('br0')
    expect(nic('eth1')).toMatchObject({ master: 'br0', isUplink: true })
    expect(nic('eth22')?.isUplink).toBe(false)
    pc.defaultRoute('eth22')
    expect(nic('eth22')?.isUplink).toBe(true)
    expect(nic('eth1')?.isUplink).toBe(false)
  })

  test('a default route of IPv6 alone makes an uplink too, the one on lo does not', () => {
    pc.card({ name: 'eth1' })
    const nothing = '0'.repeat(32)
    pc.write(
      'proc/net/ipv6_route',
      `${nothing} 00 ${nothing} 00 fe800000000000000000000000000001 00000400 1 0 00000003 eth1\n${nothing} 00 ${nothing} 00 ${nothing} ffffffff 1 0 00200200 lo\n`,
    )
    expect(nic('eth1')?.isUplink).toBe(true)
  })
})

describe('the serial ports', () => {
  test('have ids, strings, their USB place, and the names that last', () => {
    pc.port({
      node: 'ttyUSB1',
      usbPath: '1-2.3',
      vendor: '1a86',
      product: '7523',
      name: 'USB Serial',
    })
    pc.port({
      node: 'ttyACM0',
      usbPath: '1-4',
      vendor: '0c2e',
      product: '0b61',
      name: 'Scanner',
      serial: 'S7',
    })
    const [acm, usb] = survey().ports
    expect(usb).toEqual({
      node: `${pc.root}/dev/ttyUSB1`,
      byPath: `${pc.root}/dev/serial/by-path/pci-0000:00:14.0-usb-0:2.3:1.0-port0`,
      byId: null,
      vendor: 0x1a86,
      product: 0x7523,
      serial: '',
      name: 'USB Serial',
      usbPath: '1-2.3',
    })
    expect(acm).toMatchObject({ vendor: 0x0c2e, serial: 'S7', usbPath: '1-4' })
    expect(acm?.byId).toBe(`${pc.root}/dev/serial/by-id/usb-Scanner_S7-if00`)
  })
})

test('an empty PC has nothing, and that is no error', () => {
  expect(survey()).toEqual({ nics: [], ports: [], controllers: [], gadgets: [], captures: [] })
})

test('device controllers, gadget keyboards and captures are seen', () => {
  pc.write('sys/class/udc/fe980000.usb/state', 'configured\n')
  pc.write('dev/hidg0', '')
  pc.write('dev/hidg1', '')
  pc.link('dev/reseal/hidg-07', '../hidg1')
  pc.write('sys/class/video4linux/video0/name', 'USB Video\n')
  pc.write('dev/video0', '')
  pc.link('dev/v4l/by-path/pci-0000:00:14.0-usb-0:5:1.0-video-index0', '../../video0')
  expect(survey()).toMatchObject({
    controllers: ['fe980000.usb'],
    gadgets: [
      { node: `${pc.root}/dev/hidg0`, byBay: null },
      { node: `${pc.root}/dev/hidg1`, byBay: `${pc.root}/dev/reseal/hidg-07` },
    ],
    captures: [
      {
        byPath: `${pc.root}/dev/v4l/by-path/pci-0000:00:14.0-usb-0:5:1.0-video-index0`,
        name: 'USB Video',
      },
    ],
  })
})
