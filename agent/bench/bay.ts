// One bay: takes an input, steps, commits, and only then acts. Its faults never leave it.
import type { Fact, Input } from '../core/facts.ts'
import type { BayId, RunId } from '../core/ids.ts'
import type { Output } from '../core/output.ts'
import type { Estimate, Rules } from '../core/rules.ts'
import type { BayState } from '../core/state.ts'
import { writeState } from '../core/state-text.ts'
import { step } from '../core/step.ts'
import { type FaultCode, isStationError } from '../fault.ts'
import type { Clock, Committed, Entry, Ids, Ledger, ReportHealth, Taken } from '../ports.ts'
import type { Act } from './act.ts'
import { Mailbox } from './mailbox.ts'

export interface BayNeeds {
  readonly bay: BayId
  readonly rules: Rules
  readonly clock: Clock
  readonly ids: Ids
  readonly ledger: Ledger
  readonly report: ReportHealth
  /** The step, replaceable so that a test can poison one bay. */
  readonly step?: typeof step
  /** How long provisioning is expected to take now. */
  readonly estimate?: () => Estimate
  /** Called after each commit, before anything is shown or done. */
  readonly committed: (bay: BayId, output: Output, done: Committed) => void
  /** What the wire and the keyboard last said, asked for again after an overflow. */
  readonly relearn: () => readonly Fact[]
}

/** After a failed commit the same input is tried again after this long, doubled up to the limit. */
const AGAIN_MIN_MS = 250
const AGAIN_MAX_MS = 5000

const STALE: Taken = { taken: 'stale', code: 'OPERATOR_STALE_PROMPT' }

export class Bay {
  readonly #n: BayNeeds
  readonly #box = new Mailbox()
  readonly #life = new AbortController()
  #state: BayState
  #act: Act | null = null
  #running: Promise<void> | null = null
  /** What an input waits for before its step: who the device is. */
  #asking: Promise<unknown> = Promise.resolve()

  constructor(needs: BayNeeds, state: BayState) {
    this.#n = needs
    this.#state = state
  }

  /** The committed state: nothing else is ever shown. */
  get state(): BayState {
    return this.#state
  }

  /** Inputs that wait. */
  get waiting(): number {
    return this.#box.size
  }

  /** Settles unless this bay's loop hangs at an input; a commit that waits is the ledger's to answer for. */
  answers(): Promise<unknown> {
    return this.#asking
  }

  attach(act: Act): void {
    this.#act = act
  }

  /** Puts an input into the mailbox; with `key` it replaces one that still waits. */
  put(
    fact: Fact | (() => Fact | Promise<Fact>),
    key: string | null,
    done: ((taken: Taken) => void) | null = null,
  ): void {
    if (this.#life.signal.aborted) return
    const taken = this.#box.put({ key, fact: typeof fact === 'function' ? fact : () => fact, done })
    if (!taken) {
      this.#n.report({
        part: 'bay',
        bay: this.#n.bay,
        ok: false,
        code: 'STATION_MAILBOX_FULL',
        detail: `${this.#box.size} inputs wait`,
      })
      done?.({ taken: 'refused', code: 'STATION_MAILBOX_FULL' })
      return
    }
    this.#wake()
  }

  #wake(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = null
      // Who waits for an answer may put the next letter while the run of the last one ends: it must not lie there.
      if (this.#box.first !== undefined && !this.#life.signal.aborted) this.#wake()
    })
  }

  /** Resolves when everything that waited has been committed, or the bay was stopped. */
  async settled(): Promise<void> {
    while (this.#running !== null) await this.#running
  }

  async #run(): Promise<void> {
    for (
      let letter = this.#box.first;
      letter !== undefined && !this.#life.signal.aborted;
      letter = this.#box.first
    ) {
      const output = await this.#take(letter.fact)
      if (output === null) return
      this.#box.shift()
      letter.done?.(answerOf(output))
      this.#act?.perform(output.effects)
      if (this.#box.recovered()) {
        this.#n.report({ part: 'bay', bay: this.#n.bay, ok: true, code: null, detail: '' })
        for (const fact of this.#n.relearn()) this.put(fact, fact.kind)
      }
    }
  }

  /** Steps and commits one input; tries again while the ledger cannot. Null when the bay was stopped meanwhile. */
  async #take(ask: () => Fact | Promise<Fact>): Promise<Output | null> {
    for (
      let wait = AGAIN_MIN_MS;
      !this.#life.signal.aborted;
      wait = Math.min(AGAIN_MAX_MS, wait * 2)
    ) {
      try {
        const asked = Promise.resolve(ask())
        this.#asking = asked
        const fact = await asked
        const input = this.#stamp(fact)
        const output = this.#step(input)
        const done = await this.#n.ledger.commit(entryOf(this.#state, input, output))
        if (this.#life.signal.aborted) return null
        this.#state = output.state
        this.#n.report({ part: 'ledger', bay: null, ok: true, code: null, detail: '' })
        this.#n.committed(this.#n.bay, output, done)
        return output
      } catch (error) {
        if (!isStationError(error)) throw error
        this.#n.report({
          part: 'ledger',
          bay: null,
          ok: false,
          code: error.code,
          detail: error.message,
        })
        await this.#n.clock.sleep(wait, this.#life.signal)
      }
    }
    return null
  }

  #stamp(fact: Fact): Input {
    const at = this.#n.clock.now()
    const estimate = this.#n.estimate?.()
    return {
      input: this.#state.input + 1,
      at,
      uid: this.#n.ids.next(at) as RunId,
      fact,
      ...(estimate === undefined ? {} : { estimate }),
    }
  }

  /** An exception in one bay's step closes that run as `error`; the others go on (architecture: engine rule 12). */
  #step(input: Input): Output {
    const run = this.#n.step ?? step
    try {
      return run(this.#n.rules, this.#state, input)
    } catch (error) {
      const detail =
        error instanceof Error
          ? `${error.message} ${error.stack?.split('\n')[1]?.trim() ?? ''}`
          : String(error)
      this.#n.report({
        part: 'bay',
        bay: this.#n.bay,
        ok: false,
        code: 'STATION_BAY_CRASHED',
        detail,
      })
      return step(this.#n.rules, this.#state, {
        ...input,
        fact: { kind: 'poisoned', fault: 'STATION_BAY_CRASHED', detail },
      })
    }
  }

  stop(): void {
    this.#life.abort()
    for (let letter = this.#box.first; letter !== undefined; letter = this.#box.first) {
      letter.done?.(STALE)
      this.#box.shift()
    }
  }
}

function entryOf(before: BayState, input: Input, output: Output): Entry {
  const { state } = output
  return {
    bay: state.bay,
    input,
    state: writeState(state),
    phase: state.phase.at,
    run: state.run?.run ?? before.run?.run ?? null,
    serial: state.run?.serial ?? before.run?.serial ?? null,
    effects: output.effects,
    record: output.record,
    transition: output.transition,
    alarms: output.alarms,
  }
}

/** How the step took what a person did. */
function answerOf(output: Output): Taken {
  const bay = output.state.bay
  switch (output.taken) {
    case 'stale':
      return { ...STALE, bay }
    case 'refused':
      return { taken: 'refused', code: 'OPERATOR_NOT_NOW' satisfies FaultCode, bay }
    case 'same':
      return { taken: 'same', bay }
    case 'taken':
      return { taken: 'taken', bay }
    default:
      return output.transition === null && output.effects.length === 0
        ? { taken: 'refused', code: 'OPERATOR_NOT_NOW', bay }
        : { taken: 'taken', bay }
  }
}
