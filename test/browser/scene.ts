// The bench of the drawing in the shared signals page: 24 bays, every signal at once.
import type { Signal } from '../../agent/core/signals.ts'
import type { BayView } from '../../agent/core/view.ts'
import type { Clock } from '../../agent/ports.ts'
import { comparePrompt, viewOf } from '../fakes/board-bench.ts'

const MIN = 60_000

export function workingView(bay: string, percent: number, clock: Clock): BayView {
  const [p50Ms, p90Ms] = [26 * MIN, 34 * MIN]
  const startedAt = clock.now() - (p50Ms * percent) / 100
  const share = Math.min(0.99, percent / 100)
  const longer = clock.now() - startedAt > p90Ms
  return viewOf(bay, 'working', clock, {
    line: 'installing apps',
    since: startedAt,
    progress: { share, startedAt, p50Ms, p90Ms, n: 40, longer },
  })
}

/** Signals other than working, by bay. */
const LOUD: Readonly<Record<number, readonly [signal: Signal, line: string, waited: number]>> = {
  4: ['done', 'resealed, witnessed', 3 * MIN],
  7: ['empty', 'plug a device in', MIN],
  9: ['failed', 'Red shelf: remote IT', 9 * MIN],
  11: ['waiting', 'link settling', 2_000],
  13: ['done', 'resealed, witnessed', 3 * MIN],
  16: ['hold', 'Other customer: fetch the lead', 2 * MIN],
  18: ['empty', 'plug a device in', MIN],
  19: ['station', 'Check the USB cable from the bay to the device and to the bench PC.', 95_000],
  22: ['done', 'resealed, stated', 2 * MIN],
  23: ['closed', 'by a person', 20 * MIN],
}

export function scene(clock: Clock, count = 24): BayView[] {
  return Array.from({ length: count }, (_, index) => {
    const bay = index + 1
    const special = LOUD[bay]
    if (bay === 3) {
      const prompt = { ...comparePrompt('3.7', clock), since: clock.now() - 48_000 }
      return viewOf('3', 'you', clock, { word: 'Compare', line: prompt.line, prompt })
    }
    if (special === undefined)
      return workingView(String(bay), ((bay * 37) % 100) + (bay === 21 ? 60 : 0), clock)
    const [signal, line, waited] = special
    const fault =
      signal === 'station'
        ? { code: 'STATION_KEYBOARD_SILENT', hint: 'Check the USB cable.' }
        : null
    const over = signal === 'failed' ? { state: 'closed', code: '0x80180014' } : {}
    return viewOf(String(bay), signal, clock, {
      line,
      since: clock.now() - waited,
      fault,
      ...over,
    })
  })
}
