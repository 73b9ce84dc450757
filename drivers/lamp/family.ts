// What all lamps of a station share: one scheduler and one HID bus.
import type { Clock } from '../../agent/ports.ts'
import { hidOfThisPc } from '../io/hid.ts'
import { HidBus } from '../io/hid-bus.ts'
import type { HidSystem } from '../io/hid-system.ts'
import { Metronome } from './metronome.ts'

export interface LampFamilyOptions {
  readonly clock: Clock
  /** The HID peripherals of this PC, when others use the bus too; else the family has its own. */
  readonly hid?: HidBus
  /** In place of the kernel's HID, for tests. */
  readonly system?: HidSystem
}

export class LampFamily {
  readonly clock: Clock
  readonly metronome: Metronome
  readonly hid: HidBus

  constructor({ clock, hid, system }: LampFamilyOptions) {
    this.clock = clock
    this.metronome = new Metronome(clock)
    this.hid = hid ?? new HidBus({ clock, system: system ?? hidOfThisPc() })
  }
}

/** The lamps of one station. Opens nothing by itself. */
export const openLampFamily = (options: LampFamilyOptions): LampFamily => new LampFamily(options)
