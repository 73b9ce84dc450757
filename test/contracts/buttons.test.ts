// The contract of buttons on USB button boxes and on the touch sensor of a light, over doubles.
import { bayId } from '../../agent/core/ids.ts'
import { LAMP_TABLES } from '../../agent/core/signals.ts'
import { openButtons } from '../../drivers/buttons/index.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { HidBus } from '../../drivers/io/hid-bus.ts'
import { buttonOf, openLamp, openLampFamily } from '../../drivers/lamp/index.ts'
import { ButtonBoxDouble } from '../fakes/button-box.ts'
import { HidDouble } from '../fakes/hid-double.ts'
import { NeUsbDouble } from '../fakes/hid-towers.ts'
import { buttonsContract } from './buttons.contract.ts'

const clock = systemClock()

for (const hasId of [false, true]) {
  buttonsContract(`hid: (${hasId ? 'with' : 'without'} report ids)`, async () => {
    const system = new HidDouble()
    const box = new ButtonBoxDouble('BOX-7', hasId, (bytes) => system.send(box, bytes))
    system.plug(box)
    const buttons = openButtons('hid:BOX-7', { clock, hid: new HidBus({ clock, system }) })
    if (buttons === null) throw new Error('no buttons')
    return {
      buttons,
      keys: 4,
      press: (key) => box.set(key, true),
      release: (key) => box.set(key, false),
      unplug: () => system.unplug(box),
      plug: () => void system.plug(box),
      close: () => buttons.close(),
    }
  })
}

buttonsContract('patlite:', async () => {
  const system = new HidDouble()
  const light = new NeUsbDouble(() => clock.mono())
  light.answer = (bytes) => system.send(light, bytes)
  system.plug(light)
  const lamp = openLamp('patlite:', {
    bay: bayId('1'),
    tables: LAMP_TABLES,
    write: () => undefined,
    hasColour: false,
    family: openLampFamily({ clock, system }),
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
    unplug: () => system.unplug(light),
    plug: () => void system.plug(light),
    close: () => lamp.close(),
  }
})
