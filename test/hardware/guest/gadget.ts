// A gadget keyboard on a dummy USB controller, and the same keyboard as the USB host's kernel sees it.
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { until } from '../../fakes/pty.ts'

const GADGETS = '/sys/kernel/config/usb_gadget'
/** facts/hardware §2.2, the form of PiKVM with FF as the highest usage. */
const DESCRIPTOR = Buffer.from(
  '05010906a101050719e029e71500250175019508810295017508810195057501050819012905910295017503910195067508150026ff00050719002aff008100c0',
  'hex',
)
/** Enumeration takes 0.4 s on a fast machine (facts/hardware §2.3). */
const ENUMERATE_MS = 30_000
/** struct input_event on a 64-bit kernel: two longs of time, type, code, value. */
const EVENT_BYTES = 24
const EV_SYN = 0
const EV_KEY = 1
const EV_LED = 0x11
const REPEATED = 2

export interface KeyEvent {
  readonly code: number
  /** 1 down, 0 up. */
  readonly value: number
}

/** One keyboard function on one controller, bound as long as it lives. */
export class Gadget {
  readonly serial: string
  readonly udc: string
  readonly #folder: string

  /** `index` names controller, serial number and folder. */
  constructor(index: number) {
    this.serial = `BAY${index}`
    this.udc = `dummy_udc.${index}`
    this.#folder = join(GADGETS, `bay${index}`)
    this.#set('idVendor', '0x1d6b')
    this.#set('idProduct', '0x0104')
    this.#set('bcdUSB', '0x0200')
    this.#set('strings/0x409/serialnumber', this.serial)
    this.#set('strings/0x409/manufacturer', 'Reseal')
    this.#set('strings/0x409/product', 'Keyboard')
    this.#set('configs/c.1/bmAttributes', '0xa0')
    for (const name of ['protocol', 'subclass', 'no_out_endpoint']) this.#hid(name, '1')
    this.#hid('report_length', '8')
    this.#hid('report_desc', DESCRIPTOR)
    symlinkSync(join(this.#folder, 'functions/hid.0'), join(this.#folder, 'configs/c.1/hid.0'))
    this.bind()
  }

  #hid(name: string, value: string | Uint8Array): void {
    this.#set(`functions/hid.0/${name}`, value)
  }

  #set(name: string, value: string | Uint8Array): void {
    const path = join(this.#folder, name)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, value)
  }

  /** The node of the function, as its `dev` attribute numbers it. */
  get node(): string {
    const dev = readFileSync(join(this.#folder, 'functions/hid.0/dev'), 'utf8').trim()
    return `/dev/hidg${dev.split(':')[1]}`
  }

  bind(): void {
    writeFileSync(join(this.#folder, 'UDC'), this.udc)
  }

  /** The node vanishes, and the device sees the keyboard leave the bus. */
  unbind(): void {
    writeFileSync(join(this.#folder, 'UDC'), '\n')
  }

  close(): void {
    try {
      this.unbind()
    } catch {
      // It is unbound already.
    }
    unlinkSync(join(this.#folder, 'configs/c.1/hid.0'))
    for (const name of ['configs/c.1', 'functions/hid.0', 'strings/0x409', '']) {
      rmdirSync(join(this.#folder, name))
    }
  }
}

/** The nodes of the input event devices and raw HID devices of a keyboard with this serial number. */
export function hostNodes(serial: string): { event: string; hidraw: string; usb: string } | null {
  const event = readdirSync('/sys/class/input').find(
    (name) =>
      name.startsWith('event') && firstLine(`/sys/class/input/${name}/device/uniq`) === serial,
  )
  const hidraw = readdirSync('/sys/class/hidraw').find((name) =>
    firstLine(`/sys/class/hidraw/${name}/device/uevent`, 'HID_UNIQ=')?.endsWith(`=${serial}`),
  )
  if (event === undefined || hidraw === undefined) return null
  if (!existsSync(`/dev/input/${event}`) || !existsSync(`/dev/${hidraw}`)) return null
  return {
    event: `/dev/input/${event}`,
    hidraw: `/dev/${hidraw}`,
    // .../1-1:1.0/0003:1D6B:0104.0001: the interface holds the HID device.
    usb: dirname(realPath(`/sys/class/hidraw/${hidraw}/device`)),
  }
}

const realPath = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return ''
  }
}

function firstLine(path: string, start = ''): string | undefined {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .find((line) => line.startsWith(start))
  } catch {
    return undefined
  }
}

/** The keyboard on the USB host's side: its key events counted, its raw reports kept, its LEDs set. */
export class HostSide {
  readonly serial: string
  readonly keys: KeyEvent[] = []
  /** When the kernel had each of the keys, ms of its own clock. */
  readonly times: number[] = []
  readonly reports: number[][] = []
  #event: number | null = null
  #hidraw: number | null = null
  #name = ''
  readonly #poll: NodeJS.Timeout

  constructor(serial: string) {
    this.serial = serial
    this.#poll = setInterval(() => this.#look(), 5)
  }

  static async of(serial: string): Promise<HostSide> {
    const side = new HostSide(serial)
    await side.enumerated()
    return side
  }

  async enumerated(): Promise<void> {
    await until(`the kernel sees ${this.serial}`, () => this.#event !== null, ENUMERATE_MS)
  }

  get isThere(): boolean {
    return this.#event !== null
  }

  /** The folder of the keyboard's USB interface; its name is what `unbind` of the driver wants. */
  get usb(): string {
    return hostNodes(this.serial)?.usb ?? ''
  }

  /** Raw reports that came so far. */
  landed(): readonly (readonly number[])[] {
    this.#look()
    return this.reports
  }

  /** Lock LEDs as the input layer holds them: bit 0 Num, 1 Caps, 2 Scroll. */
  get leds(): number {
    const input = realPath(`/sys/class/input/${this.#name}/device`)
    const lit = ['numlock', 'capslock', 'scrolllock'].map<number>((led) =>
      Number(firstLine(`/sys/class/leds/${basename(input)}::${led}/brightness`)) > 0 ? 1 : 0,
    )
    return lit.reduce((sum, bit, i) => sum + (bit << i), 0)
  }

  /** Lights or clears one LED by its code in the input layer: 0 Num, 1 Caps, 2 Scroll. */
  setLed(code: number, isOn: boolean): void {
    if (this.#event === null) throw new Error(`${this.serial} is not there`)
    const bytes = Buffer.alloc(2 * EVENT_BYTES)
    bytes.writeUInt16LE(EV_LED, 16)
    bytes.writeUInt16LE(code, 18)
    bytes.writeInt32LE(isOn ? 1 : 0, 20)
    bytes.writeUInt16LE(EV_SYN, EVENT_BYTES + 16)
    writeSync(this.#event, bytes)
  }

  close(): void {
    clearInterval(this.#poll)
    this.#drop()
  }

  #drop(): void {
    for (const fd of [this.#event, this.#hidraw]) if (fd !== null) closeSync(fd)
    this.#event = null
    this.#hidraw = null
  }

  #look(): void {
    if (this.#event === null) this.#open()
    if (this.#event !== null) this.#readKeys(this.#event)
    if (this.#hidraw !== null) this.#readReports(this.#hidraw)
  }

  #open(): void {
    const nodes = hostNodes(this.serial)
    if (nodes === null) return
    const flags = constants.O_RDWR | constants.O_NONBLOCK
    try {
      this.#event = openSync(nodes.event, flags)
      this.#hidraw = openSync(nodes.hidraw, flags)
      this.#name = basename(nodes.event)
    } catch {
      this.#drop()
    }
  }

  #readKeys(fd: number): void {
    const bytes = Buffer.alloc(64 * EVENT_BYTES)
    const length = this.#read(fd, bytes)
    for (let at = 0; at + EVENT_BYTES <= length; at += EVENT_BYTES) {
      const value = bytes.readInt32LE(at + 20)
      // The kernel repeats a key after 250 ms: an emulated processor that stalls as long is no fault of the driver.
      if (bytes.readUInt16LE(at + 16) !== EV_KEY || value === REPEATED) continue
      this.keys.push({ code: bytes.readUInt16LE(at + 18), value })
      this.times.push(
        Number(bytes.readBigInt64LE(at)) * 1e3 + Number(bytes.readBigInt64LE(at + 8)) / 1e3,
      )
    }
  }

  #readReports(fd: number): void {
    const bytes = Buffer.alloc(64)
    for (let length = this.#read(fd, bytes); length > 0; length = this.#read(fd, bytes)) {
      this.reports.push([...bytes.subarray(0, length)])
      if (this.#hidraw === null) return
    }
  }

  /** 0 when there is nothing now, or nothing any more. */
  #read(fd: number, bytes: Buffer): number {
    try {
      return readSync(fd, bytes)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : ''
      if (code !== 'EAGAIN') this.#drop()
      return 0
    }
  }
}
