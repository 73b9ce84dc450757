// What the shared HID streams ask of the operating system; node-hid is behind it on a bench, a double in the tests.

/** One HID peripheral as it is listed: who it is and where it hangs. */
export interface HidFound {
  /** /dev/hidrawN: good for opening it now, never for knowing it again (two of them swap at the next start). */
  readonly node: string
  readonly vendor: number
  readonly product: number
  /** USB serial number; empty when it has none. */
  readonly serial: string
  /** USB product string; empty when it has none. */
  readonly name: string
  /** USB interface number, -1 when not told. */
  readonly interface: number
  /** Top-level collections of its report descriptor. */
  readonly usages: readonly { readonly page: number; readonly usage: number }[]
  /** The kernel's name of its USB port, `1-2.3`; null off USB. */
  readonly usbPath: string | null
  /** The same port as udev names it, `pci-0000:00:14.0-usb-0:2.3`: stays over restarts; null off USB. */
  readonly byPath: string | null
}

/** An open peripheral. Every call may take seconds on a sick one, so each is asked for with a bound (`HidBus`). */
export interface HidHandle {
  /** Output report; the first byte is the report id, 00 when the peripheral has none (the kernel strips that one). */
  write(bytes: Uint8Array): Promise<void>
  /** Feature report, first byte as above. */
  sendFeature(bytes: Uint8Array): Promise<void>
  /** A feature report with its id in front; may be shorter than `length`. */
  getFeature(id: number, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** What comes by itself from an open peripheral. */
export interface HidEars {
  report(bytes: Uint8Array): void
  lost(why: string): void
}

export interface HidSystem {
  list(): Promise<readonly HidFound[]>
  /** Its report descriptor (HID 1.11 §6.2.2); rejects when it just left. */
  descriptor(node: string): Promise<Uint8Array>
  /** With `ears` its input reports are read, by a thread of its own; without, nothing is read. */
  open(node: string, ears: HidEars | null): Promise<HidHandle>
  /** Calls `changed` when peripherals may have come or gone; the answer ends that. */
  watch(changed: () => void): () => void
}
