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
  readonly health: readonly PartHealth[]
  readonly today: {
    readonly resealed: number
    readonly firstTimeRight: number | null
    readonly closed: number
  }
  readonly outbox: { readonly unsent: number; readonly parked: number }
}
