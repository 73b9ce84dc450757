// All network cards of the bench together: one monitor child and one poll for every bay that is watched.
import { StationError } from '../../agent/fault.ts'
import type { Clock, LinkSource } from '../../agent/ports.ts'
import { keepMonitor, learntLines } from './monitor.ts'
import { parseMonitorLine } from './monitor-lines.ts'
import { type NicPort, type NicView, nicSource } from './nic.ts'
import { isInterfaceName, NicFiles, type ReadText, readFromDisk } from './sysfs.ts'

/** Counters are compared this often (hardware page 6.1): the longest that a missed event stays unseen. */
const POLL_MS = 250
/** Each so many polls everything is read: speed falls and numbers change without a carrier edge. */
const FULL_EVERY = 4
/**
 * Interfaces read at the same time. Few, because a file of sysfs may wait for the kernel's network lock, and four such
 * waits would block every file access of the process.
 */
const LANES = 2
/** Learnt MACs are asked for once the monitor had time to listen, so that none falls between. */
const LEARNT_AFTER_MS = 200

export interface NicFamilyOptions {
  readonly clock: Clock
  /** Where sysfs is mounted; another folder for tests. */
  readonly sysRoot?: string
  /** The `ip` program; null polls only. */
  readonly ipCommand?: string | null
  readonly read?: ReadText
  /** Told what an installer wants to know: the monitor's starts and ends, reports that were not taken. */
  readonly note?: (text: string) => void
}

export interface NicFamily {
  /**
   * The link of one bay. Several bays may share an interface, and a source may be watched again.
   * @throws StationError CONFIG_INVALID for a name that no interface can have
   */
  open(port: NicPort): LinkSource
}

interface Nic {
  readonly iface: string
  readonly files: NicFiles
  readonly views: Set<NicView>
  polls: number
  busy: boolean
}

class Family implements NicFamily {
  readonly clock: Clock
  readonly #options: NicFamilyOptions
  readonly #nics = new Map<string, Nic>()
  /** To be read in full at once, and to be looked at in turn. */
  readonly #urgent = new Set<Nic>()
  readonly #due = new Set<Nic>()
  #lanes = 0
  #running: AbortController | null = null
  #asksLearnt = false

  constructor(options: NicFamilyOptions) {
    this.#options = options
    this.clock = options.clock
  }

  open(port: NicPort): LinkSource {
    if (!isInterfaceName(port.iface)) {
      throw new StationError('CONFIG_INVALID', `link: nic:${port.iface} of bay ${port.bay}`)
    }
    return nicSource(port, this)
  }

  note(text: string): void {
    this.#options.note?.(text)
  }

  join(view: NicView): void {
    const { iface } = view.port
    let nic = this.#nics.get(iface)
    if (nic === undefined) {
      const { sysRoot = '/sys', read = readFromDisk } = this.#options
      const files = new NicFiles(sysRoot, iface, read)
      nic = { iface, files, views: new Set(), polls: 0, busy: false }
      this.#nics.set(iface, nic)
    }
    nic.views.add(view)
    this.#look(nic)
    if (this.#running === null) this.#start()
    else this.#askLearnt(this.#running.signal)
  }

  leave(view: NicView): void {
    const nic = this.#nics.get(view.port.iface)
    nic?.views.delete(view)
    if (nic?.views.size === 0) this.#nics.delete(nic.iface)
    if (this.#nics.size > 0) return
    // Nobody watches: the child and the poll go too, and come back with the next watcher.
    this.#running?.abort()
    this.#running = null
  }

  #start(): void {
    const running = new AbortController()
    this.#running = running
    const { signal } = running
    void this.#poll(signal)
    const { ipCommand: command = 'ip' } = this.#options
    if (command === null) return
    const onStart = (pid: number) => {
      this.note(`ip monitor runs as process ${pid}`)
      for (const nic of this.#nics.values()) this.#look(nic)
      this.#askLearnt(signal)
    }
    const onLine = (line: string) => this.#hear(line)
    const onEnd = (why: string, waitMs: number) =>
      this.note(`ip monitor ${why}; the counters are polled; next start in ${waitMs} ms`)
    void keepMonitor({ command, clock: this.clock, onStart, onLine, onEnd }, signal)
  }

  async #poll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (const nic of this.#nics.values()) this.#due.add(nic)
      this.#fillLanes()
      await this.clock.sleep(POLL_MS, signal)
    }
  }

  #hear(text: string): void {
    const line = parseMonitorLine(text)
    if (line?.kind === 'mac') this.#learn(line.iface, line.mac)
    else if (line?.kind === 'link') {
      for (const name of line.names) {
        const nic = this.#nics.get(name)
        if (nic !== undefined) this.#look(nic)
      }
    }
  }

  #learn(iface: string, mac: string): void {
    for (const view of this.#nics.get(iface)?.views ?? []) view.learn(mac)
  }

  /** Asks the kernel's tables, once for all who ask in the same moment. */
  #askLearnt(signal: AbortSignal): void {
    const { ipCommand: command = 'ip' } = this.#options
    if (command === null || this.#asksLearnt) return
    this.#asksLearnt = true
    void this.clock.sleep(LEARNT_AFTER_MS, signal).then(async () => {
      this.#asksLearnt = false
      for (const text of signal.aborted ? [] : await learntLines(command, signal)) this.#hear(text)
    })
  }

  #look(nic: Nic): void {
    this.#urgent.add(nic)
    this.#fillLanes()
  }

  #fillLanes(): void {
    while (this.#lanes < LANES) {
      const next = this.#next()
      if (next === null) return
      this.#lanes += 1
      void this.#lane(next)
    }
  }

  #next(): { nic: Nic; isUrgent: boolean } | null {
    for (const queue of [this.#urgent, this.#due]) {
      for (const nic of queue) {
        if (nic.busy) continue
        queue.delete(nic)
        return { nic, isUrgent: queue === this.#urgent }
      }
    }
    return null
  }

  async #lane(first: { nic: Nic; isUrgent: boolean }): Promise<void> {
    for (let next: typeof first | null = first; next !== null; next = this.#next()) {
      const { nic, isUrgent } = next
      nic.busy = true
      await this.#readNic(nic, isUrgent)
      nic.busy = false
    }
    this.#lanes -= 1
  }

  async #readNic(nic: Nic, isUrgent: boolean): Promise<void> {
    if (!isUrgent) {
      nic.polls += 1
      const now = nic.polls % FULL_EVERY === 0 ? null : await nic.files.quick()
      if (now !== null && [...nic.views].every((view) => view.isQuiet(now))) return
    }
    const reading = await nic.files.full()
    for (const view of nic.views) view.take(reading)
  }
}

/** The shared part of all `nic:` links; station.ts opens one and takes a port per bay from it. */
export const openNicFamily = (options: NicFamilyOptions): NicFamily => new Family(options)
