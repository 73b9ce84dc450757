// One bay's view of one port of a switch: turns polls and learnt MACs into the reports of a LinkSource.
import type { FaultCode } from '../../../agent/fault.ts'
import type { BayId, Clock, ReportHealth } from '../../../agent/ports.ts'
import type { Edge } from '../edges.ts'
import { Reports } from '../reports.ts'
import type { Learnt } from './fdb.ts'
import { followPort, lost, type PortRow, type PortTrack, UNTRACKED_PORT } from './track.ts'

export interface SwitchPort {
  /** Id of the switch in the config. */
  readonly switchId: string
  /** ifName of the port. */
  readonly port: string
  readonly bay: BayId
  readonly reportHealth: ReportHealth
}

/** What one watcher knows; made anew for each `watch`, so that its first report is the present state. */
export class PortView {
  readonly port: SwitchPort
  readonly reports: Reports
  readonly #clock: Clock
  #track: PortTrack = UNTRACKED_PORT
  /** The MAC told since the link is up. */
  #told: string | null = null
  #several = false

  constructor(port: SwitchPort, clock: Clock, note: (text: string) => void) {
    this.port = port
    this.#clock = clock
    this.reports = new Reports(() => note(`${port.port}: reports are not taken; the oldest went`))
  }

  /** Nothing was told yet. */
  get isNew(): boolean {
    return this.#track.level === null
  }

  /** True while its link is up as far as the switch says. */
  get isUp(): boolean {
    return this.#track.level === 'up'
  }

  get hasMac(): boolean {
    return this.#told !== null
  }

  /** True when `row` tells nothing new, so that speed and administration need not be read. */
  isQuiet({ isUp, lastChange }: Pick<PortRow, 'isUp' | 'lastChange'>): boolean {
    const { level, lastChange: before } = this.#track
    return level === (isUp ? 'up' : 'down') && lastChange === before
  }

  /** Takes a poll; true when the link moved. */
  take(row: PortRow, restarted: boolean): boolean {
    const { track, edges } = followPort(this.#track, row, restarted)
    this.#track = track
    this.#tell(edges)
    const { switchId, port } = this.port
    if (row.isEnabled) this.#tellHealth(null, `${switchId} ${port}`)
    else this.#tellHealth('STATION_LINK_ADMIN_DOWN', `${switchId} ${port} is switched off`)
    return edges.length > 0
  }

  /** Nobody can say how the port stands. */
  lose(code: FaultCode, why: string): void {
    const { track, edges } = lost(this.#track)
    this.#track = track
    this.#tell(edges)
    this.#tellHealth(code, why)
  }

  /** Takes what the switch learnt here; a sentence when it is worth a note. */
  learn(learnt: Learnt): string | null {
    if (!this.isUp) return null
    const wereSeveral = this.#several
    this.#several = learnt.is === 'several'
    if (learnt.is === 'several')
      return wereSeveral
        ? null
        : `${this.port.port}: ${learnt.macs} MACs at this port; none of them is taken for the device's`
    if (learnt.is === 'one' && learnt.mac !== this.#told) {
      this.#told = learnt.mac
      this.reports.push({ kind: 'mac', mac: learnt.mac, at: this.#clock.now() })
    }
    return null
  }

  #tell(edges: readonly Edge[]): void {
    for (const edge of edges) {
      if (edge.link !== 'up') this.#told = null
      this.reports.push({ kind: 'link', ...edge, at: this.#clock.now() })
    }
  }

  #tellHealth(code: FaultCode | null, detail: string): void {
    const { bay, reportHealth } = this.port
    reportHealth({ part: 'link', bay, ok: code === null, code, detail })
  }
}
