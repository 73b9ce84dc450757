// A lamp that is pulled is small print: the bay goes on, and the lamp shows the bay's present signal when it is back.
import { expect, it } from 'vitest'
import { Act } from '../../../agent/bench/act.ts'
import { HealthBook } from '../../../agent/bench/health.ts'
import { bayId } from '../../../agent/core/ids.ts'
import { LAMP_TABLES } from '../../../agent/core/signals.ts'
import type { Health } from '../../../agent/ports.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { openLamp, openLampFamily } from '../../../drivers/lamp/index.ts'
import { HidDouble } from '../../fakes/hid-double.ts'
import { Blink1Double } from '../../fakes/hid-lamps.ts'
import { COLOURS } from '../../fakes/lamp-looks.ts'
import { until } from '../../fakes/pty.ts'

it('a lamp that is pulled stops no bay, is told once, and comes back to the signal of now', async () => {
  const clock = systemClock()
  const system = new HidDouble()
  const double = new Blink1Double(() => clock.mono(), '2000ABCD')
  system.plug(double)
  const bay = bayId('1')
  const family = openLampFamily({ clock, system })
  const write = () => undefined
  const context = { bay, tables: LAMP_TABLES, write, hasColour: false, family }
  const lamp = openLamp('blink1:2000ABCD', context)
  const told: Health[] = []
  const book = new HealthBook(clock, (health) => told.push(health))
  const link = { watch: async function* () {} }
  const act = new Act({
    parts: { bay, link, keyboard: null, lamp, screen: null },
    clock,
    report: (row) => book.report(row),
    tell: () => undefined,
    preCheck: () => Promise.resolve({ at: 0, findings: [] }),
  })
  act.light('working')
  await until('it works', () => double.look() === COLOURS.working)

  system.unplug(double)
  await until('the loss is told', () => told.length === 1)
  expect(told[0]).toMatchObject({ part: 'lamp', bay, ok: false, code: 'STATION_LAMP_GONE' })
  expect(book.overlay(bay)).toBeNull()
  act.light('you')
  act.light('done')

  system.plug(double)
  await until('it shows the signal of now', () => double.look() === COLOURS.done)
  await until('the return is told', () => told.at(-1)?.ok === true)
  expect(told).toHaveLength(2)
  await act.close()
  await lamp.close()
  expect(double.look()).toBe('dark')
})
