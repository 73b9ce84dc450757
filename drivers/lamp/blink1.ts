// A blink(1), mk2 or mk3: plays the rhythm by itself, and goes dark by its own watchdog when the agent dies.
import { DARK, type Light, type Rgb, type Script } from './light.ts'
import { feature, type LampModel, type Packet } from './model.ts'

/** Feature report 1, 8 bytes (facts/hardware §4.1). The lamp corrects its gamma itself, so screen colours go out as they are. */
const REPORT = 0x01
const SET_NOW = 0x6e
const CHOOSE_LED = 0x6c
const PLAY = 0x70
const PATTERN_LINE = 0x50
const WATCHDOG = 0x44
const ALL_LEDS = 0x00

/** Lines 0 to 7 hold a rhythm; mk1 has 12 lines, and old firmware wrote flash at the last one. */
const LINES_MAX = 8
/** The line that the watchdog plays: dark. */
const DARK_LINE = 10
/** A fade this short is a hard edge; a line of 0 ms and black would be skipped (firmware mk2, updateLEDs). */
const EDGE_MS = 20
/** The lamp is dark this long after the last sign of the agent. */
const DEAD_MS = 6000
const REFRESH_MS = 2000

const at = (cmd: number, ...rest: readonly number[]): Packet =>
  feature(...[REPORT, cmd, ...rest, 0, 0, 0, 0, 0, 0].slice(0, 8))

/** Times are in units of 10 ms, high byte first. */
const ticks = (ms: number): readonly [number, number] => {
  const count = Math.min(0xffff, Math.round(ms / 10))
  return [count >> 8, count & 0xff]
}

const setNow = ([r, g, b]: Rgb): Packet => at(SET_NOW, r, g, b, 0, 0, ALL_LEDS)

const line = ([r, g, b]: Rgb, ms: number, position: number): Packet =>
  at(PATTERN_LINE, r, g, b, ...ticks(ms), position)

/** `on` with the time-out; `keep` leaves the light as it is until then. */
const watchdog = (isOn: boolean): Packet =>
  at(WATCHDOG, isOn ? 1 : 0, ...ticks(isOn ? DEAD_MS : 0), 1, DARK_LINE, DARK_LINE)

/** Slow pulses fade over their whole time, all others are hard edges that then stand. */
function linesOf(script: Script): readonly (readonly [Rgb, number])[] {
  const isSlow = script.length === 2 && script.every(({ ms }) => ms >= 1000)
  return script.flatMap(({ light: { rgb }, ms }): [Rgb, number][] =>
    isSlow
      ? [[rgb, ms]]
      : [
          [rgb, EDGE_MS],
          [rgb, ms - EDGE_MS],
        ],
  )
}

/** The rhythm as pattern lines: the first colour at once, then the lines, then play them without end. */
function program(script: Script): readonly Packet[] | null {
  const lines = linesOf(script)
  const [first] = script
  if (lines.length > LINES_MAX || first === undefined) return null
  return [
    setNow(first.light.rgb),
    ...lines.map(([rgb, ms], position) => line(rgb, ms, position)),
    at(PLAY, 1, 0, lines.length - 1, 0),
  ]
}

export const BLINK1: LampModel = {
  name: 'blink(1)',
  ability: 'rgb',
  buzzer: false,
  hello: [at(CHOOSE_LED, ALL_LEDS), line(DARK.rgb, EDGE_MS, DARK_LINE)],
  light: ({ rgb }: Light) => [setNow(rgb)],
  program,
  deadMan: { everyMs: REFRESH_MS, deadMs: DEAD_MS, packets: [watchdog(true)] },
  goodbye: [watchdog(false)],
}

export const BLINK1_IDS = [{ vendor: 0x27b8, product: 0x01ed }] as const
