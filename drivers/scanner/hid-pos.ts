// A bar code scanner in HID POS mode: whole codes with their kind, on no port of a person's keyboard.
import type { Clock, Scanner, ScannerHealth, ScanReport } from '../../agent/ports.ts'
import { Channel } from '../io/channel.ts'
import type { HidBus } from '../io/hid-bus.ts'
import type { HidStream } from '../io/hid-line.ts'
import { reasonOf } from '../io/hid-reason.ts'
import { HID_POS_USAGE, HidPosFrames, type HidPosLayout } from './hid-pos-frames.ts'

export interface HidPosOptions {
  readonly bus: HidBus
  readonly clock: Clock
  /** How faults name it: the address of the config. */
  readonly what: string
  /** USB serial number or port; empty: the only one that is plugged in. */
  readonly address: string
  /** null: by the maker's id. */
  readonly layout: HidPosLayout | null
}

/** Makers whose scanners use the plain layout (facts/hardware §5: Newland FM430); all others are taken for the other one. */
const PLAIN_VENDORS: ReadonlySet<number> = new Set([0x1eab])
/** The reports of one long code follow each other at once; half a code is forgotten after this, ms. */
const PART_MS = 500

/** The scanner at a place on the bus, after the first look for it; absence is a fact. */
export async function openHidPosScanner(options: HidPosOptions): Promise<HidPosScanner> {
  const scanner = new HidPosScanner(options)
  await scanner.looked
  return scanner
}

export class HidPosScanner implements Scanner {
  readonly #clock: Clock
  readonly #facts: Channel<ScanReport | ScannerHealth>
  readonly #stream: HidStream
  readonly #looked = Promise.withResolvers<void>()
  #frames: HidPosFrames
  #health: ScannerHealth
  #forget = (): void => undefined

  constructor({ bus, clock, what, address, layout }: HidPosOptions) {
    this.#clock = clock
    this.#health = { health: 'gone', at: clock.now() }
    this.#facts = new Channel<ScanReport | ScannerHealth>(() => [this.#health])
    this.#frames = new HidPosFrames(layout ?? 'aim')
    this.#stream = bus.open(
      { what, ids: [], usage: HID_POS_USAGE, address },
      {
        back: ({ vendor }) => {
          this.#frames = new HidPosFrames(layout ?? (PLAIN_VENDORS.has(vendor) ? 'plain' : 'aim'))
          this.#tell({ health: 'ok' })
        },
        gone: ({ code }) => this.#tell({ health: 'gone', ...reasonOf(code) }),
        report: (bytes) => this.#take(bytes),
      },
    )
  }

  /** Resolves when it was looked for, there or not. */
  get looked(): Promise<void> {
    return this.#looked.promise
  }

  /** The present health first, then every scan and change of health; scans that nobody watched are not kept. */
  watch(signal: AbortSignal): AsyncIterable<ScanReport | ScannerHealth> {
    return this.#facts.watch(signal)
  }

  async close(): Promise<void> {
    this.#looked.resolve()
    this.#forget()
    await this.#stream.close()
    this.#facts.close()
  }

  #take(report: Uint8Array): void {
    this.#forget()
    const take = this.#frames.push(report)
    if (take.is === 'scan') this.#facts.push({ text: take.text, at: this.#clock.now() })
    else if (take.is === 'part')
      this.#forget = this.#clock.after(PART_MS, () => this.#frames.reset())
  }

  #tell(now: Omit<ScannerHealth, 'at'>): void {
    this.#forget()
    this.#frames.reset()
    this.#looked.resolve()
    if (this.#health.health === now.health && this.#health.code === now.code) return
    this.#health = { ...now, at: this.#clock.now() }
    this.#facts.push(this.#health)
  }
}
