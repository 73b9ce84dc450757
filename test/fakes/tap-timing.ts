// Measures how true taps are to the times of their script, against a chip double that has a process of its own.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../drivers/host/clock.ts'
import { type Ch9329, openCh9329 } from '../../drivers/keyboard/ch9329.ts'
import { burst } from '../contracts/keyboard.ts'
import type { TakenReport } from './ch9329-double.ts'

export interface TapTiming {
  readonly taps: number
  /** The wire's own time: median from one report to the next without any pause. */
  readonly wireMs: number
  /** Time from report to report beyond pause and wire, ms; negative is too early. */
  readonly minMs: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** F15: no page reacts to it. */
const USAGE = 0x6a

/** Plays `taps` taps on a real port and says by how much they missed their times. */
export async function measureTapTiming(
  taps: number,
  holdMs: number,
  gapMs: number,
): Promise<TapTiming> {
  const child = fork(new URL('./ch9329-double-process.ts', import.meta.url))
  const stateDir = await mkdtemp(join(tmpdir(), 'reseal-taps-'))
  let keyboard: Ch9329 | undefined
  try {
    const [{ path }] = (await once(child, 'message')) as [{ path: string }]
    const numbers = { resetWaitMs: 50 }
    keyboard = await openCh9329({ path, clock: systemClock(), stateDir, numbers })
    await keyboard.ready()
    const bare = gaps(await played(child, keyboard, taps, 0, 0))
    const wireMs = percentile(bare, 0.5)
    const taken = gaps(await played(child, keyboard, taps, holdMs, gapMs))
    const errors = taken.map((gap, n) => gap - wireMs - (n % 2 ? gapMs : holdMs))
    const at = (p: number) => percentile(errors, p)
    return { taps, wireMs, minMs: at(0), p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
  } finally {
    await keyboard?.close()
    child.disconnect()
    await once(child, 'exit')
    await rm(stateDir, { recursive: true, force: true })
  }
}

async function played(
  child: ChildProcess,
  keyboard: Ch9329,
  taps: number,
  holdMs: number,
  gapMs: number,
): Promise<readonly TakenReport[]> {
  const from = (await reports(child)).length
  const { proof } = await keyboard.play(
    burst(USAGE, taps, holdMs, gapMs),
    new AbortController().signal,
  )
  if (proof !== 'accepted') throw new Error(`the taps were ${proof}`)
  return (await reports(child)).slice(from)
}

async function reports(child: ChildProcess): Promise<readonly TakenReport[]> {
  child.send('reports')
  const [answer] = (await once(child, 'message')) as [{ reports: TakenReport[] }]
  return answer.reports
}

const gaps = (all: readonly TakenReport[]): number[] =>
  all.slice(1).map((report, n) => report.at - (all[n]?.at ?? report.at))

function percentile(all: readonly number[], p: number): number {
  const sorted = all.toSorted((a, b) => a - b)
  return sorted[Math.min(Math.floor(sorted.length * p), sorted.length - 1)] ?? Number.NaN
}
