// The PiKVM microcontroller on a kernel terminal: outputs, restarts, lost answers, and presses that may land late.
import { afterEach, describe, expect, test } from 'vitest'
import { burst, keyboardContract, tapsOf } from '../../contracts/keyboard.ts'
import { until } from '../../fakes/pty.ts'
import { PikvmRig } from './pikvm-rig.ts'

keyboardContract('pikvm-mcu:', async () => {
  const rig = await PikvmRig.open()
  const { double, keyboard } = rig
  return {
    keyboard,
    close: () => rig.close(),
    landed: () => double.landed(),
    leds: () => double.leds,
    setEnumerated: (enumerated) => double.set({ enumerated }),
    setDriverAlive: (driverAlive) => double.set({ driverAlive }),
    lose: () => double.unplug(),
    regain: () => double.plug(),
  }
})

const never = new AbortController().signal
const [CLEAR, PING, SET_MOUSE, KEY] = [0x10, 0x01, 0x04, 0x11]
let rig: PikvmRig

describe('bringing the chip up', () => {
  afterEach(() => rig.close())

  test('the first thing that it hears is release-all', async () => {
    rig = await PikvmRig.open()
    expect(rig.double.requests[0]?.[0]).toBe(CLEAR)
    expect(rig.last).toMatchObject({ health: 'ok', enumerated: true, leds: 0 })
  })

  test.each([true, false])(
    'a mouse beside it is switched off; its port vanishes: %s',
    async (vanishes) => {
      rig = await PikvmRig.open({ vanishes }, 0x01 | 0x08)
      expect(rig.double.outputs).toBe(0x01)
      expect(rig.double.restarts).toBe(1)
      await until('it is there', () => rig.last?.health === 'ok' && rig.last.enumerated === true)
      expect(await rig.keyboard.play(burst(0xe3, 5, 5, 5), never)).toEqual({ proof: 'accepted' })
      expect(tapsOf(rig.double.landed(), 0xe3)).toBe(5)
    },
  )

  test('a mouse that cannot be switched off is refused after two tries, and no key is sent', async () => {
    rig = await PikvmRig.open({ forgets: true }, 0x01 | 0x08)
    await expect(rig.keyboard.play(burst(0xe3, 5, 5, 5), never)).rejects.toMatchObject({
      code: 'STATION_KEYBOARD_MODE',
    })
    expect(rig.double.requests.filter(([command]) => command === SET_MOUSE)).toHaveLength(2)
    expect(rig.double.requests.filter(([command]) => command === KEY)).toEqual([])
  })

  test('without leave to set it nothing is set', async () => {
    rig = await PikvmRig.chip({}, 0x01 | 0x08)
    await rig.open({ setMode: false })
    await expect(rig.keyboard.play(burst(0xe3, 5, 5, 5), never)).rejects.toMatchObject({
      code: 'STATION_KEYBOARD_MODE',
    })
    expect(rig.double.restarts).toBe(0)
  })

  test('a chip that lost its power and has its mouse again is set again', async () => {
    rig = await PikvmRig.open({}, 0x01 | 0x08)
    rig.double.powerCycle()
    await until('it is set again', () => rig.double.outputs === 0x01)
    await until('it is there', () => rig.last?.enumerated === true)
    expect(await rig.keyboard.play(burst(0xe3, 1, 5, 5), never)).toEqual({ proof: 'accepted' })
  })

  test('old firmware, which tells nothing of the device, is a fault of protocol', async () => {
    rig = await PikvmRig.chip({ legacy: true })
    await rig.open()
    await expect(rig.keyboard.play(burst(0xe3, 1, 5, 5), never)).rejects.toMatchObject({
      code: 'STATION_KEYBOARD_PROTOCOL',
    })
  })

  test.each([0x24, 0x40, 0x45, 0x48])(
    'a chip that answers %i to all is a fault',
    async (refusal) => {
      rig = await PikvmRig.chip({ refusal })
      await rig.open()
      await expect(rig.keyboard.play(burst(0xe3, 1, 5, 5), never)).rejects.toMatchObject({
        code: 'STATION_KEYBOARD_PROTOCOL',
      })
    },
  )

  test('a chip without power is silent, and found when it has some', async () => {
    rig = await PikvmRig.chip({ powered: false })
    await rig.open()
    expect(rig.last).toMatchObject({ health: 'silent', enumerated: null })
    rig.double.set({ powered: true })
    await until('it is found', () => rig.last?.enumerated === true)
  })
})

describe('what a press proves', () => {
  afterEach(() => rig.close())

  test('each tap is a key down and a clear; nothing is sent to an offline device', async () => {
    rig = await PikvmRig.open()
    rig.double.set({ enumerated: false })
    await until('offline', () => rig.last?.enumerated === false)
    const from = rig.double.requests.length
    expect(await rig.keyboard.play(burst(0xe3, 5, 5, 5), never)).toEqual({ proof: 'unknown' })
    expect(rig.double.requests.slice(from).filter(([command]) => command === KEY)).toEqual([])
  })

  test('a device that stops polling in the middle: unknown, and the press that waits is cleared before it lands', async () => {
    rig = await PikvmRig.open()
    const playing = rig.keyboard.play(burst(0x51, 5, 40, 40), never)
    await until('one tap', () => tapsOf(rig.double.landed(), 0x51) === 1)
    rig.double.set({ driverAlive: false })
    expect(await playing).toEqual({ proof: 'unknown' })
    const from = rig.double.polls.length
    rig.double.set({ driverAlive: true })
    await until('online', () => rig.last?.enumerated === true)
    // At most the one that lay in the endpoint; what the firmware kept was replaced by the clear.
    expect(tapsOf(rig.double.landed().slice(from), 0x51)).toBeLessThanOrEqual(1)
    expect(rig.double.keysDown()).toEqual([])
  })

  test('a device that leaves in the last 50 ms of a burst is noticed', async () => {
    rig = await PikvmRig.open()
    const playing = rig.keyboard.play(burst(0x51, 1, 5, 0), never)
    await until('the last clear', () => rig.double.requests.filter(([c]) => c === KEY).length === 1)
    rig.double.set({ enumerated: false })
    expect(await playing).toEqual({ proof: 'unknown' })
  })

  test.each([
    ['wrong checksum', { wrongChecksums: 1 }],
    ['answer that never comes', { swallowReplies: 1 }],
    ['answer that comes late', { lateReplies: 1, lateMs: 260 }],
  ] as const)('a %s in the middle makes the taps unknown, with all keys up', async (_, fault) => {
    rig = await PikvmRig.open()
    const playing = rig.keyboard.play(burst(0xe3, 5, 60, 60), never)
    await until('one tap', () => tapsOf(rig.double.landed(), 0xe3) === 1)
    rig.double.set(fault)
    expect(await playing).toEqual({ proof: 'unknown' })
    expect(rig.double.keysDown()).toEqual([])
    const from = rig.double.polls.length
    expect(await rig.keyboard.play(burst(0xe3, 5, 5, 5), never)).toEqual({ proof: 'accepted' })
    expect(tapsOf(rig.double.landed().slice(from), 0xe3)).toBe(5)
  })

  test('garbage before every answer does not harm', async () => {
    rig = await PikvmRig.open({ garbage: [0x34, 0x00, 0x33, 0x34, 0xff] })
    expect(await rig.keyboard.play(burst(0xe3, 5, 5, 5), never)).toEqual({ proof: 'accepted' })
  })

  test('a flood of bytes that nobody asked for starves neither taps nor their end', async () => {
    rig = await PikvmRig.open()
    const flood = setInterval(() => rig.double.send(Array(512).fill(0x34)), 2)
    try {
      const abort = new AbortController()
      const playing = rig.keyboard.play(burst(0xe3, 5, 60_000, 5), abort.signal)
      await until('the key is down', () => rig.double.requests.some(([c]) => c === KEY))
      const at = performance.now()
      abort.abort()
      expect((await playing).proof).toBe('unknown')
      expect(performance.now() - at).toBeLessThan(1000)
    } finally {
      clearInterval(flood)
    }
    await until('all keys are up', () => rig.double.keysDown().length === 0)
  })

  test('a chip that falls silent with a key down is cleared when it answers again', async () => {
    rig = await PikvmRig.open()
    const abort = new AbortController()
    const playing = rig.keyboard.play(burst(0xe3, 5, 60_000, 5), abort.signal)
    await until('the key is down', () => rig.double.keysDown().includes(0xe3))
    rig.double.set({ deadMs: 1500 })
    const at = performance.now()
    abort.abort()
    expect(await playing).toEqual({ proof: 'unknown' })
    expect(performance.now() - at).toBeLessThan(1000)
    await until('all keys are up', () => rig.double.keysDown().length === 0)
    expect(rig.double.requests.at(-1)?.[0]).toSatisfy((c) => c === CLEAR || c === PING)
  })

  test('a port that is pulled with a key down hears clear first when it is back', async () => {
    rig = await PikvmRig.open()
    const playing = rig.keyboard.play(burst(0xe3, 5, 60_000, 5), never)
    await until('the key is down', () => rig.double.keysDown().includes(0xe3))
    await rig.double.unplug()
    expect(await playing).toEqual({ proof: 'unknown' })
    const from = rig.double.requests.length
    await rig.double.plug()
    await until('all keys are up', () => rig.double.keysDown().length === 0)
    expect(rig.double.requests[from]?.[0]).toBe(CLEAR)
  })
})
