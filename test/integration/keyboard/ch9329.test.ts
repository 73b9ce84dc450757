// The CH9329 driver on a kernel terminal against a chip double that lies, sleeps, garbles, restarts and is pulled.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { KeyboardReport } from '../../../agent/ports.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { type Ch9329, openCh9329 } from '../../../drivers/keyboard/ch9329.ts'
import type { Ch9329Numbers, Ch9329Options } from '../../../drivers/keyboard/ch9329-options.ts'
import { openKeyboard, parseKeyboardUrl } from '../../../drivers/keyboard/index.ts'
import { burst, keyboardContract } from '../../contracts/keyboard.ts'
import { Ch9329Double, type Ch9329World } from '../../fakes/ch9329-double.ts'
import { until } from '../../fakes/pty.ts'

const clock = systemClock()
const never = new AbortController().signal
/** The same manners in less time, so that the suite is quick. */
const QUICK: Partial<Ch9329Numbers> = {
  infoEveryMs: 40,
  replyMs: 200,
  resetWaitMs: 60,
  echo: { holdMs: 20, gapMs: 120, ledWaitMs: 100, settleMs: 250, ledPollMs: 10 },
}
const ZERO = [0, 0, 0, 0, 0, 0, 0, 0]
const INFO = 0x01
const REPORT = 0x02
const SET_CONFIG = 0x09
const RESET = 0x0f

keyboardContract('ch9329:', async () => {
  const double = await Ch9329Double.start()
  const stateDir = await mkdtemp(join(tmpdir(), 'reseal-keys-'))
  const keyboard = await openCh9329({ path: double.path, clock, stateDir, numbers: QUICK })
  return {
    keyboard,
    landed: () => double.landed(),
    leds: () => double.leds,
    setEnumerated: (enumerated) => double.set({ enumerated }),
    setDriverAlive: (driverAlive) => double.set({ driverAlive }),
    lose: () => double.unplug(),
    regain: () => double.plug(),
    close: async () => {
      await keyboard.close()
      await double.close()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
})

let double: Ch9329Double
let keyboard: Ch9329
let stateDir: string
let facts: KeyboardReport[]
const closers: (() => Promise<void>)[] = []

async function open(
  world: Partial<Ch9329World> = {},
  options: Partial<Ch9329Options> = {},
  mode = 0x01,
): Promise<void> {
  double = await Ch9329Double.start(world)
  double.config[0] = mode
  closers.push(() => double.close())
  await reopen(options)
}

async function reopen(options: Partial<Ch9329Options> = {}): Promise<void> {
  const opened = await openCh9329({
    path: double.path,
    clock,
    stateDir,
    numbers: QUICK,
    ...options,
  })
  keyboard = opened
  closers.push(() => opened.close())
  facts = []
  const own = facts
  void (async () => {
    for await (const fact of opened.watch(never)) own.push(fact)
  })()
  await opened.ready()
}

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'reseal-keys-'))
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  await rm(stateDir, { recursive: true, force: true })
})

const last = () => facts.at(-1)

describe('bringing the chip up', () => {
  test.each([9600, 115_200])('finds it at %i baud', async (baud) => {
    await open({ baud })
    expect(last()).toMatchObject({ enumerated: true, health: 'ok', leds: 0 })
  })

  test('a fixed speed is not left', async () => {
    await open({ baud: 115_200 }, { baud: 9600 })
    expect(last()).toMatchObject({ enumerated: null, health: 'silent' })
  })

  test('the first thing that the chip hears is release-all', async () => {
    await open()
    expect(double.frames[0]?.command).toBe(REPORT)
    expect(double.reports[0]?.bytes).toEqual(ZERO)
  })

  test('keyboard-only mode is set with a backup, reset and verified, and other settings stay', async () => {
    await open({}, {}, 0x80)
    const before = [0x80, ...double.config.subarray(1)]
    expect(double.config[0]).toBe(0x01)
    expect(double.mode).toBe(0x01)
    expect(double.resets).toBe(1)
    const [backup = ''] = await readdir(stateDir)
    expect(backup).toMatch(/\.config\.hex$/)
    const kept = await readFile(join(stateDir, backup), 'utf8')
    expect(kept.trim()).toBe(Buffer.from(before).toString('hex'))
    expect(await keyboard.play(burst(0xe3, 1, 5, 5), never)).toEqual({ proof: 'accepted' })
  })

  test('the maker’s settings in the backup are never written over', async () => {
    await open({}, {}, 0x80)
    const [backup = ''] = await readdir(stateDir)
    const kept = await readFile(join(stateDir, backup), 'utf8')
    await keyboard.close()
    double.config[0] = 0x02
    await reopen()
    expect(double.config[0]).toBe(0x01)
    expect(await readFile(join(stateDir, backup), 'utf8')).toBe(kept)
  })

  test('a chip that is already a keyboard only is neither written nor reset', async () => {
    await open({}, {}, 0x81)
    expect(double.frames.map((frame) => frame.command)).not.toContain(SET_CONFIG)
    expect(double.resets).toBe(0)
    expect(await readdir(stateDir)).toEqual([])
    expect(await keyboard.play(burst(0xe3, 1, 5, 5), never)).toEqual({ proof: 'accepted' })
  })

  test('without leave to set it a mouse is refused and no key is sent', async () => {
    await open({}, { setMode: false }, 0x80)
    await expect(keyboard.play(burst(0xe3, 5, 5, 5), never)).rejects.toMatchObject({
      code: 'STATION_KEYBOARD_MODE',
    })
    expect(double.config[0]).toBe(0x80)
    expect(double.taps(0xe3)).toBe(0)
  })

  test('without a backup nothing is written to the chip', async () => {
    const file = join(stateDir, 'file')
    await writeFile(file, '')
    await open({}, { stateDir: join(file, 'under') }, 0x80)
    expect(double.config[0]).toBe(0x80)
    await expect(keyboard.play(burst(0xe3, 5, 5, 5), never)).rejects.toMatchObject({
      code: 'STATION_KEYBOARD_MODE',
    })
  })

  test('a chip that gets its power later is found then', async () => {
    await open({ powered: false })
    expect(last()).toMatchObject({ enumerated: null, health: 'silent' })
    double.set({ powered: true })
    await until('it answers', () => last()?.health === 'ok' && last()?.enumerated === true)
  })
})

describe('the port', () => {
  test('belongs to one agent', async () => {
    await open()
    await expect(openCh9329({ path: double.path, clock, stateDir })).rejects.toMatchObject({
      code: 'STATION_PORT_BUSY',
    })
    await keyboard.close()
    await reopen()
    expect(last()?.health).toBe('ok')
  })

  test('that is missing is the fact gone, or an error where it is required', async () => {
    const path = join(stateDir, 'nothing')
    await expect(openCh9329({ path, clock, stateDir, required: true })).rejects.toMatchObject({
      code: 'STATION_PORT_GONE',
    })
    double = await Ch9329Double.start()
    closers.push(() => double.close())
    await double.unplug()
    await reopen()
    expect(last()).toMatchObject({ health: 'gone', enumerated: null })
    await double.plug()
    await until('it is there', () => last()?.enumerated === true)
  })

  test('that comes back in the middle of a play hears release-all first', async () => {
    await open()
    const playing = keyboard.play(burst(0xe3, 5, 60_000, 1), never)
    await until('the key is down', () => double.keysDown().includes(0xe3))
    await double.unplug()
    expect(await playing).toEqual({ proof: 'unknown' })
    const before = double.frames.length
    const reportsBefore = double.reports.length
    await double.plug()
    await until('it speaks again', () => double.frames.length > before)
    expect(double.frames[before]?.command).toBe(REPORT)
    expect(double.reports[reportsBefore]?.bytes).toEqual(ZERO)
    await until('all keys are up', () => double.keysDown().length === 0)
    expect(double.taps(0xe3)).toBe(1)
  })

  test('is given back with all keys up when the keyboard is closed in the middle of a play', async () => {
    await open()
    const playing = keyboard.play(burst(0xe3, 5, 60_000, 1), never)
    await until('the key is down', () => double.keysDown().includes(0xe3))
    const at = performance.now()
    await keyboard.close()
    expect(performance.now() - at).toBeLessThan(1000)
    expect(await playing).toEqual({ proof: 'unknown' })
    expect(double.keysDown()).toEqual([])
    await expect(keyboard.play(burst(0xe3, 1, 5, 5), never)).rejects.toMatchObject({
      code: 'STATION_KEYBOARD_GONE',
    })
  })
})

describe('what a press proves', () => {
  test('the Windows key as a modifier bit or as usage E3', async () => {
    await open({}, { gui: 'usage' })
    await keyboard.play(burst(0xe3, 5, 5, 5), never)
    expect(double.landed().filter((bytes) => bytes[2] === 0xe3 && bytes[0] === 0)).toHaveLength(5)
    await keyboard.close()
    await reopen()
    const from = double.reports.length
    await keyboard.play(burst(0xe3, 5, 5, 5), never)
    expect(double.taps(0xe3, from)).toBe(5)
    const played = double.reports.slice(from).filter((report) => report.bytes[0] === 0x08)
    expect(played).toHaveLength(5)
  })

  test('a chip that says ok and drops the report is believed no further than accepted', async () => {
    await open()
    double.set({ dropReports: 2 })
    expect(await keyboard.play(burst(0xe3, 5, 5, 5), never)).toEqual({ proof: 'accepted' })
    expect(double.taps(0xe3)).toBe(4)
  })

  test.each([
    ['wrong checksum', { wrongChecksums: 1 }],
    ['reply that never comes', { swallowReplies: 1 }],
  ] as const)(
    'a %s in the middle makes the taps unknown, with all keys up',
    async (_name, fault) => {
      await open({}, { numbers: { ...QUICK, infoEveryMs: 60_000 } })
      const playing = keyboard.play(burst(0xe3, 5, 60, 60), never)
      await until('the second tap', () => double.taps(0xe3) === 1)
      double.set(fault)
      expect(await playing).toEqual({ proof: 'unknown' })
      expect(double.keysDown()).toEqual([])
      expect(double.taps(0xe3)).toBeLessThan(5)
      // The late answer of the broken one is not taken for that of the next.
      const from = double.reports.length
      expect(await keyboard.play(burst(0xe3, 5, 5, 5), never)).toEqual({ proof: 'accepted' })
      expect(double.taps(0xe3, from)).toBe(5)
    },
  )

  test('a refused report makes the taps unknown', async () => {
    await open()
    double.set({ status: 0xe6 })
    expect(await keyboard.play(burst(0xe3, 5, 5, 5), never)).toEqual({ proof: 'unknown' })
  })

  test('garbage before every reply does not harm', async () => {
    await open({ garbage: [0x00, 0x57, 0x12, 0xab, 0x57] })
    expect(await keyboard.play(burst(0xe3, 5, 5, 5), never)).toEqual({ proof: 'accepted' })
    expect(double.taps(0xe3)).toBe(5)
  })

  test('a chip that is dead in the middle is unknown within 1 s of the abort, and released when it is awake', async () => {
    await open()
    const abort = new AbortController()
    const playing = keyboard.play(burst(0xe3, 5, 60_000, 1), abort.signal)
    await until('the key is down', () => double.keysDown().includes(0xe3))
    double.set({ deadMs: 1500 })
    const at = performance.now()
    abort.abort()
    expect(await playing).toEqual({ proof: 'unknown' })
    expect(performance.now() - at).toBeLessThan(1000)
    expect(double.keysDown()).toEqual([0xe3])
    await until('all keys are up', () => double.keysDown().length === 0)
  })

  test('a chip that does not answer at all is a fault before any key', async () => {
    await open()
    double.set({ powered: false })
    await expect(keyboard.play(burst(0xe3, 5, 5, 5), never)).rejects.toMatchObject({
      code: 'STATION_KEYBOARD_SILENT',
    })
    await expect(keyboard.releaseAll()).rejects.toMatchObject({ code: 'STATION_KEYBOARD_SILENT' })
    await until('silence is a fact', () => last()?.health === 'silent')
    expect(last()?.enumerated).toBeNull()
  })

  test('a chip that answers with rubbish only is a fault of protocol', async () => {
    await open()
    double.set({ wrongChecksums: Number.POSITIVE_INFINITY })
    await expect(keyboard.play(burst(0xe3, 5, 5, 5), never)).rejects.toMatchObject({
      code: 'STATION_KEYBOARD_PROTOCOL',
    })
  })

  test('one lost answer to the regular question is no silence', async () => {
    await open()
    const before = double.frames.length
    double.set({ swallowReplies: 1 })
    await until('it was asked again', () => double.frames.length > before + 3)
    expect(facts.map((fact) => fact.health)).not.toContain('silent')
  })
})

describe('a device that restarts', () => {
  test('is told by enumeration, and a chip that stays dark is reset once in a while', async () => {
    await open({}, { numbers: { ...QUICK, cureAfterMs: 200 } })
    double.set({ enumerated: false })
    await until('not enumerated', () => last()?.enumerated === false)
    await until('a reset', () => double.resets === 1)
    expect(double.frames.filter((frame) => frame.command === RESET)).toHaveLength(1)
    double.set({ enumerated: true })
    await until('enumerated', () => last()?.enumerated === true)
    expect(facts.map((fact) => fact.health)).not.toContain('silent')
  })

  test('a device that was never there is left alone', async () => {
    await open({ enumerated: false }, { numbers: { ...QUICK, cureAfterMs: 50 } })
    const asked = () => double.frames.filter((frame) => frame.command === INFO).length
    await until('some seconds of the chip’s life', () => asked() > 6)
    expect(double.resets).toBe(0)
    expect(last()).toMatchObject({ enumerated: false, health: 'ok' })
  })
})

describe('the lock-key echo', () => {
  test.each([
    ['scroll', 0x47],
    ['num', 0x53],
    ['caps', 0x39],
  ] as const)('by %s lock taps twice, spaced, and restores the LED', async (echoKey, usage) => {
    await open({}, { echoKey })
    double.leds = 0x07
    const from = double.reports.length
    expect(await keyboard.echo(never)).toEqual({ proof: 'accepted', echo: true })
    expect(double.taps(usage, from)).toBe(2)
    const downs = double.reports.slice(from).filter((report) => report.bytes[2] === usage)
    expect(downs[1]!.at - downs[0]!.at).toBeGreaterThanOrEqual(115)
    expect(double.leds).toBe(0x07)
    expect(await readdir(stateDir)).toEqual([])
  })

  test('a driver that is slow still finds its LED restored', async () => {
    await open({ ledLagMs: 180 })
    const answer = await keyboard.echo(never)
    expect(answer.echo).toBe(false)
    await until('the note is gone', async () => (await readdir(stateDir)).length === 0)
    // Nothing is under way any more: the LED stays.
    await clock.sleep(2 * 180)
    expect(double.leds).toBe(0)
    expect(double.taps(0x47) % 2).toBe(0)
  })

  test('an echo that is cut off after the first press leaves no LED changed', async () => {
    await open()
    const abort = new AbortController()
    const echoing = keyboard.echo(abort.signal)
    await until('the LED is on', () => double.leds === 0x04)
    abort.abort()
    expect(await echoing).toEqual({ proof: 'unknown', echo: false })
    await until('the LED is restored', () => double.leds === 0)
    await until('the note is gone', async () => (await readdir(stateDir)).length === 0)
    expect(double.taps(0x47)).toBe(2)
  })

  test('an agent killed between the two presses: the next one releases first, then restores the LED', async () => {
    double = await Ch9329Double.start()
    double.config[0] = 0x01
    closers.push(() => double.close())
    const script = new URL('./echo-process.ts', import.meta.url)
    const child = fork(script, [`ch9329:${double.path}`, stateDir])
    await until(
      'the LED is on',
      () => double.leds === 0x04 && double.keysDown().length === 0,
      10_000,
    )
    child.kill('SIGKILL')
    await once(child, 'exit')
    const from = double.reports.length
    await reopen()
    await until('the LED is restored', () => double.leds === 0)
    expect(double.reports[from]?.bytes).toEqual(ZERO)
    await until('the note is gone', async () => (await readdir(stateDir)).length === 0)
    expect(double.taps(0x47)).toBe(2)
  })

  test('a note from long ago, or of a device that went away since, presses nothing', async () => {
    await open()
    await keyboard.close()
    const note = join(stateDir, `${double.path.slice(1).replaceAll('/', '_')}.led.json`)
    await writeFile(note, JSON.stringify({ key: 'scroll', found: true, at: Date.now() - 601_000 }))
    await reopen()
    await until('the old note is gone', async () => (await readdir(stateDir)).length === 0)
    await keyboard.close()
    await writeFile(note, JSON.stringify({ key: 'scroll', found: true, at: Date.now() }))
    double.set({ enumerated: false })
    await reopen()
    double.set({ enumerated: true })
    await until('enumerated', () => last()?.enumerated === true)
    expect(await readdir(stateDir)).toEqual([])
    expect(double.taps(0x47)).toBe(0)
  })
})

describe('the address of a keyboard', () => {
  test('is taken apart', () => {
    const path = '/dev/serial/by-path/pci-0000:00:14.0-usb-0:3:1.0-port0'
    expect(parseKeyboardUrl(`ch9329:${path}`)).toEqual({ driver: 'ch9329', path, settings: {} })
    expect(parseKeyboardUrl(`ch9329:${path}?baud=115200&gui=usage&echo=caps&mode=verify`)).toEqual({
      driver: 'ch9329',
      path,
      settings: { baud: 115_200, gui: 'usage', echoKey: 'caps', setMode: false },
    })
    expect(parseKeyboardUrl('manual:')).toEqual({ driver: 'manual' })
  })

  test.each([
    ['virtual:', 'STATION_DRIVER_UNKNOWN'],
    ['ch9350:/dev/x', 'STATION_DRIVER_UNKNOWN'],
    ['', 'STATION_DRIVER_UNKNOWN'],
    ['ch9329:', 'CONFIG_INVALID'],
    ['ch9329:ttyUSB0', 'CONFIG_INVALID'],
    ['ch9329:/dev/x?gui=meta', 'CONFIG_INVALID'],
    ['ch9329:/dev/x?speed=9600', 'CONFIG_INVALID'],
    ['manual:?x=1', 'CONFIG_INVALID'],
  ])('%j is refused: %s', (url, code) => {
    expect(() => parseKeyboardUrl(url)).toThrow(expect.objectContaining({ code }))
  })

  test('a person is no driver', async () => {
    expect(await openKeyboard('manual:', { clock, stateDir })).toBeNull()
  })
})
