// The contract of lamps on every HID driver, each over a double that takes the bytes of the facts.
import { bayId } from '../../agent/core/ids.ts'
import { LAMP_TABLES, type Signal } from '../../agent/core/signals.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { openLamp, openLampFamily } from '../../drivers/lamp/index.ts'
import { HidDouble } from '../fakes/hid-double.ts'
import {
  Blink1Double,
  BlinkStickDouble,
  BusylightDouble,
  EmbravaDouble,
  LuxaforDouble,
  type SeenLamp,
} from '../fakes/hid-lamps.ts'
import { Lr6UsbDouble, NeUsbDouble, RelayDouble } from '../fakes/hid-towers.ts'
import {
  COLOURS,
  LINEAR_COLOURS,
  NAMED,
  ON_OFF,
  PERCENT_COLOURS,
  TOWERS,
} from '../fakes/lamp-looks.ts'
import { lampContract } from './lamp.contract.ts'

const clock = systemClock()
const now = () => clock.mono()

/** Every HID lamp by its address, with what an onlooker must see. */
const HID_LAMPS: readonly (readonly [string, () => SeenLamp, Readonly<Record<Signal, string>>])[] =
  [
    ['blink1:2000ABCD', () => new Blink1Double(now, '2000ABCD'), COLOURS],
    ['luxafor:1-2.3', () => new LuxaforDouble(now), LINEAR_COLOURS],
    ['blinkstick:BS000001-3.0', () => new BlinkStickDouble(now, 'BS000001-3.0'), LINEAR_COLOURS],
    ['blinkstick:?leds=8', () => new BlinkStickDouble(now, 'BS000001-3.0'), LINEAR_COLOURS],
    [
      'busylight:pci-0000:00:14.0-usb-0:2.3:1.0',
      () => new BusylightDouble(now, ''),
      PERCENT_COLOURS,
    ],
    ['embrava:', () => new EmbravaDouble(now), LINEAR_COLOURS],
    ['patlite:1-2.3', () => new NeUsbDouble(now), NAMED],
    ['patlite:1-2.3?mute=1', () => new Lr6UsbDouble(now), TOWERS],
    ['relay:HURTM', () => new RelayDouble('HURTM', ['lamp']), ON_OFF],
    [
      'relay:HURTM?map=red,yellow,green,buzzer&mute=1',
      () => new RelayDouble('HURTM', ['red', 'yellow', 'green', 'buzzer']),
      TOWERS,
    ],
  ]

for (const [url, build, looks] of HID_LAMPS) {
  lampContract(url, () => {
    const system = new HidDouble()
    const double = build()
    system.plug(double)
    const family = openLampFamily({ clock, system })
    const context = { bay: bayId('1'), tables: LAMP_TABLES, write: () => undefined, family }
    return {
      lamp: openLamp(url, { ...context, hasColour: false }),
      look: () => double.look(),
      lookOf: (signal) => looks[signal],
      dark: 'dark',
      news: () => double.taken,
      plug: { out: () => system.unplug(double), in: () => void system.plug(double) },
      close: () => {
        if (system.openNow > 0 || system.watchers > 0)
          throw new Error(`${system.openNow} handles and ${system.watchers} watchers stay open`)
        if ('odd' in double && Array.isArray(double.odd) && double.odd.length > 0)
          throw new Error(`bytes that the lamp does not know: ${double.odd[0]}`)
      },
    }
  })
}
