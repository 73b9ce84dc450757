// A gadget keyboard in every state that a write's errno can tell, and reports that must never land late.
import { symlinkSync, unlinkSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { StationError } from '../../agent/fault.ts'
import { type OpenHidgFile, openHidgFile, writtenOf } from '../../drivers/keyboard/hidg-file.ts'
import { burst, tapsOf } from '../contracts/keyboard.ts'
import { HidgBench } from '../fakes/hidg-bench.ts'
import { until } from '../fakes/pty.ts'

const never = new AbortController().signal
let bench: HidgBench
afterEach(() => bench.close())
const enumerated = (value: boolean | null) =>
  until(`enumerated ${value}`, () => bench.last?.enumerated === value)

describe('states', () => {
  test('a polled keyboard is enumerated, its LEDs are those that the device told', async () => {
    bench = await HidgBench.open()
    await enumerated(true)
    bench.double.setLeds(0x1f)
    await until('the LEDs', () => bench.last?.leds === 0x07)
  })

  test('nobody polls: not known after a while, and back when somebody does', async () => {
    bench = await HidgBench.open()
    await enumerated(true)
    bench.double.set({ polled: false })
    await enumerated(null)
    expect(bench.last).toMatchObject({ health: 'ok', leds: null })
    expect(await bench.keyboard.play(burst(0xe3, 5, 5, 5), never)).toEqual({ proof: 'unknown' })
    bench.double.set({ polled: true })
    await enumerated(true)
    expect(tapsOf(bench.double.landed(), 0xe3)).toBe(0)
  })

  test('a LED byte of an older session is drained at a disconnect', async () => {
    bench = await HidgBench.open()
    await enumerated(true)
    bench.double.set({ attached: false })
    bench.double.setLeds(0x07)
    await enumerated(false)
    await until('the byte is drained', () => bench.last?.leds === null)
    bench.double.set({ attached: true, polled: false })
    await until('it is there', () => bench.last?.enumerated !== false)
    expect(bench.facts.filter(({ leds }) => leds === 0x07)).toEqual([])
  })

  test('a node that is missing is the fact gone, or an error where it is required', async () => {
    bench = await HidgBench.node()
    bench.double.remove()
    await expect(bench.open({ required: true })).rejects.toMatchObject({
      code: 'STATION_PORT_GONE',
    })
    await bench.open()
    await until('gone', () => bench.last?.health === 'gone')
    bench.double.restore()
    await enumerated(true)
  })

  test('a node belongs to one agent, and is given back', async () => {
    bench = await HidgBench.open()
    const first = bench.keyboard
    await expect(bench.open({ required: true })).rejects.toMatchObject({
      code: 'STATION_PORT_BUSY',
    })
    await bench.open()
    await until('busy', () => bench.last?.code === 'STATION_PORT_BUSY')
    expect(bench.last?.health).toBe('gone')
    await first.close()
    await enumerated(true)
    expect(bench.last).not.toHaveProperty('code')
  })

  test('a node that may not be opened says so in facts and log, once, and is taken when it may', async () => {
    bench = await HidgBench.node()
    const said: object[] = []
    const log = { info: () => undefined, warn: (fields: object) => void said.push(fields) }
    let mayOpen = false
    const openFile: OpenHidgFile = (path) => {
      if (mayOpen) return bench.double.openFile(path)
      throw new StationError('STATION_PORT_DENIED', path)
    }
    await expect(bench.open({ required: true, openFile })).rejects.toMatchObject({
      code: 'STATION_PORT_DENIED',
    })
    await bench.open({ openFile, log })
    await until('denied', () => bench.last?.code === 'STATION_PORT_DENIED')
    mayOpen = true
    await enumerated(true)
    expect(said).toMatchObject([{ code: 'STATION_PORT_DENIED' }])
  })

  test('a node that hangs up for no known reason is opened again, told once, tried less and less', async () => {
    bench = await HidgBench.node()
    const said: string[] = []
    const log = { info: () => undefined, warn: (_: object, text: string) => void said.push(text) }
    await bench.open({ log })
    await enumerated(true)
    bench.double.set({ broken: true })
    await until('gone', () => bench.last?.health === 'gone')
    await until('some tries', () => bench.double.writes.lost > 3)
    bench.double.set({ broken: false })
    await enumerated(true)
    expect(said).toEqual(['gadget keyboard: node gone'])
  })

  test.each([
    ['EAGAIN', 'full'],
    ['EINTR', 'full'],
    ['ESHUTDOWN', 'off'],
    ['ENODEV', 'lost'],
    ['EIO', 'lost'],
    ['', 'lost'],
  ] as const)('errno %s is %s', async (code, written) => {
    bench = await HidgBench.node()
    expect(writtenOf(code)).toBe(written)
  })

  test('a real file that is no character device is refused', async () => {
    bench = await HidgBench.node()
    expect(() => openHidgFile(bench.stateDir)).toThrow(/STATION_PORT_GONE/)
    expect(() => openHidgFile('/dev/none')).toThrow(/STATION_PORT_GONE/)
  })

  test('a name is followed to its node, and is another keyboard as soon as it leads to another', async () => {
    bench = await HidgBench.node()
    const name = join(bench.stateDir, 'hidg-07')
    // Any character device will do: no byte is written.
    symlinkSync('/dev/null', name)
    const file = openHidgFile(name)
    const straight = openHidgFile('/dev/null')
    expect([file.isCurrent(), file.device]).toEqual([true, straight.device])
    unlinkSync(name)
    expect(file.isCurrent()).toBe(false)
    symlinkSync('/dev/zero', name)
    expect(file.isCurrent()).toBe(false)
    file.close()
    straight.close()
  })
})

describe('an interrupted tap', () => {
  test('polls that stop with a key down: unknown at once, and the release is next when they go on', async () => {
    bench = await HidgBench.open()
    await enumerated(true)
    const playing = bench.keyboard.play(burst(0x51, 5, 100, 60), never)
    await until('the key is down', () => bench.double.keysDown().includes(0x51))
    bench.double.set({ polled: false })
    expect(await playing).toEqual({ proof: 'unknown' })
    await expect(bench.keyboard.releaseAll()).resolves.toBeUndefined()
    bench.double.set({ polled: true })
    await until('all keys are up', () => bench.double.keysDown().length === 0)
    expect(tapsOf(bench.double.landed(), 0x51)).toBe(1)
  })

  test('a press that the kernel holds is followed by a release, whenever the device wakes', async () => {
    bench = await HidgBench.open()
    await enumerated(true)
    // The device falls asleep just before the press: it is queued and lands on waking.
    const playing = bench.keyboard.play(burst(0x51, 5, 100, 100), never)
    await until('the first reports', () => bench.double.writes.queued > 3)
    bench.double.set({ polled: false })
    expect(await playing).toEqual({ proof: 'unknown' })
    bench.double.set({ polled: true })
    await until('the reports are out', () => bench.double.waiting === 0)
    await until('all keys are up', () => bench.double.keysDown().length === 0)
    await enumerated(true)
    const from = bench.double.polls.length
    expect(await bench.keyboard.play(burst(0xe3, 5, 5, 5), never)).toEqual({ proof: 'accepted' })
    expect(tapsOf(bench.double.landed().slice(from), 0xe3)).toBe(5)
  })

  test('what was queued for a device that left never lands on the next one', async () => {
    bench = await HidgBench.open()
    await enumerated(true)
    const playing = bench.keyboard.play(burst(0x51, 5, 60, 60), never)
    await until('the key is down', () => bench.double.keysDown().includes(0x51))
    bench.double.set({ attached: false })
    expect(await playing).toEqual({ proof: 'unknown' })
    const from = bench.double.polls.length
    bench.double.set({ attached: true })
    await enumerated(true)
    await until('a report', () => bench.double.polls.length > from)
    expect(
      bench.double
        .landed()
        .slice(from)
        .flat()
        .every((byte) => byte === 0),
    ).toBe(true)
  })

  test('closing in the middle of a play leaves all keys up', async () => {
    bench = await HidgBench.open()
    await enumerated(true)
    const playing = bench.keyboard.play(burst(0x51, 5, 60_000, 1), never)
    await until('the key is down', () => bench.double.keysDown().includes(0x51))
    await bench.keyboard.close()
    expect(await playing).toEqual({ proof: 'unknown' })
    await until('all keys are up', () => bench.double.keysDown().length === 0)
  })
})

describe('the lock-key echo', () => {
  test.each([0, 0x04])(
    'works from LEDs %i that nobody told yet, and leaves them so',
    async (leds) => {
      bench = await HidgBench.node()
      bench.double.leds = leds
      await bench.open()
      await enumerated(true)
      expect(await bench.keyboard.echo(never)).toEqual({ proof: 'accepted', echo: true })
      expect(bench.double.leds).toBe(leds)
      expect(await readdir(bench.stateDir)).toEqual([])
    },
  )

  test('a driver that tells no LED is no echo, and both presses are made', async () => {
    bench = await HidgBench.open({ ledsFollow: false })
    await enumerated(true)
    expect((await bench.keyboard.echo(never)).echo).toBe(false)
    expect(tapsOf(bench.double.landed(), 0x47)).toBe(2)
  })

  test('an echo that is cut off between its presses leaves no LED changed', async () => {
    bench = await HidgBench.open()
    await enumerated(true)
    const abort = new AbortController()
    const echoing = bench.keyboard.echo(abort.signal)
    await until('the LED is on', () => bench.double.leds === 0x04)
    abort.abort()
    expect(await echoing).toEqual({ proof: 'unknown', echo: false })
    await until('the LED is restored', () => bench.double.leds === 0)
    await until('the note is gone', async () => (await readdir(bench.stateDir)).length === 0)
  })
})
