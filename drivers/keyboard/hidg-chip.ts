// A gadget keyboard of the Linux kernel: what a write's errno says of the device, and reports that never land late.
import { type FaultCode, StationError } from '../../agent/fault.ts'
import type { KeyboardReport, PlayAnswer } from '../../agent/ports.ts'
import { claim } from '../io/claim.ts'
import { fileNameOf } from './ch9329-options.ts'
import { type HidgFile, openHidgFile, type Written } from './hidg-file.ts'
import type { HidgNumbers, HidgOptions } from './hidg-options.ts'
import { KeyFacts } from './key-facts.ts'
import { LedKeeper } from './led-keeper.ts'
import type { Ill, KeyChip } from './played-keyboard.ts'

const NO_KEYS = new Uint8Array(8)
/**
 * Reports of no keys that must all be taken before a burst and after it: the function keeps one, a controller may keep
 * another in its own memory (facts/hardware §2.3), so that only the third proves that the first was polled.
 */
const PROOF_REPORTS = 3
/** Pause between two tries of a report, ms: the interval of the endpoint at high speed. */
const TRY_EVERY_MS = 1
/** LED bytes taken in one look; the kernel keeps only the last one. */
const LED_READS_MAX = 4
/** Num, Caps and Scroll; Compose and Kana are of no use here. */
const LEDS_KNOWN = 0x07
/** A node that opens and takes nothing is tried less and less often, down to every 8 s. */
const LOSS_DOUBLINGS_MAX = 4
const NEVER = new AbortController().signal

export class HidgChip implements KeyChip {
  readonly path: string
  readonly #options: HidgOptions
  readonly #numbers: HidgNumbers
  readonly #facts: KeyFacts
  readonly #led: LedKeeper
  readonly #lost: () => void
  #file: HidgFile | null = null
  #giveBack: (() => Promise<void>) | null = null
  #enumerated: boolean | null = null
  /** What the device set since it enumerated us; null until then. */
  #leds: number | null = null
  /** The last report that the kernel took held keys, or nobody knows what it was. */
  #releaseDue = true
  /** How often the node was lost since it last told anything of the device. */
  #losses = 0
  /** Monotonic time at which the last report was queued. */
  #queuedAt = Number.NEGATIVE_INFINITY
  /** Why it is not open. */
  #shut: FaultCode = 'STATION_PORT_GONE'

  /** `lost` is called when the node is lost. */
  constructor(options: HidgOptions, numbers: HidgNumbers, life: AbortSignal, lost: () => void) {
    const { path, clock, stateDir, echoKey: key = 'scroll' } = options
    this.path = path
    this.#options = options
    this.#numbers = numbers
    this.#lost = lost
    this.#facts = new KeyFacts(clock)
    const { echo: times, noteMaxMs } = numbers
    this.#led = new LedKeeper(
      { stateDir, name: fileNameOf(path), key, times, noteMaxMs, life },
      {
        clock,
        tellsOnlyChanges: true,
        tap: (usage, holdMs, signal) => this.#tap(usage, holdMs, signal),
        leds: async () => this.#readLeds(),
      },
    )
  }

  get isOpen(): boolean {
    return this.#file !== null
  }

  get isReleaseDue(): boolean {
    return this.#releaseDue
  }

  get lookEveryMs(): number {
    const { dueEveryMs, lookEveryMs } = this.#numbers
    if (this.isOpen) return this.#releaseDue ? dueEveryMs : lookEveryMs
    return lookEveryMs * 2 ** Math.min(Math.max(this.#losses - 1, 0), LOSS_DOUBLINGS_MAX)
  }

  watch(signal: AbortSignal): AsyncIterable<KeyboardReport> {
    return this.#facts.watch(signal)
  }

  /** @throws StationError STATION_PORT_GONE, STATION_PORT_DENIED, STATION_PORT_BUSY */
  async open(): Promise<void> {
    const file = (this.#options.openFile ?? openHidgFile)(this.path)
    try {
      this.#giveBack = await claim(`hidg/${file.device}`, this.path)
    } catch (error) {
      file.close()
      throw error
    }
    this.#file = file
    this.#shut = 'STATION_PORT_GONE'
    this.#releaseDue = true
    // A LED byte of an older session may still lie in the kernel (facts/hardware §2.3).
    this.#drain()
  }

  /** Opens it, or tells why it cannot be opened; looks do the same until it is open. */
  async tryOpen(): Promise<void> {
    try {
      await this.open()
    } catch (error) {
      // Missing, held or denied: for the bay it is a part that is gone, and it is looked for again.
      if (!(error instanceof StationError)) throw error
      if (error.code !== this.#shut && error.code !== 'STATION_PORT_GONE') {
        const { code, where } = error
        this.#options.log?.warn({ port: this.path, code, why: where }, 'gadget keyboard: node shut')
      }
      this.#shut = error.code
      this.#tell()
    }
  }

  async close(): Promise<void> {
    await this.#drop()
    this.#facts.close()
  }

  async look(): Promise<void> {
    if (this.#file === null) await this.tryOpen()
    if (this.#file === null) return
    if (!this.#file.isCurrent()) return this.#lose('the node is another one')
    this.#readLeds()
    this.#write(NO_KEYS)
    this.#tell()
    if (this.#enumerated === true) await this.#led.restore()
  }

  /** `yes` when the device polls the keyboard now: what is queued while it does not would land later. */
  async listens(): Promise<'yes' | 'no' | Ill> {
    if (this.#file?.isCurrent() === false) this.#lose('the node is another one')
    const isPolled = await this.#proved(NEVER)
    if (this.#file === null) return 'gone'
    return isPolled ? 'yes' : 'no'
  }

  /** One report, in the time that a polling device needs to take the one before. */
  async send(bytes: readonly number[], signal: AbortSignal): Promise<boolean> {
    const report = Uint8Array.from(bytes).subarray(0, 8)
    const { mono } = this.#options.clock
    const end = Math.max(this.#queuedAt + this.#numbers.takeMs, mono())
    const isQueued = (await this.#queue(report, end, signal)) === 'queued'
    if (!isQueued) this.#tell()
    return isQueued
  }

  /** Every report was taken by the device's USB controller, none is left in the kernel. */
  stands(signal: AbortSignal): Promise<boolean> {
    return this.#proved(signal)
  }

  async release(): Promise<Ill | null> {
    const end = this.#options.clock.mono() + this.#numbers.releaseMs
    let written = this.#write(NO_KEYS)
    // What the kernel holds already is a report of no keys: there is nothing to add.
    if (written === 'full' && !this.#releaseDue) return null
    if (written === 'full') written = await this.#queue(NO_KEYS, end, NEVER)
    this.#tell()
    if (written === 'full') return 'silent'
    // Queued is enough for an end; a moment of patience tells those who wait when the device has it.
    if (written === 'queued') await this.#proved(NEVER, PROOF_REPORTS - 1)
    return written === 'lost' ? 'gone' : null
  }

  echo(signal: AbortSignal): Promise<PlayAnswer> {
    return this.#led.echo(signal)
  }

  async #tap(usage: number, holdMs: number, signal: AbortSignal): Promise<boolean> {
    const took = await this.send([0, 0, usage, 0, 0, 0, 0, 0], signal)
    if (took) await this.#options.clock.sleep(holdMs, signal)
    // Up even if the way was aborted: a lock key that is held is worse than a late answer.
    return (await this.release()) === null && took
  }

  /** True when the device polls: so many reports of no keys were taken one behind the other. */
  async #proved(signal: AbortSignal, reports = PROOF_REPORTS): Promise<boolean> {
    const { mono } = this.#options.clock
    let written: Written = 'queued'
    for (let n = 0; n < reports && written === 'queued'; n++)
      written = await this.#queue(NO_KEYS, mono() + this.#numbers.proveMs, signal)
    this.#tell()
    return written === 'queued'
  }

  /** Tries a report until it is queued, at most until `end`. */
  async #queue(report: Uint8Array, end: number, signal: AbortSignal): Promise<Written> {
    const { clock } = this.#options
    for (;;) {
      const written = this.#write(report)
      if (written !== 'full' || clock.mono() >= end || signal.aborted) return written
      await clock.sleep(TRY_EVERY_MS, signal)
    }
  }

  #write(report: Uint8Array): Written {
    const isRelease = report.every((byte) => byte === 0)
    const written = this.#file?.write(report) ?? 'lost'
    if (written !== 'lost') this.#losses = 0
    if (written === 'queued') {
      this.#queuedAt = this.#options.clock.mono()
      this.#releaseDue = !isRelease
      this.#enumerated = true
    } else if (written === 'full') this.#isFull()
    else if (written === 'off') this.#off()
    else this.#lose('it takes no reports')
    return written
  }

  /** Not taken for long: it is asleep, or no driver is bound; what it holds will land once it polls again. */
  #isFull(): void {
    if (this.#options.clock.mono() - this.#queuedAt >= this.#numbers.takeMs) this.#enumerated = null
  }

  /** The device left the bus, and the kernel dropped what was queued: no key can be down. */
  #off(): void {
    this.#releaseDue = false
    this.#enumerated = false
    this.#drain()
    this.#led.deviceLeft()
  }

  #drain(): void {
    for (let n = 0; n < LED_READS_MAX && this.#file?.readLeds() != null; n++);
    this.#leds = null
  }

  #readLeds(): number | null {
    for (let n = 0; n < LED_READS_MAX; n++) {
      const leds = this.#file?.readLeds() ?? null
      if (leds === null) break
      this.#leds = leds & LEDS_KNOWN
    }
    return this.#leds
  }

  #tell(): void {
    if (this.#file === null) this.#facts.gone(this.#shut)
    else this.#facts.tell('ok', this.#enumerated, this.#enumerated === true ? this.#leds : null)
  }

  #lose(why: string): void {
    if (this.#file === null) return
    if (this.#losses++ === 0)
      this.#options.log?.warn({ port: this.path, why }, 'gadget keyboard: node gone')
    this.#led.deviceLeft()
    void this.#drop()
    this.#lost()
    this.#tell()
  }

  async #drop(): Promise<void> {
    this.#file?.close()
    this.#file = null
    this.#releaseDue = false
    this.#enumerated = null
    this.#leds = null
    this.#queuedAt = Number.NEGATIVE_INFINITY
    const giveBack = this.#giveBack
    this.#giveBack = null
    await giveBack?.()
  }
}
