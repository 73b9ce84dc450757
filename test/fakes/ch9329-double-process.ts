// The double in a process of its own, for measuring times that the agent's event loop must not share.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { openSync, rmSync, writeSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import { fileURLToPath } from 'node:url'
import { Ch9329Double } from './ch9329-double.ts'
import type { PtyPair } from './pty.ts'

/**
 * Starts the double at the port `path`: it sends a message when it is there, answers any message with `{reports}` and
 * ends when it is disconnected. socat makes the terminal and gives way to the double, which then holds the far end
 * itself: each process between the two would add the time that a machine takes to wake one.
 */
export function startDoubleAt(path: string): ChildProcess {
  const self = fileURLToPath(import.meta.url)
  return spawn(
    'socat',
    [`pty,raw,echo=0,link=${path}`, `exec:${process.execPath} ${self} ${path},nofork`],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  )
}

/** The far end, as socat left it at this process's standard input. */
function ownEnd(path: string, onBytes: (bytes: Uint8Array) => void): PtyPair {
  // A terminal that nobody holds open ends its far end for good; the agent may come and go.
  openSync(path, 'r+')
  const far = new ReadStream(0)
  far.on('data', (bytes: Buffer) => onBytes(bytes))
  const never = async (): Promise<void> => {
    throw new Error('the port of a double in a process of its own stays plugged in')
  }
  return {
    path,
    isPlugged: true,
    write: (bytes) => void writeSync(0, Buffer.from(bytes)),
    unplug: never,
    plug: never,
    close: async () => rmSync(path, { force: true }),
  }
}

async function live(path: string): Promise<void> {
  // The measuring side goes first, or its own lateness would be booked on the agent. Only root may say so.
  if (process.getuid?.() === 0) execFileSync('chrt', ['-r', '-a', '-p', '1', `${process.pid}`])
  const world = { speedFreshMs: Number.POSITIVE_INFINITY, isPaced: true }
  const double = await Ch9329Double.start(world, path, async (take) => ownEnd(path, take))
  process.on('message', () => process.send?.({ reports: double.reports }))
  process.on('disconnect', async () => {
    await double.close()
    process.exit()
  })
  process.send?.('plugged in')
}

if (import.meta.main && process.argv[2] !== undefined) await live(process.argv[2])
