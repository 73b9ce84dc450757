// The config read anew while the station runs: bays come, go and change their parts, and no open run ends for it.
import type { BayConfig, StationConfig } from '../../station-config/loader.ts'
import type { Bench } from '../bench/bench.ts'
import type { Rules } from '../core/rules.ts'
import { isStationError } from '../fault.ts'
import type { Log } from '../log.ts'
import type { OpenedParts, World } from './parts.ts'
import type { Scanners } from './scanners.ts'

/** Rules of the bays of a config. @throws StationError KEY_SCRIPT_* */
export type RulesOf = (config: StationConfig) => (bay: BayConfig) => Rules

export interface ReloadNeeds {
  readonly bench: Pick<Bench, 'roster' | 'runOf' | 'subscribe'>
  readonly world: World
  readonly rulesOf: RulesOf
  readonly scanners: Scanners
  readonly log: Log
}

/** A bay as it runs now. */
interface Running {
  readonly config: BayConfig
  /** Everything that its work depends on; another text is another bay. */
  readonly key: string
  readonly parts: OpenedParts
}

/** What is wired once at the start: the ledger's name, addresses that others know, what all bays share. */
const AT_START = [
  'site',
  'station',
  'data',
  'web',
  'accounts',
  'mqtt',
  'probe',
  'switches',
  'traps',
  'orders',
  'printer',
  'keepJournalDays',
  'keepPhotoDays',
  'shifts',
  'estimate',
  'rate',
] as const satisfies readonly (keyof StationConfig)[]

/** The things that a bay holds; two bays cannot hold the same one. A bare `manual:` or `none:` names no thing. */
const thingsOf = ({ link, keyboard, lamp, screen, buttons }: BayConfig): readonly string[] =>
  [link, keyboard, lamp, screen, buttons]
    .map(({ text }) => text.split('?', 1)[0] ?? text)
    .filter((text) => !text.endsWith(':'))

const keyOf = (bay: BayConfig, { limits }: StationConfig) => JSON.stringify([bay, limits])

export class Reload {
  readonly #n: ReloadNeeds
  readonly #running = new Map<string, Running>()
  /** What was wired at the start. */
  readonly #start: StationConfig
  #wanted: StationConfig
  /** Bays that wait for the end of a run, their own or that of a bay which holds what they want. */
  readonly #waiting = new Set<string>()
  /** One change of the bench at a time. */
  #work: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(needs: ReloadNeeds, config: StationConfig, parts: ReadonlyMap<string, OpenedParts>) {
    this.#n = needs
    this.#start = config
    this.#wanted = config
    for (const bay of config.bays) {
      const own = parts.get(bay.bay)
      if (own !== undefined)
        this.#running.set(bay.bay, { config: bay, key: keyOf(bay, config), parts: own })
    }
    needs.bench.subscribe((bay) => {
      if (bay !== null && this.#waiting.has(bay) && needs.bench.runOf(bay) === null) this.#soon()
    })
  }

  /** The bays as they run now, in the place of a config's: what is asked per bay follows the bench. */
  get bays(): readonly BayConfig[] {
    return [...this.#running.values()].map(({ config }) => config)
  }

  /**
   * Takes a config that was read anew. What only a start can change is named; what cannot be is refused, and nothing
   * changes. Resolves when all that could be done at once is done; bays with an open run follow when it is over.
   */
  async take(next: StationConfig): Promise<void> {
    const { world, log, rulesOf, scanners } = this.#n
    if (world.rewire === undefined || next.isVirtual) {
      log.error('config refused: a virtual bench takes a new config only by a new start')
      return
    }
    try {
      rulesOf(next)
    } catch (error) {
      if (!isStationError(error)) throw error
      log.error('config refused', { code: error.code, detail: error.message })
      return
    }
    const late = AT_START.filter(
      (name) => JSON.stringify(next[name]) !== JSON.stringify(this.#start[name]),
    )
    if (late.length > 0)
      log.warn(`only a new start changes ${late.join(', ')}; the rest of the config is taken`, {
        keys: late,
      })
    this.#wanted = next
    this.#soon()
    await this.#work
    await scanners.follow(next.scanners).catch((error: unknown) => {
      if (!isStationError(error)) throw error
      log.error('a scanner could not be opened; it is tried at the next reload', {
        code: error.code,
        detail: error.message,
      })
    })
    const waits = [...this.#waiting]
    log.info('config taken', { bays: next.bays.map(({ bay }) => bay), waits })
  }

  /** Waits for what goes on; nothing more is changed. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#work
  }

  #soon(): void {
    this.#work = this.#work
      .then(() => this.#settle())
      .catch((error: unknown) => this.#n.log.error('the config was not taken whole', { error }))
  }

  /** Brings the bench as near to the wanted config as open runs let it. */
  async #settle(): Promise<void> {
    if (this.#isClosed) return
    const { bench, log } = this.#n
    const wanted = new Map(this.#wanted.bays.map((bay) => [bay.bay, bay]))
    const other = [...this.#running].filter(([id, { key }]) => {
      const bay = wanted.get(id)
      return bay === undefined || keyOf(bay, this.#wanted) !== key
    })
    const goes = this.#free(
      other.map(([id]) => id),
      wanted,
    )
    for (const id of goes) {
      if (!(await bench.roster.remove(id))) continue
      const { parts } = this.#running.get(id) ?? {}
      this.#running.delete(id)
      await parts
        ?.close?.()
        .catch((error: unknown) => log.warn('a part did not close', { bay: id, error }))
      log.info(wanted.has(id) ? 'the bay changes' : 'the bay leaves', { bay: id })
    }
    this.#rewire()
    for (const bay of wanted.values())
      if (!this.#running.has(bay.bay) && this.#isHeld(bay, new Set()) === null)
        await this.#open(bay)
    this.#announce(wanted)
  }

  /** Of the bays that are to change or leave, those that can now: no open run, and what they want is not held by one. */
  #free(ids: readonly string[], wanted: ReadonlyMap<string, BayConfig>): ReadonlySet<string> {
    const goes = new Set(ids.filter((id) => this.#n.bench.runOf(id) === null))
    for (let before = -1; before !== goes.size; ) {
      before = goes.size
      for (const id of goes) {
        const next = wanted.get(id)
        if (next !== undefined && this.#isHeld(next, goes) !== null) goes.delete(id)
      }
    }
    return goes
  }

  /** The other bay that holds a thing which this one wants and does not go; null: it is free. */
  #isHeld(want: BayConfig, goes: ReadonlySet<string>): string | null {
    const things = thingsOf(want)
    for (const [id, { config }] of this.#running)
      if (id !== want.bay && !goes.has(id) && thingsOf(config).some((one) => things.includes(one)))
        return id
    return null
  }

  async #open(bay: BayConfig): Promise<void> {
    const { bench, world, rulesOf, log } = this.#n
    let parts: OpenedParts | null = null
    try {
      parts = await world.parts(bay)
      this.#running.set(bay.bay, { config: bay, key: keyOf(bay, this.#wanted), parts })
      this.#rewire()
      await bench.roster.add({ rules: rulesOf(this.#wanted)(bay), parts, order: bay.order })
      log.info('the bay is there', { bay: bay.bay })
    } catch (error) {
      if (!isStationError(error)) throw error
      this.#running.delete(bay.bay)
      await parts?.close?.()
      log.error('the bay could not be opened; it is tried at the next reload', {
        bay: bay.bay,
        code: error.code,
        detail: error.message,
      })
    }
  }

  /** The bays' networks as they stand now. */
  #rewire(): void {
    this.#n.world.rewire?.({ ...this.#wanted, bays: this.bays })
  }

  /** Says on each bay what it waits for, and puts all into the order of the config. */
  #announce(wanted: ReadonlyMap<string, BayConfig>): void {
    const { roster } = this.#n.bench
    this.#waiting.clear()
    for (const [id, { key }] of this.#running) {
      const bay = wanted.get(id)
      const what =
        bay === undefined ? 'leave' : keyOf(bay, this.#wanted) === key ? null : ('change' as const)
      if (what !== null) this.#waiting.add(id)
      roster.announce(id, what)
    }
    for (const id of wanted.keys()) if (!this.#running.has(id)) this.#waiting.add(id)
    roster.arrange([...wanted.keys()])
  }
}
