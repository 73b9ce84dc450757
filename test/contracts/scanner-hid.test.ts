// The contract of scanners on the HID driver, with doubles of both report layouts on the bus.
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../drivers/host/clock.ts'
import { HidBus } from '../../drivers/io/hid-bus.ts'
import { openScanner } from '../../drivers/scanner/index.ts'
import { HidDouble } from '../fakes/hid-double.ts'
import { aimScanner, type HidScanner, plainScanner } from '../fakes/hid-scanner.ts'
import { until } from '../fakes/pty.ts'
import { scannerContract } from './scanner.ts'

const clock = systemClock()

async function bench(make: () => HidScanner, address: string) {
  const double = new HidDouble()
  const model = make()
  double.plug(model.peripheral)
  const hid = new HidBus({ clock, system: double })
  const scanner = await openScanner(`hid-pos:${address}`, { clock, hid })
  return { double, model, hid, scanner }
}

for (const [name, make, address, aim] of [
  ['hid-pos: with AIM ids', aimScanner, 'LSR1180042', ''],
  ['hid-pos: plain', plainScanner, '1-4.2', ''],
] as const)
  scannerContract(name, async () => {
    const { double, model, scanner } = await bench(make, address)
    return {
      scanner,
      scan: (text) => model.scan(double, text, aim === '' ? '   ' : aim),
      lose: async () => double.unplug(model.peripheral),
      regain: async () => void double.plug(model.peripheral),
      close: () => scanner.close(),
    }
  })

describe('a HID scanner', () => {
  async function heardOf(
    make: () => HidScanner,
    play: (double: HidDouble, model: HidScanner) => void,
  ) {
    const { double, model, hid, scanner } = await bench(make, '')
    const heard: string[] = []
    const stop = new AbortController()
    const done = (async () => {
      for await (const fact of scanner.watch(stop.signal))
        heard.push('text' in fact ? fact.text : fact.health)
    })()
    await until('the scanner', () => heard.includes('ok'))
    play(double, model)
    model.scan(double, 'LAST')
    await until('the last scan', () => heard.some((text) => text.endsWith('LAST')))
    stop.abort()
    await done
    await scanner.close()
    expect(hid.openHandles).toBe(0)
    expect(double.openNow).toBe(0)
    return heard.filter((text) => text !== 'gone' && text !== 'ok').slice(0, -1)
  }

  test('says what kind of code it read, and joins one of 60 characters from its two reports', async () => {
    const long = 'A'.repeat(60)
    expect(
      await heardOf(aimScanner, (double, model) => {
        model.scan(double, '5CG1234XYZ', ']C0')
        model.scan(double, long, ']Q1')
      }),
    ).toEqual([']C05CG1234XYZ', `]Q1${long}`])
  })

  test('takes noise for noise: other reports, lengths that cannot be, short ones', async () => {
    expect(
      await heardOf(aimScanner, (double, model) => {
        double.send(model.peripheral, [4, 5, 1, 2, 3])
        double.send(model.peripheral, [2, 57, ...Array.from({ length: 62 }, () => 65)])
        double.send(model.peripheral, [2, 10, 65, 66])
        double.send(model.peripheral, [])
      }),
    ).toEqual([])
  })

  test('the first half of a code is forgotten when the plug is pulled before the second', async () => {
    const { double, model, scanner } = await bench(aimScanner, '')
    const heard: string[] = []
    const stop = new AbortController()
    const done = (async () => {
      for await (const fact of scanner.watch(stop.signal))
        heard.push('text' in fact ? fact.text : fact.health)
    })()
    await until('the scanner', () => heard.includes('ok'))
    double.send(model.peripheral, model.reports('A'.repeat(60))[0] ?? [])
    double.unplug(model.peripheral)
    await until('gone', () => heard.at(-1) === 'gone')
    double.plug(model.peripheral)
    await until('back', () => heard.at(-1) === 'ok')
    model.scan(double, '5CG1234XYZ')
    await until('the scan', () => heard.at(-1)?.endsWith('XYZ') === true)
    expect(heard.at(-1)).toBe(']C05CG1234XYZ')
    stop.abort()
    await done
    await scanner.close()
  })
})
