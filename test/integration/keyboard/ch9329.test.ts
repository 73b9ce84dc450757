// Bringing a CH9329 chip up and keeping it, on a kernel terminal: speed, mode, the pulled plug, the device that restarts.
import { readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { openCh9329 } from '../../../drivers/keyboard/ch9329.ts'
import { burst } from '../../contracts/keyboard.ts'
import { until } from '../../fakes/pty.ts'
import { COMMANDS, clock, never, QUICK, Rig, ZERO } from './rig.ts'

let rig: Rig
afterEach(() => rig.close())

describe('bringing the chip up', () => {
  test.each([9600, 115_200])('finds it at %i baud', async (baud) => {
    rig = await Rig.open({ world: { baud } })
    expect(rig.last).toMatchObject({ enumerated: true, health: 'ok', leds: 0 })
  })

  test('nothing is told before the chip was heard: the first fact is a true one', async () => {
    rig = await Rig.open({ mode: 0x80 })
    expect(rig.facts[0]).toMatchObject({ enumerated: true, health: 'ok', leds: 0 })
  })

  test('a fixed speed is not left', async () => {
    rig = await Rig.chip({ world: { baud: 115_200 } })
    await rig.open({ baud: 9600 })
    expect(rig.last).toMatchObject({ enumerated: null, health: 'silent' })
  })

  test('the first thing that the chip hears is release-all', async () => {
    rig = await Rig.open()
    expect(rig.double.frames[0]?.command).toBe(COMMANDS.report)
    expect(rig.double.reports[0]?.bytes).toEqual(ZERO)
  })

  test('keyboard-only mode is set with a backup, reset and verified, and other settings stay', async () => {
    rig = await Rig.open({ mode: 0x80 })
    const before = [0x80, ...rig.double.config.subarray(1)]
    expect(rig.double.config[0]).toBe(0x01)
    expect(rig.double.mode).toBe(0x01)
    expect(rig.double.resets).toBe(1)
    const [backup = ''] = await readdir(rig.stateDir)
    expect(backup).toMatch(/\.config\.hex$/)
    const kept = await readFile(join(rig.stateDir, backup), 'utf8')
    expect(kept.trim()).toBe(Buffer.from(before).toString('hex'))
    expect(await rig.keyboard.play(burst(0xe3, 1, 5, 5), never)).toEqual({ proof: 'accepted' })
  })

  test('the maker’s settings in the backup are never written over', async () => {
    rig = await Rig.open({ mode: 0x80 })
    const [backup = ''] = await readdir(rig.stateDir)
    const kept = await readFile(join(rig.stateDir, backup), 'utf8')
    await rig.keyboard.close()
    rig.double.config[0] = 0x02
    await rig.open()
    expect(rig.double.config[0]).toBe(0x01)
    expect(await readFile(join(rig.stateDir, backup), 'utf8')).toBe(kept)
  })

  test('a chip that is already a keyboard only is neither written nor reset', async () => {
    rig = await Rig.open({ mode: 0x81 })
    expect(rig.double.frames.map((frame) => frame.command)).not.toContain(COMMANDS.setConfig)
    expect(rig.double.resets).toBe(0)
    expect(await readdir(rig.stateDir)).toEqual([])
    expect(await rig.keyboard.play(burst(0xe3, 1, 5, 5), never)).toEqual({ proof: 'accepted' })
  })

  test('without leave to set it a mouse is refused and no key is sent', async () => {
    rig = await Rig.open({ options: { setMode: false }, mode: 0x80 })
    await expect(rig.keyboard.play(burst(0xe3, 5, 5, 5), never)).rejects.toMatchObject({
      code: 'STATION_KEYBOARD_MODE',
    })
    expect(rig.double.config[0]).toBe(0x80)
    expect(rig.double.taps(0xe3)).toBe(0)
  })

  test('without a backup nothing is written to the chip', async () => {
    rig = await Rig.chip({ mode: 0x80 })
    const file = join(rig.stateDir, 'file')
    await writeFile(file, '')
    await rig.open({ stateDir: join(file, 'under') })
    await rig.found()
    expect(rig.double.config[0]).toBe(0x80)
    await expect(rig.keyboard.play(burst(0xe3, 5, 5, 5), never)).rejects.toMatchObject({
      code: 'STATION_KEYBOARD_MODE',
    })
  })

  test('a chip that gets its power later is found then', async () => {
    rig = await Rig.chip({ world: { powered: false } })
    await rig.open()
    expect(rig.last).toMatchObject({ enumerated: null, health: 'silent' })
    rig.double.set({ powered: true })
    await rig.found()
    expect(rig.last).toMatchObject({ enumerated: true, health: 'ok' })
  })
})

describe('the port', () => {
  test('belongs to one agent: the next one is told why, and has it when it is let go', async () => {
    rig = await Rig.open()
    const { double, stateDir, keyboard: first } = rig
    const required = openCh9329({ path: double.path, clock, stateDir, required: true })
    await expect(required).rejects.toMatchObject({ code: 'STATION_PORT_BUSY' })
    await rig.open()
    expect(rig.last).toMatchObject({ health: 'gone', code: 'STATION_PORT_BUSY', enumerated: null })
    await expect(rig.keyboard.releaseAll()).rejects.toMatchObject({ code: 'STATION_KEYBOARD_GONE' })
    await first.close()
    await rig.found()
    expect(rig.last).toMatchObject({ health: 'ok', enumerated: true })
    expect(rig.last).not.toHaveProperty('code')
  })

  test('that was missing and then is held by another says the new reason', async () => {
    rig = await Rig.open()
    const { double, keyboard: first } = rig
    const path = join(rig.stateDir, 'port')
    await rig.open({ path })
    expect(rig.last?.health).toBe('gone')
    expect(rig.last).not.toHaveProperty('code')
    await symlink(await readlink(double.path), path)
    await until('busy', () => rig.last?.code === 'STATION_PORT_BUSY')
    await first.close()
    await rig.found()
    expect(rig.facts.map(({ health, code }) => code ?? health)).toEqual([
      'gone',
      'STATION_PORT_BUSY',
      'ok',
    ])
  })

  test('that is missing is the fact gone, or an error where it is required', async () => {
    rig = await Rig.chip()
    await rig.double.unplug()
    const { path } = rig.double
    const required = openCh9329({ path, clock, stateDir: rig.stateDir, required: true })
    await expect(required).rejects.toMatchObject({ code: 'STATION_PORT_GONE' })
    await rig.open()
    expect(rig.last).toMatchObject({ health: 'gone', enumerated: null })
    await rig.double.plug()
    await rig.found()
    expect(rig.last).toMatchObject({ health: 'ok', enumerated: true })
  })

  test('that comes back in the middle of a play hears release-all first', async () => {
    rig = await Rig.open()
    const playing = rig.keyboard.play(burst(0xe3, 5, 60_000, 1), never)
    await until('the key is down', () => rig.double.keysDown().includes(0xe3))
    await rig.double.unplug()
    const lostAt = performance.now()
    expect(await playing).toEqual({ proof: 'unknown' })
    expect(performance.now() - lostAt).toBeLessThan(1000)
    const before = rig.double.frames.length
    const reportsBefore = rig.double.reports.length
    await rig.double.plug()
    await until('it speaks again', () => rig.double.frames.length > before)
    expect(rig.double.frames[before]?.command).toBe(COMMANDS.report)
    expect(rig.double.reports[reportsBefore]?.bytes).toEqual(ZERO)
    await until('all keys are up', () => rig.double.keysDown().length === 0)
    expect(rig.double.taps(0xe3)).toBe(1)
  })

  test('is given back with all keys up when the keyboard is closed in the middle of a play', async () => {
    rig = await Rig.open()
    const playing = rig.keyboard.play(burst(0xe3, 5, 60_000, 1), never)
    await until('the key is down', () => rig.double.keysDown().includes(0xe3))
    const at = performance.now()
    await rig.keyboard.close()
    expect(performance.now() - at).toBeLessThan(1000)
    expect(await playing).toEqual({ proof: 'unknown' })
    expect(rig.double.keysDown()).toEqual([])
    await expect(rig.keyboard.play(burst(0xe3, 1, 5, 5), never)).rejects.toMatchObject({
      code: 'STATION_KEYBOARD_GONE',
    })
  })
})

describe('a device that restarts', () => {
  test('is told by enumeration, and a chip that stays dark is reset once in a while', async () => {
    rig = await Rig.open({ options: { numbers: { ...QUICK, cureAfterMs: 200 } } })
    rig.double.set({ enumerated: false })
    await until('not enumerated', () => rig.last?.enumerated === false)
    await until('a reset', () => rig.double.resets === 1)
    expect(rig.double.frames.filter((frame) => frame.command === COMMANDS.reset)).toHaveLength(1)
    rig.double.set({ enumerated: true })
    await until('enumerated', () => rig.last?.enumerated === true)
    expect(rig.facts.map((fact) => fact.health)).not.toContain('silent')
  })

  test('a chip that refuses every report though it is enumerated is reset, and presses again', async () => {
    rig = await Rig.open()
    rig.double.set({ status: 0xe6 })
    expect(await rig.keyboard.play(burst(0xe3, 5, 5, 5), never)).toEqual({ proof: 'unknown' })
    await until('a reset', () => rig.double.resets === 1)
    rig.double.set({ status: 0 })
    await until('all keys are up', () => rig.double.reports.at(-1)?.landed === true)
    const from = rig.double.reports.length
    expect(await rig.keyboard.play(burst(0xe3, 5, 5, 5), never)).toEqual({ proof: 'accepted' })
    expect(rig.double.taps(0xe3, from)).toBe(5)
  })

  test('one that goes on refusing is not reset all the time', async () => {
    rig = await Rig.open()
    rig.double.set({ status: 0xe6 })
    await rig.keyboard.play(burst(0xe3, 5, 5, 5), never)
    await until('a reset', () => rig.double.resets === 1)
    const asked = rig.double.frames.length
    await until('many more questions', () => rig.double.frames.length > asked + 20)
    expect(rig.double.resets).toBe(1)
  })

  test('a device that was never there is left alone', async () => {
    rig = await Rig.open({
      world: { enumerated: false },
      options: { numbers: { ...QUICK, cureAfterMs: 50 } },
    })
    const asked = () => rig.double.frames.filter((frame) => frame.command === COMMANDS.info).length
    await until('some seconds of the chip’s life', () => asked() > 6)
    expect(rig.double.resets).toBe(0)
    expect(rig.last).toMatchObject({ enumerated: false, health: 'ok' })
  })
})
