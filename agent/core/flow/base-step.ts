// One step's working copy of a bay: every state group moves the flow through these few verbs, nothing else writes state.
import type { Evidence, Source } from '../evidence.ts'
import type { Input } from '../facts.ts'
import type { InstantMs, LookId, PromptId } from '../ids.ts'
import type { Alarm, Effect, Output } from '../output.ts'
import { askOf, looksAt } from '../prompts.ts'
import type { RecordBody } from '../record.ts'
import { isAssisted, type Rules } from '../rules.ts'
import type { BayState, LimitName, Phase, PhaseName, RunState } from '../state.ts'
import { bookWaits } from './book.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
export type Limits = Partial<Record<LimitName, InstantMs>>

/** Bound of what a run carries; more than this is dropped from the middle of a run that went wrong for hours. */
const EVIDENCE_MAX = 160

/** Adds to a bounded list; the first half, where a run began, and the latest stay. */
export function bounded<T>(list: readonly T[], item: T, max: number): readonly T[] {
  return list.length < max
    ? [...list, item]
    : [...list.slice(0, max / 2), ...list.slice(max / 2 + 1), item]
}

const isEmpty = (limits: Limits): boolean => {
  for (const _ in limits) return false
  return true
}

export class BaseStep {
  readonly rules: Rules
  /** Never earlier than what the bay has seen: a small step back of the wall clock is waited out. */
  readonly at: InstantMs
  readonly input: Input
  /** The state before this input. */
  readonly before: BayState
  readonly s: Mutable<BayState>
  readonly effects: Effect[] = []
  readonly alarms: Alarm[] = []
  record: RecordBody | null = null
  why = ''
  taken: Output['taken'] = null
  readonly #from: PhaseName
  #own: Mutable<RunState> | null = null

  constructor(rules: Rules, state: BayState, input: Input, jumpMs: number) {
    this.rules = rules
    this.input = input
    // Whole ms: durations must add up, and a bench that runs fast stamps parts of one.
    this.at = Math.floor(Math.max(input.at, state.at + jumpMs))
    this.before = state
    this.s = { ...state, input: input.input, at: this.at }
    this.#from = state.phase.at
  }

  get phase(): Phase {
    return this.s.phase
  }

  /** The open run; a phase of an open run always has one. */
  get run(): RunState {
    if (this.s.run === null) throw new Error(`no open run in ${this.s.phase.at}`)
    return this.s.run
  }

  get assisted(): boolean {
    return isAssisted(this.rules.traits)
  }

  get byHand(): boolean {
    return this.rules.traits.keyboard === 'manual'
  }

  /** Changes fields of the open run: of a copy that is this step's own, made at the first change. */
  note(change: Partial<RunState>): void {
    if (this.#own !== null && this.#own === this.s.run) Object.assign(this.#own, change)
    else {
      this.#own = { ...this.run, ...change }
      this.s.run = this.#own
    }
  }

  /** Adds evidence to the open run, bounded. */
  see(kind: string, source: Source, ref: string): void {
    const run = this.s.run
    if (run === null) return
    const fact: Evidence = { kind, source, at: this.at, ref: ref.slice(0, 400).toWellFormed() }
    this.note({ evidence: bounded(run.evidence, fact, EVIDENCE_MAX) })
  }

  /** Moves to a phase: waits are booked; its question and look are new; only what belongs to no phase keeps its limit. */
  go(phase: Phase, why: string, limits: Limits = {}): void {
    this.book()
    const { test, play } = this.s.limits
    const next: Limits = { ...limits }
    if (this.s.run !== null && isEmpty(limits)) next.hold = this.at + this.rules.limits.holdMs
    if (test !== undefined) next.test = test
    if (play !== undefined && this.s.play !== null) next.play = play
    this.s.phase = phase
    this.s.since = this.at
    this.why = why
    this.s.limits = next
    this.s.prompt = null
    this.s.look = null
  }

  /** Stays in the phase with other memory; limits and question stay. */
  keep(phase: Phase): void {
    this.s.phase = phase
  }

  /** Asks the same question anew, under a new id (what was seen or answered before no longer counts). */
  askAgain(phase: Phase, why: string): void {
    this.book()
    this.s.phase = phase
    this.why = why
    this.s.prompt = null
    this.s.look = null
  }

  limit(name: LimitName, at: InstantMs | null): void {
    if (at === null && this.s.limits[name] === undefined) return
    const next: Limits = {}
    for (const key in this.s.limits) {
      const known = key as LimitName
      const limit = this.s.limits[known]
      if (known !== name && limit !== undefined) next[known] = limit
    }
    if (at !== null) next[name] = at
    this.s.limits = next
  }

  /** True when the named limit is armed and has come. */
  due(name: LimitName): boolean {
    const limit = this.s.limits[name]
    return limit !== undefined && limit <= this.at
  }

  /**
   * Opens and closes question and look as the phase wants them. While keys are on their way there are none, so that
   * whatever is answered or seen was asked for after the last burst (architecture: engine rule 4); only the summon keeps
   * its question over its bursts, because its answer lets no Enter through.
   */
  settle(): void {
    const { phase } = this.s
    const open = this.s.play === null || phase.at === 'summon'
    const ask = open ? askOf(phase, this.rules) : null
    const loud = ask === 'loud'
    if (ask === null) {
      if (this.s.prompt !== null) this.book()
      this.s.prompt = null
    } else if (this.s.prompt === null || this.s.prompt.loud !== loud) {
      this.book()
      this.s.prompt = { id: `p${this.input.input}` as PromptId, since: this.at, loud }
      if (loud && this.s.run !== null) this.note({ prompts: this.run.prompts + 1 })
    }
    if (!open || !looksAt(phase, this.rules)) this.s.look = null
    else if (this.s.look === null) {
      const { input } = this.input
      this.s.look = { id: `l${input}` as LookId, since: this.at, input }
    }
  }

  /** Books the time up to now: by step, and as a wait for a person when a loud question was open. */
  book(): void {
    if (this.s.run === null) return
    const booked = bookWaits(this.s.run, this.s, this.at)
    if (booked !== null) this.note(booked)
  }

  output(): Output {
    const to = this.s.phase.at
    const moved = to !== this.#from || this.why !== ''
    return {
      state: this.s,
      effects: this.effects,
      record: this.record,
      alarms: this.alarms,
      taken: this.taken,
      transition: moved ? { from: this.#from, to, why: this.why } : null,
    }
  }
}
