// A bay's buttons: a press is the expected answer, held it is "something else"; green or red takes two of them.
import type { BayId } from '../core/ids.ts'
import type { BayView, Prompt } from '../core/view.ts'
import type { ButtonReport, Clock, OperatorButton, ReportHealth, Taken } from '../ports.ts'

export interface ButtonsNeeds {
  readonly clock: Clock
  readonly report: ReportHealth
  readonly view: (bay: BayId) => BayView | null
  readonly answer: (
    bay: BayId,
    prompt: string,
    answer: string,
    by: string,
    text: undefined,
    given: number,
  ) => Promise<Taken>
  /** A press that answered nothing, for the log. */
  readonly refused: (bay: BayId, taken: Taken) => void
}

/** What a button says of itself in the journal. */
const BY = 'button'
/** Nobody reads a question and presses in less: such a press was meant for the question before, ms [chosen]. */
const READ_MS = 400

/** The answer of a press, or why it answers nothing. `keys`: how many buttons the bay has. */
export function answerOfPress(
  prompt: Prompt,
  { press, key }: ButtonReport,
  keys: number,
): { readonly answer: string } | { readonly refused: string } {
  const offers = (answer: string) => prompt.choices.some((choice) => choice.answer === answer)
  if (press === 'long')
    return offers('something-else')
      ? { answer: 'something-else' }
      : { refused: 'This question has no "something else".' }
  if (offers('green') && offers('red')) {
    if (keys < 2) return { refused: 'Green or red takes two buttons, a barcode or the board.' }
    if (!prompt.loud) return { refused: 'Nobody asked yet: answer early on the board.' }
    if (key > 1) return { refused: 'The first button says green, the second says red.' }
    return { answer: key === 0 ? 'green' : 'red' }
  }
  if (key > 0) return { refused: 'Only the first button answers this question.' }
  if (prompt.expected === null || !offers(prompt.expected))
    return { refused: 'This question takes a scan, a barcode or the board.' }
  return { answer: prompt.expected }
}

export class Buttons {
  readonly #n: ButtonsNeeds

  constructor(needs: ButtonsNeeds) {
    this.#n = needs
  }

  /** Answers the open question of a bay by a press. */
  async press(bay: BayId, report: ButtonReport, keys: number): Promise<Taken> {
    const taken = await this.#press(bay, report, keys)
    if (taken.taken === 'refused' || taken.taken === 'stale') this.#n.refused(bay, taken)
    return taken
  }

  #press(bay: BayId, report: ButtonReport, keys: number): Promise<Taken> {
    const prompt = this.#n.view(bay)?.prompt ?? null
    const refused = (code: 'OPERATOR_NOT_NOW' | 'OPERATOR_BUTTON', detail: string) =>
      Promise.resolve({ taken: 'refused', code, bay, detail } as const)
    if (prompt === null) return refused('OPERATOR_NOT_NOW', 'The bay asks nothing now.')
    if (report.at < prompt.since + READ_MS)
      return Promise.resolve({ taken: 'stale', code: 'OPERATOR_STALE_PROMPT', bay })
    const meant = answerOfPress(prompt, report, keys)
    return 'refused' in meant
      ? refused('OPERATOR_BUTTON', meant.refused)
      : this.#n.answer(bay, prompt.id, meant.answer, BY, undefined, report.at)
  }

  /** Takes presses until the signal aborts. */
  async follow(bay: BayId, buttons: OperatorButton, signal: AbortSignal): Promise<void> {
    let keys = 1
    for await (const report of buttons.watch(signal)) {
      if ('kind' in report) {
        // In order: a second press finds the question that the first one left.
        await this.press(bay, report, keys)
        continue
      }
      keys = report.keys ?? 1
      const isGone = report.health === 'gone'
      const code = isGone ? (report.code ?? 'STATION_BUTTON_GONE') : null
      this.#n.report({ part: 'button', bay, ok: !isGone, code, detail: '' })
    }
  }
}
