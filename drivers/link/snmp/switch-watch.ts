// Watches one switch for all bays on it: one session, one poll; a trap or a change only makes the next poll come sooner.
import { type FaultCode, isStationError } from '../../../agent/fault.ts'
import type { Clock } from '../../../agent/ports.ts'
import { MacBook } from './fdb.ts'
import { findPort } from './names.ts'
import {
  type Extras,
  readBasePorts,
  readExtras,
  readLearnt,
  readNames,
  readStatus,
  type Status,
} from './poll.ts'
import type { PortView } from './port-view.ts'
import { type Column, type SwitchAddress, SwitchSession } from './session.ts'
import { wasRestarted } from './track.ts'

export interface SwitchOptions extends SwitchAddress {
  /** Id in the config. */
  readonly id: string
  /** Time between two polls when nothing happens, ms. */
  readonly pollMs: number
  /** Whether the station may switch ports off and on. */
  readonly control: boolean
}

/** A poll that a trap asked for comes no sooner after the last one, ms: a storm of traps is no storm of polls. */
const SOONEST_MS = 200
/** Polls without an answer before the ports count as gone: one lost datagram is no news. */
const FAILURES_MAX = 2
/** Speed and administration are read with every so many polls, and whenever something moved. */
const EXTRAS_EVERY = 5
/** Names and bridge ports may change by a new card in the switch, ms. */
const NAMES_MS = 300_000
/** The forwarding table: soon after an edge, then at growing pauses while a MAC is awaited, else now and then; ms. */
const FDB_SOON_MS = 1000
const FDB_WAITING_MS = 10_000
const FDB_MS = 60_000

export class SwitchWatch {
  readonly options: SwitchOptions
  readonly #clock: Clock
  readonly #note: (text: string) => void
  readonly #views = new Set<PortView>()
  readonly #macs = new MacBook()
  #session: SwitchSession | null = null
  #running: AbortController | null = null
  #nap = new AbortController()
  #names: Column | null = null
  #basePorts: Column = new Map()
  #namesAt = 0
  #fdbAt = 0
  #fdbWaitMs = FDB_SOON_MS
  #polls = 0
  #failures = 0
  #last: { readonly upTime: number; readonly at: number } | null = null

  constructor(options: SwitchOptions, clock: Clock, note: (text: string) => void) {
    this.options = options
    this.#clock = clock
    this.#note = note
  }

  get isWatched(): boolean {
    return this.#views.size > 0
  }

  join(view: PortView): void {
    this.#views.add(view)
    if (this.#running === null) {
      this.#running = new AbortController()
      void this.#run(this.#running.signal)
    } else this.hurry()
  }

  leave(view: PortView): void {
    this.#views.delete(view)
    if (this.#views.size > 0) return
    this.#running?.abort()
    this.#running = null
    this.#nap.abort()
    this.#drop()
  }

  /** Something is said to have happened: polls as soon as may be. */
  hurry(): void {
    this.#nap.abort()
  }

  /** Closes the session; the next poll opens another, which also signs in anew. */
  #drop(): void {
    this.#session?.close()
    this.#session = null
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#nap = new AbortController()
      try {
        await this.#poll(signal)
        if (this.#failures > 0) this.#note(`${this.options.id}: the switch answers again`)
        this.#failures = 0
      } catch (error) {
        if (signal.aborted) return
        if (!isStationError(error)) throw error
        this.#failed(error.code, error.where)
      }
      await this.#clock.sleep(SOONEST_MS, signal)
      if (!signal.aborted && !this.#nap.signal.aborted)
        await this.#clock.sleep(this.options.pollMs - SOONEST_MS, this.#nap.signal)
    }
  }

  #failed(code: FaultCode, why: string): void {
    this.#drop()
    this.#failures += 1
    if (this.#failures === 1) this.#note(`${this.options.id}: ${why}`)
    for (const view of this.#views) {
      if (this.#failures >= FAILURES_MAX || view.isNew) view.lose(code, why)
    }
  }

  async #poll(signal: AbortSignal): Promise<void> {
    this.#session ??= new SwitchSession(this.options)
    const session = this.#session
    await this.#learnNames(session)
    const ports = this.#ports()
    if (ports.size === 0) return
    const indexes = [...ports.values()]
    const status = await readStatus(session, indexes)
    if (signal.aborted) return
    const restarted = this.#isRestart(status.upTime)
    if (restarted) {
      this.#note(`${this.options.id}: the switch was restarted, it counts its time anew`)
      this.#names = null
      this.#macs.restarted()
      await this.#learnNames(session)
      // The ports may have other numbers now: the next poll asks by them.
      if (!same(this.#ports(), ports)) return this.hurry()
    }
    this.#polls += 1
    const extras = await this.#extras(session, ports, status)
    if (signal.aborted) return
    this.#tell(ports, status, extras, restarted)
    await this.#learnMacs(session, ports)
  }

  async #learnNames(session: SwitchSession): Promise<void> {
    const isOld = this.#clock.mono() - this.#namesAt > NAMES_MS
    if (this.#names !== null && !isOld) return
    this.#names = await readNames(session)
    this.#basePorts = await readBasePorts(session)
    this.#namesAt = this.#clock.mono()
  }

  /** The ifIndex of each view that has one; the others are told that their port is missing. */
  #ports(): Map<PortView, number> {
    const ports = new Map<PortView, number>()
    for (const view of this.#views) {
      const found = findPort(this.#names ?? new Map(), view.port.port)
      if (found.ifIndex !== null) ports.set(view, found.ifIndex)
      else {
        view.lose('STATION_LINK_MISSING', `${this.options.id} ${found.why}`)
        // Looked for again at the pace of the extras, not of the poll.
        if (this.#polls % EXTRAS_EVERY === 0) this.#namesAt = Number.NEGATIVE_INFINITY
      }
    }
    if (ports.size === 0) this.#polls += 1
    return ports
  }

  #isRestart(upTime: number): boolean {
    const now = this.#clock.mono()
    const last = this.#last
    this.#last = { upTime, at: now }
    return last !== null && wasRestarted(last.upTime, upTime, now - last.at)
  }

  async #extras(
    session: SwitchSession,
    ports: ReadonlyMap<PortView, number>,
    { rows }: Status,
  ): Promise<Extras | null> {
    const isQuiet = [...ports].every(([view, index]) => {
      const row = rows.get(index)
      return row !== undefined && view.isQuiet(row)
    })
    if (isQuiet && this.#polls % EXTRAS_EVERY !== 0) return null
    return readExtras(session, [...ports.values()])
  }

  #tell(
    ports: ReadonlyMap<PortView, number>,
    { rows }: Status,
    extras: Extras | null,
    restarted: boolean,
  ): void {
    let moved = false
    for (const [view, index] of ports) {
      const row = rows.get(index)
      if (row === undefined) {
        view.lose('STATION_LINK_MISSING', `${this.options.id} no longer has ${view.port.port}`)
        this.#names = null
        continue
      }
      if (extras === null) continue
      const { isEnabled = true, speed = null } = extras.get(index) ?? {}
      const wasUp = view.isUp
      if (!view.take({ ...row, isEnabled, speed }, restarted)) continue
      moved = true
      if (wasUp) this.#macs.fell(index)
    }
    if (!moved) return
    this.#fdbAt = Math.min(this.#fdbAt, this.#clock.mono() + FDB_SOON_MS)
    this.#fdbWaitMs = FDB_SOON_MS
  }

  async #learnMacs(session: SwitchSession, ports: ReadonlyMap<PortView, number>): Promise<void> {
    const now = this.#clock.mono()
    if (now < this.#fdbAt) return
    const entries = await readLearnt(session, this.#basePorts)
    const watched = await this.#levels(session, ports, new Set(entries.map((one) => one.ifIndex)))
    const learnt = this.#macs.take(entries, watched)
    for (const [view, index] of ports) {
      const note = view.learn(learnt.get(index) ?? { is: 'none' })
      if (note !== null) this.#note(`${this.options.id} ${note}`)
    }
    const waits = [...ports.keys()].some((view) => view.isUp && !view.hasMac)
    this.#fdbAt = now + (waits ? this.#fdbWaitMs : FDB_MS)
    this.#fdbWaitMs = Math.min(FDB_WAITING_MS, this.#fdbWaitMs * 2)
  }

  /** Whether a port has a link, for those where it is certain: one that came up meanwhile has learnt nothing old. */
  async #levels(
    session: SwitchSession,
    ports: ReadonlyMap<PortView, number>,
    learnt: ReadonlySet<number>,
  ): Promise<ReadonlyMap<number, boolean>> {
    const unsure = [...ports].filter(([view, index]) => !view.isUp && learnt.has(index))
    const levels = new Map([...ports].map(([view, index]) => [index, view.isUp]))
    if (unsure.length === 0) return levels
    const indexes = unsure.map(([, index]) => index)
    const { rows } = await readStatus(session, indexes)
    for (const [view, index] of unsure) {
      const row = rows.get(index)
      if (row === undefined || !view.isQuiet(row)) levels.delete(index)
    }
    return levels
  }
}

const same = (one: ReadonlyMap<PortView, number>, other: ReadonlyMap<PortView, number>) =>
  one.size === other.size && [...one].every(([view, index]) => other.get(view) === index)
