// One step's working copy of a bay: every state group moves the flow through these few verbs, nothing else writes state.
import type { Evidence, Source } from '../evidence.ts'
import type { Input } from '../facts.ts'
import type { InstantMs, LookId, PlayId, PromptId } from '../ids.ts'
import { type Burst, type Guard, type KeyScript, type Place, reportsOf } from '../key-script.ts'
import type { Alarm, Effect, Output } from '../output.ts'
import type { Windows } from '../pages.ts'
import { askOf, looksAt } from '../prompts.ts'
import type { RecordBody } from '../record.ts'
import type { Rules } from '../rules.ts'
import type {
  BayState,
  KeyPlace,
  LimitName,
  Phase,
  PhaseName,
  RunState,
  TranscriptLine,
} from '../state.ts'
import { stepName } from './steps.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Limits = Partial<Record<LimitName, InstantMs>>

/** Bounds of what a run carries; more than this is dropped from the middle of a run that went wrong for hours. */
const KEYS_MAX = 240
const EVIDENCE_MAX = 160

export class Step {
  readonly rules: Rules
  readonly at: InstantMs
  readonly input: Input
  readonly s: Mutable<BayState>
  readonly effects: Effect[] = []
  readonly alarms: Alarm[] = []
  record: RecordBody | null = null
  why = ''
  taken: Output['taken'] = null
  readonly #from: PhaseName

  constructor(rules: Rules, state: BayState, input: Input) {
    this.rules = rules
    this.input = input
    this.at = input.at
    this.s = { ...state, input: input.input, at: input.at }
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
    return this.rules.traits.screen === 'operator'
  }

  get byHand(): boolean {
    return this.rules.traits.keyboard === 'manual'
  }

  /** Changes fields of the open run. */
  note(change: Partial<RunState>): void {
    this.s.run = { ...this.run, ...change }
  }

  /** Adds evidence to the open run, bounded. */
  see(kind: string, source: Source, ref: string): void {
    const run = this.s.run
    if (run === null || run.evidence.length >= EVIDENCE_MAX) return
    const fact: Evidence = { kind, source, at: this.at, ref: ref.slice(0, 400) }
    this.s.run = { ...run, evidence: [...run.evidence, fact] }
  }

  /** Moves to a phase: waits are booked, its question, look and limits are set anew. */
  go(phase: Phase, why: string, limits: Limits = {}): void {
    this.#bookWaits()
    this.s.phase = phase
    this.s.since = this.at
    this.why = why
    this.s.limits = limits
    if (this.s.run !== null && Object.keys(limits).length === 0)
      this.s.limits = { hold: this.at + this.rules.limits.holdMs }
    this.#setLevels()
  }

  /** Stays in the phase with other memory; limits and question stay. */
  keep(phase: Phase): void {
    this.s.phase = phase
  }

  /** Asks the same question anew, under a new id (what was seen or answered before no longer counts). */
  askAgain(phase: Phase, why: string): void {
    this.#bookWaits()
    this.s.phase = phase
    this.s.since = this.at
    this.why = why
    this.#setLevels()
  }

  limit(name: LimitName, at: InstantMs | null): void {
    const { [name]: _, ...rest } = this.s.limits
    this.s.limits = at === null ? rest : { ...rest, [name]: at }
  }

  /** True when the named limit is armed and has come. */
  due(name: LimitName): boolean {
    const limit = this.s.limits[name]
    return limit !== undefined && limit <= this.at
  }

  #setLevels(): void {
    const ask = askOf(this.s.phase, this.rules)
    this.s.prompt =
      ask === null
        ? null
        : { id: `p${this.input.input}` as PromptId, since: this.at, loud: ask === 'loud' }
    this.s.look = looksAt(this.s.phase, this.rules)
      ? { id: `l${this.input.input}` as LookId, since: this.at, input: this.input.input }
      : null
    if (ask === 'loud' && this.s.run !== null)
      this.s.run = { ...this.s.run, prompts: this.s.run.prompts + 1 }
  }

  /** Books the time since the phase began: by step, and as a wait for a person when a loud question was open. */
  #bookWaits(): void {
    const run = this.s.run
    const spent = this.at - Math.max(this.s.since, run?.openedAt ?? this.at)
    if (run === null || spent <= 0) return
    const step = stepName(this.s.phase)
    const person = this.s.prompt?.loud === true
    this.s.run = {
      ...run,
      durations: { ...run.durations, [step]: (run.durations[step] ?? 0) + spent },
      operatorWaitMs: run.operatorWaitMs + (person ? spent : 0),
      machineWaitMs: run.machineWaitMs + (person ? 0 : spent),
    }
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
   * @returns `sent`, `done` (by hand, or no such burst in the data), or `keyless` (the flow went there)
   */
  press(
    place: Place,
    name: string,
    on: string,
    phase: Phase,
    why: string,
    back: KeyPlace,
    given: InstantMs | null = null,
  ): 'sent' | 'done' | 'keyless' {
    const found = this.burst(place, name)
    if (this.byHand || found === undefined) {
      if (
        this.byHand &&
        found &&
        found.burst.guard !== 'none' &&
        found.burst.guard !== 'options-open'
      )
        this.#transcribe(found.script, found.burst, on, 'person')
      this.go(phase, why)
      return 'done'
    }
    if (this.s.keyboard.health !== 'ok') {
      this.keyless(back)
      return 'keyless'
    }
    this.go(phase, why, { play: this.at + this.rules.limits.playMs })
    this.#issue(found.script, found.burst, on, given)
    return 'sent'
  }

  /** Sends a burst without leaving the phase (a burst between two questions, keep-awake). */
  tap(place: Place, name: string, on: string): boolean {
    const found = this.burst(place, name)
    if (
      found === undefined ||
      this.byHand ||
      this.s.keyboard.health !== 'ok' ||
      this.s.play !== null
    )
      return false
    this.#issue(found.script, found.burst, on, null)
    this.limit('play', this.at + this.rules.limits.playMs)
    return true
  }

  /** Plays the lock-key echo. */
  echo(): void {
    const play = this.#newPlay()
    this.s.play = { play, script: 'echo', burst: 'lock-key', at: this.at, cancelled: false }
    this.effects.push({
      do: 'play',
      play,
      request: { script: 'echo', burst: 'lock-key', reports: [] },
      notAfter: null,
      echo: true,
    })
    this.#line({
      at: this.at,
      script: 'echo',
      burst: 'lock-key',
      guard: 'none',
      on: '',
      proof: 'unknown',
    })
    this.limit('play', this.at + this.rules.limits.playMs)
  }

  #issue(script: KeyScript, burst: Burst, on: string, given: InstantMs | null): void {
    const play = this.#newPlay()
    const name = `${script.id}@${script.version}`
    this.s.play = { play, script: name, burst: burst.name, at: this.at, cancelled: false }
    this.effects.push({
      do: 'play',
      play,
      echo: false,
      request: { script: name, burst: burst.name, reports: reportsOf(burst) },
      notAfter: given === null ? null : given + this.rules.limits.enterWithinMs,
    })
    this.#transcribe(script, burst, on, 'unknown')
  }

  #newPlay(): PlayId {
    return `${this.run.run}.${this.input.input}` as PlayId
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
    const keys = this.run.keys
    this.note({
      keys:
        keys.length < KEYS_MAX
          ? [...keys, line]
          : [...keys.slice(0, KEYS_MAX / 2), ...keys.slice(KEYS_MAX / 2 + 1), line],
    })
  }

  /** Closes the open play with what was proved; the last transcript line is its own. */
  endPlay(proof: TranscriptLine['proof']): void {
    this.s.play = null
    this.limit('play', null)
    const run = this.s.run
    const last = run?.keys.at(-1)
    if (run && last)
      this.s.run = {
        ...run,
        keys: [...run.keys.slice(0, -1), { ...last, proof }],
        burstInput: this.input.input,
      }
  }

  /** Stops a play that runs; its answer comes as `played` and is awaited. */
  cancelPlay(): void {
    const play = this.s.play
    if (play === null || play.cancelled) return
    this.s.play = { ...play, cancelled: true }
    this.effects.push({ do: 'cancel', play: play.play })
  }

  /** A key is due and the keyboard cannot take it. */
  keyless(back: KeyPlace): void {
    const { keyboardSilentMs, keyboardLostMs } = this.rules.limits
    this.go({ at: 'keyless', back, shown: false }, `keyboard ${this.s.keyboard.health}`, {
      silent: this.at + keyboardSilentMs,
      lost: this.at + keyboardLostMs,
    })
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
