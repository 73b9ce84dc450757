// When people work: names of the shifts, when each begins by the wall clock, and whose wall clock that is.
import { z } from 'zod'
import type { ShiftPlan } from '../agent/core/throughput/shifts.ts'

/** Shifts of a day; more are hours. */
const SHIFTS_MAX = 8

const zone = z.string().superRefine((name, context) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
  } catch {
    const hint = 'Write a name of the IANA list, for instance Europe/Berlin.'
    context.addIssue({ code: 'custom', message: 'this is no time zone', params: { hint } })
  }
})

const shift = z.strictObject({
  name: z.string().min(1).max(32).describe('As people call it'),
  at: z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):(?:00|15|30|45)$/, 'this is no quarter of an hour as HH:MM')
    .describe('Local time at which it begins, HH:MM; it lasts until the next one'),
})

const minuteOf = (at: string): number => Number(at.slice(0, 2)) * 60 + Number(at.slice(3))

export const shiftsSchema = z
  .strictObject({
    zone: zone.optional().describe('Time zone of the facility; else that of the PC'),
    list: z
      .array(shift)
      .min(1)
      .max(SHIFTS_MAX)
      .default([
        { name: 'early', at: '06:00' },
        { name: 'late', at: '14:00' },
        { name: 'night', at: '22:00' },
      ])
      .describe('In the order of the day'),
  })
  .superRefine(({ list }, context) => {
    list.forEach(({ name, at }, index) => {
      const before = list[index - 1]
      const bad = (key: string, message: string, hint: string) =>
        context.addIssue({
          code: 'custom',
          path: ['list', index, key],
          message,
          params: { hint },
        })
      if (before !== undefined && minuteOf(before.at) >= minuteOf(at))
        bad('at', 'this begins before the one above it', 'Write shifts in the order of the day.')
      if (list.findIndex((one) => one.name === name) < index)
        bad('name', 'this name stands twice', 'Give each shift a name of its own.')
    })
  })

/** The plan of a config that was checked. */
export const shiftPlanOf = ({ zone, list }: z.output<typeof shiftsSchema>): ShiftPlan => ({
  zone: zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  list: list.map(({ name, at }) => ({ name, minute: minuteOf(at) })),
})
