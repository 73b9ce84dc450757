// Where a HID peripheral hangs: its USB port as the kernel and as udev name it, read from the path in sysfs.
import { realpath } from 'node:fs/promises'
import { basename } from 'node:path'

export interface UsbPlace {
  /** `1-2.3`: bus 1, port 2 of the root hub, port 3 of the hub behind it. */
  readonly usbPath: string
  /** `pci-0000:00:14.0-usb-0:2.3`, without the interface; null when the controller is of an unknown kind. */
  readonly byPath: string | null
}

const PORT = /^\d+-(\d+(?:\.\d+)*)$/
const PCI = /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]$/

/** The USB port in a path of /sys/devices; null for what hangs on no USB (uhid, Bluetooth, I2C). */
export function usbPlaceOf(sysPath: string): UsbPlace | null {
  const parts = sysPath.split('/')
  const root = parts.findIndex((part) => /^usb\d+$/.test(part))
  if (root < 1) return null
  // The last name that is a port is the peripheral's own; the ones before are hubs.
  const usbPath = parts.slice(root).findLast((part) => PORT.test(part))
  const ports = usbPath === undefined ? undefined : PORT.exec(usbPath)?.[1]
  if (usbPath === undefined || ports === undefined) return null
  const controller = controllerOf(parts.slice(0, root))
  return { usbPath, byPath: controller === null ? null : `${controller}-usb-0:${ports}` }
}

/** The name that udev's path_id gives a USB controller: by PCI address, by platform device, or by both. */
function controllerOf(parts: readonly string[]): string | null {
  const own = parts.at(-1) ?? ''
  const isPlatform = parts[2] === 'devices' && parts[3] === 'platform'
  if (!PCI.test(own)) return isPlatform ? `platform-${own}` : null
  const bridge = parts.findIndex((part) => /^pci[0-9a-f]{4}:[0-9a-f]{2}$/.test(part))
  return isPlatform && bridge > 3 ? `platform-${parts[bridge - 1]}-pci-${own}` : `pci-${own}`
}

/** The USB port of /dev/hidrawN; null off USB or when it just left. */
export async function usbPlaceOfNode(node: string): Promise<UsbPlace | null> {
  try {
    return usbPlaceOf(await realpath(`/sys/class/hidraw/${basename(node)}/device`))
  } catch {
    return null
  }
}
