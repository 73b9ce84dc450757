// One step's working copy of a bay: every state group moves the flow through these few verbs, nothing else writes state.
import type { Evidence, Source } from '../evidence.ts'
import type { Input } from '../facts.ts'
import type { InstantMs, LookId, PlayId, PromptId } from '../ids.ts'
import { type Burst, type Guard, type KeyScript, type Place, reportsOf } from '../key-script.ts'
import type { Alarm, Effect, Output } from '../output.ts'
import type { Windows } from '../pages.ts'
import { askOf, looksAt } from '../prompts.ts'
import type { RecordBody } from '../record.ts'
import { isAssisted, type Rules } from '../rules.ts'
import type {
  BayState,
  KeyPlace,
  LimitName,
  Phase,
  PhaseName,
  RunState,
  TranscriptLine,
} from '../state.ts'
import { bookWaits } from './book.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Limits = Partial<Record<LimitName, InstantMs>>

/** Bounds of what a run carries; more than this is dropped from the middle of a run that went wrong for hours. */
const KEYS_MAX = 240
const EVIDENCE_MAX = 160
/** Enters without a person's word or the begin of provisioning between them; the longest good way needs four. */
const ENTERS_MAX = 8
/** How long a cancelled play may take to end (architecture: engine rule 2 gives it 1 s; the answer needs a commit). */
const STUCK_MS = 2000

/** Adds to a bounded list; the first half, where a run began, and the latest stay. */
function bounded<T>(list: readonly T[], item: T, max: number): readonly T[] {
  return list.length < max
    ? [...list, item]
    : [...list.slice(0, max / 2), ...list.slice(max / 2 + 1), item]
}

const isEmpty = (limits: Limits): boolean => {
  for (const _ in limits) return false
  return true
}

/** The reports of a burst are a function of it alone, and scripts do not change while a station runs. */
const REPORTS = new WeakMap<Burst, ReturnType<typeof reportsOf>>()
function reportsIn(burst: Burst): ReturnType<typeof reportsOf> {
  let reports = REPORTS.get(burst)
  if (reports === undefined) {
    reports = reportsOf(burst)
    REPORTS.set(burst, reports)
  }
  return reports
}

export class Step {
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

  /** The burst of a place for this device's Windows, or undefined when the scripts have none. */
  burst(place: Place, name: string): { script: KeyScript; burst: Burst } | undefined {
    const windows: Windows = this.s.run?.windows ?? this.rules.traits.windows
    for (const wanted of [windows, 'any'] as const) {
      for (const script of this.rules.scripts) {
        if (script.place !== place || script.windows !== wanted) continue
        const burst = script.bursts.find((one) => one.name === name)
        if (burst) return { script, burst }
      }
    }
    return undefined
  }

  /**
   * Starts a key burst and enters the phase that waits for it. By hand nothing is sent: the person's word stands in the
   * transcript for a guarded burst, and `done` says that the phase may go on at once.
   * @returns `sent`, `done` (by hand, or no such moves in the data), or `elsewhere` (the flow went to another state)
   */
  press(
    place: Place,
    name: string,
    on: string,
    phase: Phase,
    why: string,
    back: KeyPlace,
    given: InstantMs | null = null,
  ): 'sent' | 'done' | 'elsewhere' {
    const found = this.burst(place, name)
    if (this.byHand) {
      const { guard } = found?.burst ?? { guard: 'none' }
      if (found && guard !== 'none' && guard !== 'options-open')
        this.#transcribe(found.script, found.burst, on, 'person')
      this.go(phase, why)
      return 'done'
    }
    // Moves that the data does not know are none; an Enter that it does not know was never pressed.
    if (found === undefined && name !== 'enter') {
      this.go(phase, why)
      return 'done'
    }
    if (found === undefined) return this.#cannot(`no key script for ${place}`)
    if (this.s.play !== null) {
      // One play at a time: this one waits for the end of the other, and for a look or a word after it.
      this.cancelPlay()
      this.locate('a burst was still playing')
      return 'elsewhere'
    }
    if (this.s.keyboard.health !== 'ok') {
      this.keyless(back)
      return 'elsewhere'
    }
    if (name === 'enter') {
      if (this.run.enters >= ENTERS_MAX) return this.#cannot('Enter does nothing')
      this.note({ enters: this.run.enters + 1 })
    }
    this.go(phase, why, { play: this.at + this.rules.limits.playMs })
    this.#issue(found.script, found.burst, on, given)
    return 'sent'
  }

  /** A guard that nothing can come of: a person looks. */
  #cannot(detail: string): 'elsewhere' {
    this.release()
    this.go({ at: 'hold', why: 'guard-failed', detail, from: 'none', stop: false }, detail)
    return 'elsewhere'
  }

  /** Sends a burst without leaving the phase (a burst between two questions, keep-awake). */
  tap(place: Place, name: string, on: string): boolean {
    const found = this.burst(place, name)
    const ready = !this.byHand && this.s.keyboard.health === 'ok' && this.s.play === null
    if (found === undefined || !ready) return false
    this.#issue(found.script, found.burst, on, null)
    this.limit('play', this.at + this.rules.limits.playMs)
    return true
  }

  /** Plays the lock-key echo. */
  echo(): void {
    if (this.s.play !== null) return
    const [script, burst] = ['echo', 'lock-key']
    this.#play(script, burst, {
      request: { script, burst, reports: [] },
      notAfter: null,
      echo: true,
    })
    this.#line({ at: this.at, script, burst, guard: 'none', on: '', proof: 'unknown' })
    this.limit('play', this.at + this.rules.limits.playMs)
  }

  #issue(script: KeyScript, burst: Burst, on: string, given: InstantMs | null): void {
    const name = `${script.id}@${script.version}`
    this.#play(name, burst.name, {
      request: { script: name, burst: burst.name, reports: reportsIn(burst) },
      notAfter: given === null ? null : given + this.rules.limits.enterWithinMs,
      echo: false,
    })
    this.#transcribe(script, burst, on, 'unknown')
  }

  #play(
    script: string,
    burst: string,
    how: Omit<Extract<Effect, { do: 'play' }>, 'do' | 'play'>,
  ): void {
    const play = `${this.run.run}.${this.input.input}` as PlayId
    this.s.play = { play, script, burst, at: this.at, cancelled: false }
    this.effects.push({ do: 'play', play, ...how })
  }

  #transcribe(script: KeyScript, burst: Burst, on: string, proof: TranscriptLine['proof']): void {
    this.#line({
      at: this.at,
      script: `${script.id}@${script.version}`,
      burst: burst.name,
      guard: burst.guard satisfies Guard,
      on,
      proof,
    })
  }

  #line(line: TranscriptLine): void {
    this.note({ keys: bounded(this.run.keys, line, KEYS_MAX) })
  }

  /** Closes the open play with what was proved; the last transcript line is its own. */
  endPlay(proof: TranscriptLine['proof']): void {
    const burst = this.s.play?.burst
    this.s.play = null
    this.limit('play', null)
    const run = this.s.run
    const last = run?.keys.at(-1)
    // Tabs that were cut off leave the focus anywhere: a Space would press what holds it.
    const lost = burst === 'focus' && proof !== 'accepted' && proof !== 'delivered'
    if (run && last)
      this.note({
        moved: run.moved || lost,
        keys: [...run.keys.slice(0, -1), { ...last, proof }],
        burstInput: this.input.input,
      })
  }

  /** Stops a play that runs; its answer comes as `played` and is awaited, but not for ever. */
  cancelPlay(): void {
    const play = this.s.play
    if (play === null || play.cancelled) return
    this.s.play = { ...play, cancelled: true }
    this.limit('play', this.at + STUCK_MS)
    this.effects.push({ do: 'cancel', play: play.play })
  }

  /** All keys up, and no burst goes on (product: safety rules 1 and 4). */
  release(): void {
    this.cancelPlay()
    if (!this.effects.some((effect) => effect.do === 'release'))
      this.effects.push({ do: 'release' })
  }

  /** A key is due and the keyboard cannot take it. */
  keyless(back: KeyPlace): void {
    const { keyboardSilentMs, keyboardLostMs } = this.rules.limits
    this.go({ at: 'keyless', back, shown: false }, `keyboard ${this.s.keyboard.health}`, {
      silent: this.at + keyboardSilentMs,
      lost: this.at + keyboardLostMs,
    })
  }

  /** Nobody knows which page is there: a capture looks for a while, a person is asked. */
  locate(why: string, asked = false): void {
    const { confirmMs, holdMs } = this.rules.limits
    const asks = this.assisted || asked
    this.go(
      { at: 'locate', why, asked: asks },
      why,
      asks ? { hold: this.at + holdMs } : { confirm: this.at + confirmMs },
    )
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
