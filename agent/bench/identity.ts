// What the station knows of an identity: its order, its past, and whether another bay claims it. Makes facts complete for the pure step.
import type { Fact, IdentifiedFact, LookedFact, QrScannedFact } from '../core/facts.ts'
import type { BayId } from '../core/ids.ts'
import { readQr } from '../core/qr.ts'
import type { BayState } from '../core/state.ts'
import type { LedgerReader, Orders } from '../ports.ts'

export interface IdentityNeeds {
  readonly orders: Orders
  readonly reader: LedgerReader
  /** Committed state of every bay. */
  readonly states: () => Iterable<BayState>
  /** The order a bay is bound to by config. */
  readonly boundOrder: (bay: BayId) => string | null
}

/** Serials are compared without case: labels and typing differ. */
const key = (text: string): string => text.trim().toUpperCase()

export class Identity {
  readonly #n: IdentityNeeds
  /** Serial or ZtdId -> the bay that took it and has not closed its run yet, also while its commit is under way. */
  readonly #claims = new Map<string, BayId>()

  constructor(needs: IdentityNeeds) {
    this.#n = needs
  }

  /** What the order of a device expects it to be; empty when it says nothing. */
  modelsFor(bay: BayId, serial: string): readonly string[] {
    return this.#n.orders.lookup(serial, this.#n.boundOrder(bay)).order?.models ?? []
  }

  /** A serial number that was scanned, typed or reported, with everything that `step` must know about it. */
  async ofSerial(
    bay: BayId,
    serial: string,
    source: IdentifiedFact['source'],
    by: string,
  ): Promise<IdentifiedFact> {
    const runsBefore = await this.#n.reader.runsBefore(serial)
    if (this.#n.orders.fresh !== undefined) await this.#n.orders.fresh()
    const found = this.#n.orders.lookup(serial, this.#n.boundOrder(bay))
    return {
      kind: 'identified',
      serial,
      source,
      by,
      ...found,
      runsBefore,
      alsoIn: this.#claim(bay, key(serial)),
    }
  }

  /** The QR code of a page, scanned by a person. */
  ofQr(bay: BayId, state: BayState, text: string, by: string): QrScannedFact | null {
    const qr = readQr(text)
    if (qr === null) return null
    return {
      kind: 'qr',
      ztdId: qr.ztdId,
      result: qr.result,
      deviceLink: qr.deviceLink,
      by,
      ...this.#ztd(bay, state, qr.ztdId),
    }
  }

  /** A look, with what its QR code means on this bench. */
  ofLook(bay: BayId, state: BayState, look: LookedFact): LookedFact {
    const ztdId = look.fields.qr === undefined ? null : (readQr(look.fields.qr)?.ztdId ?? null)
    if (ztdId === null) return look
    const { alsoIn, ...meaning } = this.#ztd(bay, state, ztdId)
    return { ...look, ...meaning, ...(alsoIn === null ? {} : { alsoIn }) }
  }

  #ztd(
    bay: BayId,
    state: BayState,
    ztdId: string | null,
  ): { alsoIn: BayId | null; known: boolean; foreign?: true } {
    if (ztdId === null) return { alsoIn: null, known: false }
    const serial = state.run?.serial ?? null
    const named = serial === null ? null : this.#n.orders.ztdOf(serial)
    const known = named !== null && named === ztdId.trim().toLowerCase()
    return {
      alsoIn: this.#claim(bay, key(ztdId)),
      known,
      ...(named !== null && !known ? { foreign: true } : {}),
    }
  }

  /** Claims the serial number of a device that is tried again; the other bay that holds it, or null. */
  claimAgain(bay: BayId, serial: string): BayId | null {
    return this.#claim(bay, key(serial))
  }

  /** Claims an identity for a bay; the other bay that holds it, or null. */
  #claim(bay: BayId, id: string): BayId | null {
    const owner = this.#claims.get(id)
    if (owner !== undefined && owner !== bay) return owner
    for (const other of this.#n.states()) {
      if (other.bay === bay || other.run === null) continue
      if (other.run.serial !== null && key(other.run.serial) === id) return other.bay
      if (other.run.ztdId !== null && key(other.run.ztdId) === id) return other.bay
    }
    this.#claims.set(id, bay)
    return null
  }

  /** After a commit: a bay keeps only the claims of its open run. */
  settle(state: BayState): void {
    for (const [id, bay] of this.#claims) {
      if (bay !== state.bay) continue
      const { run } = state
      const mine = run !== null && (id === key(run.serial ?? '') || id === key(run.ztdId ?? ''))
      if (!mine) this.#claims.delete(id)
    }
  }
}

/** True for facts that say whose device it is. */
export const isLook = (fact: Fact): fact is LookedFact => fact.kind === 'looked'
