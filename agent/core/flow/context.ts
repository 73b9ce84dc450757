// The step with its hands: key bursts are begun, ended and cancelled here, and each leaves its line in the transcript.
import type { InstantMs, PlayId } from '../ids.ts'
import { type Burst, type Guard, type KeyScript, type Place, reportsOf } from '../key-script.ts'
import type { Effect } from '../output.ts'
import type { Windows } from '../pages.ts'
import type { KeyPlace, Phase, TranscriptLine } from '../state.ts'
import { BaseStep, bounded } from './base-step.ts'

/** More lines than this are dropped from the middle of a run that went wrong for hours. */
const KEYS_MAX = 240
/** Enters without a person's word or the begin of provisioning between them; the longest good way needs four. */
const ENTERS_MAX = 8
/** Name of the lock-key echo in the transcript. */
const ECHO = 'echo'
/** How long a cancelled play may take to end (architecture: engine rule 2 gives it 1 s; the answer needs a commit). */
const STUCK_MS = 2000

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

export class Step extends BaseStep {
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
    const [script, burst] = [ECHO, 'lock-key']
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

  /**
   * The echo that comes after keys: it plays beside what the state waits for anyway, and proves that the driver which
   * lived before them still does. It is left out where the keyboard gives none or a burst is on its way.
   */
  echoAfter(): void {
    const ready = !this.byHand && this.rules.traits.echo && this.s.keyboard.health === 'ok'
    if (ready && this.s.run !== null && this.s.keyboard.enumerated !== false) this.echo()
  }

  #line(line: TranscriptLine): void {
    const { keys, sinceEcho } = this.run
    this.note({
      keys: bounded(keys, line, KEYS_MAX),
      sinceEcho: sinceEcho === null ? null : Math.min(sinceEcho + 1, KEYS_MAX / 2),
    })
  }

  /**
   * What an echo proves: the LED followed, so its own keys were delivered, and so was every burst that was accepted since
   * the echo before, as long as nothing was lost between (architecture: engine rule 3).
   */
  #delivered(): void {
    const { keys, sinceEcho } = this.run
    const last = keys.length - 1
    // The echo's own line counts too.
    const from = last + 1 - (sinceEcho ?? 1)
    const raised = keys.slice(from, last).filter(({ proof }) => proof === 'accepted')
    this.note({
      keys: keys.map((line, n) =>
        n === last || raised.includes(line) ? { ...line, proof: 'delivered' } : line,
      ),
      sinceEcho: 0,
    })
    const presses = raised.filter(({ guard }) => guard !== 'none' && guard !== 'options-open')
    if (presses.length > 0)
      this.see(
        'keys-delivered',
        'keyboard',
        presses.map(({ script, burst }) => `${script} ${burst}`).join(', '),
      )
  }

  /** Closes the open play with what was proved; the last transcript line is its own. */
  endPlay(proof: TranscriptLine['proof'], echo?: boolean): void {
    const { burst, script } = this.s.play ?? {}
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
    if (run === null || proof === 'expired') return
    const took = proof === 'accepted' || proof === 'delivered'
    if (script === ECHO && took && echo === true) this.#delivered()
    else if (script === ECHO || !took) this.note({ sinceEcho: null })
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
}
