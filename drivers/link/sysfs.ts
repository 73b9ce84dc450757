// Reads what the kernel says of one network interface, because its counters are the truth that no event can miss.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Reads a small text file; rejects with an error that carries a `code`, as Node's do. */
export type ReadText = (path: string) => Promise<string>

export const readFromDisk: ReadText = (path) => readFile(path, 'latin1')

/** An interface as sysfs shows it. Null: this kernel or driver does not tell, or tells nonsense. */
export interface PresentNic {
  readonly is: 'present'
  /** True when it is switched off by `ip link set … down`; its carrier is unknown then and counts as none. */
  readonly isAdminDown: boolean
  readonly carrier: boolean
  /** Times the carrier went down since this interface exists. */
  readonly downs: number | null
  /** Another number under the same name is another interface. */
  readonly ifindex: number | null
  /** Mb/s. */
  readonly speed: number | null
  /** Its own MAC, lower case. */
  readonly address: string | null
}
export type NicReading =
  | PresentNic
  | { readonly is: 'missing' }
  | { readonly is: 'unreadable'; readonly why: string }

export interface Carrier {
  readonly is: 'present'
  readonly carrier: boolean
  readonly isAdminDown: boolean
}

/** An interface that flaps faster than it can be read twice is taken as it was last seen. */
const CONSISTENT_TRIES = 4
/** `dev_valid_name` of the kernel: 15 bytes, no slash, colon or white space, not a folder's dots. */
const NAME = /^(?!\.{1,2}$)[^\s/:]{1,15}$/

/** True when the kernel would take `name` for an interface; anything else must not become a path. */
export const isInterfaceName = (name: string): boolean => NAME.test(name)

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'

const count = (text: string): number | null => {
  const trimmed = text.trim()
  return /^\d{1,10}$/.test(trimmed) ? Number(trimmed) : null
}

/** The files of one interface under `<sysRoot>/class/net/<iface>`. No method throws or rejects. */
export class NicFiles {
  readonly #folder: string
  readonly #read: ReadText

  constructor(sysRoot: string, iface: string, read: ReadText) {
    this.#folder = join(sysRoot, 'class', 'net', iface)
    this.#read = read
  }

  /** Carrier and down counter alone: two reads, for the poll of an interface where nothing happens. */
  async quick(): Promise<{ carrier: boolean; isAdminDown: boolean; downs: number | null } | null> {
    const carrier = await this.#carrier()
    if (carrier.is !== 'present') return null
    return { ...carrier, downs: await this.#count('carrier_down_count') }
  }

  /** Everything, with a carrier and a counter that belong to one moment. */
  async full(): Promise<NicReading> {
    const ifindex = await this.#count('ifindex')
    let downs = await this.#count('carrier_down_count')
    let carrier = await this.#carrier()
    for (let left = CONSISTENT_TRIES; left > 1; left--) {
      const after = await this.#count('carrier_down_count')
      if (after === downs) break
      downs = after
      carrier = await this.#carrier()
    }
    if (carrier.is !== 'present') return carrier
    return {
      ...carrier,
      downs,
      ifindex,
      // A port without carrier has no speed; some drivers still show the last one.
      speed: carrier.carrier ? await this.#speed() : null,
      address: await this.#address(),
    }
  }

  async #carrier(): Promise<Carrier | Exclude<NicReading, PresentNic>> {
    try {
      const text = (await this.#read(join(this.#folder, 'carrier'))).trim()
      if (text === '0' || text === '1') {
        return { is: 'present', carrier: text === '1', isAdminDown: false }
      }
      return { is: 'unreadable', why: `carrier reads ${JSON.stringify(text.slice(0, 20))}` }
    } catch (error) {
      const code = codeOf(error)
      // The kernel answers EINVAL, not 0, while the interface is switched off (hardware page 6.1).
      if (code === 'EINVAL') return { is: 'present', carrier: false, isAdminDown: true }
      if (code === 'ENOENT' || code === 'ENODEV' || code === 'ENOTDIR') return { is: 'missing' }
      return { is: 'unreadable', why: `carrier answers ${code}` }
    }
  }

  async #text(name: string): Promise<string | null> {
    try {
      return await this.#read(join(this.#folder, name))
    } catch {
      // Counters, speed and address are extras: a driver that does not tell them is no fault.
      return null
    }
  }

  async #count(name: string): Promise<number | null> {
    return count((await this.#text(name)) ?? '')
  }

  async #speed(): Promise<number | null> {
    // Unknown is -1 or, in older kernels, 4294967295; 800 Gb/s is the fastest that the kernel names.
    const speed = await this.#count('speed')
    return speed !== null && speed > 0 && speed <= 800_000 ? speed : null
  }

  async #address(): Promise<string | null> {
    const text = ((await this.#text('address')) ?? '').trim().toLowerCase()
    return /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/.test(text) ? text : null
  }
}
