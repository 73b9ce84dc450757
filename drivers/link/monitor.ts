// Keeps one `ip -o monitor` child running for all bays: the kernel's word comes in a millisecond instead of at the next poll.
import { execFile, spawn } from 'node:child_process'
import type { Clock } from '../../agent/ports.ts'
import { Lines } from './monitor-lines.ts'

/** Waits between two starts of the child, in ms: doubled each time that it ended early. */
const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 30_000
/** A child that ran for so long was healthy: its end is a new story. */
const HEALTHY_MS = 10_000
/** The two tables that the kernel learns MACs into; with `-o` both print like the monitor does. */
const TABLES = [
  ['-o', 'neigh', 'show'],
  ['-o', '-f', 'bridge', 'neigh', 'show'],
]
const MONITOR = ['-o', 'monitor', 'link', 'neigh']
/**
 * The kernel kills the child with the agent. Without this one outlives a killed agent until it has something to write, on
 * a quiet bench for hours. `setpriv` (util-linux) becomes the command, so there is one process and not two.
 */
const DIES_WITH_US = ['--pdeathsig', 'KILL', '--']
/** What `setpriv` ends with when it finds no such command. */
const NO_COMMAND = 127
const TABLE_MS = 2000
const TABLE_BYTES = 1024 * 1024

export interface MonitorOptions {
  readonly command: string
  readonly clock: Clock
  /** Called when a child runs; what happened before it is for the caller to look up. */
  readonly onStart: (pid: number) => void
  readonly onLine: (line: string) => void
  /** Why the last child ended, and when the next one starts. */
  readonly onEnd: (why: string, waitMs: number) => void
}

/** Runs one child until it ends or the signal aborts; resolves with the reason, never rejects. */
function runOnce(options: MonitorOptions, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn('setpriv', [...DIES_WITH_US, options.command, ...MONITOR], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    // Not a polite signal: a stopped child would never hear it.
    const kill = () => child.kill('SIGKILL')
    const end = (why: string) => {
      signal.removeEventListener('abort', kill)
      resolve(why)
    }
    const lines = new Lines()
    child.stdout.setEncoding('latin1')
    child.stdout.on('data', (chunk: string) => {
      for (const line of lines.take(chunk)) options.onLine(line)
    })
    child.stdout.on('error', kill)
    child.on('spawn', () => options.onStart(child.pid ?? 0))
    child.on('error', (error) => end(error.message))
    child.on('close', (code, name) => {
      const missing = code === NO_COMMAND ? `, no ${options.command}` : ''
      end(`ended with ${name ?? `exit code ${code}`}${missing}`)
    })
    signal.addEventListener('abort', kill, { once: true })
    if (signal.aborted) kill()
  })
}

/** Keeps a child running until `signal` aborts; resolves when the last one is gone, never rejects. */
export async function keepMonitor(options: MonitorOptions, signal: AbortSignal): Promise<void> {
  let waitMs = FIRST_WAIT_MS
  while (!signal.aborted) {
    const from = options.clock.mono()
    const why = await runOnce(options, signal)
    if (signal.aborted) return
    if (options.clock.mono() - from > HEALTHY_MS) waitMs = FIRST_WAIT_MS
    options.onEnd(why, waitMs)
    await options.clock.sleep(waitMs, signal)
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
  }
}

const table = (command: string, args: readonly string[], signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => {
    const options = {
      signal,
      timeout: TABLE_MS,
      maxBuffer: TABLE_BYTES,
      encoding: 'latin1' as const,
    }
    execFile(command, args, options, (_error, stdout) => resolve(stdout))
  })

/** What the kernel has learnt so far, as lines; nothing when it cannot be asked. */
export async function learntLines(command: string, signal: AbortSignal): Promise<string[]> {
  const texts = await Promise.all(TABLES.map((args) => table(command, args, signal)))
  return texts.flatMap((text) => text.split('\n'))
}
