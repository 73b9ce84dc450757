// How a signal looks, as the core hands it to the lamps; the rows come from agent/core/signals.ts and are never made here.
import type { Signal } from '../../agent/ports.ts'

/** On and off times of one period in ms, repeated; [1, 0] alone is steady, [0, 1] dark. */
export type Rhythm = readonly (readonly [onMs: number, offMs: number])[]
export type TowerColour = 'red' | 'yellow' | 'green'
export type Hue = 'off' | 'grey' | 'blue' | 'yellow' | 'green' | 'red' | 'violet' | 'white'
export type Sound = 'none' | 'soft' | 'rising' | 'low' | 'alarm' | 'short'

export interface SignalLook {
  readonly word: string
  readonly colour: string
  readonly loud: boolean
  readonly rhythm: Rhythm
  readonly sound: Sound
}
export interface SoundLook {
  readonly beeps: Rhythm
  readonly againMs: number | null
  readonly endless: boolean
}

/** `LAMP_TABLES` of agent/core/signals.ts. */
export interface LampTables {
  readonly all: readonly Signal[]
  readonly signals: Readonly<Record<Signal, SignalLook>>
  readonly towers: Readonly<
    Record<Signal, { readonly lit: readonly TowerColour[]; readonly rhythm: Rhythm }>
  >
  readonly sounds: Readonly<Record<Sound, SoundLook>>
  readonly isTwoStateOn: (signal: Signal) => boolean
  readonly hueOf: (signal: Signal) => Hue
}
