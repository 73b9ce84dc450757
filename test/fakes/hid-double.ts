// The HID side of a PC without a kernel: peripherals come and go, nodes are shuffled, and calls fail as hidraw's do.
import type { HidEars, HidFound, HidHandle, HidSystem } from '../../drivers/io/hid-system.ts'

/** A peripheral as it is built: what it does with the bytes that reach it, written from facts/hardware §4.1. */
export interface HidPeripheral {
  readonly vendor: number
  readonly product: number
  readonly serial: string
  readonly name: string
  readonly usbPath: string | null
  readonly usages?: readonly { readonly page: number; readonly usage: number }[]
  /** An output report as it reaches the wire: without the 00 of a peripheral that has no report ids. */
  output(bytes: Uint8Array): void
  feature(bytes: Uint8Array): void
  /** What the kernel hands over: the report id, then the data. */
  getFeature(id: number, length: number): Uint8Array
  /** Its report descriptor, for those that are read by it. */
  readonly descriptor?: Uint8Array
  /** Told when it gets power and when it loses it. */
  power?(isOn: boolean): void
}

/** What may be wrong with a peripheral. */
export interface Trouble {
  /** Calls do not come back until `release` (a control transfer on a sick peripheral may take 5 s). */
  hangs?: boolean
  denied?: boolean
  /** So many of the next calls are taken, and then the plug is out. */
  unplugAfter?: number
}

interface Plugged {
  readonly node: string
  readonly peripheral: HidPeripheral
  readonly trouble: Trouble
  readonly ears: Set<HidEars>
  isOut: boolean
}

export class HidDouble implements HidSystem {
  /** Holds a stepped clock while the kernel is busy. */
  readonly #hold: () => () => void
  readonly #plugged = new Map<HidPeripheral, Plugged>()
  readonly #watchers = new Set<() => void>()
  readonly #hanging: (() => void)[] = []
  #nodes = 0
  /** Handles that are open now, and how often one was opened or the bus was listed. */
  openNow = 0
  opens = 0
  lists = 0
  /** Calls under way now, and the most that ever were. */
  busy = 0
  busyMax = 0

  /** How long a transfer takes, ms; 0 is a turn of the event loop. */
  readonly #transferMs: number

  constructor(hold: () => () => void = () => () => undefined, transferMs = 0) {
    this.#hold = hold
    this.#transferMs = transferMs
  }

  get watchers(): number {
    return this.#watchers.size
  }

  /** Puts a peripheral in under a node that nobody could guess; the answer may be given trouble. */
  plug(peripheral: HidPeripheral, trouble: Trouble = {}): Trouble {
    this.#nodes++
    const node = `/dev/hidraw${(this.#nodes * 7) % 1000}`
    this.#plugged.set(peripheral, { node, peripheral, trouble, ears: new Set(), isOut: false })
    peripheral.power?.(true)
    this.#notify()
    return trouble
  }

  unplug(peripheral: HidPeripheral): void {
    const plugged = this.#plugged.get(peripheral)
    if (plugged === undefined) return
    plugged.isOut = true
    this.#plugged.delete(peripheral)
    peripheral.power?.(false)
    for (const ears of plugged.ears) ears.lost('could not read from HID device')
    this.#notify()
  }

  /** An input report of a peripheral. */
  send(peripheral: HidPeripheral, bytes: readonly number[]): void {
    for (const ears of this.#plugged.get(peripheral)?.ears ?? [])
      ears.report(Uint8Array.from(bytes))
  }

  /** Calls that hang come back, as the kernel's do after its 5 s: with an error. */
  release(): void {
    for (const end of this.#hanging.splice(0)) end()
  }

  #notify(): void {
    for (const watcher of this.#watchers) watcher()
  }

  async list(): Promise<readonly HidFound[]> {
    this.lists++
    return [...this.#plugged.values()].map(({ node, peripheral: one }) => ({
      node,
      vendor: one.vendor,
      product: one.product,
      serial: one.serial,
      name: one.name,
      interface: 0,
      usages: one.usages ?? [],
      usbPath: one.usbPath,
      byPath: one.usbPath === null ? null : `pci-0000:00:14.0-usb-0:${one.usbPath.split('-')[1]}`,
    }))
  }

  async descriptor(node: string): Promise<Uint8Array> {
    const plugged = [...this.#plugged.values()].find((one) => one.node === node)
    if (plugged === undefined) throw new Error(`${node}: No such file or directory`)
    return plugged.peripheral.descriptor ?? new Uint8Array(0)
  }

  async open(node: string, ears: HidEars | null): Promise<HidHandle> {
    const plugged = [...this.#plugged.values()].find((one) => one.node === node)
    if (plugged === undefined)
      throw new Error(`cannot open device with path ${node}: No such file or directory`)
    if (plugged.trouble.denied === true)
      throw new Error(`cannot open device with path ${node}: Permission denied`)
    this.opens++
    this.openNow++
    if (ears !== null) plugged.ears.add(ears)
    let isClosed = false
    const { peripheral } = plugged
    return {
      write: (bytes) =>
        this.#call(plugged, () => peripheral.output(bytes[0] === 0 ? bytes.subarray(1) : bytes)),
      sendFeature: (bytes) =>
        this.#call(plugged, () => peripheral.feature(bytes[0] === 0 ? bytes.subarray(1) : bytes)),
      getFeature: (id, length) => this.#call(plugged, () => peripheral.getFeature(id, length)),
      close: async () => {
        if (isClosed) return
        isClosed = true
        if (ears !== null) plugged.ears.delete(ears)
        this.openNow--
      },
    }
  }

  async #call<T>(plugged: Plugged, work: () => T): Promise<T> {
    const release = plugged.trouble.hangs === true ? () => undefined : this.#hold()
    this.busy++
    this.busyMax = Math.max(this.busyMax, this.busy)
    try {
      if (plugged.trouble.hangs === true) {
        await new Promise<void>((resolve) => this.#hanging.push(resolve))
        throw new Error('Connection timed out')
      }
      // A transfer takes its time: the loop turns meanwhile.
      await new Promise<void>((resolve) => {
        if (this.#transferMs > 0) setTimeout(resolve, this.#transferMs)
        else setImmediate(resolve)
      })
      if (plugged.isOut) throw new Error('No such device')
      const left = plugged.trouble.unplugAfter
      if (left !== undefined) {
        if (left <= 0) {
          this.unplug(plugged.peripheral)
          throw new Error('No such device')
        }
        plugged.trouble.unplugAfter = left - 1
      }
      return work()
    } finally {
      this.busy--
      // What the answer sets off comes before the next tick of the clock.
      setImmediate(release)
    }
  }

  watch(changed: () => void): () => void {
    this.#watchers.add(changed)
    return () => this.#watchers.delete(changed)
  }
}
