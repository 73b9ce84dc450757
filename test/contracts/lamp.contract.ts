// What every lamp must keep, whatever it is made of; run on each driver by its own test file.
import { describe, expect, it } from 'vitest'
import { SIGNALS, type Signal } from '../../agent/core/signals.ts'
import { isStationError } from '../../agent/fault.ts'
import type { Lamp } from '../../agent/ports.ts'

export interface LampBench {
  readonly lamp: Lamp
  /** What an onlooker saw, oldest first; null for a lamp that shows nothing. */
  readonly seen: (() => readonly Signal[]) | null
  /** Takes the lamp away and plugs it in again; null when it cannot be lost. */
  readonly plug: { out(): void; in(): void } | null
}

export function lampContract(name: string, make: () => LampBench): void {
  describe(`the ${name} lamp`, () => {
    it('shows every signal, in the order asked', async () => {
      const { lamp, seen } = make()
      for (const signal of SIGNALS) await lamp.show(signal)
      if (seen !== null) expect(seen()).toEqual(SIGNALS)
      await lamp.close()
    })

    it('shows the last of many that are asked at once', async () => {
      const { lamp, seen } = make()
      await Promise.all(SIGNALS.map((signal) => lamp.show(signal)))
      if (seen !== null) expect(seen().at(-1)).toBe(SIGNALS.at(-1))
      await lamp.close()
    })

    it('takes the same signal again as no news', async () => {
      const { lamp, seen } = make()
      for (const signal of ['you', 'you', 'done', 'done', 'you'] as const) await lamp.show(signal)
      if (seen !== null) expect(seen()).toEqual(['you', 'done', 'you'])
      await lamp.close()
    })

    it('that is lost rejects with its fault, and shows the signal when it is asked again', async () => {
      const { lamp, seen, plug } = make()
      if (plug === null || seen === null) return
      await lamp.show('working')
      plug.out()
      const error = await lamp.show('done').then(
        () => null,
        (reason: unknown) => reason,
      )
      expect(isStationError(error) && error.code).toBe('STATION_LAMP_GONE')
      plug.in()
      await lamp.show('done')
      expect(seen().at(-1)).toBe('done')
      await lamp.close()
    })

    it('may be closed twice, and shows nothing after that', async () => {
      const { lamp, seen } = make()
      await lamp.show('you')
      await lamp.close()
      await lamp.close()
      await lamp.show('done')
      if (seen !== null) expect(seen()).toEqual(['you'])
    })
  })
}
