// The gadget keyboard's driver on the kernel's own gadget stack, its keys counted by the input layer of the USB host.
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../drivers/host/clock.ts'
import { openHidg } from '../../drivers/keyboard/hidg.ts'
import type { OpenKeyboard } from '../../drivers/keyboard/played-keyboard.ts'
import { burst, keyboardContract } from '../contracts/keyboard.ts'
import { until } from '../fakes/pty.ts'
import { Gadget, HostSide } from './guest/gadget.ts'
import { noted, proved } from './guest/runner.ts'

const LEFT_META = 125
const WINDOWS = 0xe3
const never = new AbortController().signal

interface Rig {
  readonly gadget: Gadget
  readonly side: HostSide
  readonly keyboard: OpenKeyboard
  close(): Promise<void>
}

async function rig(): Promise<Rig> {
  // The kernel's own keyboard handler answers lock keys while a console is open, as it does on a device.
  const console = openSync('/dev/tty1', constants.O_RDWR | constants.O_NOCTTY)
  const gadget = new Gadget(0)
  const side = await HostSide.of(gadget.serial)
  const stateDir = mkdtempSync('/tmp/hidg-')
  const keyboard = await openHidg({
    path: gadget.node,
    clock: systemClock(),
    stateDir,
    required: true,
  })
  return {
    gadget,
    side,
    keyboard,
    close: async () => {
      await keyboard.close()
      side.close()
      gadget.close()
      closeSync(console)
      rmSync(stateDir, { recursive: true })
    },
  }
}

const DRIVER = '/sys/bus/usb/drivers/usbhid'

keyboardContract('hidg: in the virtual machine', async () => {
  const { gadget, side, keyboard, close } = await rig()
  const usb = side.usb
  let isAlive = true
  const setDriverAlive = (alive: boolean): void => {
    if (alive !== isAlive) writeFileSync(join(DRIVER, alive ? 'bind' : 'unbind'), basename(usb))
    isAlive = alive
  }
  return {
    keyboard,
    landed: () => side.landed(),
    leds: () => side.leds,
    // The USB host may forbid a device; dummy_hcd does not come back from a soft disconnect.
    setEnumerated: (isAllowed) =>
      writeFileSync(join(usb, '..', 'authorized'), isAllowed ? '1' : '0'),
    setDriverAlive,
    lose: async () => gadget.unbind(),
    regain: async () => gadget.bind(),
    close,
  }
})

describe('hidg: on a USB host', () => {
  let bench: Rig
  let isOpen = false
  beforeEach(async () => {
    bench = await rig()
    isOpen = true
  })
  afterEach(async () => {
    if (isOpen) await bench.close()
    isOpen = false
  })

  test('five taps are five presses and five releases for the input layer of the USB host', async () => {
    const { keyboard, side } = bench
    await keyboard.play(burst(WINDOWS, 5, 50, 50), never)
    await until('ten key events came', () => side.keys.length >= 10)
    const tap = [
      { code: LEFT_META, value: 1 },
      { code: LEFT_META, value: 0 },
    ]
    expect(side.keys).toEqual([tap, tap, tap, tap, tap].flat())
    proved(
      'five taps through hidg: are five presses and five releases in the USB host’s input layer',
    )
  })

  test('taps of 50 ms come one after the other; how late the kernel has them is told, not judged', async () => {
    const { keyboard, side } = bench
    const TAPS = 40
    await keyboard.play(burst(WINDOWS, TAPS, 50, 50), never)
    await until('all key events came', () => side.keys.length >= 2 * TAPS)
    expect(side.keys.map(({ value }) => value)).toEqual(Array(TAPS).fill([1, 0]).flat())
    const late = side.times.slice(1).map((at, n) => at - (side.times[n] ?? at) - 50)
    const sorted = late.toSorted((a, b) => a - b)
    const at = (p: number) => (sorted[Math.floor(p * (sorted.length - 1))] ?? 0).toFixed(1)
    noted(
      `gadget taps on an emulated processor: ${late.length} waits of 50 ms, off by ${at(0.5)} ms (median), ${at(0.99)} ms (p99)`,
    )
  })

  test('three keyboards that play at once keep their taps apart', async () => {
    const more = [1, 2].map((index) => new Gadget(index))
    const sides = await Promise.all(more.map(({ serial }) => HostSide.of(serial)))
    const keyboards = await Promise.all(
      more.map((gadget) => openHidg({ path: gadget.node, clock: systemClock(), stateDir: '/tmp' })),
    )
    try {
      await Promise.all(keyboards.map((keyboard) => keyboard.ready()))
      const all = [bench.keyboard, ...keyboards]
      const answers = await Promise.all(
        all.map((keyboard, i) => keyboard.play(burst(0x04 + i, 5 + i, 50, 50), never)),
      )
      expect(answers.map(({ proof }) => proof)).not.toContain('unknown')
      // KEY_A, KEY_B and KEY_C of the input layer.
      const taps = [bench.side, ...sides].map(
        ({ keys }, i) =>
          keys.filter(({ value, code }) => value === 0 && code === [30, 48, 46][i]).length,
      )
      expect(taps).toEqual([5, 6, 7])
      expect([bench.side, ...sides].map(({ keys }) => keys.length)).toEqual([10, 12, 14])
      proved('three gadget keyboards played at once: 5, 6 and 7 taps, each at its own keyboard')
    } finally {
      for (const keyboard of keyboards) await keyboard.close()
      for (const side of sides) side.close()
      for (const gadget of more) gadget.close()
    }
  })

  test('LEDs that the USB host lights are told, each change once', async () => {
    const { keyboard, side } = bench
    const leds: (number | null)[] = []
    const stop = new AbortController()
    const watching = (async () => {
      for await (const fact of keyboard.watch(stop.signal)) leds.push(fact.leds)
    })()
    await until('it is enumerated', () => leds.length > 0)
    const from = leds.length
    for (const [code, mask] of [
      [1, 0x02],
      [2, 0x06],
    ] as const) {
      side.setLed(code, true)
      await until(`LEDs ${mask}`, () => leds.at(-1) === mask)
    }
    side.setLed(1, false)
    await until('LEDs 4', () => leds.at(-1) === 0x04)
    side.setLed(2, false)
    await until('LEDs 0', () => leds.at(-1) === 0)
    stop.abort()
    await watching
    expect(leds.slice(from)).toEqual([0x02, 0x06, 0x04, 0])
    proved('LED reports of the USB host come back through hidg:')
  })

  test('keys for a device without a driver never land later', async () => {
    const { keyboard, side } = bench
    const interface_ = basename(side.usb)
    writeFileSync(join(DRIVER, 'unbind'), interface_)
    await until('the keyboard has left', () => !side.isThere)
    const answer = await keyboard.play(burst(WINDOWS, 5, 50, 50), never)
    expect(answer.proof).toBe('unknown')
    writeFileSync(join(DRIVER, 'bind'), interface_)
    await side.enumerated()
    await until('a report came', () => side.landed().length > 0, 30_000)
    expect(side.keys).toEqual([])
    proved('keys played while the device has no keyboard driver are unknown, and none lands later')
  })
})
