// Opens the lamp that a bay's config names; `none:` and `terminal:` are those of this version.
import { StationError } from '../../agent/fault.ts'
import type { BayId, Lamp, Signal } from '../../agent/ports.ts'
import { noLamp } from './none.ts'
import { terminalLamp } from './terminal.ts'

/** How a signal looks; the rows come from the one table of agent/core/signals.ts and are never made here. */
export type SignalLooks = Readonly<
  Record<Signal, { readonly word: string; readonly colour: string; readonly loud: boolean }>
>

export interface LampContext {
  readonly bay: BayId
  /** `SIGNAL_TABLE` of agent/core/signals.ts. */
  readonly signals: SignalLooks
  /** Takes one line of a terminal lamp, without its line end; throws when the terminal is gone. */
  readonly write: (line: string) => void
  /** True when the terminal shows 24-bit colours. */
  readonly hasColour: boolean
}

/**
 * The lamp of one bay.
 * @throws StationError STATION_DRIVER_UNKNOWN for a lamp that this version does not have
 */
export function openLamp(url: string, context: LampContext): Lamp {
  if (url === 'none:') return noLamp()
  if (url === 'terminal:') return terminalLamp(context)
  throw new StationError('STATION_DRIVER_UNKNOWN', `lamp: ${url} of bay ${context.bay}`)
}
