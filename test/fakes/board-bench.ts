// A bench that does what a test tells it, for the web and the board: views are set by hand, calls are kept.
import type { Action } from '../../agent/core/facts.ts'
import { bayId } from '../../agent/core/ids.ts'
import { SIGNAL_TABLE, type Signal } from '../../agent/core/signals.ts'
import type { BayView, Choice, Prompt } from '../../agent/core/view.ts'
import type { BenchControl, Clock, Health, Taken } from '../../agent/ports.ts'

export interface Call {
  readonly what: 'answer' | 'undo' | 'act' | 'scan'
  readonly bay: string | null
  readonly args: readonly (string | undefined)[]
}

export class BoardBench implements BenchControl {
  readonly calls: Call[] = []
  readonly #views = new Map<string, BayView>()
  readonly #listeners = new Set<(bay: string | null) => void>()
  #health: readonly Health[] = []
  #seq = 0
  /** What the next calls answer; a function may also change views, as a commit would. */
  reply: (call: Call) => Taken | Promise<Taken> = () => ({ taken: 'taken' })

  constructor(views: readonly BayView[]) {
    for (const view of views) this.#views.set(view.bay, view)
  }

  get listeners(): number {
    return this.#listeners.size
  }

  bays(): readonly BayView[] {
    return [...this.#views.values()]
  }

  bay(bay: string): BayView | null {
    return this.#views.get(bay) ?? null
  }

  seq(): number {
    return this.#seq
  }

  health(): readonly Health[] {
    return this.#health
  }

  answer(
    bay: string,
    prompt: string,
    answer: string,
    by: string,
    text?: string,
    given?: number,
  ): Promise<Taken> {
    if (given === undefined) throw new Error('the time of the answer is missing')
    return this.#called({ what: 'answer', bay, args: [prompt, answer, text, by] })
  }

  undo(bay: string, prompt: string, by: string): Promise<Taken> {
    return this.#called({ what: 'undo', bay, args: [prompt, by] })
  }

  act(bay: string, action: Action, by: string): Promise<Taken> {
    return this.#called({ what: 'act', bay, args: [action, by] })
  }

  scan(text: string, by: string, bay?: string): Promise<Taken> {
    return this.#called({ what: 'scan', bay: bay ?? null, args: [text, by] })
  }

  subscribe(fn: (bay: string | null) => void): () => void {
    this.#listeners.add(fn)
    return () => this.#listeners.delete(fn)
  }

  /** Sets a view as a commit would, at the ledger number `seq`. */
  show(view: BayView, seq = this.#seq + 1): void {
    this.#views.set(view.bay, view)
    this.commit(seq, view.bay)
  }

  commit(seq: number, bay: string | null): void {
    this.#seq = seq
    for (const fn of this.#listeners) fn(bay)
  }

  ail(health: readonly Health[]): void {
    this.#health = health
    for (const fn of this.#listeners) fn(null)
  }

  async #called(call: Call): Promise<Taken> {
    this.calls.push(call)
    return this.reply(call)
  }
}

export const ill = (
  part: Health['part'],
  code: Health['code'],
  bay: string | null = null,
): Health => ({
  part,
  code,
  bay: bay === null ? null : bayId(bay),
  ok: false,
  since: 0,
  detail: '',
})

/** A view as the flow would render it; `more` says what is special. */
export function viewOf(
  bay: string,
  signal: Signal,
  clock: Clock,
  more: Partial<BayView> = {},
): BayView {
  return {
    bay,
    state: signal,
    signal,
    word: SIGNAL_TABLE[signal].word,
    line: 'what goes on',
    step: signal,
    serial: signal === 'empty' || signal === 'closed' ? null : `5CG4${bay.padStart(6, '0')}`,
    run: null,
    since: clock.now(),
    deadline: null,
    prompt: null,
    progress: null,
    code: null,
    grade: null,
    fault: null,
    undoUntil: null,
    input: 1,
    at: clock.now(),
    ...more,
  }
}

const choice = (answer: string, label: string, more: Partial<Choice> = {}): Choice => ({
  answer,
  label,
  pictured: false,
  closes: false,
  ...more,
})

export const PICTURED: readonly Choice[] = [
  choice('see-dark', 'Dark', { pictured: true, picture: 'dark' }),
  choice('see-firmware', 'Firmware password', { pictured: true, picture: 'firmware' }),
  choice('see-boot-error', 'Boot error', { pictured: true, picture: 'boot-error' }),
  choice('see-bitlocker', 'BitLocker recovery', { pictured: true, picture: 'bitlocker' }),
  choice('see-desktop', 'Desktop', { pictured: true, picture: 'desktop' }),
  choice('see-menu', 'Other menu', { pictured: true, picture: 'menu' }),
  choice('see-language', 'Other language', { pictured: true, picture: 'language' }),
  choice('something-else', 'Something else', { pictured: true, picture: 'other' }),
]

/** The question of the review page, with the names of an order. */
export const comparePrompt = (id: string, clock: Clock): Prompt => ({
  id,
  verb: 'Compare',
  line: 'Names right, Next framed?',
  names: {
    organisation: 'contoso.onmicrosoft.com',
    profile: 'Standard user, pre-provisioned',
    user: 'none',
  },
  expected: 'yes',
  choices: [
    choice('yes', 'Yes, right'),
    choice('differs-organisation', 'Organisation differs'),
    choice('differs-profile', 'Profile differs'),
    choice('no-profile', 'No profile, Next is grey'),
    ...PICTURED,
  ],
  since: clock.now(),
  loud: true,
  scan: true,
})

export const codePrompt = (id: string, clock: Clock): Prompt => ({
  id,
  verb: 'Look',
  line: 'Which code is on the red page?',
  expected: null,
  choices: [
    choice('code', 'Red: this code', { text: 'code' }),
    choice('no-code', 'No code there', { closes: true }),
    ...PICTURED,
  ],
  since: clock.now(),
  loud: true,
  scan: false,
})
