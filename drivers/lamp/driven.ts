// A lamp of any model on its port: the wanted signal is brought there, kept there, and brought back after a loss.
import { isStationError, StationError } from '../../agent/fault.ts'
import type { Clock, Lamp, LampReport, Signal } from '../../agent/ports.ts'
import { Channel } from '../io/channel.ts'
import { Buzzer } from './buzzer.ts'
import { DARK, isSame, type Light, type Script, scriptOf } from './light.ts'
import type { Metronome } from './metronome.ts'
import type { LampModel, Packet } from './model.ts'
import type { LampPort, OpenPort } from './port.ts'
import type { LampTables } from './tables.ts'

export interface DrivenOptions {
  /** How faults name it: the address of the config. */
  readonly what: string
  /** The model, or those that an address may stand for: told apart by USB product id. */
  readonly models: readonly [LampModel, ...LampModel[]]
  readonly port: OpenPort
  readonly tables: LampTables
  readonly clock: Clock
  readonly metronome: Metronome
  readonly mute: boolean
  readonly report?: (bytes: Uint8Array) => void
}

/** The first signal waits so long for the port to be found, ms; after that a missing lamp says so at once. */
const FIRST_MS = 2000
/** A lamp that cannot be told to go dark in this time is left as it is, ms. */
const CLOSE_MS = 300
/** How often a relay that does not follow is told again. */
const TRIES = 2
/** A lamp that did not follow is told again after this long, ms. */
const AGAIN_MS = 10_000

interface Waiter {
  readonly version: number
  readonly done: (fault: StationError | null) => void
}

export class DrivenLamp implements Lamp {
  readonly #o: DrivenOptions
  readonly #port: LampPort
  readonly #facts: Channel<LampReport>
  readonly #buzzer: Buzzer
  #model: LampModel
  #health: LampReport | null = null
  #isThere = false
  #isClosed = false
  #why: StationError | null = null
  #signal: Signal | null = null
  #script: Script = [{ light: DARK, ms: 1 }]
  #light: Light = DARK
  /** What the lamp shows for sure; null after a loss. */
  #shown: Light | null = null
  /** The whole script goes out before the next light. */
  #isNew = true
  #isFresh = true
  #version = 0
  #written = -1
  #writing: Promise<void> | null = null
  #waiters: Waiter[] = []
  #stopLoop: () => void = () => undefined
  #stopRefresh: () => void = () => undefined
  #stopAgain: () => void = () => undefined
  #refreshedAt = 0

  constructor(options: DrivenOptions) {
    this.#o = options
    this.#model = options.models[0]
    this.#facts = new Channel(() => (this.#health === null ? [] : [this.#health]))
    this.#buzzer = new Buzzer(options.metronome, (buzz) => {
      this.#light = { ...this.#light, buzz }
      this.#change()
    })
    this.#port = options.port({
      back: (product) => this.#back(product),
      gone: (why) => this.#lost(why),
      ...(options.report === undefined ? {} : { report: options.report }),
    })
  }

  watch(signal: AbortSignal): AsyncIterable<LampReport> {
    return this.#facts.watch(signal)
  }

  async show(signal: Signal): Promise<void> {
    if (this.#isClosed) return
    if (signal !== this.#signal) this.#begin(signal)
    await this.#settled(FIRST_MS)
  }

  #begin(signal: Signal): void {
    const { tables } = this.#o
    this.#signal = signal
    this.#script = scriptOf(tables, signal, this.#model.ability)
    this.#stopLoop()
    this.#light = this.#script[0]?.light ?? DARK
    this.#isNew = true
    if (this.#model.buzzer && !this.#o.mute)
      this.#buzzer.play(tables.sounds[tables.signals[signal].sound], signal === 'alarm')
    this.#light = { ...this.#light, buzz: this.#buzzer.now }
    this.#change()
  }

  /** Resolves when what is wanted now is shown (or something newer is); rejects with why it is not. */
  #settled(waitMs: number): Promise<void> {
    const version = this.#version
    if (this.#written >= version && this.#isThere) return Promise.resolve()
    // After the first look it is known that it is missing: nobody waits for a plug.
    if (!this.#isThere && this.#why !== null) return Promise.reject(this.#why)
    return new Promise((resolve, reject) => {
      const stop = this.#o.metronome.in(waitMs, () => {
        const late = new StationError('STATION_LAMP_GONE', `${this.#o.what}: no answer yet`)
        this.#tell(late)
        end(late)
      })
      const end = (fault: StationError | null): void => {
        stop()
        this.#waiters = this.#waiters.filter((one) => one.done !== end)
        if (fault === null) resolve()
        else reject(fault)
      }
      this.#waiters.push({ version, done: end })
    })
  }

  #back(product: number | null): void {
    if (this.#isClosed) return
    const { models, tables } = this.#o
    this.#model = models.find((one) => product !== null && one.product === product) ?? models[0]
    if (this.#signal !== null) this.#script = scriptOf(tables, this.#signal, this.#model.ability)
    this.#stopAgain()
    this.#isThere = true
    this.#shown = null
    this.#isFresh = true
    this.#isNew = true
    this.#light = { ...(this.#script[0]?.light ?? DARK), buzz: this.#buzzer.now }
    this.#change()
  }

  #lost(why: StationError): void {
    if (this.#isClosed) return
    this.#isThere = false
    this.#why = why
    this.#shown = null
    this.#written = -1
    this.#stopLoop()
    this.#stopRefresh()
    this.#stopAgain()
    this.#tell(why)
    for (const { done } of [...this.#waiters]) done(why)
  }

  #tell(why: StationError | null): void {
    const code = why?.code ?? null
    if (this.#health !== null && this.#health.code === code) return
    const health = why === null ? 'ok' : 'gone'
    this.#health = { health, code, detail: why?.where ?? '', at: this.#o.clock.now() }
    this.#facts.push(this.#health)
  }

  #change(): void {
    this.#version++
    if (this.#isThere) this.#writing ??= this.#write().finally(() => (this.#writing = null))
  }

  /** Brings the newest light, and the one that became newest meanwhile; older ones are left out. */
  async #write(): Promise<void> {
    while (this.#isThere && this.#written < this.#version) {
      const version = this.#version
      try {
        await this.#bring()
      } catch (error) {
        this.#failed(error)
        return
      }
      if (!this.#isThere) return
      this.#why = null
      this.#written = version
      this.#tell(null)
      for (const { version: asked, done } of [...this.#waiters]) if (asked <= version) done(null)
    }
  }

  #failed(error: unknown): void {
    const why = isStationError(error)
      ? error
      : new StationError('STATION_LAMP_GONE', this.#o.what, { cause: error })
    // A port that was lost has said so itself, and says when it is back.
    if (!this.#isThere) return
    this.#lost(why)
    this.#stopAgain = this.#o.metronome.in(AGAIN_MS, () => this.#back(this.#model.product ?? null))
  }

  async #bring(): Promise<void> {
    const model = this.#model
    if (this.#isFresh) {
      this.#isFresh = false
      for (const packet of model.hello ?? []) await this.#port.send(packet)
      await this.#refresh()
    }
    const light = this.#light
    const isNew = this.#isNew
    const script = this.#script
    const program = isNew && script.length > 1 ? (model.program?.(script) ?? null) : null
    this.#isNew = false
    const packets = program ?? (isNew || !isSame(light, this.#shown) ? this.#packetsOf(light) : [])
    for (const packet of packets) await this.#port.send(packet)
    this.#shown = light
    await this.#check(light)
    if (isNew && script === this.#script && this.#isThere) this.#keepTime(script, program !== null)
  }

  #packetsOf(light: Light) {
    return this.#model.light(light, this.#shown)
  }

  #keepTime(script: Script, isProgram: boolean): void {
    this.#stopLoop()
    this.#stopLoop = () => undefined
    if (isProgram || script.length < 2) return
    const times = script.map(({ ms }) => ms)
    this.#stopLoop = this.#o.metronome.loop(times, (step) => {
      this.#light = { ...(script[step]?.light ?? DARK), buzz: this.#buzzer.now }
      this.#change()
    })
  }

  async #check(light: Light): Promise<void> {
    const { readBack } = this.#model
    if (readBack === undefined) return
    for (let n = 1; ; n++) {
      const bytes = await this.#port.read(readBack.id, readBack.length)
      const shows = readBack.shows(light, bytes)
      if (shows === true) return
      if (shows === null)
        throw new StationError('STATION_LAMP_GONE', `${this.#o.what}: ${bytes.length} bytes only`)
      if (n >= TRIES) throw new StationError('STATION_LAMP_STUCK', this.#o.what)
      for (const packet of this.#model.light(light, null)) await this.#port.send(packet)
    }
  }

  /** Keeps a dead-man lamp lit, and starts over when it must have gone dark meanwhile. */
  async #refresh(): Promise<void> {
    const { deadMan } = this.#model
    if (deadMan === undefined) return
    for (const packet of deadMan.packets) await this.#port.send(packet)
    this.#refreshedAt = this.#o.clock.mono()
    this.#stopRefresh()
    this.#stopRefresh = this.#o.metronome.in(deadMan.everyMs, () => this.#keepLit(deadMan.deadMs))
  }

  #keepLit(deadMs: number): void {
    if (!this.#isThere || this.#isClosed) return
    if (this.#o.clock.mono() - this.#refreshedAt >= deadMs) {
      this.#back(this.#model.product ?? null)
      return
    }
    void this.#refresh().catch((error: unknown) => this.#failed(error))
  }

  /** Sends something that is no light; for what else stands in a lamp. Does nothing while it is gone. */
  async ask(packet: Packet): Promise<void> {
    if (this.#isThere) await this.#port.send(packet)
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#stopLoop()
    this.#stopRefresh()
    this.#stopAgain()
    this.#buzzer.stop()
    for (const { done } of [...this.#waiters]) done(null)
    if (this.#isThere) await this.#goDark()
    this.#isThere = false
    await this.#port.close()
    this.#facts.close()
  }

  async #goDark(): Promise<void> {
    const { clock } = this.#o
    const model = this.#model
    const darken = async (): Promise<void> => {
      await this.#writing
      for (const packet of [...model.light(DARK, null), ...(model.goodbye ?? [])])
        await this.#port.send(packet)
    }
    const end = new AbortController()
    const work = darken().catch(() => undefined)
    await Promise.race([work, clock.sleep(CLOSE_MS, end.signal)])
    end.abort()
  }
}
