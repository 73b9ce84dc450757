// The address of a keyboard in the config: everything that is not understood is refused by name.
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../drivers/host/clock.ts'
import { openKeyboard, parseKeyboardUrl } from '../../drivers/keyboard/index.ts'

describe('the address of a keyboard', () => {
  test('is taken apart', () => {
    const path = '/dev/serial/by-path/pci-0000:00:14.0-usb-0:3:1.0-port0'
    expect(parseKeyboardUrl(`ch9329:${path}`)).toEqual({ driver: 'ch9329', path, settings: {} })
    expect(parseKeyboardUrl(`ch9329:${path}?baud=115200&gui=usage&echo=caps&mode=verify`)).toEqual({
      driver: 'ch9329',
      path,
      settings: { baud: 115_200, gui: 'usage', echoKey: 'caps', setMode: false },
    })
    expect(parseKeyboardUrl('hidg:/dev/hidg0')).toEqual({
      ...{ driver: 'hidg', path: '/dev/hidg0', settings: {} },
    })
    expect(parseKeyboardUrl(`pikvm-mcu:${path}?baud=57600&echo=num&mode=verify`)).toEqual({
      ...{ driver: 'pikvm-mcu', path },
      settings: { baud: 57_600, echoKey: 'num', setMode: false },
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
    ['hidg:hidg0', 'CONFIG_INVALID'],
    ['hidg:/dev/hidg0?gui=usage', 'CONFIG_INVALID'],
    ['pikvm-mcu:/dev/x?gui=usage', 'CONFIG_INVALID'],
    ['pikvm-mcu:/dev/x?baud=1', 'CONFIG_INVALID'],
    ['manual:?x=1', 'CONFIG_INVALID'],
  ])('%j is refused: %s', (url, code) => {
    expect(() => parseKeyboardUrl(url)).toThrow(expect.objectContaining({ code }))
  })

  test('a person is no driver', async () => {
    expect(await openKeyboard('manual:', { clock: systemClock(), stateDir: '' })).toBeNull()
  })
})
