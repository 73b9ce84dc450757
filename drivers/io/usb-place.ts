// Holds a port's name under /dev/serial/by-path against the place where the kernel says it hangs: a stale name presses keys elsewhere.
import { realpathSync } from 'node:fs'
import { basename, join } from 'node:path'

/** `pci-0000:00:14.0-usb-0:3.2:1.0-port0` → ports `3.2`, configuration and interface `1.0`; also `usbv2-0:…` of newer udev. */
const PLACE = /-usb(?:v\d)?-\d+:([\d.]+):(\d+\.\d+)(?:-port\d+)?$/

/**
 * Whether the port that `name` leads to hangs where the name says. Udev takes a name away some time after the plug is
 * pulled; a second adapter that is plugged in meanwhile may get the number that the stale name still leads to. Null when
 * the name is no by-path name of USB, or the kernel does not tell (a terminal without hardware).
 */
export function isAtItsPlace(name: string, sysRoot = '/sys'): boolean | null {
  const place = PLACE.exec(basename(name))
  if (place === null) return null
  let device: string
  try {
    const tty = basename(realpathSync(name))
    device = realpathSync(join(sysRoot, 'class/tty', tty, 'device'))
  } catch {
    return null
  }
  const [, ports = '', number = ''] = place
  // An interface's folder is `<bus>-<ports>:<configuration>.<interface>`; a USB serial port hangs below it.
  const pattern = new RegExp(`/\\d+-${escaped(ports)}:${escaped(number)}(?:/|$)`)
  return pattern.test(device)
}

const escaped = (text: string): string => text.replaceAll('.', '\\.')
