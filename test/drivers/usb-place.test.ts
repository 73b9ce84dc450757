// A by-path name against the kernel's own word, on a made-up /sys: a stale name must not lead to another bay's chip.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isAtItsPlace } from '../../drivers/io/usb-place.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'reseal-place-'))
})
afterEach(() => rmSync(root, { recursive: true }))

/** A port of this number that hangs at `place` below the bus, under a by-path name. */
function port(tty: string, place: string, name: string): string {
  const device = join(root, 'devices/pci0000:00/0000:00:14.0/usb1', place, tty)
  mkdirSync(device, { recursive: true })
  mkdirSync(join(root, 'class/tty', tty), { recursive: true })
  symlinkSync(device, join(root, 'class/tty', tty, 'device'))
  writeFileSync(join(root, tty), '')
  const link = join(root, name)
  symlinkSync(join(root, tty), link)
  return link
}

test.each([
  ['1-3/1-3:1.0', 'pci-0000:00:14.0-usb-0:3:1.0-port0', true],
  ['1-3/1-3.2/1-3.2:1.0', 'pci-0000:00:14.0-usb-0:3.2:1.0-port0', true],
  ['1-3/1-3.2/1-3.2:1.0', 'pci-0000:00:14.0-usbv2-0:3.2:1.0-port0', true],
  ['1-3/1-3:1.0', 'platform-fd500000.pcie-pci-0000:01:00.0-usb-0:3:1.0', true],
  ['1-13/1-13:1.0', 'pci-0000:00:14.0-usb-0:3:1.0-port0', false],
  ['1-3/1-3.2/1-3.2:1.0', 'pci-0000:00:14.0-usb-0:3.1:1.0-port0', false],
  ['1-3/1-3:1.1', 'pci-0000:00:14.0-usb-0:3:1.0-port0', false],
  ['1-3/1-3:1.0', 'pci-0000:00:1f.0-port0', null],
  ['1-3/1-3:1.0', 'usb-FTDI_FT232R-if00-port0', null],
])('a port at %s under the name %s: %s', (place, name, answer) => {
  expect(isAtItsPlace(port('ttyUSB0', place, name), root)).toBe(answer)
})

test('a terminal without hardware tells nothing', () => {
  const name = join(root, 'pci-0000:00:14.0-usb-0:3:1.0-port0')
  writeFileSync(join(root, 'pts9'), '')
  symlinkSync(join(root, 'pts9'), name)
  expect(isAtItsPlace(name, root)).toBeNull()
  expect(isAtItsPlace(join(root, 'pci-0000:00:14.0-usb-0:4:1.0-port0'), root)).toBeNull()
})
