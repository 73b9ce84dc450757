// HID POS scanners and button boxes through node-hid and hidraw: what they send is read, unplugged or not.
import { bayId } from '../../agent/core/ids.ts'
import { LAMP_TABLES } from '../../agent/core/signals.ts'
import { openButtons } from '../../drivers/buttons/index.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { hidOfThisPc } from '../../drivers/io/hid.ts'
import { HidBus } from '../../drivers/io/hid-bus.ts'
import { buttonOf, openLamp, openLampFamily } from '../../drivers/lamp/index.ts'
import { openScanner } from '../../drivers/scanner/index.ts'
import { buttonsContract } from '../contracts/buttons.contract.ts'
import { scannerContract } from '../contracts/scanner.ts'
import { ButtonBoxDouble } from '../fakes/button-box.ts'
import { aimScanner, plainScanner } from '../fakes/hid-scanner.ts'
import { NeUsbDouble } from '../fakes/hid-towers.ts'
import { UhidPlug } from './guest/uhid.ts'

const clock = systemClock()
const bus = () => new HidBus({ clock, system: hidOfThisPc() })

/** Page 8C, usage 02: input reports of id 2 with 63 bytes (facts/hardware §5). */
const HID_POS = '058c0902a101850209031500 26ff00 7508 953f 8102 c0'.replaceAll(' ', '')

for (const [name, make] of [
  ['hid-pos: with AIM ids, on hidraw', () => aimScanner()],
  ['hid-pos: plain, on hidraw', () => plainScanner()],
] as const)
  scannerContract(name, async () => {
    const model = make()
    const plug = new UhidPlug(model.peripheral, HID_POS)
    await plug.plug()
    const scanner = await openScanner(`hid-pos:${model.peripheral.serial}`, { clock, hid: bus() })
    return {
      scanner,
      scan: (text) => {
        for (const report of model.reports(text, '   ')) plug.send(report)
      },
      lose: () => plug.unplug(),
      regain: () => plug.plug(),
      close: async () => {
        await scanner.close()
        await plug.unplug()
      },
    }
  })

/** The kernel's driver for these ids, hid-dr, refuses a box without the output report for a motor. */
const rumbling = (descriptor: Uint8Array): string =>
  `${Buffer.from(descriptor.subarray(0, -1)).toString('hex')}0600ff0901150026ff00750895079102c0`

for (const hasId of [false, true])
  buttonsContract(`hid: (${hasId ? 'with' : 'without'} report ids), on hidraw`, async () => {
    const box: ButtonBoxDouble = new ButtonBoxDouble('BOX-7', hasId, (bytes) => plug.send(bytes))
    const plug = new UhidPlug(box, rumbling(box.descriptor))
    await plug.plug()
    const buttons = openButtons('hid:BOX-7', { clock, hid: bus() })
    if (buttons === null) throw new Error('no buttons')
    return {
      buttons,
      keys: 4,
      press: (key) => box.set(key, true),
      release: (key) => box.set(key, false),
      unplug: () => void plug.unplug(),
      plug: () => void plug.plug(),
      close: async () => {
        await buttons.close()
        await plug.unplug()
      },
    }
  })

buttonsContract('patlite:, on hidraw', async () => {
  const light = new NeUsbDouble(() => clock.mono(), 'NE1')
  const plug = new UhidPlug(light)
  light.answer = (bytes) => plug.send(bytes)
  await plug.plug()
  const lamp = openLamp('patlite:NE1', {
    bay: bayId('1'),
    tables: LAMP_TABLES,
    write: () => undefined,
    hasColour: false,
    family: openLampFamily({ clock }),
    touch: true,
  })
  const buttons = buttonOf(lamp)
  if (buttons === null) throw new Error('no button')
  return {
    buttons,
    keys: 1,
    press: () => {
      light.isTouched = true
    },
    release: () => {
      light.isTouched = false
    },
    unplug: () => void plug.unplug(),
    plug: () => void plug.plug(),
    close: async () => {
      await lamp.close()
      await plug.unplug()
    },
  }
})
