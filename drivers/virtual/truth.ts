// The bench's own account of what really happened, kept apart from the agent: only checkers read it.
import type { DeviceSpec, Focus, Page } from './spec.ts'

/** An Enter or Space that reached a button, with what stood there. */
export interface Press {
  readonly at: number
  readonly page: Page
  readonly focus: Focus | 'none'
  readonly by: 'keyboard' | 'person'
  /** What it set off, in a word. */
  readonly did: string
}

/** Cases that look the same from outside as what the station says (issue: listed in the documents). */
export type Indistinguishable = 'false-word' | 'pulled-at-shutdown'

export interface DeviceTruth {
  readonly n: number
  readonly serial: string
  readonly order: string
  readonly ztdId: string | null
  /** UTC ms of every time that the reseal really took effect. */
  readonly resealedAt: readonly number[]
  /** False: it cannot be resealed by the rules as it stands. */
  readonly provisionable: boolean
  readonly indistinguishable: Indistinguishable | null
  /** Reset pressed by the station's keyboard: must stay 0. */
  readonly resetsByKeys: number
  readonly resetsByPerson: number
  /** Next of a menu that is not the known options dialog: must stay 0. */
  readonly unknownNextPressed: number
  /** Presses that no key script has: an Enter or Space on something else than its button. */
  readonly strayPresses: readonly Press[]
  readonly presses: readonly Press[]
  /** Times that the options were summoned. */
  readonly summons: number
  readonly reportsDropped: number
  /** What befell it, in order, for a person who reads a failing seed. */
  readonly story: readonly string[]
  /** Seconds a person spent on it (walking and acting), and the questions answered. */
  readonly operatorMs: number
  readonly prompts: number
}

/** Where an Enter of the station may land: everything else is a stray press. */
const ALLOWED: ReadonlySet<string> = new Set([
  'options/next/pre-provision',
  'landing/next/provision',
  'landing/refresh/refresh',
  'success/reseal/reseal',
  'failure/retry/retry',
])

/** A story longer than this tells nothing more. */
const STORY_MAX = 200

export class TruthBook {
  readonly #spec: DeviceSpec
  readonly #now: () => number
  readonly #resealedAt: number[] = []
  readonly #presses: Press[] = []
  readonly #story: string[] = []
  #provisionable: boolean
  #indistinguishable: Indistinguishable | null = null
  #unknownNext = 0
  #resetsByKeys = 0
  #resetsByPerson = 0
  #summons = 0
  #dropped = 0
  #operatorMs = 0
  #prompts = 0

  constructor(spec: DeviceSpec, now: () => number) {
    this.#spec = spec
    this.#now = now
    this.#provisionable = spec.provisionable
  }

  tell(line: string): void {
    if (this.#story.length < STORY_MAX)
      this.#story.push(`${new Date(this.#now()).toISOString()} ${line}`)
  }

  resealed(): void {
    this.#resealedAt.push(this.#now())
    this.tell('resealed')
  }

  press(page: Page, focus: Focus | 'none', did: string, by: Press['by']): void {
    this.#presses.push({ at: this.#now(), page, focus, by, did })
    this.tell(`${by} pressed ${did} on ${page}/${focus}`)
    if (did === 'reset') {
      if (by === 'keyboard') this.#resetsByKeys++
      else this.#resetsByPerson++
    }
    if (page === 'menu' && focus === 'next') {
      this.#unknownNext++
      this.#provisionable = false
    }
  }

  summoned(): void {
    this.#summons++
  }

  dropped(): void {
    this.#dropped++
  }

  /** Marks a case that nothing outside can tell apart from what it looks like. */
  indistinguishable(why: Indistinguishable): void {
    this.#indistinguishable = why
    this.tell(`cannot be told apart from outside: ${why}`)
  }

  spent(ms: number): void {
    this.#operatorMs += ms
  }

  answered(): void {
    this.#prompts++
  }

  read(): DeviceTruth {
    return {
      n: this.#spec.n,
      serial: this.#spec.serial,
      order: this.#spec.order,
      ztdId: this.#spec.ztdId,
      resealedAt: [...this.#resealedAt],
      provisionable: this.#provisionable,
      indistinguishable: this.#indistinguishable,
      resetsByKeys: this.#resetsByKeys,
      resetsByPerson: this.#resetsByPerson,
      unknownNextPressed: this.#unknownNext,
      strayPresses: this.#presses.filter(
        (press) =>
          press.by === 'keyboard' && !ALLOWED.has(`${press.page}/${press.focus}/${press.did}`),
      ),
      presses: [...this.#presses],
      summons: this.#summons,
      reportsDropped: this.#dropped,
      story: [...this.#story],
      operatorMs: this.#operatorMs,
      prompts: this.#prompts,
    }
  }
}

/** What a checker needs of a record. */
export interface Judged {
  readonly serial: string | null
  readonly verdict: string
  /** UTC ms. */
  readonly startedAt: number
  readonly endedAt: number
}
export type Judgement = 'right' | 'wrong' | 'indistinguishable'

/**
 * Holds a closed record against the truth: `resealed` needs a reseal within the run, `failed` a device that could not
 * be provisioned as it stood. All other verdicts claim nothing about the device. Two devices with one label count as
 * right when the words fit one of them.
 */
export function judge(truths: readonly DeviceTruth[], record: Judged): Judgement {
  if (record.verdict !== 'resealed' && record.verdict !== 'failed') return 'right'
  const devices = truths.filter((truth) => truth.serial === record.serial)
  const isRight = (truth: DeviceTruth) =>
    record.verdict === 'resealed'
      ? truth.resealedAt.some((at) => at >= record.startedAt && at <= record.endedAt)
      : !truth.provisionable || truth.resetsByPerson > 0
  if (devices.some(isRight)) return 'right'
  return devices.some((truth) => truth.indistinguishable !== null) ? 'indistinguishable' : 'wrong'
}
