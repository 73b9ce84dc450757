// The operator's line to whatever agent runs now: it may be killed in the middle of a call and another one may come.
import type { BenchControl } from '../../agent/ports.ts'
import type { View } from './look.ts'

type Act = Parameters<BenchControl['act']>[1]
type Taken = Awaited<ReturnType<BenchControl['answer']>>

export class AgentLine {
  #control: BenchControl | null = null
  #unsubscribe: (() => void) | null = null
  /** Ends the calls that are open when the agent is gone: one to a dead agent never ends by itself. */
  readonly #open = new Set<() => void>()
  readonly #heard: (bay: string | null) => void

  /** `heard`: called with the bay that changed, or null when all may have. */
  constructor(heard: (bay: string | null) => void) {
    this.#heard = heard
  }

  /** Takes another agent, or none. Calls that are still open come back empty. */
  attach(control: BenchControl | null): void {
    this.#unsubscribe?.()
    this.#unsubscribe = null
    for (const lost of this.#open) lost()
    this.#open.clear()
    this.#control = control
    if (control !== null) this.#unsubscribe = control.subscribe((bay) => this.#heard(bay))
    this.#heard(null)
  }

  view(bay: string): View | null {
    return this.#control?.bay(bay) ?? null
  }

  answer(
    bay: string,
    prompt: string,
    answer: string,
    by: string,
    text: string | undefined,
    given: number,
  ): Promise<Taken | null> {
    return this.#ask((control) => control.answer(bay, prompt, answer, by, text, given))
  }

  act(bay: string, action: Act, by: string): Promise<Taken | null> {
    return this.#ask((control) => control.act(bay, action, by))
  }

  scan(text: string, by: string, bay: string): Promise<Taken | null> {
    return this.#ask((control) => control.scan(text, by, bay))
  }

  undo(bay: string, prompt: string, by: string): Promise<Taken | null> {
    return this.#ask((control) => control.undo(bay, prompt, by))
  }

  #ask(call: (control: BenchControl) => Promise<Taken>): Promise<Taken | null> {
    const control = this.#control
    if (control === null) return Promise.resolve(null)
    // Not a race against one promise of this life: it would keep every answer until the agent is gone.
    return new Promise((resolve, reject) => {
      const lost = () => resolve(null)
      this.#open.add(lost)
      void call(control)
        .then(resolve, reject)
        .finally(() => this.#open.delete(lost))
    })
  }
}
