// What the simulation saw of all lives of the agent: commits, plays and whatever broke a rule.

import type { BayId } from '../../../agent/core/ids.ts'
import type { PlayRequest } from '../../../agent/core/key-script.ts'
import { signalOf } from '../../../agent/core/render-view.ts'
import { loudest, type Signal } from '../../../agent/core/signals.ts'
import { readState } from '../../../agent/core/state-text.ts'
import type { Entry } from '../../../agent/ports.ts'

/** More complaints than this tell nothing new. */
const COMPLAINTS_MAX = 20

interface Taken {
  readonly state: string
  readonly before: string | null
}

export class Book {
  readonly complaints: string[] = []
  /** Runs opened, each with the number of starts of the agent that it saw. */
  readonly runs = new Map<string, { restarts: number; records: number }>()
  /** Plays that reached a keyboard, over all lives. */
  readonly played = new Set<string>()
  commits = 0
  kills = 0
  /** Bays with an open run, each with the serial number that the run has claimed. */
  readonly #open = new Map<BayId, string | null>()
  readonly #taken = new Map<BayId, Taken>()
  readonly #requests = new WeakMap<PlayRequest, string>()
  readonly #echoes = new Map<BayId, string>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  complain(text: string): void {
    if (this.complaints.length < COMPLAINTS_MAX)
      this.complaints.push(`${new Date(this.#now()).toISOString()} ${text}`)
  }

  /** A step that is on the disk. */
  took(entry: Entry): void {
    this.commits++
    this.#taken.set(entry.bay, {
      state: entry.state,
      before: this.#taken.get(entry.bay)?.state ?? null,
    })
    if (entry.run !== null) this.#run(entry, entry.run)
    for (const effect of entry.effects) {
      if (effect.do !== 'play') continue
      if (effect.echo) this.#echoes.set(entry.bay, effect.play)
      else this.#requests.set(effect.request, effect.play)
    }
  }

  #run(entry: Entry, id: string): void {
    const run = this.runs.get(id) ?? { restarts: 0, records: 0 }
    this.runs.set(id, run)
    if (entry.input.fact.kind === 'restarted') run.restarts++
    if (entry.record !== null) {
      run.records++
      if (run.records > 1) this.complain(`run ${id} has ${run.records} records`)
      this.#open.delete(entry.bay)
    } else this.#claims(entry)
  }

  /** No device is open in two bays. */
  #claims({ bay, serial }: Entry): void {
    const key = serial === null ? null : serial.trim().toUpperCase()
    this.#open.set(bay, key)
    if (key === null) return
    for (const [other, owner] of this.#open)
      if (other !== bay && owner === key) this.complain(`${serial} is open in ${bay} and ${other}`)
  }

  /** True while a run of the bay is committed as open. */
  isOpen(bay: BayId): boolean {
    return this.#open.has(bay)
  }

  /** The play that a keyboard is asked for; undefined when no commit issued it. */
  playOf(bay: BayId, request: PlayRequest | null): string | undefined {
    if (request !== null) return this.#requests.get(request)
    const echo = this.#echoes.get(bay)
    this.#echoes.delete(bay)
    return echo
  }

  /** The committed state of a bay, as text. */
  state(bay: BayId): string | null {
    return this.#taken.get(bay)?.state ?? null
  }

  /** Signals that the committed states of a bay allow; `station` besides them, for health is an overlay. */
  signals(bay: BayId): readonly Signal[] {
    const taken = this.#taken.get(bay)
    const own = [taken?.state, taken?.before]
      .filter((text) => text !== undefined && text !== null)
      .map((text) => readState(text))
      .filter((state) => state !== undefined)
      .map((state) => signalOf(state))
    return [...own, ...own.map((signal) => loudest([signal, 'station']))]
  }
}
