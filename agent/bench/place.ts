// One place on the bench: a bay with its hands, its sources and an end of its own, so that it can come and go while others work.
import type { PreCheck } from '../core/facts.ts'
import type { BayId } from '../core/ids.ts'
import type { Output } from '../core/output.ts'
import { type Overlay, renderView, signalOf } from '../core/render-view.ts'
import type { Estimate, Rules } from '../core/rules.ts'
import { loudest, type Signal } from '../core/signals.ts'
import { freshBay } from '../core/state.ts'
import { readState } from '../core/state-text.ts'
import type { step } from '../core/step.ts'
import type { BayView } from '../core/view.ts'
import type { BayParts, Clock, Committed, Ids, Ledger, ReportHealth } from '../ports.ts'
import { Act } from './act.ts'
import { Bay } from './bay.ts'
import type { Buttons } from './buttons.ts'
import { type Identity, isLook } from './identity.ts'
import { Pump } from './pump.ts'

/** A bay as the config wants it. */
export interface BayWanted {
  readonly rules: Rules
  readonly parts: BayParts
  /** The work order it is bound to. */
  readonly order: string | null
}

export interface PlaceNeeds {
  readonly clock: Clock
  readonly ids: Ids
  readonly ledger: Ledger
  readonly report: ReportHealth
  readonly identity: Identity
  readonly buttons: Buttons
  readonly step?: typeof step
  readonly estimate: () => Estimate
  readonly preCheck: (bay: BayId, signal: AbortSignal) => Promise<PreCheck>
  readonly committed: (bay: BayId, output: Output, done: Committed) => void
}

/** Starts that ended before a bay's first commit; with this many the bay starts out of service (architecture: engine rule 12). */
const CRASHES_MAX = 2

export class Place {
  readonly id: BayId
  readonly rules: Rules
  readonly order: string | null
  readonly bay: Bay
  readonly act: Act
  readonly #n: PlaceNeeds
  readonly #parts: BayParts
  readonly #pump: Pump
  /** Ends the sources; a bay that stays after all gets new ones. */
  #sources = new AbortController()

  /** `text`: the state that the ledger has of this bay; undefined for one that was never here. */
  constructor(needs: PlaceNeeds, { rules, parts, order }: BayWanted, text: string | undefined) {
    this.#n = needs
    this.#parts = parts
    this.id = parts.bay
    this.rules = rules
    this.order = order
    const { clock, ids, ledger, report, identity, committed } = needs
    const state =
      (text === undefined ? undefined : readState(text)) ?? freshBay(parts.bay, clock.now())
    const bay = new Bay(
      {
        bay: parts.bay,
        rules,
        clock,
        ids,
        ledger,
        report,
        ...(needs.step ? { step: needs.step } : {}),
        estimate: needs.estimate,
        relearn: () => this.#pump.last(),
        committed,
      },
      state,
    )
    this.bay = bay
    this.act = new Act({
      parts,
      clock,
      report,
      tell: (fact, key) =>
        bay.put(isLook(fact) ? () => identity.ofLook(parts.bay, bay.state, fact) : fact, key),
      preCheck: (signal) => needs.preCheck(parts.bay, signal),
    })
    bay.attach(this.act)
    this.#pump = new Pump(parts, bay, report)
  }

  /** Re-attaches the bay or closes its run by its state; sources are not heard yet. */
  async wake(boot: string): Promise<void> {
    // One bay after the other, so that a crash is put down to the bay that caused it.
    const counts = await this.#n.ledger.countBoot([this.id])
    // Poison comes first: the restart of this bay may be the very input that ends the process.
    if ((counts.get(this.id) ?? 1) > CRASHES_MAX)
      this.bay.put(
        {
          kind: 'poisoned',
          fault: 'STATION_BAY_CRASH_LOOP',
          detail: 'the agent ended twice while it worked on this bay',
        },
        null,
      )
    this.bay.put({ kind: 'restarted', boot }, null)
    await this.bay.settled()
  }

  /** Brings lamp, timer and look to what the committed state wants. */
  reconcile(overlay: Overlay | null): void {
    this.act.reconcile(this.bay.state, this.#signal(overlay))
  }

  /** Shows the bay's signal, live health laid over it. */
  light(overlay: Overlay | null): void {
    this.act.light(this.#signal(overlay))
  }

  #signal(overlay: Overlay | null): Signal {
    const own = signalOf(this.bay.state)
    return overlay === null ? own : loudest([own, 'station'])
  }

  view(estimate: Estimate, overlay: Overlay | null): BayView {
    return renderView(this.bay.state, this.rules, estimate, overlay, this.#n.clock.now())
  }

  /** Hears its sources from now on. */
  listen(): void {
    this.#sources = new AbortController()
    const { signal } = this.#sources
    this.#pump.run(signal)
    const { buttons } = this.#parts
    if (buttons != null) void this.#n.buttons.follow(this.id, buttons, signal)
  }

  /**
   * Hears nothing more and takes what waits, so that the bay can go. False when it has an open run, or one opens
   * meanwhile: then it hears on.
   */
  async quieten(): Promise<boolean> {
    if (this.bay.state.run !== null) return false
    this.deafen()
    await this.bay.settled()
    if (this.bay.state.run === null) return true
    this.listen()
    return false
  }

  /** Hears nothing any more; what waits is still taken. */
  deafen(): void {
    this.#sources.abort()
  }

  /** Lets all keys go and takes nothing more; what is committed stays. */
  async close(): Promise<void> {
    this.deafen()
    await this.act.close()
    this.bay.stop()
    await this.bay.settled()
  }
}
