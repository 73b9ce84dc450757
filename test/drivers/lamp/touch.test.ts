// The touch sensor of a light is a button while the light goes on.
import { describe, expect, it } from 'vitest'
import type { ButtonHealth, ButtonReport } from '../../../agent/ports.ts'
import { buttonOf } from '../../../drivers/lamp/index.ts'
import { ButtonBoxDouble } from '../../fakes/button-box.ts'
import { NeUsbDouble } from '../../fakes/hid-towers.ts'
import { lampBench } from '../../fakes/lamp-bench.ts'
import { until } from '../../fakes/pty.ts'

describe('the touch sensor of an NE-USB', () => {
  it('is a button with short and long presses, while the light goes on', {
    timeout: 15_000,
  }, async () => {
    const { system, open, now, close } = lampBench()
    const double = new NeUsbDouble(now)
    double.answer = (bytes) => system.send(double, bytes)
    system.plug(double)
    const lamp = open('patlite:1-2.3', true)
    const button = buttonOf(lamp)
    if (button === null) throw new Error('no button')
    const heard: (ButtonReport | ButtonHealth)[] = []
    const end = new AbortController()
    const watching = (async () => {
      for await (const fact of button.watch(end.signal)) heard.push(fact)
    })()
    await lamp.show('you')
    await until('it is there', () => heard.some((one) => 'health' in one && one.health === 'ok'))
    const presses = () => heard.flatMap((one) => ('press' in one ? [one.press] : []))
    double.isTouched = true
    await until('the touch is seen', () => system.busy === 0)
    await new Promise((resolve) => setTimeout(resolve, 200))
    double.isTouched = false
    await until('a short press', () => presses().length === 1)
    double.isTouched = true
    await until('a long press', () => presses().length === 2)
    await lamp.show('done')
    expect(double.look()).toBe('green')
    double.isTouched = false
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(presses()).toEqual(['short', 'long'])
    system.unplug(double)
    await until('it is gone', () => {
      const last = heard.at(-1)
      return last !== undefined && 'health' in last && last.health === 'gone'
    })
    end.abort()
    await watching
    await close()
  })

  it('that is denied says so, and heals with its light', async () => {
    const { system, open, now, close } = lampBench()
    const double = new NeUsbDouble(now)
    double.answer = (bytes) => system.send(double, bytes)
    const trouble = system.plug(double, { denied: true })
    const lamp = open('patlite:1-2.3', true)
    let last: ButtonHealth | null = null
    const end = new AbortController()
    const watching = (async () => {
      for await (const fact of buttonOf(lamp)?.watch(end.signal) ?? [])
        if ('health' in fact) last = fact
    })()
    await until('denied', () => last?.code === 'STATION_HID_DENIED')
    expect(last).toMatchObject({ health: 'gone' })
    trouble.denied = false
    // The kernel's notice of another plug: it is looked for again at once.
    system.plug(new ButtonBoxDouble('BOX', false, () => undefined))
    await until('it is there', () => last?.health === 'ok')
    expect(last).not.toHaveProperty('code')
    system.unplug(double)
    await until('it is gone', () => last?.health === 'gone')
    expect(last).not.toHaveProperty('code')
    end.abort()
    await watching
    await close()
  })

  it('is not there in a lamp that was not opened for it', async () => {
    const { open, close } = lampBench()
    expect([buttonOf(open('patlite:1-2.3')), buttonOf(open('blink1:1', true))]).toEqual([
      null,
      null,
    ])
    await close()
  })
})
