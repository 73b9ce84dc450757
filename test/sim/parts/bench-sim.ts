// A whole bench by the stepped clock whose agent may be killed and started again; the world and its operator live on.
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Bench, type BenchNeeds } from '../../../agent/bench/bench.ts'
import { type BayId, bayId } from '../../../agent/core/ids.ts'
import type { Rules } from '../../../agent/core/rules.ts'
import type { Signal } from '../../../agent/core/signals.ts'
import { openLedger } from '../../../agent/ledger/ledger.ts'
import { openReader } from '../../../agent/ledger/reader.ts'
import type { LedgerReader } from '../../../agent/ports.ts'
import { StationPublisher } from '../../../agent/publish/publisher.ts'
import { tracked } from '../../../agent/station/tracked.ts'
import { openVirtualWorld, type VirtualWorld } from '../../../agent/station/virtual-world.ts'
import { seededIds } from '../../../drivers/host/ids.ts'
import { Random, SteppedClock, type VirtualOperator } from '../../../drivers/virtual/index.ts'
import type { StationConfig } from '../../../station-config/loader.ts'
import { Book } from './book.ts'
import { Consumer, SimBroker } from './consumer.ts'
import { benchOf, NOBODY } from './furniture.ts'
import { type Counts, Gate } from './gate.ts'
import { WatchedKeyboard } from './keyboard.ts'
import { Life } from './life.ts'
import { letGo, probeOf, ROOM, type Running, type SimOptions } from './running.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
/** A bench that is not done after so many events, commits per device, or so long, goes round in circles. */
const EVENTS_MAX = 1_000_000
const COMMITS_PER_DEVICE_MAX = 2000
const DAYS_MAX_MS = 30 * 24 * 60 * MINUTE

export class Sim {
  readonly clock = new SteppedClock()
  readonly book = new Book(() => this.clock.now())
  readonly consumer = new Consumer()
  readonly config: StationConfig
  readonly options: SimOptions
  readonly world: VirtualWorld
  readonly bays: readonly BayId[]
  readonly #rules: readonly Rules[]
  readonly #base = mkdtempSync(join(ROOM, 'reseal-sim-'))
  readonly #ids
  readonly #random: Random
  readonly #counts: Counts = { commit: 0, sent: 0 }
  readonly #shift = new AbortController()
  readonly #operator: VirtualOperator
  #lives = 0
  #boot = 0
  #now: Running | null = null
  #failed: unknown = null

  constructor(options: SimOptions) {
    this.options = options
    const { config, rules } = benchOf(options.bays, options.assisted ?? 'half')
    this.config = config
    this.#rules = rules
    this.bays = config.bays.map(({ bay }) => bayId(bay))
    this.#ids = seededIds(options.seed)
    this.#random = new Random(options.seed, 'kills')
    const { seed, devices, faults } = options
    this.world = openVirtualWorld({
      config,
      clock: this.clock,
      seed,
      devices,
      faults,
      viewerFirstMs: 0,
      humanRate: 1,
    })
    this.#operator = this.world.serve(NOBODY, this.#shift.signal)
    this.#operator.attach(null)
    this.world.bench.listen((place, change) => {
      if (change === 'lamp' && place.lamp !== null) this.#lamp(place.bay, place.lamp.signal)
    })
  }

  /** The bench of the agent that lives now; null while none runs. */
  get bench(): Bench | null {
    return this.#now?.bench ?? null
  }

  get reader(): LedgerReader {
    return this.#running().reader
  }

  get dir(): string {
    return this.#running().dir
  }

  get isDone(): boolean {
    return this.#operator.isDone && this.bench?.quiet === true
  }

  figures() {
    return this.#operator.figures()
  }

  /** Starts the first agent and works until all devices are done, or `until` holds. */
  async run(until: () => boolean = () => false): Promise<'until' | 'idle' | 'max'> {
    if (this.#lives === 0) this.#start()
    const end = this.clock.now() + DAYS_MAX_MS
    const commits = COMMITS_PER_DEVICE_MAX * (this.options.devices + 1)
    const isEndless = () => this.clock.now() > end || this.book.commits > commits
    const why = await this.clock.run(() => {
      this.#watchKeys()
      return this.#failed !== null || until() || this.isDone || isEndless()
    }, EVENTS_MAX)
    if (this.#failed !== null) throw this.#failed
    return isEndless() ? 'max' : why
  }

  /** Lets the clock go on until an answer is there. */
  async settle<T>(work: Promise<T>): Promise<T> {
    let settled = false
    const end = () => {
      settled = true
    }
    work.then(end, end)
    await this.clock.run(() => settled, EVENTS_MAX)
    return work
  }

  /** Sends what still waits to the consumer. */
  async drain(): Promise<void> {
    const { ledger } = this.#running()
    for (let quiet = 0; quiet < 100; quiet++) {
      if ((await this.settle(tracked(ledger, this.clock).unsent(0, 1))).length === 0) return
      await this.settle(this.clock.sleep(SECOND))
    }
    this.book.complain('the outbox does not drain')
  }

  async close(): Promise<void> {
    this.#shift.abort()
    const now = this.#now
    if (now !== null) {
      await this.settle(now.publisher?.stop(SECOND) ?? Promise.resolve())
      await this.settle(now.bench?.close() ?? Promise.resolve())
      await letGo(now)
    }
    rmSync(this.#base, { recursive: true, force: true })
  }

  #running(): Running {
    if (this.#now === null) throw new Error('no agent runs')
    return this.#now
  }

  #start(): void {
    this.#open().catch((error: unknown) => {
      this.#failed = error
    })
  }

  async #open(): Promise<void> {
    const { clock, book, options, config } = this
    const dir = join(this.#base, `life-${this.#lives++}`)
    if (this.#lives === 1 && options.template !== undefined)
      cpSync(options.template, dir, { recursive: true })
    const life = new Life(() => this.#killed())
    const ledger = await clock.track(
      openLedger({
        dir,
        mode: 'in-process',
        clock,
        ids: this.#ids,
        station: `${config.site}/${config.station}`,
        durable: false,
        ballastBytes: 0,
      }),
    )
    const reader = await clock.track(openReader(dir, { mode: 'in-process', clock }))
    const now: Running = {
      life,
      ledger,
      reader,
      dir,
      probe: null,
      bench: null,
      publisher: null,
    }
    this.#now = now
    const gate = new Gate(tracked(ledger, clock), life, book, options, this.#counts)
    const fencedReader = life.fence(tracked(reader, clock))
    const fencedClock = life.clock(clock)
    const { keyboards, bays } = await this.#parts(now)
    const bench = await Bench.open({
      clock: fencedClock,
      ids: this.#ids,
      ledger: gate,
      reader: fencedReader,
      orders: this.world.orders,
      network: this.world.world.network,
      host: { ...this.world.host, bootId: () => `boot-${this.#boot}` },
      bays,
      estimate: config.estimate,
      ...(options.step === undefined ? {} : { step: options.step }),
      onOpen: (opened) => {
        now.bench = opened
      },
    })
    for (const keyboard of keyboards)
      if (!keyboard.wasReleased) book.complain('a keyboard was not let go at the start')
    if (options.publishes === true) {
      const broker = new SimBroker(fencedClock, life, this.consumer)
      now.publisher = new StationPublisher({
        broker,
        ledger: gate,
        reader: fencedReader,
        bench,
        clock: fencedClock,
        timers: fencedClock,
        virtual: false,
        site: config.site,
        station: config.station,
        version: '0',
        bays: this.bays,
        report: bench.report,
      })
      await now.publisher.start(new AbortController().signal)
    }
    this.#operator.attach(bench)
  }

  async #parts(now: Running) {
    const keyboards: WatchedKeyboard[] = []
    const bays: BenchNeeds['bays'][number][] = []
    for (const [index, bay] of this.config.bays.entries()) {
      const parts = await this.world.world.parts(bay)
      let keyboard: WatchedKeyboard | null = null
      if (parts.keyboard !== null) {
        keyboard = new WatchedKeyboard(parts.keyboard, {
          bay: parts.bay,
          book: this.book,
          onDisk: (id) => probeOf(now).state(id),
          pressed: this.options.pressed ?? (() => undefined),
        })
        keyboards.push(keyboard)
      }
      const rules = this.#rules[index]
      if (rules === undefined) throw new RangeError(`no rules for bay ${bay.bay}`)
      bays.push({ rules, parts: { ...parts, keyboard }, order: bay.order })
    }
    return { keyboards, bays }
  }

  /** The end of a life, at the instant of the kill; the next one comes after some seconds or minutes. */
  #killed(): void {
    const now = this.#running()
    this.book.kills++
    this.#now = null
    this.world.bench.kill()
    this.#operator.attach(null)
    // What the kernel has of the files is what the next life finds; what was on its way is lost.
    const next = join(this.#base, `life-${this.#lives}`)
    mkdirSync(next, { recursive: true })
    for (const file of ['ledger.db', 'ledger.db-wal'])
      if (existsSync(join(now.dir, file))) copyFileSync(join(now.dir, file), join(next, file))
    void now.life.loseWhatWaits()
    const release = this.clock.hold()
    setImmediate(() => {
      void letGo(now)
        .then(() => rmSync(now.dir, { recursive: true, force: true }))
        .catch((error: unknown) => {
          this.#failed = error
        })
        .finally(release)
    })
    // Mostly systemd starts it again; at times the whole PC comes up anew.
    const reboots = this.#random.chance(0.25)
    if (reboots) this.#boot++
    const downMs = reboots
      ? this.#random.int(MINUTE, 4 * MINUTE)
      : this.#random.int(SECOND, 8 * SECOND)
    this.clock.after(downMs, () => this.#start())
  }

  // --- What must hold at every instant -----------------------------------------------------------------------------------

  #lamp(bay: BayId, signal: Signal): void {
    const { book } = this
    const now = this.#now
    if (now === null) {
      book.complain(`${bay} shows ${signal} without an agent`)
      return
    }
    if (signal !== 'station' && !book.signals(bay).includes(signal))
      book.complain(`${bay} shows ${signal}, committed is ${book.signals(bay).join(' or ')}`)
    if ((signal === 'done' || signal === 'failed') && !probeOf(now).hasRecord(bay, signal))
      book.complain(`${bay} shows ${signal} without the record on the disk`)
  }

  /** No key is down without an open run, while an agent lives. */
  #watchKeys(): void {
    if (this.bench === null) return
    for (const bay of this.bays)
      if (this.world.bench.place(bay).keysDown && !this.book.isOpen(bay))
        this.book.complain(`${bay} holds a key down without an open run`)
  }
}
