// The enrolment status page: its lines one after another, restarts among them, and how it ends.
import type { Key } from './hid.ts'
import type { Hand, Machine, SimPage } from './page.ts'
import { FailurePage, SuccessPage } from './pages-result.ts'
import type { Fields, Outcome } from './spec.ts'

/** Share of a line's time until it fails. */
const FAIL_SHARE = 0.6

export class ProvisioningPage implements SimPage {
  readonly name = 'provisioning'
  readonly #machine: Machine
  readonly #try: number
  #at: number

  /** `attempt`: 0 for Next, one more for each Retry. `from`: the line that is worked on first. */
  constructor(machine: Machine, attempt: number, from: number) {
    this.#machine = machine
    this.#try = attempt
    this.#at = from
    this.#work()
  }

  get #outcome(): Outcome {
    const { outcomes } = this.#machine.spec
    return outcomes[Math.min(this.#try, outcomes.length - 1)] ?? { kind: 'green' }
  }

  resume(): () => SimPage {
    return () => new ProvisioningPage(this.#machine, this.#try, this.#at)
  }

  fields(): Fields {
    const { spec } = this.#machine
    return { windows: spec.windows, activity: spec.segments[this.#at]?.activity ?? 'Finishing' }
  }

  down(key: Key): void {
    if (key === 'enter') this.press('keyboard')
  }

  up(_key: Key): void {}

  /** There is no button here; a press is told to the truth and does nothing. */
  press(by: Hand): void {
    this.#machine.truth.press('provisioning', 'none', 'nothing', by)
  }

  #work(): void {
    const machine = this.#machine
    const segment = machine.spec.segments[this.#at]
    const outcome = this.#outcome
    if (segment === undefined) {
      machine.show(() => new SuccessPage(machine))
      return
    }
    if (outcome.kind !== 'green' && outcome.at === this.#at) {
      if (outcome.kind === 'hang') {
        machine.truth.tell('hangs')
        return
      }
      machine.after(Math.ceil(segment.ms * FAIL_SHARE), () =>
        machine.show(
          () =>
            new FailurePage(
              machine,
              outcome.code,
              () => new ProvisioningPage(machine, this.#try + 1, this.#at),
            ),
        ),
      )
      return
    }
    machine.after(segment.ms, () => {
      const next = this.#at + 1
      if (segment.restartMs === undefined) {
        this.#at = next
        machine.changed()
        this.#work()
      } else
        machine.restart(segment.restartMs, () => new ProvisioningPage(machine, this.#try, next))
    })
  }
}
