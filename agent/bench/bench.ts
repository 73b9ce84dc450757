// The bench: hands facts to bays and tells the rooms what was committed. It decides nothing; `step` does.
import type { Action, Fact, PreCheck } from '../core/facts.ts'
import type { BayId } from '../core/ids.ts'
import type { Order } from '../core/order.ts'
import type { Output } from '../core/output.ts'
import type { Estimate } from '../core/rules.ts'
import type { BayState } from '../core/state.ts'
import type { step } from '../core/step.ts'
import type { BayView } from '../core/view.ts'
import type {
  BenchControl,
  Clock,
  Committed,
  Health,
  HostFacts,
  Ids,
  Ledger,
  LedgerReader,
  NetworkCheck,
  Orders,
  ReportHealth,
  Taken,
} from '../ports.ts'
import { Buttons } from './buttons.ts'
import { EstimateBook } from './estimate.ts'
import { Hands } from './hands.ts'
import { HealthBook } from './health.ts'
import { Identity } from './identity.ts'
import { Leases } from './leases.ts'
import { type BayWanted, Place } from './place.ts'
import { preCheckOf, tpmVendorOf } from './pre-check.ts'
import { Probes } from './probes.ts'
import { Roster } from './roster.ts'
import { ScanRouter } from './scans.ts'

export interface BenchNeeds {
  readonly clock: Clock
  readonly ids: Ids
  readonly ledger: Ledger
  readonly reader: LedgerReader
  readonly orders: Orders
  readonly network: NetworkCheck
  readonly host: HostFacts
  readonly bays: readonly BayWanted[]
  readonly estimate: Estimate
  /** How long a scanned bay label stands, clock ms. */
  readonly bayLabelMs?: number
  readonly step?: typeof step
  /** Told before the first input is taken, so that parts opened earlier have somewhere to report to. */
  readonly onOpen?: (bench: Bench) => void
  /** A button was pressed and answered nothing, for the log. */
  readonly onRefused?: (bay: BayId, taken: Taken) => void
}

const noBay = (bay: string): Taken => ({
  taken: 'refused',
  code: 'OPERATOR_SCAN_NO_BAY',
  detail: `no bay ${bay} here`,
})

export class Bench implements BenchControl {
  readonly #n: BenchNeeds
  readonly #places = new Map<string, Place>()
  readonly #health: HealthBook
  readonly #identity: Identity
  readonly #hands: Hands
  readonly #buttons: Buttons
  /** What devices say of themselves. */
  readonly probes: Probes
  /** What dnsmasq gave to devices. */
  readonly leases: Leases
  readonly roster: Roster
  readonly #estimate: EstimateBook
  readonly #listeners = new Set<(bay: string | null) => void>()
  #seq = 0

  private constructor(needs: BenchNeeds, states: ReadonlyMap<string, string>, seq: number) {
    this.#n = needs
    this.#seq = seq
    this.#estimate = new EstimateBook(needs.reader, needs.estimate)
    this.#health = new HealthBook(needs.clock, (health) => this.#healthChanged(health))
    this.#identity = new Identity({
      orders: needs.orders,
      reader: needs.reader,
      states: () => this.#states(),
      boundOrder: (bay) => this.#places.get(bay)?.order ?? null,
    })
    this.#hands = new Hands({
      clock: needs.clock,
      identity: this.#identity,
      scans: new ScanRouter(needs.bayLabelMs),
      views: () => this.bays(),
      stateOf: (bay) => this.#places.get(bay)?.bay.state ?? null,
      releaseAll: (bay) => this.#places.get(bay)?.act.releaseAll(),
      put: (bay, fact) => this.#put(bay, fact),
      probe: (bay) => this.probe(bay),
    })
    this.roster = new Roster({
      places: this.#places,
      take: (wanted) => this.#take(wanted),
      left: ({ id }) => this.#health.forget(id),
      tell: (bay) => this.#tell(bay),
    })
    this.#buttons = new Buttons({
      clock: needs.clock,
      report: this.report,
      view: (bay) => this.bay(bay),
      answer: (...given) => this.#hands.answer(...given),
      refused: (bay, taken) => needs.onRefused?.(bay, taken),
    })
    this.probes = new Probes({
      clock: needs.clock,
      identity: this.#identity,
      stateOf: (bay) => this.#places.get(bay)?.bay.state ?? null,
      put: (bay, fact) => this.#put(bay, fact),
    })
    this.leases = new Leases({
      clock: needs.clock,
      states: () => this.#states(),
      put: (bay, fact) => this.#put(bay, fact),
    })
    for (const one of needs.bays) this.#place(one, states.get(one.parts.bay))
  }

  /** Opens the bench on the ledger's states; every bay re-attaches or closes by its state, keys up first. */
  static async open(needs: BenchNeeds): Promise<Bench> {
    const bench = new Bench(needs, await needs.ledger.states(), await needs.ledger.seq())
    needs.onOpen?.(bench)
    await bench.#start()
    return bench
  }

  #place(wanted: BayWanted, text: string | undefined): Place {
    const needs = {
      ...this.#n,
      report: this.report,
      identity: this.#identity,
      buttons: this.#buttons,
      estimate: () => this.#estimate.current,
      preCheck: (bay: BayId, signal: AbortSignal) => this.#preCheck(bay, signal),
      committed: (id: BayId, output: Output, done: Committed) => this.#committed(id, output, done),
    }
    const place = new Place(needs, wanted, text)
    this.#places.set(place.id, place)
    return place
  }

  #committed(id: BayId, output: Output, done: Committed): void {
    this.#seq = Math.max(this.#seq, done.seq)
    this.#identity.settle(output.state)
    this.leases.settle(output.state)
    if (output.record !== null) void this.#estimate.refresh()
    this.#reconcile(id)
    this.#tell(id)
  }

  async #start(): Promise<void> {
    for (const { act } of this.#places.values()) act.releaseAll()
    await this.#estimate.refresh()
    for (const place of this.#places.values()) await this.#begin(place)
  }

  async #take(wanted: BayWanted): Promise<Place> {
    const place = this.#place(wanted, (await this.#n.ledger.states()).get(wanted.parts.bay))
    place.act.releaseAll()
    await this.#begin(place)
    return place
  }

  async #begin(place: Place): Promise<void> {
    await place.wake(this.#n.host.bootId())
    this.#reconcile(place.id)
    place.listen()
  }

  *#states(): Iterable<BayState> {
    for (const { bay } of this.#places.values()) yield bay.state
  }

  #preCheck(bay: BayId, signal: AbortSignal): Promise<PreCheck> {
    const vendor = () => tpmVendorOf(this.#places.get(bay)?.bay.state.run?.tpm.checks ?? [])
    // An attestation that runs is waited for: its verdict counts, and it names the vendor whose addresses are required.
    const order = this.#places.get(bay)?.bay.state.run?.order ?? null
    return preCheckOf(bay, this.#n, signal, vendor, this.probes.wait(bay, signal), order)
  }

  #reconcile(id: BayId): void {
    this.#places.get(id)?.reconcile(this.#health.overlay(id))
  }

  #healthChanged({ bay }: Health): void {
    for (const place of this.#places.values())
      if (bay === null || bay === place.id) place.light(this.#health.overlay(place.id))
    this.#tell(bay)
  }

  #tell(bay: string | null): void {
    for (const listener of this.#listeners) listener(bay)
  }

  readonly report: ReportHealth = (health) => this.#health.report(health)

  // --- BenchControl --------------------------------------------------------------------------------------------------

  bays(): readonly BayView[] {
    return [...this.#places.values()].map((place) => this.#view(place))
  }

  bay(bay: string): BayView | null {
    const place = this.#places.get(bay)
    return place === undefined ? null : this.#view(place)
  }

  #view(place: Place): BayView {
    const { id } = place
    const view = place.view(this.#estimate.current, this.#health.overlay(id))
    return { ...view, ...this.probes.shown(id), ...this.roster.shown(id) }
  }

  /** The open run of a bay; null when there is none, or no such bay. */
  runOf(
    bay: string,
  ): { readonly run: string; readonly openedAt: number; readonly order: Order | null } | null {
    return this.#places.get(bay)?.bay.state.run ?? null
  }

  /** Keeps what the station itself did at a bay with its open run; without one there is nothing to keep it with. */
  async note(bay: string, kind: string, ref: string): Promise<void> {
    if (this.runOf(bay) === null) return
    const at = this.#n.clock.now()
    await this.#put(bay, { kind: 'sign', evidence: { kind, source: 'station', at, ref } })
  }

  seq(): number {
    return this.#seq
  }

  health(): readonly Health[] {
    return this.#health.all()
  }

  subscribe(fn: (bay: string | null) => void): () => void {
    this.#listeners.add(fn)
    return () => this.#listeners.delete(fn)
  }

  answer(bay: string, prompt: string, answer: string, by: string, text?: string, given?: number) {
    return this.#hands.answer(bay, prompt, answer, by, text, given)
  }

  undo(bay: string, prompt: string, by: string): Promise<Taken> {
    return this.#hands.undo(bay, prompt, by)
  }

  act(bay: string, action: Action, by: string): Promise<Taken> {
    return this.#hands.act(bay, action, by)
  }

  /** No fact of the flow: a code changes nothing until a probe says it. */
  async probe(bay: string): Promise<Taken> {
    const place = this.#places.get(bay)
    if (place === undefined) return noBay(bay)
    return this.probes.ask(place.bay.state.bay)
  }

  scan(text: string, by: string, bay?: string): Promise<Taken> {
    return this.#hands.scan(text, by, bay)
  }

  #put(bay: string, fact: Fact | (() => Promise<Fact>)): Promise<Taken> {
    const place = this.#places.get(bay)
    if (place === undefined) return Promise.resolve(noBay(bay))
    return new Promise((resolve) => place.bay.put(fact, null, resolve))
  }

  /** What a bay shows changed without a commit. */
  readonly shown = (bay: BayId): void => this.#tell(bay)

  /** Tells every bay that the wall clock was set (see `clock-watch`). */
  clockJumped(byMs: number): void {
    for (const { bay } of this.#places.values()) bay.put({ kind: 'clock-jumped', byMs }, null)
  }

  /** Settles when every bay's loop goes round; an idle bench answers as well. */
  answers(): Promise<unknown> {
    return Promise.allSettled([...this.#places.values()].map(({ bay }) => bay.answers()))
  }

  /** True when no input waits anywhere; the simulation's word for quiet. */
  get quiet(): boolean {
    return [...this.#places.values()].every(({ bay }) => bay.waiting === 0)
  }

  /** Stops taking facts and lets all keys go; what is committed stays, nothing is closed. */
  async close(): Promise<void> {
    for (const place of this.#places.values()) place.deafen()
    await Promise.all([...this.#places.values()].map((place) => place.close()))
  }
}
