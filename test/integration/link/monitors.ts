// What the tests of the nic driver look at beside it: its monitor's process, and another monitor to compare with.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { systemClock } from '../../../drivers/host/clock.ts'
import { openNicFamily } from '../../../drivers/link/index.ts'

export const clock = systemClock()

/** A family that keeps its notes, and the process number of its present monitor. */
export function family(ipCommand: string | null = 'ip') {
  const notes: string[] = []
  const pid = () => Number(/process (\d+)$/.exec(notes.at(-1) ?? '')?.[1] ?? 0)
  const nics = openNicFamily({ clock, ipCommand, note: (text) => notes.push(text) })
  return { nics, notes, pid }
}

export async function eventually(what: string, holds: () => boolean): Promise<void> {
  const limit = performance.now() + 5000
  while (!holds()) {
    if (performance.now() > limit) throw new Error(`${what} did not come`)
    await clock.sleep(5)
  }
}

/** Another `ip monitor` beside the driver's, and when its first line about an interface came. */
export class Reference {
  readonly #child
  lines = 0
  at: number | null = null

  constructor(iface: string) {
    this.#child = spawn('ip', ['-o', 'monitor', 'link'], { stdio: ['ignore', 'pipe', 'ignore'] })
    this.#child.stdout.on('data', (chunk: Buffer) => {
      if (!chunk.includes(`: ${iface}@`)) return
      this.lines += 1
      this.at ??= performance.now()
    })
  }

  next(): void {
    this.at = null
  }

  close(): void {
    this.#child.kill()
  }
}

/** The state letter of a process, or null when it is gone. */
export function stateOf(pid: number): string | null {
  try {
    return /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1] ?? null
  } catch {
    return null
  }
}
