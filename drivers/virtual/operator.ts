// The simulated operator: one person who sees which bay needs somebody, walks there, and does what is needed.
import type { BenchControl, Clock } from '../../agent/ports.ts'
import { AgentLine } from './agent-line.ts'
import type { BayId } from './bay.ts'
import type { VirtualBench } from './bench.ts'
import { Hands, type Task, WentHome } from './hands.ts'
import { Mishaps } from './mishaps.ts'
import { freshStay, reaction, type Stay } from './stay.ts'

export interface VirtualOperatorOptions {
  readonly clock: Clock
  readonly bench: VirtualBench
  /** The first agent; others come by `attach`. */
  readonly control?: BenchControl
  /** Real ms that a viewer at the board has to answer a question first (0: none); multiplied by the clock's rate. */
  readonly viewerFirstMs: number
  /** Factor on walking and acting times; 1 = a person. */
  readonly humanRate: number
  readonly name?: string
}

export interface OperatorFigures {
  readonly devices: number
  /** Walking and acting, all in all. */
  readonly busyMs: number
  readonly prompts: number
  readonly secondsPerDevice: number
  readonly promptsPerDevice: number
}

/** Walking: to turn to a bay, and from one bay to the next [chosen: 0.6 m between bays at 1 m/s]. */
const TURN_MS = 2000
const STEP_MS = 600
/** The same need is looked at again when a deed did not change it, so many times later each time. */
const AGAIN_MS = 90_000
const AGAIN_MAX = 10

export class VirtualOperator {
  readonly #o: VirtualOperatorOptions
  readonly #line: AgentLine
  readonly #hands: Hands
  readonly #mishaps: Mishaps
  readonly #stays = new Map<BayId, Stay>()
  /** Bays to walk to, in the order in which they were noticed; each stands here once at most. */
  readonly #ready: BayId[] = []
  #working = false
  #wake: (() => void) | null = null
  #at = 0

  constructor(options: VirtualOperatorOptions) {
    const { clock, bench, humanRate } = options
    const by = options.name ?? 'virtual operator'
    this.#o = options
    this.#line = new AgentLine((bay) => this.#heard(bay))
    this.#hands = new Hands(clock, bench, this.#line, by, humanRate)
    this.#mishaps = new Mishaps(clock, bench, {
      abort: (bay) => void this.#line.act(bay.bay, 'abort', by),
      outOfService: (bay) => void this.#line.act(bay.bay, 'out-of-service', by),
      swap: (bay) => this.#hands.swap(bay, this.#stay(bay.bay)),
    })
    for (const bay of bench.bays) this.#stays.set(bay, freshStay(bench.random(`stay-${bay}`)))
    if (options.control) this.attach(options.control)
  }

  /** Listens to this agent from now on; null while none runs. To be called for each life of the agent. */
  attach(control: BenchControl | null): void {
    this.#line.attach(control)
  }

  /** Nothing is left to do: the stock is used up and every bay is free. */
  get isDone(): boolean {
    const { bench } = this.#o
    if (this.#hands.stock > 0) return false
    return bench.bays.every(
      (bay) => bench.place(bay).device === null && this.#line.view(bay)?.state === 'empty',
    )
  }

  figures(): OperatorFigures {
    const { devices, busyMs, prompts } = this.#hands
    const per = Math.max(1, devices)
    return {
      devices,
      busyMs,
      prompts,
      secondsPerDevice: busyMs / 1000 / per,
      promptsPerDevice: prompts / per,
    }
  }

  /** Works until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { bench } = this.#o
    this.#working = true
    this.#hands.until(signal)
    const stopWorld = bench.listen((bay, change) => {
      if (change === 'lamp') return
      this.#mishaps.at(bay)
      this.#consider(bay.bay)
    })
    const wake = () => this.#wake?.()
    signal.addEventListener('abort', wake)
    try {
      this.#heard(null)
      while (!signal.aborted) {
        const bay = this.#ready.shift()
        if (bay !== undefined) await this.#attend(bay)
        else await this.#rest()
      }
    } catch (error) {
      if (!(error instanceof WentHome)) throw error
    } finally {
      this.#working = false
      stopWorld()
      signal.removeEventListener('abort', wake)
      this.#line.attach(null)
      for (const stay of this.#stays.values()) stay.cancel?.()
    }
  }

  async #rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    this.#wake = null
  }

  #stay(bay: BayId): Stay {
    const stay = this.#stays.get(bay)
    if (stay === undefined) throw new RangeError(`the operator knows no bay ${bay}`)
    return stay
  }

  #heard(bay: string | null): void {
    for (const one of bay === null ? this.#o.bench.bays : [bay as BayId])
      if (this.#stays.has(one)) this.#consider(one)
  }

  /** Looks from afar whether the bay needs somebody, and plans the walk. */
  #consider(bay: BayId): void {
    if (!this.#working) return
    const stay = this.#stay(bay)
    const seen = this.#need(bay, stay)
    if ((seen?.need ?? null) === stay.need) return
    stay.cancel?.()
    stay.cancel = null
    stay.need = seen?.need ?? null
    stay.vain = 0
    if (seen !== null) this.#plan(bay, stay, this.#delay(stay, seen.need, seen.task))
  }

  #plan(bay: BayId, stay: Stay, delayMs: number): void {
    stay.cancel = this.#o.clock.after(delayMs, () => {
      stay.cancel = null
      if (!this.#ready.includes(bay)) this.#ready.push(bay)
      this.#wake?.()
    })
  }

  #need(bay: BayId, stay: Stay): { readonly need: string; readonly task: Task } | null {
    const view = this.#line.view(bay)
    const task = view === null ? null : this.#hands.taskAt(bay, stay, view)
    if (view === null || task === null) return null
    return {
      task,
      need: `${JSON.stringify(task)} ${view.state} ${view.run ?? ''} ${view.prompt?.id ?? ''}`,
    }
  }

  #delay(stay: Stay, need: string, task: Task): number {
    const { clock, bench, viewerFirstMs, humanRate } = this.#o
    const kind =
      task.do === 'load' ? 'load' : task.do === 'mend' && task.how === 'open-lid' ? 'lid' : 'look'
    const person = reaction(stay.random.stream(need), kind, bench.options.faults) * humanRate
    return kind === 'load' ? person : Math.max(person, viewerFirstMs * clock.rate)
  }

  async #attend(bay: BayId): Promise<void> {
    const stay = this.#stay(bay)
    const index = this.#o.bench.bays.indexOf(bay)
    await this.#hands.spend(bay, TURN_MS + Math.abs(index - this.#at) * STEP_MS)
    this.#at = index
    // Somebody else may have answered meanwhile: what stands now counts.
    const view = this.#line.view(bay)
    const task = view === null ? null : this.#hands.taskAt(bay, stay, view)
    const { need } = stay
    if (view !== null && task !== null) {
      await this.#hands.carryOut(
        bay,
        stay,
        view,
        task,
        stay.random.stream(`deed-${view.run}-${view.input}`),
      )
      if (task.do === 'load') this.#mishaps.at(this.#o.bench.place(bay), 'plugged')
    }
    stay.cancel?.()
    stay.cancel = null
    stay.need = null
    const after = this.#need(bay, stay)
    if (after !== null && after.need === need) {
      // The deed changed nothing: come back later instead of pressing on.
      stay.need = need
      stay.vain++
      this.#plan(bay, stay, AGAIN_MS * Math.min(stay.vain, AGAIN_MAX))
    } else this.#consider(bay)
    // A device put on the shelf may be wanted at any free bay.
    if (task?.do === 'take-out') this.#heard(null)
  }
}
