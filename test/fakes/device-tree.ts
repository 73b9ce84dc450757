// A PC laid out as files: cards, USB serial ports and controllers as sysfs and udev show them.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const CONTROLLER = 'sys/devices/pci0000:00/0000:00:14.0'

export interface CardLaidOut {
  readonly name: string
  readonly carrier?: 0 | 1
  readonly isVirtual?: boolean
  readonly isRadio?: boolean
  readonly master?: string
}
export interface PortLaidOut {
  readonly node: string
  /** `1-2.3`. */
  readonly usbPath: string
  readonly vendor: string
  readonly product: string
  readonly name?: string
  readonly serial?: string
  /** The terminal behind it. */
  readonly leadsTo?: string
}

export class LaidOutPc {
  readonly root = mkdtempSync(join(tmpdir(), 'reseal-pc-'))
  #slots = 0

  constructor() {
    this.write('proc/net/route', 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n')
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true })
    writeFileSync(join(this.root, path), text)
  }

  link(path: string, to: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true })
    symlinkSync(to, join(this.root, path))
  }

  card({ name, carrier = 0, isVirtual = false, isRadio = false, master }: CardLaidOut): void {
    const place = isVirtual
      ? `sys/devices/virtual/net/${name}`
      : `sys/devices/pci0000:00/0000:${String(++this.#slots).padStart(2, '0')}:00.0/net/${name}`
    this.write(`${place}/type`, '1\n')
    this.write(`${place}/flags`, '0x1003\n')
    this.write(`${place}/address`, '02:00:00:00:00:01\n')
    this.write(`${place}/carrier`, `${carrier}\n`)
    this.write(`${place}/speed`, carrier === 1 ? '1000\n' : '-1\n')
    this.write(`${place}/carrier_changes`, '1\n')
    if (isRadio) this.write(`${place}/phy80211/name`, 'phy0\n')
    if (!isVirtual) {
      this.write('sys/bus/pci/drivers/igb/bind', '')
      this.link(`${dirname(dirname(place))}/driver`, join(this.root, 'sys/bus/pci/drivers/igb'))
      this.link(`${place}/device`, join(this.root, dirname(dirname(place))))
    }
    if (master !== undefined)
      this.link(`${place}/master`, join(this.root, `sys/class/net/${master}`))
    this.link(`sys/class/net/${name}`, join(this.root, place))
  }

  /** A cable of this card was taken out and put in again. */
  flap(name: string, changes: number): void {
    this.write(`sys/class/net/${name}/carrier_changes`, `${changes}\n`)
  }

  defaultRoute(name: string): void {
    this.write(
      'proc/net/route',
      `Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n${name}\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\n${name}\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\n`,
    )
  }

  port({ node, usbPath, vendor, product, name = '', serial = '', leadsTo }: PortLaidOut): void {
    const device = `${CONTROLLER}/usb1/${usbPath}`
    this.write(`${device}/idVendor`, `${vendor}\n`)
    this.write(`${device}/idProduct`, `${product}\n`)
    if (name !== '') this.write(`${device}/product`, `${name}\n`)
    if (serial !== '') this.write(`${device}/serial`, `${serial}\n`)
    const place = `${device}/${usbPath}:1.0/${node}`
    this.write(`${place}/uevent`, '')
    this.link(`sys/class/tty/${node}/device`, join(this.root, place))
    if (leadsTo === undefined) this.write(`dev/${node}`, '')
    else this.link(`dev/${node}`, leadsTo)
    const ports = usbPath.split('-')[1]
    for (const usb of ['usb', 'usbv2'])
      this.link(`dev/serial/by-path/pci-0000:00:14.0-${usb}-0:${ports}:1.0-port0`, `../../${node}`)
    if (serial !== '') this.link(`dev/serial/by-id/usb-${name}_${serial}-if00`, `../../${node}`)
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}
