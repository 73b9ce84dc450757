// What the station tells of itself, as the board reads it from the event stream.

export interface PartHealth {
  readonly part: string
  readonly bay: string | null
  readonly ok: boolean
  readonly code: string | null
  readonly since: number
  readonly detail: string
}

/** The part of `/api/v1/station` that the board shows. */
export interface Station {
  readonly site: string
  readonly station: string
  readonly version: string
  readonly virtual: boolean
  readonly clock: { readonly now: number; readonly rate: number }
  /** How the bays stand on the bench, row by row, null for a gap; left out: they flow. */
  readonly layout?: { readonly columns: number; readonly places: readonly (string | null)[] }
  /** Where a phone in the board's network reaches it. */
  readonly outerUrl?: string
  /** Bays whose port at a switch the station may switch. */
  readonly switched?: readonly string[]
  readonly health: readonly PartHealth[]
  readonly today: {
    readonly resealed: number
    readonly firstTimeRight: number | null
    readonly closed: number
  }
  readonly outbox: { readonly unsent: number; readonly parked: number }
}
