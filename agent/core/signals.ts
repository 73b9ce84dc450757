// The one table behind lamp, tile, topic and word (shared signals page); nothing else maps a state to a colour.

export const SIGNALS = [
  'test',
  'alarm',
  'closed',
  'station',
  'hold',
  'you',
  'failed',
  'done',
  'waiting',
  'working',
  'empty',
] as const
/** In order of precedence: if several apply, the first of them wins. */
export type Signal = (typeof SIGNALS)[number]

export interface SignalRow {
  readonly word: string
  readonly who: 'nobody' | 'operator' | 'lead' | 'bench owner'
  readonly glyph:
    | 'ring'
    | 'hourglass'
    | 'arc'
    | 'hand'
    | 'bars'
    | 'check'
    | 'cross'
    | 'triangle'
    | 'wrench'
    | 'bar'
    | 'all'
  /** Tile and RGB lamp, `#RRGGBB`. */
  readonly colour: string
  readonly hatched: boolean
  /** A loud tile is filled: what is loud is what a person must touch. */
  readonly loud: boolean
  readonly ink: 'black' | 'white'
  readonly rhythm: Rhythm
  readonly tower: string
  readonly sound: 'none' | 'soft' | 'rising' | 'low' | 'alarm' | 'short'
}

/** On and off times of one period in ms, repeated; one pair of [1, 0] is steady, [0, 1] dark. Nothing flashes over 3 Hz. */
export type Rhythm = readonly (readonly [onMs: number, offMs: number])[]
const STEADY: Rhythm = [[1, 0]]
const DARK: Rhythm = [[0, 1]]

export const SIGNAL_TABLE: Readonly<Record<Signal, SignalRow>> = {
  empty: {
    word: 'Free',
    who: 'nobody',
    glyph: 'ring',
    colour: '#2A2F36',
    hatched: false,
    loud: false,
    ink: 'white',
    rhythm: DARK,
    tower: 'off',
    sound: 'none',
  },
  waiting: {
    word: 'Waits',
    who: 'nobody',
    glyph: 'hourglass',
    colour: '#7A828E',
    hatched: false,
    loud: false,
    ink: 'black',
    rhythm: STEADY,
    tower: 'yellow steady',
    sound: 'none',
  },
  working: {
    word: 'Works',
    who: 'nobody',
    glyph: 'arc',
    colour: '#2F81E8',
    hatched: false,
    loud: false,
    ink: 'black',
    rhythm: [[1000, 1000]],
    tower: 'green blink 0.5 Hz',
    sound: 'none',
  },
  you: {
    word: 'You',
    who: 'operator',
    glyph: 'hand',
    colour: '#FFD23F',
    hatched: false,
    loud: true,
    ink: 'black',
    rhythm: [[500, 500]],
    tower: 'yellow blink 1 Hz',
    sound: 'soft',
  },
  hold: {
    word: 'Hold',
    who: 'lead',
    glyph: 'bars',
    colour: '#FFD23F',
    hatched: true,
    loud: true,
    ink: 'black',
    rhythm: [
      [200, 200],
      [200, 1400],
    ],
    tower: 'yellow + red steady',
    sound: 'none',
  },
  done: {
    word: 'Take out',
    who: 'operator',
    glyph: 'check',
    colour: '#2BC98A',
    hatched: false,
    loud: true,
    ink: 'black',
    rhythm: STEADY,
    tower: 'green steady',
    sound: 'rising',
  },
  failed: {
    word: 'Failed',
    who: 'operator',
    glyph: 'cross',
    colour: '#C62828',
    hatched: false,
    loud: true,
    ink: 'white',
    rhythm: STEADY,
    tower: 'red steady',
    sound: 'low',
  },
  alarm: {
    word: 'Stop',
    who: 'operator',
    glyph: 'triangle',
    colour: '#C62828',
    hatched: false,
    loud: true,
    ink: 'white',
    rhythm: [[200, 200]],
    tower: 'red blink 2.5 Hz + buzzer',
    sound: 'alarm',
  },
  station: {
    word: 'Bench',
    who: 'bench owner',
    glyph: 'wrench',
    colour: '#7A2A94',
    hatched: false,
    loud: true,
    ink: 'white',
    rhythm: [[200, 2800]],
    tower: 'red + yellow blink 1 Hz',
    sound: 'none',
  },
  closed: {
    word: 'Closed',
    who: 'nobody',
    glyph: 'bar',
    colour: '#2A2F36',
    hatched: true,
    loud: false,
    ink: 'white',
    rhythm: DARK,
    tower: 'off',
    sound: 'none',
  },
  test: {
    word: 'Test',
    who: 'nobody',
    glyph: 'all',
    colour: '#FFFFFF',
    hatched: false,
    loud: false,
    ink: 'black',
    rhythm: STEADY,
    tower: 'in turn',
    sound: 'short',
  },
}

/** Light of a tower with three colours; `lit` follows `rhythm` together, the others are dark. */
export interface TowerRow {
  readonly lit: readonly TowerColour[]
  readonly rhythm: Rhythm
}
export type TowerColour = 'red' | 'yellow' | 'green'

/** The column of the signals page for a three-colour tower; `tower` of SIGNAL_TABLE is the same in words. */
export const TOWER_TABLE: Readonly<Record<Signal, TowerRow>> = {
  empty: { lit: [], rhythm: DARK },
  waiting: { lit: ['yellow'], rhythm: STEADY },
  working: { lit: ['green'], rhythm: [[1000, 1000]] },
  you: { lit: ['yellow'], rhythm: [[500, 500]] },
  hold: { lit: ['yellow', 'red'], rhythm: STEADY },
  done: { lit: ['green'], rhythm: STEADY },
  failed: { lit: ['red'], rhythm: STEADY },
  alarm: { lit: ['red'], rhythm: [[200, 200]] },
  station: { lit: ['red', 'yellow'], rhythm: [[500, 500]] },
  closed: { lit: [], rhythm: DARK },
  // Each in turn: a lamp walks through the colours of the other rows, one second each.
  test: { lit: ['red', 'yellow', 'green'], rhythm: STEADY },
}

/** A lamp that is only on or off is on for what a person must touch: the loud rows, steady. */
export const isTwoStateOn = (signal: Signal): boolean => SIGNAL_TABLE[signal].loud

/** What a buzzer without pitch makes of a sound: `beeps` as on and off ms, once more after `againMs`, or without end. */
export interface SoundRow {
  readonly beeps: Rhythm
  readonly againMs: number | null
  readonly endless: boolean
}

export const SOUND_TABLE: Readonly<Record<SignalRow['sound'], SoundRow>> = {
  none: { beeps: [], againMs: null, endless: false },
  soft: { beeps: [[350, 0]], againMs: 60_000, endless: false },
  rising: {
    beeps: [
      [160, 80],
      [240, 0],
    ],
    againMs: null,
    endless: false,
  },
  low: { beeps: [[600, 0]], againMs: null, endless: false },
  alarm: { beeps: [[500, 500]], againMs: null, endless: true },
  short: { beeps: [[80, 0]], againMs: null, endless: false },
}

/** The colours of the table by name, for lamps that have a few fixed ones. */
export type Hue = 'off' | 'grey' | 'blue' | 'yellow' | 'green' | 'red' | 'violet' | 'white'
const HUES: Readonly<Record<string, Hue>> = {
  '#2A2F36': 'off',
  '#7A828E': 'grey',
  '#2F81E8': 'blue',
  '#FFD23F': 'yellow',
  '#2BC98A': 'green',
  '#C62828': 'red',
  '#7A2A94': 'violet',
  '#FFFFFF': 'white',
}
export const hueOf = (signal: Signal): Hue => HUES[SIGNAL_TABLE[signal].colour] ?? 'white'

/** All that a lamp needs to know of the signals, in one hand: drivers have no tables of their own. */
export const LAMP_TABLES = {
  all: SIGNALS,
  signals: SIGNAL_TABLE,
  towers: TOWER_TABLE,
  sounds: SOUND_TABLE,
  isTwoStateOn,
  hueOf,
} as const

/** The signal that wins when several apply. */
export const loudest = (signals: readonly Signal[]): Signal =>
  SIGNALS.find((signal) => signals.includes(signal)) ?? 'empty'
