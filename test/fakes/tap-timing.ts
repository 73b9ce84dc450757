// Measures how true taps are to the times of their script, against a chip double that has a process of its own.
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../drivers/host/clock.ts'
import { type Ch9329, openCh9329 } from '../../drivers/keyboard/ch9329.ts'
import { burst } from '../contracts/keyboard.ts'
import type { TakenReport } from './ch9329-double.ts'
import { startDoubleAt } from './ch9329-double-process.ts'

export interface TapTiming {
  /** The wire's own times: from each report to the next without any pause, ms. */
  readonly wireMs: readonly number[]
  /** Time from each report to the next beyond its pause, ms: the wire's own and what the agent adds. */
  readonly beyondMs: readonly number[]
}

/** A report of 14 bytes and its answer of 7, ten bits each, at the 9600 baud of the double's pace. */
export const PACE_MS = ((14 + 7) * 10 * 1000) / 9600

/** F15: no page reacts to it. */
const USAGE = 0x6a

/** Plays `taps` taps on a real port and says by how much they missed their times. */
export async function measureTapTiming(
  taps: number,
  holdMs: number,
  gapMs: number,
): Promise<TapTiming> {
  const stateDir = await mkdtemp(join(tmpdir(), 'reseal-taps-'))
  const path = join(stateDir, 'port')
  const child = startDoubleAt(path)
  let keyboard: Ch9329 | undefined
  try {
    await once(child, 'message')
    const numbers = { resetWaitMs: 50 }
    keyboard = await openCh9329({ path, clock: systemClock(), stateDir, numbers })
    await keyboard.ready()
    const wireMs = gaps(await played(child, keyboard, taps, 0, 0))
    const taken = gaps(await played(child, keyboard, taps, holdMs, gapMs))
    return { wireMs, beyondMs: taken.map((gap, n) => gap - (n % 2 ? gapMs : holdMs)) }
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
