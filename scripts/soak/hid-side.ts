// The HID side of the soak's PC: one lamp of each kind, button boxes and scanners, whose plugs are pulled again and again.
import type { Random } from '../../drivers/virtual/index.ts'
import { ButtonBoxDouble } from '../../test/fakes/button-box.ts'
import { HidDouble, type HidPeripheral } from '../../test/fakes/hid-double.ts'
import {
  Blink1Double,
  BlinkStickDouble,
  BusylightDouble,
  EmbravaDouble,
  LuxaforDouble,
  NeUsbDouble,
  RelayDouble,
} from '../../test/fakes/hid-lamps.ts'
import { aimScanner, plainScanner } from '../../test/fakes/hid-scanner.ts'

const OUT_MIN_MS = 20
const OUT_MAX_MS = 1500
const PULL_EVERY_MS = 150
const PRESS_MS = 60

export class HidSide {
  readonly system = new HidDouble()
  readonly #random: Random
  readonly #now = () => performance.now()
  readonly #touch = new NeUsbDouble(this.#now, '', '1-3.6')
  readonly #lamps = [
    new Blink1Double(this.#now, '2000ABCD', '1-3.1'),
    new BusylightDouble(this.#now, '', '1-3.2'),
    new LuxaforDouble(this.#now, '', '1-3.3'),
    new BlinkStickDouble(this.#now, 'BS032974-3.0', '1-3.4'),
    new EmbravaDouble(this.#now, '', '1-3.5'),
    this.#touch,
    new RelayDouble('SOAK1', ['red', 'yellow', 'green'], '1-3.7'),
    new Blink1Double(this.#now, '2000ABCE', '1-3.8'),
  ]
  readonly #scanners = [aimScanner(), plainScanner()]
  readonly #boxes: readonly ButtonBoxDouble[]
  readonly #all: readonly HidPeripheral[]
  readonly #out = new Set<HidPeripheral>()
  #isStormy = false
  #storm: Promise<void> = Promise.resolve()
  pulls = 0

  constructor(random: Random, boxes: number) {
    this.#random = random
    this.#touch.answer = (bytes) => this.system.send(this.#touch, bytes)
    this.#boxes = Array.from({ length: boxes }, (_, at) => {
      const box: ButtonBoxDouble = new ButtonBoxDouble(`BOX-${at}`, at % 2 === 1, (bytes) =>
        this.system.send(box, bytes),
      )
      return box
    })
    this.#all = [
      ...this.#lamps,
      ...this.#boxes,
      ...this.#scanners.map(({ peripheral }) => peripheral),
    ]
    for (const one of this.#all) this.system.plug(one)
  }

  /** Addresses of the lamps, one for each bay. */
  readonly lamps: readonly string[] = [
    'blink1:2000ABCD',
    'busylight:1-3.2',
    'luxafor:1-3.3',
    'blinkstick:BS032974-3.0',
    'embrava:1-3.5',
    'patlite:1-3.6',
    'relay:SOAK1?map=red,yellow,green',
    'blink1:2000ABCE',
  ]
  readonly scanners: readonly string[] = ['hid-pos:LSR1180042', 'hid-pos:FM430-0007?layout=plain']

  get taken(): number {
    return this.#lamps.reduce((sum, { taken }) => sum + taken, 0)
  }

  scan(at: number, text: string): void {
    this.#scanners[at]?.scan(this.system, text)
  }

  /** A short press of the first button of a box. */
  press(box: number): void {
    const pressed = this.#boxes[box]
    pressed?.set(0, true)
    setTimeout(() => pressed?.set(0, false), PRESS_MS)
  }

  /** A finger on the light with a sensor. */
  touch(): void {
    this.#touch.isTouched = true
    setTimeout(() => {
      this.#touch.isTouched = false
    }, 3 * PRESS_MS)
  }

  storm(): void {
    this.#isStormy = true
    this.#storm = this.#blow()
  }

  /** All plugs are in when it resolves. */
  async calm(): Promise<void> {
    this.#isStormy = false
    await this.#storm
  }

  async #blow(): Promise<void> {
    const pulling = new Set<Promise<void>>()
    while (this.#isStormy) {
      const work = this.#pull()
      pulling.add(work)
      void work.then(() => pulling.delete(work))
      await this.#pause(0, 2 * PULL_EVERY_MS)
    }
    await Promise.all(pulling)
  }

  async #pull(): Promise<void> {
    const one = this.#random.pick(this.#all)
    if (this.#out.has(one)) return
    this.#out.add(one)
    this.pulls++
    this.system.unplug(one)
    await this.#pause(OUT_MIN_MS, OUT_MAX_MS)
    this.system.plug(one)
    this.#out.delete(one)
    for (const lamp of this.#lamps) lamp.odd.length = 0
  }

  #pause(from: number, to: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.#random.int(from, to)))
  }
}
