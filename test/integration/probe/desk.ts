// A station as small as the intake needs it: which run is open, what was reported, and what is asked of the TPM.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bayId } from '../../../agent/core/ids.ts'
import type { ProbeDesk, ProbeIntake, ProbeSession } from '../../../agent/ports.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { openIntake } from '../../../drivers/probe/index.ts'

export class Desk implements ProbeDesk {
  readonly runs = new Map<string, string | null>([
    ['01', 'run-1'],
    ['02', 'run-2'],
  ])
  readonly reports: { bay: string; run: string | null; text: string }[] = []
  readonly notes: { sentence: string; why?: unknown; times?: unknown }[] = []
  /** What the station does with a relayed TPM. */
  work: (session: ProbeSession, signal: AbortSignal) => Promise<void> = async () => undefined

  /** Set by tests of bays that are known by their network. */
  bayAt?: NonNullable<ProbeDesk['bayAt']>

  runOf(bay: string): string | null {
    return this.runs.get(bay) ?? null
  }

  async report(session: ProbeSession, text: string): Promise<void> {
    this.reports.push({ bay: session.bay, run: session.run, text })
  }

  async relayed(session: ProbeSession, signal: AbortSignal): Promise<void> {
    await this.work(session, signal)
  }

  /** Why devices were refused, as the log tells it. */
  get refused(): readonly string[] {
    return this.notes.flatMap(({ why }) => (typeof why === 'string' ? [why] : []))
  }
}

export interface OpenDesk extends AsyncDisposable {
  readonly desk: Desk
  readonly intake: ProbeIntake
}

export const BAY = bayId('01')
export const OTHER = bayId('02')

export async function openDesk(host: string): Promise<OpenDesk> {
  const desk = new Desk()
  const dataDir = mkdtempSync(join(tmpdir(), 'reseal-intake-'))
  const note = (sentence: string, fields: object) => void desk.notes.push({ sentence, ...fields })
  const intake = await openIntake({ host, port: 0, dataDir, clock: systemClock(), desk, note })
  return {
    desk,
    intake,
    [Symbol.asyncDispose]: async () => {
      await intake.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
