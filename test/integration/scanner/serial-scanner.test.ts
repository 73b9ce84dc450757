// The serial scanner on a real terminal of the kernel: suffixes, pauses, the pulled plug, the second opener.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../drivers/host/clock.ts'
import { openScanner, parseScannerUrl } from '../../../drivers/scanner/index.ts'
import { openSerialScanner, type SerialScanner } from '../../../drivers/scanner/serial.ts'
import { scannerContract } from '../../contracts/scanner.ts'
import { type PtyPair, ptyPair, until } from '../../fakes/pty.ts'

const clock = systemClock()

scannerContract('serial:', async () => {
  const pty = await ptyPair(() => undefined)
  const scanner = await openScanner(`serial:${pty.path}`, { clock })
  return {
    scanner,
    scan: (text) => pty.write(`${text}\r\n`),
    lose: () => pty.unplug(),
    regain: () => pty.plug(),
    close: async () => {
      await scanner.close()
      await pty.close()
    },
  }
})

describe('the serial scanner', () => {
  let pty: PtyPair
  let scanner: SerialScanner
  let texts: string[]
  let done: Promise<void>

  beforeEach(async () => {
    pty = await ptyPair(() => undefined)
    scanner = await openSerialScanner({ path: pty.path, clock })
    texts = []
    done = (async () => {
      for await (const fact of scanner.watch(new AbortController().signal)) {
        if ('text' in fact) texts.push(fact.text)
      }
    })()
  })
  afterEach(async () => {
    await scanner.close()
    await done
    await pty.close()
  })

  test('a scan without a suffix ends by its silence', async () => {
    pty.write('5CG1234XYZ')
    await until('the scan', () => texts.length === 1)
    expect(texts).toEqual(['5CG1234XYZ'])
  })

  test('bytes that dribble in are one scan as long as the gaps are short', async () => {
    for (const letter of '5CG1234XYZ') {
      pty.write(letter)
      await clock.sleep(5)
    }
    pty.write('\r')
    await until('the scan', () => texts.length > 0)
    expect(texts).toEqual(['5CG1234XYZ'])
  })

  test('an event loop that stood still does not cut a scan in two', async () => {
    await scanner.close()
    scanner = await openSerialScanner({ path: pty.path, clock, idleMs: 400 })
    const scan = (async () => {
      for await (const fact of scanner.watch(new AbortController().signal)) {
        if ('text' in fact) return fact.text
      }
      return null
    })()
    pty.write('5CG1')
    await clock.sleep(200)
    pty.write('234XYZ\r')
    // Stand still right before the loop looks at its timers: the silence is over then, and the bytes are not read.
    await new Promise((resolve) => setImmediate(resolve))
    const end = performance.now() + 600
    while (performance.now() < end);
    expect(await scan).toBe('5CG1234XYZ')
  })

  test('half a scan dies with the plug', async () => {
    await scanner.close()
    scanner = await openSerialScanner({ path: pty.path, clock, idleMs: 60_000 })
    const seen: string[] = []
    const again = (async () => {
      for await (const fact of scanner.watch(new AbortController().signal)) {
        seen.push('text' in fact ? fact.text : fact.health)
      }
    })()
    pty.write('HALF')
    await clock.sleep(20)
    await pty.unplug()
    await until('gone', () => seen.includes('gone'))
    await pty.plug()
    await until('back', () => seen.at(-1) === 'ok')
    pty.write('WHOLE\r')
    await until('the scan', () => seen.includes('WHOLE'))
    expect(seen).toEqual(['ok', 'gone', 'ok', 'WHOLE'])
    await scanner.close()
    await again
  })

  test('noise of a thousand bytes is bounded and the next scan is whole', async () => {
    pty.write(Uint8Array.from({ length: 1000 }, (_, n) => 0x80 + (n % 64)))
    pty.write('\r5CG1234XYZ\r')
    await until('both', () => texts.includes('5CG1234XYZ'))
    expect(texts[0]!.length).toBeLessThanOrEqual(512)
  })

  test('a second opener is told that the port is busy, and has it when the first lets it go', async () => {
    const url = `serial:${pty.path}`
    await expect(openScanner(url, { clock, required: true })).rejects.toMatchObject({
      code: 'STATION_PORT_BUSY',
    })
    const second = await openScanner(url, { clock })
    const seen: string[] = []
    void (async () => {
      for await (const report of second.watch(new AbortController().signal))
        seen.push('text' in report ? report.text : `${report.health} ${report.code ?? ''}`)
    })()
    await until('busy', () => seen.includes('gone STATION_PORT_BUSY'))
    await scanner.close()
    await until('it has it', () => seen.at(-1) === 'ok ')
    pty.write('MINE\r')
    await until('the scan', () => seen.at(-1) === 'MINE')
    await second.close()
  })
})

describe('the address of a scanner', () => {
  test('is taken apart', () => {
    const path = '/dev/serial/by-id/usb-Scan_0000:00:14.0-port0'
    expect(parseScannerUrl(`serial:${path}?baud=115200`)).toEqual({
      driver: 'serial',
      path,
      baud: 115_200,
    })
  })

  test.each([
    ['wedge:123', 'STATION_DRIVER_UNKNOWN'],
    ['', 'STATION_DRIVER_UNKNOWN'],
    ['serial:', 'CONFIG_INVALID'],
    ['serial:ttyACM0', 'CONFIG_INVALID'],
    ['serial:/dev/x?baud=123', 'CONFIG_INVALID'],
    ['serial:/dev/x?speed=9600', 'CONFIG_INVALID'],
  ])('%j is refused: %s', (url, code) => {
    expect(() => parseScannerUrl(url)).toThrow(expect.objectContaining({ code }))
  })

  test('a missing port is the fact gone, or an error where it is required', async () => {
    const url = 'serial:/dev/serial/by-id/nothing-here'
    await expect(openScanner(url, { clock, required: true })).rejects.toMatchObject({
      code: 'STATION_PORT_GONE',
    })
    const scanner = await openScanner(url, { clock })
    const first = await scanner.watch(new AbortController().signal)[Symbol.asyncIterator]().next()
    expect(first.value).toMatchObject({ health: 'gone' })
    await scanner.close()
  })
})
