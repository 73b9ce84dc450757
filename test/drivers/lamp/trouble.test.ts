// What goes wrong with HID lamps: plugs, hangs, rights, relays that do not follow.
import { describe, expect, it } from 'vitest'
import { Blink1Double, EmbravaDouble, LuxaforDouble } from '../../fakes/hid-lamps.ts'
import { RelayDouble } from '../../fakes/hid-towers.ts'
import { faultOf, lampBench } from '../../fakes/lamp-bench.ts'
import { COLOURS, LINEAR_COLOURS } from '../../fakes/lamp-looks.ts'
import { until } from '../../fakes/pty.ts'

describe('a lamp in trouble', () => {
  it('that is pulled in the middle of its bytes is gone, and whole again afterwards', async () => {
    const { system, open, now, close } = lampBench()
    const double = new Blink1Double(now, '2000AAAA')
    const trouble = system.plug(double)
    const lamp = open('blink1:2000AAAA')
    await lamp.show('done')
    for (let after = 0; after < 10; after++) {
      trouble.unplugAfter = after
      // `hold` takes ten transfers: each of them is the last one once.
      expect(await faultOf(lamp.show('hold'))).toBe('STATION_LAMP_GONE')
      Object.assign(trouble, { unplugAfter: undefined })
      system.plug(double, trouble)
      await until('it is back', async () => (await faultOf(lamp.show('hold'))) === null)
      expect(double.lines[7]).toEqual({ rgb: [0, 0, 0], ms: 1380 })
      await lamp.show('done')
      expect(double.look()).toBe(COLOURS.done)
    }
    await close()
  })

  it('that hangs is given up after a second, holds up no other lamp, and is left alone', async () => {
    const { system, open, now, close } = lampBench()
    const [sick, well] = [new Blink1Double(now, '2000AAAA'), new Blink1Double(now, '2000BBBB')]
    const trouble = system.plug(sick)
    system.plug(well)
    const [ill, good] = [open('blink1:2000AAAA'), open('blink1:2000BBBB')]
    await Promise.all([ill.show('done'), good.show('done')])
    trouble.hangs = true
    const begun = performance.now()
    const hung = faultOf(ill.show('failed'))
    const slowest = { ms: 0 }
    for (let n = 0; n < 20; n++) {
      const from = performance.now()
      await good.show(n % 2 === 0 ? 'failed' : 'done')
      slowest.ms = Math.max(slowest.ms, performance.now() - from)
    }
    expect(slowest.ms).toBeLessThan(300)
    expect(await hung).toBe('STATION_LAMP_GONE')
    expect(performance.now() - begun).toBeLessThan(2000)
    // Its handle is still with the kernel; a second one is not opened meanwhile.
    const before = system.opens
    for (const lamp of [new EmbravaDouble(now)]) {
      system.plug(lamp)
      system.unplug(lamp)
    }
    expect(await faultOf(ill.show('done'))).toBe('STATION_LAMP_GONE')
    expect(system.opens).toBe(before)
    await close()
  })

  it('whose rights are not set yet is denied, and lit once udev came by', async () => {
    const { system, open, now, close } = lampBench()
    const double = new Blink1Double(now, '2000AAAA')
    const trouble = system.plug(double, { denied: true })
    const lamp = open('blink1:2000AAAA')
    expect(await faultOf(lamp.show('done'))).toBe('STATION_HID_DENIED')
    trouble.denied = false
    const nudge = new EmbravaDouble(now)
    system.plug(nudge)
    await until('it is lit', () => double.look() === COLOURS.done)
    await close()
  })

  it('that is a relay and does not follow is told so, twice tried', async () => {
    const { system, open, close } = lampBench()
    const double = new RelayDouble('HURTM', ['red', 'yellow', 'green'])
    system.plug(double)
    const lamp = open('relay:HURTM?map=red,yellow,green')
    await lamp.show('done')
    double.stuck = 0b100
    expect(await faultOf(lamp.show('failed'))).toBe('STATION_LAMP_STUCK')
    expect(double.look()).toBe('red+green')
    await close()
  })

  it('that is a relay with a short answer is not believed', async () => {
    const { system, open, close } = lampBench()
    const double = new RelayDouble('HURTM', ['lamp'])
    system.plug(double)
    const lamp = open('relay:HURTM')
    await lamp.show('done')
    for (const length of [0, 1, 7]) {
      double.answerLength = length
      expect(await faultOf(lamp.show('failed')), `${length} bytes`).toBe('STATION_LAMP_GONE')
    }
    await close()
  })

  it('says so to whoever watches, once, and again when it is back', async () => {
    const { system, open, now, close } = lampBench()
    const double = new LuxaforDouble(now)
    const lamp = open('luxafor:1-2.3')
    const told: string[] = []
    const end = new AbortController()
    const watching = (async () => {
      for await (const { health, code } of lamp.watch?.(end.signal) ?? [])
        told.push(`${health} ${code ?? ''}`.trim())
    })()
    expect(await faultOf(lamp.show('done'))).toBe('STATION_LAMP_GONE')
    for (const signal of ['failed', 'you', 'done'] as const)
      expect(await faultOf(lamp.show(signal))).toBe('STATION_LAMP_GONE')
    system.plug(double)
    await until('ok', () => told.at(-1) === 'ok')
    expect([told, double.look()]).toEqual([['gone STATION_LAMP_GONE', 'ok'], LINEAR_COLOURS.done])
    end.abort()
    await watching
    await close()
  })
})
