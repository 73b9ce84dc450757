// What every button of a bay must keep, whatever it is made of; run on each driver by its own test file.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ButtonHealth, ButtonReport, OperatorButton } from '../../agent/ports.ts'
import { until } from '../fakes/pty.ts'

export interface ButtonsBench {
  readonly buttons: OperatorButton
  /** How many there are. */
  readonly keys: number
  press(key: number): void
  release(key: number): void
  unplug(): void
  plug(): void
  close(): Promise<void>
}

const LONG_MS = 2000

export function buttonsContract(name: string, make: () => Promise<ButtonsBench>): void {
  describe(`${name} as buttons`, () => {
    let bench: ButtonsBench
    let heard: (ButtonReport | ButtonHealth)[]
    let end: AbortController
    let watching: Promise<void>
    beforeEach(async () => {
      bench = await make()
      heard = []
      end = new AbortController()
      watching = (async () => {
        for await (const fact of bench.buttons.watch(end.signal)) heard.push(fact)
      })()
      await until('they are there', () => health() === 'ok')
    })
    afterEach(async () => {
      end.abort()
      await watching
      await bench.close()
    })
    const health = () => heard.flatMap((one) => ('health' in one ? [one.health] : [])).at(-1)
    const presses = () =>
      heard.flatMap((one) => ('press' in one ? [`${one.press} ${one.key}`] : []))
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
    const tap = async (key: number) => {
      const before = presses().length
      bench.press(key)
      await pause(150)
      bench.release(key)
      await until(`the press of ${key}`, () => presses().length > before)
    }

    it('tells how many they are, and each press once, with its key, when it is let go', async () => {
      const there = heard.findLast((one) => 'health' in one)
      expect(there).toMatchObject({ health: 'ok', keys: bench.keys })
      const wanted: string[] = []
      for (let key = 0; key < bench.keys; key++) {
        await tap(key)
        wanted.push(`short ${key}`)
      }
      expect(presses()).toEqual(wanted)
    })

    it('tells a long press when its time is over, and no short one after it', async () => {
      const from = performance.now()
      bench.press(0)
      await until('a long press', () => presses().length === 1, LONG_MS + 1000)
      const took = performance.now() - from
      expect(took).toBeGreaterThanOrEqual(LONG_MS - 20)
      bench.release(0)
      await pause(200)
      expect(presses()).toEqual(['long 0'])
      await tap(0)
      expect(presses()).toEqual(['long 0', 'short 0'])
    })

    it('that are pulled while one is held pressed nothing; they press again when they are back', async () => {
      bench.press(0)
      await pause(150)
      bench.unplug()
      await until('gone', () => health() === 'gone')
      bench.release(0)
      bench.plug()
      await until('back', () => health() === 'ok')
      await pause(150)
      expect(presses()).toEqual([])
      await tap(0)
      expect(presses()).toEqual(['short 0'])
    })
  })
}
