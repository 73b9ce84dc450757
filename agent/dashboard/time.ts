// The station's time on this page, which may run faster than the wall's, and how times are written.
import { useEffect, useState } from 'preact/hooks'
import { language } from './words/words.ts'

const TICK_MS = 500

let base = Date.now()
let takenAt = performance.now()
let pace = 1

/** Takes over the station's clock; `rate` ms pass there in one ms here. */
export function setClock(now: number, rate: number): void {
  base = now
  takenAt = performance.now()
  pace = rate
}

/** The station's time now, UTC ms. */
export const stationNow = (): number => base + (performance.now() - takenAt) * pace

/** Seconds that a person in front of this page has until `at`, however fast the bench's time runs. */
export const secondsUntil = (at: number, now: number): number => Math.ceil((at - now) / pace / 1000)

const tickers = new Set<() => void>()
let timer: number | undefined

/** Repaints the component whenever what `read` says of the present time has changed. */
export function useTimed<T extends string | number | boolean>(read: (now: number) => T): T {
  const [, repaint] = useState<T>()
  const shown = read(stationNow())
  useEffect(() => {
    const tick = () => repaint(() => read(stationNow()))
    tickers.add(tick)
    timer ??= window.setInterval(() => {
      for (const each of tickers) each()
    }, TICK_MS)
    return () => {
      tickers.delete(tick)
      if (tickers.size > 0) return
      window.clearInterval(timer)
      timer = undefined
    }
  })
  return shown
}

/** Under 90 s in seconds, then minutes, then hours: `48 s`, `13 min`, `1 h 05`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 90) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}`
}

/** Elapsed and limit with one unit where they share it: `13 / 34 min`. */
export function ofLimit(elapsedMs: number, limitMs: number): string {
  const [done, limit] = [duration(elapsedMs), duration(limitMs)]
  const unit = / (s|min)$/.exec(limit)?.[1]
  const isSame = unit !== undefined && done.endsWith(` ${unit}`)
  return `${isSame ? done.slice(0, -unit.length - 1) : done} / ${limit}`
}

const TAG = language() === 'en' ? 'en-GB' : language()
const CLOCK = new Intl.DateTimeFormat(TAG, { hour: '2-digit', minute: '2-digit' })
const WHOLE = new Intl.DateTimeFormat(TAG, {
  dateStyle: 'medium',
  timeStyle: 'medium',
})
const ZONE = new Intl.DateTimeFormat(TAG, { timeZoneName: 'short' })
/** `14:07` in the time zone of this screen. */
export const clockText = (at: number): string => CLOCK.format(at)
/** The zone of this screen now, short: `CET`. */
export const zoneText = (at = Date.now()): string =>
  ZONE.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
/** Day and time to the second, with the zone, in the language of the page. */
export const wholeTime = (at: number): string => `${WHOLE.format(at)} ${zoneText(at)}`
