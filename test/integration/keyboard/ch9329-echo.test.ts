// The lock-key echo on a chip double: spaced, restored, and without a trace when the agent is killed in its midst.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { until } from '../../fakes/pty.ts'
import { clock, never, Rig, ZERO } from './rig.ts'

let rig: Rig
afterEach(() => rig.close())

describe('the lock-key echo', () => {
  test.each([
    ['scroll', 0x47],
    ['num', 0x53],
    ['caps', 0x39],
  ] as const)('by %s lock taps twice, spaced, and restores the LED', async (echoKey, usage) => {
    rig = await Rig.open({ options: { echoKey } })
    rig.double.leds = 0x07
    const from = rig.double.reports.length
    expect(await rig.keyboard.echo(never)).toEqual({ proof: 'accepted', echo: true })
    expect(rig.double.taps(usage, from)).toBe(2)
    const downs = rig.double.reports.slice(from).filter((report) => report.bytes[2] === usage)
    expect(downs[1]!.at - downs[0]!.at).toBeGreaterThanOrEqual(115)
    expect(rig.double.leds).toBe(0x07)
    expect(await readdir(rig.stateDir)).toEqual([])
  })

  test('a driver that is slow still finds its LED restored', async () => {
    rig = await Rig.open({ world: { ledLagMs: 180 } })
    const answer = await rig.keyboard.echo(never)
    expect(answer.echo).toBe(false)
    await until('the note is gone', async () => (await readdir(rig.stateDir)).length === 0)
    // Nothing is under way any more: the LED stays.
    await clock.sleep(2 * 180)
    expect(rig.double.leds).toBe(0)
    expect(rig.double.taps(0x47) % 2).toBe(0)
  })

  test('an echo that is cut off after the first press leaves no LED changed', async () => {
    rig = await Rig.open()
    const abort = new AbortController()
    const echoing = rig.keyboard.echo(abort.signal)
    await until('the LED is on', () => rig.double.leds === 0x04)
    abort.abort()
    expect(await echoing).toEqual({ proof: 'unknown', echo: false })
    await until('the LED is restored', () => rig.double.leds === 0)
    await until('the note is gone', async () => (await readdir(rig.stateDir)).length === 0)
    expect(rig.double.taps(0x47)).toBe(2)
  })

  test('an agent killed between the two presses: the next one releases first, then restores the LED', async () => {
    rig = await Rig.chip()
    const script = new URL('./echo-process.ts', import.meta.url)
    const child = fork(script, [`ch9329:${rig.double.path}`, rig.stateDir])
    await until(
      'the LED is on',
      () => rig.double.leds === 0x04 && rig.double.keysDown().length === 0,
      10_000,
    )
    child.kill('SIGKILL')
    await once(child, 'exit')
    const from = rig.double.reports.length
    await rig.open()
    await until('the LED is restored', () => rig.double.leds === 0)
    expect(rig.double.reports[from]?.bytes).toEqual(ZERO)
    await until('the note is gone', async () => (await readdir(rig.stateDir)).length === 0)
    expect(rig.double.taps(0x47)).toBe(2)
  })

  test('a note from long ago, or of a device that went away since, presses nothing', async () => {
    rig = await Rig.open()
    await rig.keyboard.close()
    const note = join(rig.stateDir, `${rig.double.path.slice(1).replaceAll('/', '_')}.led.json`)
    await writeFile(note, JSON.stringify({ key: 'scroll', found: true, at: Date.now() - 601_000 }))
    await rig.open()
    await until('the old note is gone', async () => (await readdir(rig.stateDir)).length === 0)
    await rig.keyboard.close()
    await writeFile(note, JSON.stringify({ key: 'scroll', found: true, at: Date.now() }))
    rig.double.set({ enumerated: false })
    await rig.open()
    rig.double.set({ enumerated: true })
    await until('enumerated', () => rig.last?.enumerated === true)
    expect(await readdir(rig.stateDir)).toEqual([])
    expect(rig.double.taps(0x47)).toBe(0)
  })
})
