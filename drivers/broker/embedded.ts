// Keeps the embedded broker running in a process of its own, so that its work and its faults stay out of the agent's.
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { StationError } from '../../agent/fault.ts'
import type { Clock } from '../../agent/ports.ts'
import { Backoff } from './backoff.ts'

const PROGRAM = fileURLToPath(new URL('./embedded-process.ts', import.meta.url))
/** Starting takes about 0.3 s here; a busy bench PC may take much longer. */
const START_MS = 20_000
const STOP_MS = 1500

export interface Embedded {
  /** `mqtt://127.0.0.1:<port>`; stays the same over restarts of its process. */
  readonly url: string
  /** Process id, for those who look; null while it is being restarted. */
  readonly pid: number | null
  close(): Promise<void>
}

/**
 * Starts the broker on `port` of 127.0.0.1, or on a free one when that is taken. It ends with this process, also after
 * `kill -9`. When its process dies it is started again, on the same port.
 * @throws StationError STATION_HARDWARE_MISSING when it does not start
 */
export async function openEmbedded(options: {
  readonly port: number
  readonly clock: Clock
}): Promise<Embedded> {
  const { clock } = options
  const closing = new AbortController()
  const first = await start(options.port, false, clock)
  let child: ChildProcess | null = first.child
  const url = `mqtt://127.0.0.1:${first.port}`

  const keep = async () => {
    const backoff = new Backoff(url)
    while (!closing.signal.aborted) {
      if (child !== null) await ended(child)
      child = null
      if (closing.signal.aborted) return
      await clock.sleep(backoff.next(), closing.signal)
      if (closing.signal.aborted) return
      const next = await start(first.port, true, clock).catch(() => null)
      child = next?.child ?? null
      if (closing.signal.aborted) child?.kill('SIGKILL')
    }
  }
  const kept = keep()

  return {
    url,
    get pid() {
      return child?.pid ?? null
    },
    async close() {
      closing.abort()
      const last = child
      if (last !== null) {
        last.kill('SIGTERM')
        const cancel = clock.after(STOP_MS, () => last.kill('SIGKILL'))
        await ended(last)
        cancel()
      }
      await kept
    },
  }
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.once('exit', () => resolve())
  })

/** `only`: no other port will do, because clients know this one. */
function start(
  port: number,
  only: boolean,
  clock: Clock,
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = fork(PROGRAM, [String(port), only ? 'only' : 'any'], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    const fail = (where: string) => {
      child.kill('SIGKILL')
      reject(new StationError('STATION_HARDWARE_MISSING', `embedded broker: ${where}`))
    }
    const cancel = clock.after(START_MS, () => fail(`no answer in ${START_MS} ms`))
    child.once('error', (error) => {
      cancel()
      fail(error.message)
    })
    child.once('exit', (code) => {
      cancel()
      fail(`ended with code ${code}`)
    })
    child.once('message', (said) => {
      cancel()
      child.removeAllListeners('exit')
      const listening = (said as { readonly listening?: unknown }).listening
      if (typeof listening === 'number') resolve({ child, port: listening })
      else fail(String((said as { readonly error?: unknown }).error))
    })
  })
}
