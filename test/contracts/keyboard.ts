// What every keyboard owes the bench, as one suite that runs on each driver and on the virtual one.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Keyboard, KeyboardReport } from '../../agent/ports.ts'
import { until } from '../fakes/pty.ts'

type PlayRequest = Parameters<Keyboard['play']>[0]
type Bytes = PlayRequest['reports'][number]['bytes']

/** A keyboard with its device, as the suite moves and reads them. */
export interface KeyboardBench {
  readonly keyboard: Keyboard
  /** 8-byte reports that reached the device since the start, in order. */
  landed(): readonly (readonly number[])[]
  /** Lock LEDs of the device: bit 0 Num, 1 Caps, 2 Scroll. */
  leds(): number
  setEnumerated(enumerated: boolean): void
  /** A keyboard driver lives on the device: LEDs follow. */
  setDriverAlive(alive: boolean): void
  /** The way to the keyboard is cut, and mended. */
  lose(): Promise<void>
  regain(): Promise<void>
  close(): Promise<void>
}

const ZERO: Bytes = [0, 0, 0, 0, 0, 0, 0, 0]
const WINDOWS: Bytes = [0x08, 0, 0, 0, 0, 0, 0, 0]

/** `times` full taps of a usage (0xe3: the left Windows key) and release-all, as the core expands a burst. */
export function burst(usage: number, times: number, holdMs: number, gapMs: number): PlayRequest {
  const down: Bytes = usage === 0xe3 ? WINDOWS : [0, 0, usage, 0, 0, 0, 0, 0]
  const reports = Array.from({ length: times }, () => [
    { bytes: down, pauseMs: holdMs },
    { bytes: ZERO, pauseMs: gapMs },
  ]).flat()
  return { script: 'contract', burst: 'taps', reports: [...reports, { bytes: ZERO, pauseMs: 0 }] }
}

/** Presses of a usage that were released again; the left Windows key counts in both of its encodings. */
export function tapsOf(landed: readonly (readonly number[])[], usage: number): number {
  let taps = 0
  let wasDown = false
  for (const [modifiers = 0, , ...keys] of landed) {
    const isDown = keys.includes(usage) || (usage === 0xe3 && (modifiers & 0x08) !== 0)
    if (wasDown && !isDown) taps++
    wasDown = isDown
  }
  return taps
}

const isUp = (landed: readonly (readonly number[])[]): boolean =>
  (landed.at(-1) ?? ZERO).every((byte) => byte === 0)

/** An aborted play ends within this (architecture: engine rule 2). */
const ABORT_MS = 1000
const never = new AbortController().signal

export function keyboardContract(name: string, make: () => Promise<KeyboardBench>): void {
  describe(`${name} as a keyboard`, () => {
    let bench: KeyboardBench
    let facts: KeyboardReport[]
    let stop: AbortController
    let watching: Promise<void>

    beforeEach(async () => {
      bench = await make()
      facts = []
      stop = new AbortController()
      watching = (async () => {
        for await (const fact of bench.keyboard.watch(stop.signal)) facts.push(fact)
      })()
      await until('the keyboard is enumerated', () => facts.at(-1)?.enumerated === true)
    })
    afterEach(async () => {
      stop.abort()
      await watching
      await bench.close()
    })

    test('five taps of the Windows key are five presses and five releases, accepted, with all keys up', async () => {
      const from = bench.landed().length
      const answer = await bench.keyboard.play(burst(0xe3, 5, 20, 20), never)
      expect(['accepted', 'delivered']).toContain(answer.proof)
      const landed = bench.landed().slice(from)
      expect(tapsOf(landed, 0xe3)).toBe(5)
      expect(isUp(landed)).toBe(true)
    })

    test('nothing but what was played reaches the device', async () => {
      const from = bench.landed().length
      await bench.keyboard.play(burst(0x51, 2, 10, 10), never)
      const keys = new Set(
        bench
          .landed()
          .slice(from)
          .flatMap(([m, , ...all]) => [m, ...all]),
      )
      expect([...keys].sort()).toEqual([0, 0x51])
    })

    test('an aborted play ends within 1 s, unknown, with all keys up', async () => {
      const abort = new AbortController()
      const from = bench.landed().length
      const playing = bench.keyboard.play(burst(0xe3, 5, 60_000, 60_000), abort.signal)
      await until('the key is down', () => !isUp(bench.landed().slice(from)))
      const at = performance.now()
      abort.abort()
      expect(await playing).toMatchObject({ proof: 'unknown' })
      expect(performance.now() - at).toBeLessThan(ABORT_MS)
      expect(isUp(bench.landed())).toBe(true)
      expect(tapsOf(bench.landed().slice(from), 0xe3)).toBe(1)
    })

    test('a play that is aborted before it starts presses nothing', async () => {
      const from = bench.landed().length
      const answer = await bench.keyboard.play(burst(0xe3, 5, 5, 5), AbortSignal.abort())
      expect(answer.proof).toBe('unknown')
      expect(tapsOf(bench.landed().slice(from), 0xe3)).toBe(0)
    })

    test('release-all ends a running play and leaves all keys up', async () => {
      const playing = bench.keyboard.play(burst(0xe3, 5, 60_000, 60_000), never)
      await until('the key is down', () => !isUp(bench.landed()))
      await bench.keyboard.releaseAll()
      expect(isUp(bench.landed())).toBe(true)
      expect(await playing).toMatchObject({ proof: 'unknown' })
    })

    test('a device that has not enumerated the keyboard is a fact, and no press is ever accepted', async () => {
      bench.setEnumerated(false)
      await until('not enumerated', () => facts.at(-1)?.enumerated === false)
      const answer = await bench.keyboard.play(burst(0xe3, 5, 5, 5), never)
      expect(answer.proof).toBe('unknown')
      bench.setEnumerated(true)
      await until('enumerated', () => facts.at(-1)?.enumerated === true)
    })

    test('the lock-key echo answers when a driver lives, and leaves the LED as it was', async () => {
      const before = bench.leds()
      expect(await bench.keyboard.echo(never)).toMatchObject({ echo: true })
      expect(bench.leds()).toBe(before)
      expect(isUp(bench.landed())).toBe(true)
    })

    test('the echo stays out when no driver lives', async () => {
      bench.setDriverAlive(false)
      const before = bench.leds()
      const answer = await bench.keyboard.echo(never)
      expect(answer.echo).toBe(false)
      expect(bench.leds()).toBe(before)
    })

    test('a lost way is the fact gone and a play is refused; it is back by itself', async () => {
      await bench.lose()
      await until('gone', () => facts.at(-1)?.health === 'gone')
      expect(facts.at(-1)?.enumerated).toBeNull()
      await expect(bench.keyboard.play(burst(0xe3, 5, 5, 5), never)).rejects.toMatchObject({
        code: 'STATION_KEYBOARD_GONE',
      })
      await bench.regain()
      await until('back', () => facts.at(-1)?.health === 'ok' && facts.at(-1)?.enumerated === true)
      const answer = await bench.keyboard.play(burst(0xe3, 1, 5, 5), never)
      expect(['accepted', 'delivered']).toContain(answer.proof)
    })

    test('a way that is lost in the middle of a play leaves the presses unknown, and all keys up once it is back', async () => {
      const from = bench.landed().length
      const playing = bench.keyboard.play(burst(0xe3, 5, 300, 300), never)
      await until('the key is down', () => !isUp(bench.landed().slice(from)))
      await bench.lose()
      expect(await playing).toMatchObject({ proof: 'unknown' })
      await bench.regain()
      await until('all keys are up', () => isUp(bench.landed()))
      await until('back', () => facts.at(-1)?.enumerated === true)
      expect(tapsOf(bench.landed().slice(from), 0xe3)).toBeLessThanOrEqual(1)
    })
  })
}
