// What an onlooker must see of each signal at first glance, by kind of lamp: written from the signals page, not from the code.
import type { Signal } from '../../agent/core/signals.ts'

/** Colours of the tiles, as a lamp that corrects its gamma takes them. `test` begins with the alarm's. */
export const COLOURS: Readonly<Record<Signal, string>> = {
  empty: 'dark',
  closed: 'dark',
  waiting: '#7a828e',
  working: '#2f81e8',
  you: '#ffd23f',
  hold: '#ffd23f',
  done: '#2bc98a',
  failed: '#c62828',
  alarm: '#c62828',
  station: '#7a2a94',
  test: '#c62828',
}

/** The same light of LEDs that are driven linearly: IEC 61966-2-1, worked out apart from the code. */
const LINEAR: Readonly<Record<string, string>> = {
  dark: 'dark',
  '#7a828e': '#323945',
  '#2f81e8': '#0738ce',
  '#ffd23f': '#ffa40d',
  '#2bc98a': '#069541',
  '#c62828': '#900505',
  '#7a2a94': '#32064c',
}
export const LINEAR_COLOURS = mapped((signal) => LINEAR[COLOURS[signal]] ?? 'odd')

/** Percent in place of 255. */
const percent = (colour: string): string =>
  colour === 'dark'
    ? colour
    : `#${[1, 3, 5]
        .map((at) => Math.round((Number.parseInt(colour.slice(at, at + 2), 16) * 100) / 255))
        .map((part) => part.toString(16).padStart(2, '0'))
        .join('')}`
export const PERCENT_COLOURS = mapped((signal) => percent(LINEAR_COLOURS[signal]))

export const NAMED: Readonly<Record<Signal, string>> = {
  empty: 'dark',
  closed: 'dark',
  waiting: 'white',
  working: 'blue',
  you: 'yellow',
  hold: 'yellow',
  done: 'green',
  failed: 'red',
  alarm: 'red',
  station: 'purple',
  test: 'red',
}

export const TOWERS: Readonly<Record<Signal, string>> = {
  empty: 'dark',
  closed: 'dark',
  waiting: 'yellow',
  working: 'green',
  you: 'yellow',
  hold: 'red+yellow',
  done: 'green',
  failed: 'red',
  alarm: 'red',
  station: 'red+yellow',
  test: 'red',
}

export const ON_OFF: Readonly<Record<Signal, string>> = {
  empty: 'dark',
  closed: 'dark',
  waiting: 'dark',
  working: 'dark',
  you: 'lamp',
  hold: 'lamp',
  done: 'lamp',
  failed: 'lamp',
  alarm: 'lamp',
  station: 'lamp',
  test: 'lamp',
}

function mapped(look: (signal: Signal) => string): Readonly<Record<Signal, string>> {
  const signals = Object.keys(COLOURS) as Signal[]
  return Object.fromEntries(signals.map((signal) => [signal, look(signal)])) as Record<
    Signal,
    string
  >
}
