// How far a press on a CH9329 is proved, against a chip that lies, sleeps, garbles and answers late.
import { afterEach, describe, expect, test } from 'vitest'
import { burst, keyboardContract } from '../../contracts/keyboard.ts'
import { until } from '../../fakes/pty.ts'
import { never, QUICK, Rig, ZERO } from './rig.ts'

keyboardContract('ch9329:', async () => {
  const rig = await Rig.open()
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

describe('what a press proves', () => {
  let rig: Rig
  afterEach(() => rig.close())

  test('the Windows key as a modifier bit or as usage E3', async () => {
    rig = await Rig.open({ options: { gui: 'usage' } })
    await rig.keyboard.play(burst(0xe3, 5, 5, 5), never)
    expect(rig.double.landed().filter((bytes) => bytes[2] === 0xe3 && bytes[0] === 0)).toHaveLength(
      5,
    )
    await rig.keyboard.close()
    await rig.open()
    const from = rig.double.reports.length
    await rig.keyboard.play(burst(0xe3, 5, 5, 5), never)
    expect(rig.double.taps(0xe3, from)).toBe(5)
    const played = rig.double.reports.slice(from).filter((report) => report.bytes[0] === 0x08)
    expect(played).toHaveLength(5)
  })

  test('a chip that says ok and drops the report is believed no further than accepted', async () => {
    rig = await Rig.open()
    rig.double.set({ dropReports: 2 })
    expect(await rig.keyboard.play(burst(0xe3, 5, 5, 5), never)).toEqual({ proof: 'accepted' })
    expect(rig.double.taps(0xe3)).toBe(4)
  })

  test.each([
    ['wrong checksum', { wrongChecksums: 1 }],
    ['reply that never comes', { swallowReplies: 1 }],
  ] as const)(
    'a %s in the middle makes the taps unknown, with all keys up',
    async (_name, fault) => {
      rig = await Rig.open({ options: { numbers: { ...QUICK, infoEveryMs: 60_000 } } })
      const playing = rig.keyboard.play(burst(0xe3, 5, 60, 60), never)
      await until('the second tap', () => rig.double.taps(0xe3) === 1)
      rig.double.set(fault)
      expect(await playing).toEqual({ proof: 'unknown' })
      expect(rig.double.keysDown()).toEqual([])
      expect(rig.double.taps(0xe3)).toBeLessThan(5)
      // The late answer of the broken one is not taken for that of the next.
      const from = rig.double.reports.length
      expect(await rig.keyboard.play(burst(0xe3, 5, 5, 5), never)).toEqual({ proof: 'accepted' })
      expect(rig.double.taps(0xe3, from)).toBe(5)
    },
  )

  test('a refused report makes the taps unknown', async () => {
    rig = await Rig.open()
    rig.double.set({ status: 0xe6 })
    expect(await rig.keyboard.play(burst(0xe3, 5, 5, 5), never)).toEqual({ proof: 'unknown' })
  })

  test('garbage before every reply does not harm', async () => {
    rig = await Rig.open({ world: { garbage: [0x00, 0x57, 0x12, 0xab, 0x57] } })
    expect(await rig.keyboard.play(burst(0xe3, 5, 5, 5), never)).toEqual({ proof: 'accepted' })
    expect(rig.double.taps(0xe3)).toBe(5)
  })

  test('a chip that is dead in the middle is unknown within 1 s of the abort, and released when it is awake', async () => {
    rig = await Rig.open()
    const abort = new AbortController()
    const playing = rig.keyboard.play(burst(0xe3, 5, 60_000, 1), abort.signal)
    await until('the key is down', () => rig.double.keysDown().includes(0xe3))
    rig.double.set({ deadMs: 1500 })
    const at = performance.now()
    abort.abort()
    expect(await playing).toEqual({ proof: 'unknown' })
    expect(performance.now() - at).toBeLessThan(1000)
    expect(rig.double.keysDown()).toEqual([0xe3])
    await until('all keys are up', () => rig.double.keysDown().length === 0)
  })

  test('a chip that does not answer at all is a fault before any key', async () => {
    rig = await Rig.open()
    rig.double.set({ powered: false })
    await expect(rig.keyboard.play(burst(0xe3, 5, 5, 5), never)).rejects.toMatchObject({
      code: 'STATION_KEYBOARD_SILENT',
    })
    await expect(rig.keyboard.releaseAll()).rejects.toMatchObject({
      code: 'STATION_KEYBOARD_SILENT',
    })
    await until('silence is a fact', () => rig.last?.health === 'silent')
    expect(rig.last?.enumerated).toBeNull()
  })

  test('a chip that answers with rubbish only is a fault of protocol', async () => {
    rig = await Rig.open()
    rig.double.set({ wrongChecksums: Number.POSITIVE_INFINITY })
    await expect(rig.keyboard.play(burst(0xe3, 5, 5, 5), never)).rejects.toMatchObject({
      code: 'STATION_KEYBOARD_PROTOCOL',
    })
  })

  test('one lost answer to the regular question is no silence', async () => {
    rig = await Rig.open()
    const before = rig.double.frames.length
    rig.double.set({ swallowReplies: 1 })
    await until('it was asked again', () => rig.double.frames.length > before + 3)
    expect(rig.facts.map((fact) => fact.health)).not.toContain('silent')
  })

  test('an answer that comes late is not taken for that of the release', async () => {
    rig = await Rig.open({ options: { numbers: { ...QUICK, infoEveryMs: 300 } } })
    const from = rig.double.reports.length
    const [down] = burst(0xe3, 1, 60_000, 0).reports
    const reports = [{ bytes: down!.bytes, pauseMs: 60_000 }]
    const first = { bytes: burst(0xe3, 0, 0, 0).reports[0]!.bytes, pauseMs: 150 }
    const request = { script: 'late', burst: 'late', reports: [first, ...reports] }
    const playing = rig.keyboard.play(request, never)
    await until('the first report', () => rig.double.reports.length > from)
    rig.double.set({ lateReplies: 1, lateMs: 260 })
    await until('the key is down', () => rig.double.keysDown().includes(0xe3))
    rig.double.set({ deadMs: 1200 })
    expect(await playing).toEqual({ proof: 'unknown' })
    expect(rig.double.keysDown()).toEqual([0xe3])
    await until('all keys are up', () => rig.double.keysDown().length === 0)
  })

  test('a release whose answers are broken is sent again until one is whole', async () => {
    rig = await Rig.open({ options: { numbers: { ...QUICK, infoEveryMs: 300 } } })
    const playing = rig.keyboard.play(burst(0xe3, 5, 60_000, 1), never)
    await until('the key is down', () => rig.double.keysDown().includes(0xe3))
    const from = rig.double.reports.length
    rig.double.set({ wrongChecksums: 6 })
    const releasing = rig.keyboard.releaseAll()
    await expect(releasing).rejects.toMatchObject({ code: 'STATION_KEYBOARD_PROTOCOL' })
    expect(await playing).toEqual({ proof: 'unknown' })
    const sent = rig.double.reports.length
    await until('one more release', () => rig.double.reports.length > sent)
    expect(rig.double.reports.slice(from).every(({ bytes }) => bytes.join() === ZERO.join())).toBe(
      true,
    )
  })
})
