// The bench: hands facts to bays and tells the rooms what was committed. It decides nothing; `step` does.
import type { Action, Fact, PreCheck } from '../core/facts.ts'
import type { BayId } from '../core/ids.ts'
import type { Order } from '../core/order.ts'
import { renderView, signalOf } from '../core/render-view.ts'
import type { Estimate, Rules } from '../core/rules.ts'
import { loudest, type Signal } from '../core/signals.ts'
import { type BayState, freshBay, readState } from '../core/state.ts'
import type { step } from '../core/step.ts'
import type { BayView } from '../core/view.ts'
import type {
  BayParts,
  BenchControl,
  Clock,
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
import { Act } from './act.ts'
import { Bay } from './bay.ts'
import { EstimateBook } from './estimate.ts'
import { Hands } from './hands.ts'
import { HealthBook } from './health.ts'
import { Identity, isLook } from './identity.ts'
import { Leases } from './leases.ts'
import { preCheckOf, tpmVendorOf } from './pre-check.ts'
import { Probes } from './probes.ts'
import { Pump } from './pump.ts'
import { ScanRouter } from './scans.ts'

export interface BenchNeeds {
  readonly clock: Clock
  readonly ids: Ids
  readonly ledger: Ledger
  readonly reader: LedgerReader
  readonly orders: Orders
  readonly network: NetworkCheck
  readonly host: HostFacts
  readonly bays: readonly {
    readonly rules: Rules
    readonly parts: BayParts
    readonly order: string | null
  }[]
  readonly estimate: Estimate
  /** How long a scanned bay label stands, clock ms. */
  readonly bayLabelMs?: number
  readonly step?: typeof step
  /** Told before the first input is taken, so that parts opened earlier have somewhere to report to. */
  readonly onOpen?: (bench: Bench) => void
}

/** Starts that ended before a bay's first commit; with this many the bay starts out of service (architecture: engine rule 12). */
const CRASHES_MAX = 2

interface Place {
  readonly bay: Bay
  readonly act: Act
  readonly pump: Pump
  readonly rules: Rules
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
  /** What devices say of themselves. */
  readonly probes: Probes
  /** What dnsmasq gave to devices. */
  readonly leases: Leases
  readonly #estimate: EstimateBook
  readonly #listeners = new Set<(bay: string | null) => void>()
  readonly #life = new AbortController()
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
      boundOrder: (bay) => needs.bays.find((one) => one.parts.bay === bay)?.order ?? null,
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
    for (const one of needs.bays) this.#place(one.rules, one.parts, states.get(one.parts.bay))
  }

  /** Opens the bench on the ledger's states; every bay re-attaches or closes by its state, keys up first. */
  static async open(needs: BenchNeeds): Promise<Bench> {
    const bench = new Bench(needs, await needs.ledger.states(), await needs.ledger.seq())
    needs.onOpen?.(bench)
    await bench.#start()
    return bench
  }

  #place(rules: Rules, parts: BayParts, text: string | undefined): void {
    const { clock, ids, ledger } = this.#n
    const state =
      (text === undefined ? undefined : readState(text)) ?? freshBay(parts.bay, clock.now())
    const bay: Bay = new Bay(
      {
        bay: parts.bay,
        rules,
        clock,
        ids,
        ledger,
        report: this.report,
        ...(this.#n.step ? { step: this.#n.step } : {}),
        relearn: () => this.#places.get(parts.bay)?.pump.last() ?? [],
        committed: (id, output, done) => {
          this.#seq = Math.max(this.#seq, done.seq)
          this.#identity.settle(output.state)
          this.leases.settle(output.state)
          if (output.record !== null) void this.#estimate.refresh()
          this.#reconcile(id)
          this.#tell(id)
        },
      },
      state,
    )
    const act = new Act({
      parts,
      clock,
      report: this.report,
      tell: (fact, key) =>
        bay.put(isLook(fact) ? () => this.#identity.ofLook(parts.bay, bay.state, fact) : fact, key),
      preCheck: (signal) => this.#preCheck(parts.bay, signal),
    })
    bay.attach(act)
    this.#places.set(parts.bay, { bay, act, pump: new Pump(parts, bay, this.report), rules })
  }

  async #start(): Promise<void> {
    for (const { act } of this.#places.values()) act.releaseAll()
    await this.#estimate.refresh()
    const boot = this.#n.host.bootId()
    for (const [id, place] of this.#places) {
      // One bay after the other, so that a crash is put down to the bay that caused it.
      const counts = await this.#n.ledger.countBoot([id as BayId])
      // Poison comes first: the restart of this bay may be the very input that ends the process.
      if ((counts.get(id) ?? 1) > CRASHES_MAX)
        place.bay.put(
          {
            kind: 'poisoned',
            fault: 'STATION_BAY_CRASH_LOOP',
            detail: 'the agent ended twice while it worked on this bay',
          },
          null,
        )
      place.bay.put({ kind: 'restarted', boot }, null)
      await place.bay.settled()
      this.#reconcile(id)
      place.pump.run(this.#life.signal)
    }
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

  #signal(place: Place): Signal {
    const own = signalOf(place.bay.state)
    return this.#health.overlay(place.bay.state.bay) === null ? own : loudest([own, 'station'])
  }

  #reconcile(id: string): void {
    const place = this.#places.get(id)
    if (place !== undefined) place.act.reconcile(place.bay.state, this.#signal(place))
  }

  #healthChanged(health: Health): void {
    for (const place of this.#places.values()) {
      if (health.bay === null || health.bay === place.bay.state.bay)
        place.act.light(this.#signal(place))
    }
    this.#tell(health.bay)
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

  #view({ bay, rules }: Place): BayView {
    const view = renderView(
      bay.state,
      rules,
      this.#estimate.current,
      this.#health.overlay(bay.state.bay),
      this.#n.clock.now(),
    )
    return { ...view, ...this.probes.shown(bay.state.bay) }
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
    this.#life.abort()
    await Promise.all([...this.#places.values()].map(({ act }) => act.close()))
    for (const { bay } of this.#places.values()) bay.stop()
    await Promise.all([...this.#places.values()].map(({ bay }) => bay.settled()))
  }
}
