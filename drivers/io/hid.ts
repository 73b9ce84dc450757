// The one file that knows node-hid: lists and opens HID peripherals by its asynchronous calls, which never block the loop.
import { watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Device, HIDAsync } from 'node-hid'
import { usbPlaceOfNode } from './hid-place.ts'
import type { HidEars, HidFound, HidHandle, HidSystem } from './hid-system.ts'

/** Loaded at the first use: a bench without HID peripherals needs neither the library nor libudev. */
const library = () => import('node-hid')

/** The HID peripherals of this PC, by the kernel's hidraw nodes. */
export const hidOfThisPc = (): HidSystem => ({ list, open, descriptor, watch: watchNodes })

async function list(): Promise<readonly HidFound[]> {
  const { devicesAsync } = await library()
  const byNode = new Map<string, Device[]>()
  // One entry for each top-level collection: the same node may come several times.
  for (const device of await devicesAsync()) {
    if (device.path === undefined) continue
    byNode.set(device.path, [...(byNode.get(device.path) ?? []), device])
  }
  return Promise.all([...byNode].map(([node, devices]) => foundOf(node, devices)))
}

async function foundOf(node: string, devices: readonly Device[]): Promise<HidFound> {
  const [first] = devices
  const place = await usbPlaceOfNode(node)
  return {
    node,
    vendor: first?.vendorId ?? 0,
    product: first?.productId ?? 0,
    serial: first?.serialNumber ?? '',
    name: first?.product ?? '',
    interface: first?.interface ?? -1,
    usages: devices.map(({ usagePage = 0, usage = 0 }) => ({ page: usagePage, usage })),
    usbPath: place?.usbPath ?? null,
    byPath: place?.byPath ?? null,
  }
}

/** The kernel keeps it in sysfs: nobody has to open the peripheral for it. */
const descriptor = (node: string): Promise<Uint8Array> =>
  readFile(`/sys/class/hidraw/${basename(node)}/device/report_descriptor`)

async function open(node: string, ears: HidEars | null): Promise<HidHandle> {
  const { HIDAsync } = await library()
  const device = await HIDAsync.open(node)
  let isClosed = false
  // node-hid throws an error that nobody listens to.
  device.on('error', (why: unknown) => {
    if (!isClosed) ears?.lost(why instanceof Error ? why.message : String(why))
  })
  if (ears !== null) await listen(device, (bytes) => isClosed || ears.report(bytes))
  return {
    write: async (bytes) => void (await device.write(Buffer.from(bytes))),
    sendFeature: async (bytes) => void (await device.sendFeatureReport(Buffer.from(bytes))),
    getFeature: (id, length) => device.getFeatureReport(id, length),
    close: async () => {
      if (isClosed) return
      isClosed = true
      await device.close()
    },
  }
}

/** Resolves when its reading thread runs: node-hid starts it a tick later, and throws there if the handle was closed. */
function listen(device: HIDAsync, take: (bytes: Uint8Array) => void): Promise<void> {
  device.on('data', (bytes: Buffer) => take(bytes))
  return new Promise((resolve) => setImmediate(resolve))
}

/** The kernel makes and removes the nodes in /dev itself; udev's change of their rights is told too. */
function watchNodes(changed: () => void): () => void {
  try {
    const watcher = watch('/dev', { persistent: false }, (_, name) => {
      if (name === null || name.startsWith('hidraw')) changed()
    })
    // Without notices the bus still looks from time to time.
    watcher.on('error', () => watcher.close())
    return () => watcher.close()
  } catch {
    return () => undefined
  }
}
