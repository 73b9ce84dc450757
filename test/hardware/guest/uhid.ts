// Plugs HID peripherals into the kernel by /dev/uhid: what a test double does with its bytes is then seen through hidraw.
import { close, openSync, read, readdirSync, readFileSync, write, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import type { HidPeripheral } from '../../fakes/hid-double.ts'
import { until } from '../../fakes/pty.ts'

const readInto = promisify(read)
const writeFrom = promisify(write)
const closed = promisify(close)

// include/uapi/linux/uhid.h, struct uhid_event: a type and a packed union of requests.
const DESTROY = 1
const STOP = 3
const OUTPUT = 6
const GET_REPORT = 9
const GET_REPORT_REPLY = 10
const CREATE2 = 11
const INPUT2 = 12
const SET_REPORT = 13
const SET_REPORT_REPLY = 14
const DATA_MAX = 4096
const EVENT_BYTES = 4380
const CREATE2_HEAD = 4 + 128 + 64 + 64
/** input.h: the peripheral claims to hang on USB, so that drivers of the kernel know it by its ids. */
const BUS_USB = 3
const FEATURE = 0
const REPORT_MAX = 64
/** The kernel adds the device in a thread of its own. */
const APPEAR_MS = 20_000

/** Each begins as one collection of a vendor's own page, with bytes of any value. */
const VENDOR = '0600ff0a0100a101150026ff007508'
/** 64 bytes in, 64 out and a feature of 64, without report ids. */
const PLAIN = `${VENDOR}95400901810295400902910295400903b102c0`
const FEATURE_IDS = ['01', '02', '03', '04', '05', '06', '07', '08', '09']

/** By vendor id, of peripherals whose reports are others; that of blink(1) is in facts/hardware §8.2. */
const DESCRIPTORS: Readonly<Record<string, string>> = {
  '27b8': '0600ff0a0100a101150026ff007508850195070a0100b1028502953b0a0200b102c0',
  '20a0': `${VENDOR}9540${FEATURE_IDS.map((id) => `85${id}0903b102`).join('')}c0`,
  // 2 bytes in, 8 out: this kernel drops an input report that is shorter than its descriptor says.
  '191a': `${VENDOR}950209018102950809019102c0`,
}

const descriptorOf = (vendor: number): string =>
  DESCRIPTORS[vendor.toString(16).padStart(4, '0')] ?? PLAIN

/**
 * One place to plug a peripheral in. Nothing in here waits in the main thread: while a call to one hidraw node is under
 * way, its kernel lock (minors_rwsem) keeps every other peripheral from coming or leaving, and the call waits for our
 * answer.
 */
export class UhidPlug {
  readonly #peripheral: HidPeripheral
  readonly #descriptor: Buffer
  #fd: number | null = null
  /** Writes in their order; each is awaited before the next. */
  #written: Promise<unknown> = Promise.resolve()

  constructor(peripheral: HidPeripheral, descriptor?: string) {
    this.#peripheral = peripheral
    this.#descriptor =
      descriptor === undefined && peripheral.descriptor !== undefined
        ? Buffer.from(peripheral.descriptor)
        : Buffer.from(descriptor ?? descriptorOf(peripheral.vendor), 'hex')
  }

  /** The node it has now; null while it has none. */
  get node(): string | null {
    const { serial, name } = this.#peripheral
    const own = readdirSync('/sys/class/hidraw').find((node) => {
      const lines = ueventOf(node)
      return lines.includes(`HID_UNIQ=${serial}`) && lines.includes(`HID_NAME=${name}`)
    })
    return own === undefined ? null : `/dev/${own}`
  }

  async plug(): Promise<void> {
    if (this.#fd !== null) return
    const fd = openSync('/dev/uhid', 'r+')
    this.#fd = fd
    const { name, serial, vendor, product } = this.#peripheral
    const event = Buffer.alloc(EVENT_BYTES)
    event.writeUInt32LE(CREATE2, 0)
    event.write(name, 4, 127, 'utf8')
    event.write(serial, 4 + 128 + 64, 63, 'utf8')
    event.writeUInt16LE(this.#descriptor.length, CREATE2_HEAD)
    event.writeUInt16LE(BUS_USB, CREATE2_HEAD + 2)
    event.writeUInt32LE(vendor, CREATE2_HEAD + 4)
    event.writeUInt32LE(product, CREATE2_HEAD + 8)
    this.#descriptor.copy(event, CREATE2_HEAD + 20)
    this.#peripheral.power?.(true)
    await this.#write(fd, event)
    void this.#serve(fd)
    await until(`the kernel has ${name} ${serial}`, () => this.node !== null, APPEAR_MS)
  }

  /** The plug is out when it resolves; a caller that cannot wait need not. */
  async unplug(): Promise<void> {
    if (this.#fd === null) return
    const event = Buffer.alloc(4)
    event.writeUInt32LE(DESTROY, 0)
    const fd = this.#fd
    this.#fd = null
    this.#peripheral.power?.(false)
    await this.#write(fd, event)
  }

  /** A peripheral that was destroyed meanwhile refuses the rest. */
  #write(fd: number, event: Buffer): Promise<unknown> {
    this.#written = this.#written.then(() => writeFrom(fd, event).catch(() => undefined))
    return this.#written
  }

  /** An input report, as the peripheral sends it. */
  send(bytes: readonly number[]): void {
    if (this.#fd === null) return
    const event = Buffer.alloc(6 + bytes.length)
    event.writeUInt32LE(INPUT2, 0)
    event.writeUInt16LE(bytes.length, 4)
    event.set(bytes, 6)
    // At once, so that a bouncing contact bounces as fast as it does; this alone waits for nobody.
    writeSync(this.#fd, event)
  }

  /** Takes the kernel's requests, one at a time, until it says that the device has stopped. */
  async #serve(fd: number): Promise<void> {
    const event = Buffer.alloc(EVENT_BYTES)
    for (;;) {
      await readInto(fd, event, 0, EVENT_BYTES, null)
      const type = event.readUInt32LE(0)
      if (type === STOP) break
      if (type === OUTPUT) this.#output(event)
      else if (type === SET_REPORT) await this.#set(fd, event)
      else if (type === GET_REPORT) await this.#get(fd, event)
    }
    await this.#written
    await closed(fd)
  }

  /** As usbhid hands it to the wire: without the 00 of a peripheral whose reports have no ids. */
  #output(event: Buffer): void {
    const size = event.readUInt16LE(4 + DATA_MAX)
    this.#peripheral.output(wire(event.subarray(4, 4 + size)))
  }

  async #set(fd: number, event: Buffer): Promise<void> {
    const size = event.readUInt16LE(10)
    const bytes = wire(event.subarray(12, 12 + size))
    if (event[9] === FEATURE) this.#peripheral.feature(bytes)
    else this.#peripheral.output(bytes)
    const reply = Buffer.alloc(10)
    reply.writeUInt32LE(SET_REPORT_REPLY, 0)
    event.copy(reply, 4, 4, 8)
    await this.#write(fd, reply)
  }

  async #get(fd: number, event: Buffer): Promise<void> {
    const data = this.#peripheral.getFeature(event[8] ?? 0, REPORT_MAX + 1)
    const reply = Buffer.alloc(12 + data.length)
    reply.writeUInt32LE(GET_REPORT_REPLY, 0)
    event.copy(reply, 4, 4, 8)
    reply.writeUInt16LE(data.length, 10)
    reply.set(data, 12)
    await this.#write(fd, reply)
  }
}

const wire = (bytes: Uint8Array): Uint8Array =>
  Uint8Array.from(bytes[0] === 0 ? bytes.subarray(1) : bytes)

function ueventOf(node: string): string[] {
  try {
    return readFileSync(`/sys/class/hidraw/${node}/device/uevent`, 'utf8').split('\n')
  } catch {
    return []
  }
}
