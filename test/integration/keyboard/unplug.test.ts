// The plug of a serial keyboard chip pulled in every state, and a port that only talks rubbish: no key stays down, all comes back.
import { afterEach, describe, expect, test } from 'vitest'
import type { KeyboardReport } from '../../../agent/ports.ts'
import type { OpenKeyboard } from '../../../drivers/keyboard/played-keyboard.ts'
import { burst } from '../../contracts/keyboard.ts'
import { until } from '../../fakes/pty.ts'
import { PikvmRig } from './pikvm-rig.ts'
import { Rig } from './rig.ts'

/** What both rigs and their doubles can do. */
interface Bench {
  readonly keyboard: OpenKeyboard
  readonly last: KeyboardReport | undefined
  readonly double: {
    unplug(): Promise<void>
    plug(): Promise<void>
    keysDown(): readonly number[]
    send(bytes: readonly number[]): void
    landed(): readonly (readonly number[])[]
  }
  close(): Promise<void>
}

const never = new AbortController().signal
/** Any end is fine, an error of ours too; what counts is what comes after. */
const ended = (work: Promise<unknown>) =>
  work.then(
    () => 'ended',
    (error: { code?: string }) => error.code ?? 'foreign',
  )

const CHIPS: readonly (readonly [string, () => Promise<Bench>])[] = [
  ['ch9329', () => Rig.open()],
  ['pikvm-mcu', () => PikvmRig.open()],
]

describe.each(CHIPS)('%s', (_, make) => {
  let bench: Bench
  afterEach(() => bench.close())

  const isBack = async () => {
    await until('it is back', () => bench.last?.health === 'ok' && bench.last.enumerated === true)
    await until('all keys are up', () => bench.double.keysDown().length === 0)
    expect(await bench.keyboard.play(burst(0x51, 2, 5, 5), never)).toEqual({ proof: 'accepted' })
  }
  const isDown = () => until('the key is down', () => bench.double.keysDown().length > 0)

  const STATES: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['idle', async () => undefined],
    [
      'in a hold',
      async () => {
        const playing = ended(bench.keyboard.play(burst(0x51, 3, 60_000, 5), never))
        await isDown()
        return [playing]
      },
    ],
    [
      'in a quick burst',
      async () => {
        const playing = ended(bench.keyboard.play(burst(0x51, 200, 1, 1), never))
        await isDown()
        return [playing]
      },
    ],
    [
      'in an echo',
      async () => {
        const echoing = ended(bench.keyboard.echo(never))
        await until('a lock key', () => bench.double.landed().some(([, , key]) => key === 0x47))
        return [echoing]
      },
    ],
    [
      'in a release',
      async () => {
        const playing = ended(bench.keyboard.play(burst(0x51, 3, 60_000, 5), never))
        await isDown()
        return [playing, ended(bench.keyboard.releaseAll())]
      },
    ],
  ]

  test.each(STATES)('pulled %s', async (_state, enter) => {
    bench = await make()
    const under = (await enter()) as Promise<string>[] | undefined
    const at = performance.now()
    await bench.double.unplug()
    const ends = await Promise.all(under ?? [])
    expect(ends).not.toContain('foreign')
    expect(performance.now() - at).toBeLessThan(2000)
    await until('it is gone', () => bench.last?.health === 'gone')
    await bench.double.plug()
    await isBack()
  })

  test('pulled and plugged five times in a row', async () => {
    bench = await make()
    for (let n = 0; n < 5; n++) {
      await bench.double.unplug()
      await bench.double.plug()
    }
    await isBack()
  })

  test('a flood of rubbish ends a burst in time and is forgotten when it is over', async () => {
    bench = await make()
    const rubbish = Array.from({ length: 256 }, (_one, n) => (n * 89 + 0x57) & 0xff)
    const flood = setInterval(() => bench.double.send(rubbish), 3)
    const abort = new AbortController()
    try {
      const playing = ended(bench.keyboard.play(burst(0x51, 3, 60_000, 5), abort.signal))
      await Promise.race([
        playing,
        until('a key is down', () => bench.double.keysDown().length > 0),
      ])
      abort.abort()
      const at = performance.now()
      expect(await playing).not.toBe('foreign')
      expect(performance.now() - at).toBeLessThan(2000)
    } finally {
      clearInterval(flood)
    }
    await isBack()
  })
})
