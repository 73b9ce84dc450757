// A bench in memory for tests of those who only look at it: views are set by the test, commits are told by hand.
import type { BayView } from '../../agent/core/view.ts'
import type { BenchControl, Health, ReportHealth, Taken } from '../../agent/ports.ts'

const NO: Taken = { taken: 'refused', code: 'OPERATOR_NOT_NOW' }

/** A bay with nothing in it; `with` says what is different. */
export function fakeView(bay: string, different: Partial<BayView> = {}): BayView {
  return {
    bay,
    state: 'empty',
    signal: 'empty',
    word: 'Free',
    line: 'Plug a device in',
    step: 'empty',
    serial: null,
    run: null,
    since: Date.parse('2026-11-23T08:00:00Z'),
    deadline: null,
    prompt: null,
    progress: null,
    code: null,
    grade: null,
    fault: null,
    undoUntil: null,
    input: 0,
    at: Date.parse('2026-11-23T08:00:00Z'),
    ...different,
  }
}

export class FakeBench implements BenchControl {
  readonly #views = new Map<string, BayView>()
  readonly #listeners = new Set<(bay: string | null) => void>()
  readonly #healths: Health[] = []
  readonly #seq: () => number

  constructor(bays: readonly string[], seq: () => number) {
    this.#seq = seq
    for (const bay of bays) this.#views.set(bay, fakeView(bay))
  }

  /** Commits a change of a bay's view and tells it. */
  show(bay: string, different: Partial<BayView>): void {
    const view = this.#views.get(bay) ?? fakeView(bay)
    this.#views.set(bay, { ...view, ...different, input: view.input + 1 })
    this.tell(bay)
  }

  /** As after a commit of that bay, or a change of the station's health. */
  tell(bay: string | null): void {
    for (const listener of this.#listeners) listener(bay)
  }

  readonly report: ReportHealth = (health) => {
    this.#healths.push({ ...health, since: Date.now() })
  }

  bays = (): readonly BayView[] => [...this.#views.values()]
  bay = (bay: string): BayView | null => this.#views.get(bay) ?? null
  seq = (): number => this.#seq()
  health = (): readonly Health[] => this.#healths
  answer = async (): Promise<Taken> => NO
  undo = async (): Promise<Taken> => NO
  act = async (): Promise<Taken> => NO
  scan = async (): Promise<Taken> => NO

  subscribe(fn: (bay: string | null) => void): () => void {
    this.#listeners.add(fn)
    return () => this.#listeners.delete(fn)
  }
}
