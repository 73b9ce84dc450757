// One bay's view of one interface: turns readings and learnt MACs into the reports of a LinkSource.
import type { BayId, Clock, LinkReport, LinkSource, ReportHealth } from '../../agent/ports.ts'
import { type Condition, type Edge, follow, type Track, UNTRACKED } from './edges.ts'
import { Reports } from './reports.ts'
import type { NicReading } from './sysfs.ts'

/** A switch behind the port may show many; more are no news about this bay. */
const MACS_MAX = 64
/** Four polls: an older one may be the device before, whose cable is out. */
const EARLY_MS = 1000

export interface NicPort {
  readonly iface: string
  readonly bay: BayId
  readonly reportHealth: ReportHealth
}

/** What the family does for a port. */
export interface NicReader {
  readonly clock: Clock
  join(view: NicView): void
  leave(view: NicView): void
  note(text: string): void
}

/** What one watcher knows; made anew for each `watch`, so that its first report is the present state. */
export class NicView {
  readonly port: NicPort
  readonly reports: Reports
  readonly #clock: Clock
  #track: Track = UNTRACKED
  #own: string | null = null
  /** MACs told since the link is up. */
  readonly #told = new Set<string>()
  /** MACs that came before we knew that it is, with the monotonic time they came. */
  readonly #early = new Map<string, number>()

  constructor(port: NicPort, clock: Clock, note: (text: string) => void) {
    this.port = port
    this.#clock = clock
    this.reports = new Reports(() => note(`${port.iface}: reports are not taken; the oldest went`))
  }

  /** True when carrier and counter are as they were: nothing else needs to be read. */
  isQuiet(now: { carrier: boolean; isAdminDown: boolean; downs: number | null } | null): boolean {
    const { level, downs, condition, nonsense } = this.#track
    return (
      now !== null &&
      nonsense === 0 &&
      level === (now.carrier ? 'up' : 'down') &&
      condition === (now.isAdminDown ? 'admin-down' : 'ok') &&
      downs === now.downs
    )
  }

  take(reading: NicReading): void {
    const before = this.#track
    const { track, edges } = follow(before, reading)
    this.#track = track
    if (reading.is === 'present') this.#own = reading.address
    for (const edge of edges) this.#tell(edge)
    if (track.condition !== null && track.condition !== before.condition) {
      this.#tellHealth(track.condition, reading.is === 'unreadable' ? reading.why : null)
    }
    if (track.level === 'up') this.#tellEarly()
  }

  /** A MAC that the kernel learnt at this interface. */
  learn(mac: string): void {
    if (mac === this.#own) return
    if (this.#track.level !== 'up') {
      if (this.#early.size < MACS_MAX) this.#early.set(mac, this.#clock.mono())
    } else if (!this.#told.has(mac) && this.#told.size < MACS_MAX) {
      this.#told.add(mac)
      this.reports.push({ kind: 'mac', mac, at: this.#clock.now() })
    }
  }

  #tell(edge: Edge): void {
    // Each MAC is told once per link-up.
    if (edge.link !== 'up') this.#told.clear()
    const report: LinkReport = { kind: 'link', ...edge, at: this.#clock.now() }
    this.reports.push(report)
  }

  #tellEarly(): void {
    const early = [...this.#early]
    this.#early.clear()
    for (const [mac, at] of early) if (this.#clock.mono() - at < EARLY_MS) this.learn(mac)
  }

  #tellHealth(condition: Condition, why: string | null): void {
    const { iface, bay, reportHealth } = this.port
    const about = { part: 'link', bay } as const
    if (condition === 'ok') reportHealth({ ...about, ok: true, code: null, detail: iface })
    else if (condition === 'admin-down') {
      const detail = `${iface} is switched off`
      reportHealth({ ...about, ok: false, code: 'STATION_LINK_ADMIN_DOWN', detail })
    } else {
      const detail = why === null ? `${iface} does not exist` : `${iface} cannot be read: ${why}`
      reportHealth({ ...about, ok: false, code: 'STATION_LINK_MISSING', detail })
    }
  }
}

/** A LinkSource on `port`: its first report is the present state; it ends with the signal alone. */
export function nicSource(port: NicPort, reader: NicReader): LinkSource {
  return {
    async *watch(signal) {
      if (signal.aborted) return
      const view = new NicView(port, reader.clock, (text) => reader.note(text))
      reader.join(view)
      try {
        yield* view.reports.drain(signal)
      } finally {
        reader.leave(view)
      }
    },
  }
}
