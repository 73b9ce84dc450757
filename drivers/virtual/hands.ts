// The operator's hands: plugs devices in, takes them out, scans, answers and mends, and counts the seconds it took.
import type { Clock } from '../../agent/ports.ts'
import type { AgentLine } from './agent-line.ts'
import type { BayId, VirtualBay } from './bay.ts'
import type { VirtualBench } from './bench.ts'
import { CABLES, type SimDevice } from './device.ts'
import { type Deed, deedAt, type Mend, type View } from './look.ts'
import { mendByHand, SAID_AFTER } from './mend.ts'
import { ProvisioningPage } from './pages-provision.ts'
import type { Random } from './random.ts'
import { begin, offers, type Stay, typed } from './stay.ts'

const SECOND = 1000
/** Plug a device in, take it out, answer or scan [chosen]. */
const LOAD_MS = [7 * SECOND, 12 * SECOND] as const
const OUT_MS = [3 * SECOND, 6 * SECOND] as const
const ANSWER_MS = [1000, 3000] as const
/** How often one device may come to the bench. */
const RUNS_MAX = 2
/** States in which a bay without a device takes the next one; a scan of another serial ends `done`. */
const LOADABLE: ReadonlySet<string> = new Set(['empty', 'done'])
/** Scans of a device that its bay knows nothing of, before it is taken out. */
const LOST_SCANS = 3
/** Shares of an operator who is not at their best, with faults only. */
const TWICE = 0.03
const NEIGHBOUR = 0.01
const UNDO = 0.03
const SCANS_RESULT = 0.3
const LOADS_DIRECTLY = 0.25

export type Task = Deed | { readonly do: 'load' }

/** The operator was sent home in the middle of a deed. */
export class WentHome extends Error {}

export class Hands {
  readonly #clock: Clock
  readonly #bench: VirtualBench
  readonly #line: AgentLine
  readonly #by: string
  readonly #rate: number
  readonly #shelf: SimDevice[] = []
  readonly #runs = new WeakMap<SimDevice, number>()
  #busyMs = 0
  #signal: AbortSignal | null = null
  #prompts = 0
  #devices = 0

  constructor(clock: Clock, bench: VirtualBench, line: AgentLine, by: string, rate: number) {
    this.#clock = clock
    this.#bench = bench
    this.#line = line
    this.#by = by
    this.#rate = rate
  }

  /** When it aborts, the deed under way ends with `WentHome`. */
  until(signal: AbortSignal): void {
    this.#signal = signal
  }

  get busyMs(): number {
    return this.#busyMs
  }
  get prompts(): number {
    return this.#prompts
  }
  get devices(): number {
    return this.#devices
  }
  get stock(): number {
    return this.#bench.left + this.#shelf.length
  }

  /** What a person would do at this bay now; null: nothing. */
  taskAt(bay: BayId, stay: Stay, view: View): Task | null {
    const { device } = this.#bench.place(bay)
    if (device === null && LOADABLE.has(view.state) && this.stock > 0) {
      if (
        view.state === 'empty' ||
        stay.random.stream(`direct-${view.since}`).chance(LOADS_DIRECTLY)
      )
        return { do: 'load' }
    }
    // A device that its bay knows nothing of: its cable was out, or the run was given up.
    if (device !== null && view.state === 'empty') {
      if (device.isAsleep) return { do: 'mend', how: 'open-lid' }
      return device.isOn && stay.memory.scans < LOST_SCANS
        ? { do: 'scan', text: device.spec.serial }
        : { do: 'take-out' }
    }
    const resealed = device?.truth.read().resealedAt.some((at) => at >= stay.since) ?? false
    return deedAt({
      view,
      device,
      manual: this.#bench.isManual(bay),
      memory: stay.memory,
      resealed,
    })
  }

  async carryOut(bay: BayId, stay: Stay, view: View, task: Task, random: Random): Promise<void> {
    const place = this.#bench.place(bay)
    switch (task.do) {
      case 'load':
        return this.#load(bay, stay, place, random)
      case 'take-out':
        return this.#takeOut(bay, stay, place, random)
      case 'in-service':
        await this.spend(bay, random.int(...ANSWER_MS))
        await this.#line.act(bay, 'in-service', this.#by)
        return
      case 'scan':
        await this.spend(bay, random.int(...ANSWER_MS))
        stay.memory.scans++
        await this.#line.scan(task.text, this.#by, bay)
        return
      case 'mend':
        await this.spend(bay, random.int(...ANSWER_MS))
        return this.#mend(bay, stay, place, task.how)
      case 'answer':
        await this.spend(bay, random.int(...ANSWER_MS))
        return this.#answer(bay, stay, place, view, random)
    }
  }

  /** Somebody takes this device away and puts the next one in its place, and tells nobody. */
  swap(place: VirtualBay, stay: Stay): void {
    const next = this.#bench.nextDevice()
    if (next === null) return
    const device = place.takeOut(CABLES)
    if (device !== null) this.#putAway(stay, device, false)
    this.#devices++
    this.#runs.set(next, 1)
    begin(stay, this.#clock.now())
    next.truth.tell('stands here by mistake')
    place.place(next)
    next.plug(CABLES)
    next.powerOn()
  }

  /** Time of a person, counted to the device that it was spent on. */
  async spend(bay: BayId, ms: number): Promise<void> {
    const real = ms * this.#rate
    this.#busyMs += real
    this.#bench.place(bay).device?.truth.spent(real)
    await this.#clock.sleep(real, this.#signal ?? undefined)
    if (this.#signal?.aborted) throw new WentHome()
  }

  async #load(bay: BayId, stay: Stay, place: VirtualBay, random: Random): Promise<void> {
    const device = this.#shelf.shift() ?? this.#bench.nextDevice()
    if (device === null) return
    if (!this.#runs.has(device)) this.#devices++
    this.#runs.set(device, (this.#runs.get(device) ?? 0) + 1)
    begin(stay, this.#clock.now())
    place.place(device)
    await this.spend(bay, random.int(...LOAD_MS))
    if (random.chance(0.3)) device.powerOn()
    device.plug(CABLES)
    device.powerOn()
    await this.spend(bay, random.int(...ANSWER_MS))
    stay.memory.scans++
    await this.#line.scan(device.spec.serial, this.#by, bay)
  }

  async #takeOut(bay: BayId, stay: Stay, place: VirtualBay, random: Random): Promise<void> {
    const before = this.#line.view(bay)
    await this.spend(bay, random.int(...OUT_MS))
    const device = place.takeOut(CABLES)
    if (device !== null) this.#putAway(stay, device, before?.state === 'done')
    begin(stay, this.#clock.now())
    const view = this.#line.view(bay)
    const forgets = view?.state === 'done' && random.chance(0.2)
    if (view !== null && !forgets && offers(view, 'taken-out'))
      await this.#give(bay, place, view, 'taken-out')
  }

  /** A device that could still be provisioned comes again once, made as new; all others are done with. */
  #putAway(stay: Stay, device: SimDevice, believedDone: boolean): void {
    const truth = device.truth.read()
    const again =
      device.spec.provisionable &&
      truth.resealedAt.length === 0 &&
      !stay.lied &&
      !believedDone &&
      (this.#runs.get(device) ?? 0) < RUNS_MAX
    device.reimage()
    if (again) this.#shelf.push(device)
    else this.#runs.delete(device)
  }

  async #mend(bay: BayId, stay: Stay, place: VirtualBay, how: Mend): Promise<void> {
    const device = place.device
    if (device === null) return
    mendByHand(device, how)
    if (how === 'refresh') stay.memory.refreshes++
    if (how === 'leave-menu') stay.memory.holds++
    const said = SAID_AFTER[how]
    const view = this.#line.view(bay)
    if (said !== undefined && view !== null && offers(view, said))
      await this.#give(bay, place, view, said)
  }

  async #answer(
    bay: BayId,
    stay: Stay,
    place: VirtualBay,
    seen: View,
    random: Random,
  ): Promise<void> {
    // The hand is on the button: what the page shows at this moment is what is said, unless somebody was quicker.
    const view = this.#line.view(bay)
    const task = view === null ? null : this.taskAt(bay, stay, view)
    const prompt = view?.prompt ?? null
    if (view === null || task?.do !== 'answer' || prompt === null || prompt.id !== seen.prompt?.id)
      return
    const lie = this.#lie(stay, place, view)
    if (view.state === 'hold') stay.memory.holds++
    stay.memory.answers++
    if (task.answer === 'again' || task.answer === 'list') stay.memory.agains++
    if (task.answer === 'still-on') stay.memory.stillOns++
    const qr = place.device?.page.fields().qr
    if (
      lie === null &&
      task.answer === 'green' &&
      view.state === 'provisioning' &&
      qr !== undefined &&
      random.chance(SCANS_RESULT)
    ) {
      const taken = await this.#line.scan(qr, this.#by, bay)
      if (taken?.taken === 'taken') this.#count(place)
      return
    }
    const said = lie ?? task.answer
    const text = lie === null && task.text !== undefined ? typed(random, task.text) : undefined
    await this.#give(bay, place, view, said, text)
    if (!this.#bench.options.faults) return
    if (random.chance(TWICE)) await this.#give(bay, place, view, said, text)
    // A press at the neighbour's button: the question there is another one.
    if (random.chance(NEIGHBOUR))
      await this.#line.answer(
        this.#neighbour(bay),
        prompt.id,
        said,
        this.#by,
        text,
        this.#clock.now(),
      )
    if ((this.#line.view(bay)?.undoUntil ?? null) !== null && random.chance(UNDO))
      await this.#line.undo(bay, prompt.id, this.#by)
  }

  /** The false word of success: said once, kept to when the bay asks whether it went dark. Nothing outside can tell. */
  #lie(stay: Stay, place: VirtualBay, view: View): string | null {
    const device = place.device
    if (device?.spec.mishap?.kind !== 'false-word' || this.#bench.hasCapture(place.bay)) return null
    if (
      view.state === 'provisioning' &&
      view.prompt?.loud &&
      device.page instanceof ProvisioningPage &&
      !stay.lied
    ) {
      stay.lied = true
      device.truth.indistinguishable('false-word')
      return 'green'
    }
    return view.state === 'dark-ask' && stay.lied ? 'dark' : null
  }

  async #give(
    bay: BayId,
    place: VirtualBay,
    view: View,
    said: string,
    text?: string,
  ): Promise<void> {
    if (view.prompt === null) return
    const taken = await this.#line.answer(
      bay,
      view.prompt.id,
      said,
      this.#by,
      text,
      this.#clock.now(),
    )
    if (taken?.taken === 'taken') this.#count(place)
  }

  #count(place: VirtualBay): void {
    this.#prompts++
    place.device?.truth.answered()
  }

  #neighbour(bay: BayId): BayId {
    const { bays } = this.#bench
    return bays[(bays.indexOf(bay) + 1) % bays.length] ?? bay
  }
}
