// All managed switches of the bench together: one session and one poll for each, and a LinkSource for each bay's port.
import { StationError } from '../../../agent/fault.ts'
import type { Clock, LinkSource, PortControl } from '../../../agent/ports.ts'
import { portControl } from './control.ts'
import { PortView, type SwitchPort } from './port-view.ts'
import { type SwitchOptions, SwitchWatch } from './switch-watch.ts'
import { hearTraps, type TrapAddress } from './traps.ts'

export interface SnmpFamilyOptions {
  readonly clock: Clock
  readonly switches: readonly SwitchOptions[]
  /** Where traps come in; null: the polls alone tell. */
  readonly traps: TrapAddress | null
  /** Told what an installer wants to know: silence, restarts, ports with several MACs. */
  readonly note?: (text: string) => void
}

export interface SnmpFamily {
  /**
   * The link of one bay at a port of a switch. A source may be watched again.
   * @throws StationError CONFIG_INVALID when there is no switch of this id
   */
  open(port: SwitchPort): LinkSource
  /**
   * Switches the port of a bay; null when the switch is not the station's to control.
   * @throws StationError CONFIG_INVALID when there is no switch of this id
   */
  control(port: Pick<SwitchPort, 'switchId' | 'port'>): PortControl | null
}

class Family implements SnmpFamily {
  readonly #clock: Clock
  readonly #traps: TrapAddress | null
  readonly #note: (text: string) => void
  readonly #watches: ReadonlyMap<string, SwitchWatch>
  /** One for each port, so that requests follow each other whoever asks. */
  readonly #hands = new Map<string, PortControl>()
  #stopTraps: (() => void) | null = null

  constructor({ clock, switches, traps, note = () => undefined }: SnmpFamilyOptions) {
    this.#clock = clock
    this.#traps = traps
    this.#note = note
    this.#watches = new Map(switches.map((one) => [one.id, new SwitchWatch(one, clock, note)]))
  }

  open(port: SwitchPort): LinkSource {
    const watch = this.#watchOf(port.switchId)
    const { join, leave } = this.#door(watch)
    const clock = this.#clock
    const note = this.#note
    return {
      async *watch(signal) {
        if (signal.aborted) return
        const view = new PortView(port, clock, note)
        join(view)
        try {
          yield* view.reports.drain(signal)
        } finally {
          leave(view)
        }
      },
    }
  }

  control({ switchId, port }: Pick<SwitchPort, 'switchId' | 'port'>): PortControl | null {
    const watch = this.#watchOf(switchId)
    if (!watch.options.control) return null
    const key = `${switchId} ${port}`
    const hand = this.#hands.get(key) ?? portControl(watch, port, this.#clock)
    this.#hands.set(key, hand)
    return hand
  }

  #watchOf(id: string): SwitchWatch {
    const watch = this.#watches.get(id)
    if (watch === undefined) throw new StationError('CONFIG_INVALID', `no switch ${id}`)
    return watch
  }

  #door(watch: SwitchWatch) {
    return {
      join: (view: PortView) => {
        this.#hear()
        watch.join(view)
      },
      leave: (view: PortView) => {
        watch.leave(view)
        if ([...this.#watches.values()].some(({ isWatched }) => isWatched)) return
        this.#stopTraps?.()
        this.#stopTraps = null
      },
    }
  }

  #hear(): void {
    if (this.#traps === null || this.#stopTraps !== null) return
    const heard = (address: string) => {
      for (const watch of this.#watches.values())
        if (watch.isWatched && watch.options.host === address) watch.hurry()
    }
    this.#stopTraps = hearTraps(this.#traps, heard, this.#note)
  }
}

/** The shared part of all `snmp:` links; station.ts opens one and takes a port per bay from it. */
export const openSnmpFamily = (options: SnmpFamilyOptions): SnmpFamily => new Family(options)
