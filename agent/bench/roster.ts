// Which bays stand on the bench: they come and go while the others work, and none leaves with an open run.
import type { BayWanted, Place } from './place.ts'

export interface RosterNeeds {
  readonly places: Map<string, Place>
  /** Puts a bay on the bench and wakes it. */
  readonly take: (wanted: BayWanted) => Promise<Place>
  readonly left: (place: Place) => void
  /** What a bay shows changed, or all of them (null). */
  readonly tell: (bay: string | null) => void
}

export class Roster {
  readonly #n: RosterNeeds
  /** What a bay will do once its open run is over. */
  readonly #afterRun = new Map<string, 'change' | 'leave'>()

  constructor(needs: RosterNeeds) {
    this.#n = needs
  }

  /** Takes a bay in; one that was here before goes on where the ledger left it. */
  async add(wanted: BayWanted): Promise<void> {
    const { id } = await this.#n.take(wanted)
    this.#n.tell(id)
  }

  /** Lets a bay go. False, and it stays, when it has an open run: none ends because a config changed. */
  async remove(bay: string): Promise<boolean> {
    const place = this.#n.places.get(bay)
    if (place === undefined) return true
    if (!(await place.quieten())) return false
    this.#n.places.delete(bay)
    this.#afterRun.delete(bay)
    await place.close()
    this.#n.left(place)
    this.#n.tell(bay)
    return true
  }

  /** Puts the bays into the order of a config. */
  arrange(bays: readonly string[]): void {
    const { places } = this.#n
    const all = [...places].sort(([one], [two]) => bays.indexOf(one) - bays.indexOf(two))
    places.clear()
    for (const [id, place] of all) places.set(id, place)
    this.#n.tell(null)
  }

  /** Says on the bay what it will do when its open run is over; null: nothing any more. */
  announce(bay: string, what: 'change' | 'leave' | null): void {
    if ((this.#afterRun.get(bay) ?? null) === what) return
    if (what === null) this.#afterRun.delete(bay)
    else this.#afterRun.set(bay, what)
    this.#n.tell(bay)
  }

  /** What a bay's view says of it. */
  shown(bay: string): { readonly afterRun?: 'change' | 'leave' } {
    const afterRun = this.#afterRun.get(bay)
    return afterRun === undefined ? {} : { afterRun }
  }
}
