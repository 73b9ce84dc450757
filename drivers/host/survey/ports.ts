// The serial ports of this PC that hang on USB, with the names that stay the same over restarts.
import { usbPlaceOf } from '../../io/hid-place.ts'
import type { DeviceTree } from './tree.ts'

export interface PortSeen {
  /** /dev/ttyUSB0: good for now. */
  readonly node: string
  /** The name of its place under /dev/serial/by-path; null when udev gives none. */
  readonly byPath: string | null
  /** The name of who it is under /dev/serial/by-id; null when udev gives none. */
  readonly byId: string | null
  /** USB ids. */
  readonly vendor: number
  readonly product: number
  /** USB strings; empty when it has none. */
  readonly serial: string
  readonly name: string
  /** The kernel's name of its USB port, `1-2.3`. */
  readonly usbPath: string | null
}

const TTY = 'sys/class/tty'
const hex = (text: string | null) => Number.parseInt(text ?? '', 16) || 0

/** Every USB serial port, sorted by node. */
export function portsOf(tree: DeviceTree): readonly PortSeen[] {
  return tree
    .names(TTY)
    .filter((name) => /^tty(?:USB|ACM)\d+$/.test(name))
    .map((name) => portOf(tree, name))
}

function portOf(tree: DeviceTree, name: string): PortSeen {
  const node = `/dev/${name}`
  const place = tree.real(`${TTY}/${name}/device`)
  const device = usbDeviceOf(tree, place)
  const value = (file: string) => (device === null ? null : tree.text(`${device}/${file}`))
  return {
    node: tree.at(node),
    byPath: nameUnder(tree, 'dev/serial/by-path', node),
    byId: nameUnder(tree, 'dev/serial/by-id', node),
    vendor: hex(value('idVendor')),
    product: hex(value('idProduct')),
    serial: value('serial') ?? '',
    name: value('product') ?? '',
    usbPath: place === null ? null : (usbPlaceOf(place)?.usbPath ?? null),
  }
}

/** The USB device that an interface belongs to: the first folder upwards that has ids. */
function usbDeviceOf(tree: DeviceTree, place: string | null): string | null {
  const parts = (place ?? '').split('/')
  for (let end = parts.length; end > 2; end--) {
    const path = parts.slice(0, end).join('/')
    if (tree.text(`${path}/idVendor`) !== null) return path
  }
  return null
}

/**
 * udev may give one port two names (with usb-, and with usbv2-): the shorter one is the old, wider known one.
 */
function nameUnder(tree: DeviceTree, folder: string, node: string): string | null {
  const names = tree.names(folder).filter((name) => tree.target(`${folder}/${name}`) === node)
  const [name] = names.toSorted((a, b) => a.length - b.length)
  return name === undefined ? null : tree.at(`${folder}/${name}`)
}
