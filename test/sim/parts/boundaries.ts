// Kills of one device's run: at every commit boundary, once or again and again, and what was covered by them.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PHASE_NAMES } from '../../../agent/core/state.ts'
import { Sim } from './bench-sim.ts'
import { runToEnd } from './end.ts'
import type { Boundary } from './gate.ts'
import { ROOM } from './running.ts'

/** Every boundary of a run has a number: two for each commit, before it and after it. */
const numberOf = ({ n, side }: Boundary): number => 2 * n + (side === 'after' ? 1 : 0)

/**
 * Runs that cover a seed: the r-th of them is killed at every boundary whose number is r modulo this. Twelve commits
 * between two kills let a bay get further than a restart takes it back.
 */
export const STRIDE = 24
/** A run killed more often would only prove that it starts over as often. */
const KILLS_MAX = 12

interface Place {
  readonly seed: number
  readonly assisted: 'all' | 'none'
  /** Which of the seed's runs; null: the one that is left alone. */
  readonly r: number | null
  readonly boundary: number
}

const killsOf = (r: number | null) => (at: Boundary, kills: number) =>
  r !== null && kills < KILLS_MAX && numberOf(at) % STRIDE === r

export class Coverage {
  readonly complaints: string[] = []
  runs = 0
  kills = 0
  /** Boundaries that were killed at, as `phase side`. */
  readonly killed = new Map<string, number>()
  /** Boundaries met in any run, as `phase side`, each with where it was met first. */
  readonly met = new Map<string, Place>()
  readonly #template = mkdtempSync(join(ROOM, 'reseal-sim-fresh-'))

  /** Makes the ledger that all runs begin with. */
  async begin(): Promise<void> {
    const sim = new Sim({ seed: 1, bays: 1, devices: 0, faults: false })
    await sim.run(() => sim.bench !== null)
    for (const file of ['ledger.db', 'ledger.db-wal'])
      cpSync(join(sim.dir, file), join(this.#template, file))
    await sim.close()
  }

  end(): void {
    rmSync(this.#template, { recursive: true, force: true })
  }

  /** Kills the run of a seed at every boundary, in STRIDE runs. */
  async stride(seed: number, assisted: 'all' | 'none'): Promise<void> {
    for (let r = 0; r < STRIDE; r++)
      await this.#run({ seed, assisted, r, publishes: r % 8 === seed % 8, kill: killsOf(r) })
  }

  /** Kills the run of a seed once in each run, at each of the boundaries that it has when it is left alone. */
  async each(seed: number, assisted: 'all' | 'none'): Promise<number> {
    const commits = await this.#run({ seed, assisted, r: null, kill: killsOf(null) })
    const last = numberOf({ what: 'commit', n: commits, side: 'after', entry: null })
    for (let boundary = 2; boundary <= last; boundary++)
      await this.#run({
        seed,
        assisted,
        r: null,
        publishes: true,
        kill: (at, kills) => kills === 0 && numberOf(at) === boundary,
      })
    return last - 1
  }

  /** Goes back to where a rare boundary was met but not killed at, and kills there too. */
  async fill(): Promise<void> {
    for (const where of this.neverKilled) {
      const place = this.met.get(where)
      if (place === undefined) continue
      const { seed, assisted, r, boundary } = place
      const before = killsOf(r)
      await this.#run({
        seed,
        assisted,
        r,
        publishes: true,
        kill: (at, kills) =>
          numberOf(at) === boundary || (numberOf(at) < boundary && before(at, kills)),
      })
    }
  }

  /** Answers the number of commits. */
  async #run(one: {
    readonly seed: number
    readonly assisted: 'all' | 'none'
    readonly r: number | null
    readonly publishes?: boolean
    readonly kill: (at: Boundary, kills: number) => boolean
  }): Promise<number> {
    const { seed, assisted, r, publishes = false } = one
    const struck: number[] = []
    const sim: Sim = new Sim({
      seed,
      assisted,
      publishes,
      bays: 1,
      devices: 1,
      faults: true,
      template: this.#template,
      kill: (at) => {
        if (at.what !== 'commit' || at.entry === null) return false
        const where = `${at.entry.phase} ${at.side}`
        const boundary = numberOf(at)
        if (!this.met.has(where)) this.met.set(where, { seed, assisted, r, boundary })
        if (!one.kill(at, sim.book.kills)) return false
        this.killed.set(where, (this.killed.get(where) ?? 0) + 1)
        struck.push(boundary)
        return true
      },
    })
    const end = await runToEnd(sim)
    this.runs++
    this.kills += end.kills
    for (const complaint of end.complaints)
      this.complaints.push(`seed ${seed}, killed at boundaries ${struck.join(' ')}: ${complaint}`)
    return sim.book.commits
  }

  /** Phases of the flow that no run came to, for the reader of a report. */
  get neverMet(): readonly string[] {
    return PHASE_NAMES.filter((phase) => !this.met.has(`${phase} after`))
  }

  /** Boundaries that were met and never killed at. */
  get neverKilled(): readonly string[] {
    return [...this.met.keys()].filter((where) => !this.killed.has(where))
  }
}
