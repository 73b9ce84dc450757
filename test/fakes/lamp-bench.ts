// HID lamps on a double, with a count of everything that they must give back when they are closed.
import { expect } from 'vitest'
import { bayId } from '../../agent/core/ids.ts'
import { LAMP_TABLES } from '../../agent/core/signals.ts'
import { isStationError } from '../../agent/fault.ts'
import type { Lamp } from '../../agent/ports.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { openLamp, openLampFamily } from '../../drivers/lamp/index.ts'
import { countedClock } from './counted-clock.ts'
import { HidDouble } from './hid-double.ts'
import { until } from './pty.ts'

export function lampBench() {
  const clock = countedClock(systemClock())
  const system = new HidDouble()
  const family = openLampFamily({ clock, system })
  const lamps: Lamp[] = []
  const open = (url: string, touch = false): Lamp => {
    const write = () => undefined
    const context = { bay: bayId('1'), tables: LAMP_TABLES, write, hasColour: false, family, touch }
    const lamp = openLamp(url, context)
    lamps.push(lamp)
    return lamp
  }
  const now = () => clock.mono()
  const close = async () => {
    await Promise.all(lamps.map((lamp) => lamp.close()))
    system.release()
    await until('all is let go', () => system.openNow === 0)
    expect([system.watchers, family.metronome.size, clock.waiting]).toEqual([0, 0, 0])
  }
  return { clock, system, family, open, now, close }
}

/** The code of the fault that a call ends with, null when it does not. */
export const faultOf = async (work: Promise<unknown>): Promise<unknown> => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  return isStationError(error) ? error.code : error
}
