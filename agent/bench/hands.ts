// What people do to the bench: answers, actions and scans, each sent to its bay as a fact.
import { ACTIONS, type Action, type Fact } from '../core/facts.ts'
import type { BayId, PromptId } from '../core/ids.ts'
import type { BayState } from '../core/state.ts'
import type { BayView } from '../core/view.ts'
import type { Clock, Taken } from '../ports.ts'
import type { Identity } from './identity.ts'
import type { ScanRouter } from './scans.ts'
import { SerialDoubt } from './serial-doubt.ts'

export interface HandsNeeds {
  readonly clock: Clock
  readonly identity: Identity
  readonly scans: ScanRouter
  readonly views: () => readonly BayView[]
  /** Committed state of a bay; null when there is no such bay. */
  readonly stateOf: (bay: string) => BayState | null
  readonly releaseAll: (bay: string) => void
  readonly put: (bay: string, fact: Fact | (() => Promise<Fact>)) => Promise<Taken>
  readonly probe: (bay: string, by: string) => Promise<Taken>
}

/** Longest text of an answer: an error code, a serial number, a short note. */
const TEXT_MAX = 200

export class Hands {
  readonly #n: HandsNeeds
  readonly #doubt: SerialDoubt

  constructor(needs: HandsNeeds) {
    this.#n = needs
    this.#doubt = new SerialDoubt(needs.clock)
  }

  answer(
    bay: string,
    prompt: string,
    answer: string,
    by: string,
    text?: string,
    given: number = this.#n.clock.now(),
  ): Promise<Taken> {
    if (answer === 'serial') return this.scan(text ?? '', by, bay)
    return this.#n.put(bay, {
      kind: 'answered',
      prompt: prompt as PromptId,
      answer,
      by,
      given,
      ...(text === undefined ? {} : { text: text.slice(0, TEXT_MAX) }),
    })
  }

  undo(bay: string, prompt: string, by: string): Promise<Taken> {
    return this.#n.put(bay, { kind: 'undo', prompt: prompt as PromptId, by })
  }

  act(bay: string, action: Action, by: string): Promise<Taken> {
    // Keys up is a reflex: it waits neither for its turn nor for a commit.
    if (action === 'abort' || action === 'out-of-service') this.#n.releaseAll(bay)
    const serial = action === 'retry' ? (this.#n.stateOf(bay)?.last?.serial ?? null) : null
    const alsoIn = serial === null ? null : this.#n.identity.claimAgain(bay as BayId, serial)
    if (alsoIn !== null)
      return Promise.resolve({
        taken: 'refused',
        code: 'OPERATOR_DUPLICATE_SERIAL',
        detail: `bay ${alsoIn}`,
      })
    return this.#n.put(bay, { kind: 'action', action, by })
  }

  async scan(text: string, by: string, bay?: string): Promise<Taken> {
    const { scans, views, clock, identity, put } = this.#n
    const target = scans.route(text, by, bay, views(), clock.now())
    switch (target.to) {
      case 'refused':
        return { taken: 'refused', code: target.code, detail: target.detail }
      case 'selected':
        return { taken: 'taken', bay: target.bay as BayId, detail: 'bay selected' }
      case 'command':
        return this.#command(target.bay, target.command, by)
      case 'serial': {
        const id = target.bay as BayId
        const doubt = this.#doubt.of(id, target.serial, identity.modelsFor(id, target.serial))
        if (doubt !== null)
          return { taken: 'refused', code: 'OPERATOR_SCAN_DOUBTFUL', bay: id, detail: doubt }
        return put(id, () => identity.ofSerial(id, target.serial, 'scan', by))
      }
      case 'qr':
        return this.#qr(target.bay, target.text, by)
    }
  }

  #qr(bay: string, text: string, by: string): Promise<Taken> {
    const state = this.#n.stateOf(bay)
    const fact = state === null ? null : this.#n.identity.ofQr(bay as BayId, state, text, by)
    return fact === null
      ? Promise.resolve({ taken: 'refused', code: 'OPERATOR_SCAN_UNREADABLE' })
      : this.#n.put(bay, fact)
  }

  /** A command barcode: undo, an action, or an answer to the open question. */
  #command(bay: string, command: string, by: string): Promise<Taken> {
    const prompt = this.#n.views().find((view) => view.bay === bay)?.prompt ?? null
    if (command === 'probe') return this.#n.probe(bay, by)
    if (command === 'undo') return this.undo(bay, prompt?.id ?? '', by)
    const answer = command === 'confirm' ? (prompt?.expected ?? null) : command
    if (prompt?.choices.some((choice) => choice.answer === answer))
      return this.answer(bay, prompt.id, answer ?? '', by)
    const action = ACTIONS.find((one) => one === command)
    if (action !== undefined) return this.act(bay, action, by)
    return Promise.resolve({ taken: 'refused', code: 'OPERATOR_ANSWER_UNKNOWN', bay: bay as BayId })
  }
}
