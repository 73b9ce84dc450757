// What every lamp must keep, whatever it is made of; run on each driver by its own test file.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SIGNALS, type Signal } from '../../agent/core/signals.ts'
import { isStationError } from '../../agent/fault.ts'
import type { Lamp } from '../../agent/ports.ts'
import { until } from '../fakes/pty.ts'

export interface LampBench {
  readonly lamp: Lamp
  /** What an onlooker sees now; null for a lamp that shows nothing. */
  readonly look: (() => string) | null
  /** What an onlooker must see as soon as a signal is shown; not made by the driver. */
  readonly lookOf: (signal: Signal) => string
  /** How an unlit lamp looks; null when it cannot be dark (a line in a terminal stays). */
  readonly dark: string | null
  /** Transfers, lines or calls so far. */
  readonly news: () => number
  /** Takes the lamp away and plugs it in again; null when it cannot be lost. */
  readonly plug: { out(): void | Promise<void>; in(): void | Promise<void> } | null
  close?(): void | Promise<void>
}

/** An answer of `show` that takes longer is no answer: nothing waits for a lamp. */
const SHOW_MS = 3000

export function lampContract(name: string, make: () => LampBench | Promise<LampBench>): void {
  describe(`the ${name} lamp`, () => {
    let bench: LampBench
    beforeEach(async () => {
      bench = await make()
    })
    afterEach(async () => {
      await bench.lamp.close()
      await bench.close?.()
    })
    const sees = (signal: Signal) => {
      const { look, lookOf } = bench
      if (look === null) return Promise.resolve()
      return until(`${signal} looks ${lookOf(signal)}`, () => look() === lookOf(signal))
    }
    const faultOf = async (signal: Signal) => {
      const begun = performance.now()
      const error = await bench.lamp.show(signal).then(
        () => null,
        (reason: unknown) => reason,
      )
      expect(performance.now() - begun).toBeLessThan(SHOW_MS)
      return isStationError(error) ? error.code : error
    }

    it('shows every signal', async () => {
      for (const signal of SIGNALS) {
        await bench.lamp.show(signal)
        await sees(signal)
      }
    })

    it('shows the last of many that are asked at once', async () => {
      const signals = SIGNALS.toReversed().filter((signal) => signal !== 'test')
      await Promise.all(signals.map((signal) => bench.lamp.show(signal)))
      await sees(signals.at(-1) ?? 'empty')
    })

    it('takes the same signal again as no news', async () => {
      await bench.lamp.show('done')
      await sees('done')
      const before = bench.news()
      await bench.lamp.show('done')
      await bench.lamp.show('done')
      expect(bench.news()).toBe(before)
      await bench.lamp.show('failed')
      await sees('failed')
    })

    it('that is lost rejects with its fault, and shows the signal again when it is back', async () => {
      const { lamp, plug } = bench
      if (plug === null) return
      await lamp.show('working')
      await plug.out()
      expect(await faultOf('done')).toBe('STATION_LAMP_GONE')
      await plug.in()
      // A lamp that tells of its loss comes back by itself; any other one is asked again by the bench.
      if (lamp.watch === undefined) await lamp.show('done')
      await sees('done')
    })

    it('that is lost while nothing changes says so itself, and that it is back', async () => {
      const { lamp, plug } = bench
      if (plug === null || lamp.watch === undefined) return
      const told: string[] = []
      const end = new AbortController()
      const watching = (async () => {
        for await (const { health } of lamp.watch?.(end.signal) ?? []) told.push(health)
      })()
      await lamp.show('done')
      await until('ok', () => told.at(-1) === 'ok')
      await plug.out()
      await until('gone', () => told.at(-1) === 'gone')
      await plug.in()
      await until('ok again', () => told.at(-1) === 'ok')
      end.abort()
      await watching
      await sees('done')
    })

    it('goes dark when it is closed, may be closed twice, and shows nothing after that', async () => {
      const { lamp, look, dark, news } = bench
      await lamp.show('done')
      await sees('done')
      await lamp.close()
      if (look !== null && dark !== null) await until('it is dark', () => look() === dark)
      const before = news()
      await lamp.close()
      await lamp.show('you')
      expect(news()).toBe(before)
    })
  })
}
