// An idle process beside the soak: what its event loop waits is the machine's, not the station's. `node neighbour.ts` is that process.
import { type ChildProcess, fork } from 'node:child_process'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

interface Figures {
  /** Event-loop delay, ms. */
  readonly p99: number
  readonly max: number
}

const RESOLUTION_MS = 1

export class Neighbour {
  readonly #child: ChildProcess
  figures: Figures = { p99: Number.NaN, max: Number.NaN }

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  static async start(): Promise<Neighbour> {
    const child = fork(fileURLToPath(import.meta.url), ['idle'], { execArgv: [] })
    await new Promise((resolve) => child.once('message', resolve))
    return new Neighbour(child)
  }

  start(): void {
    this.#child.send('start')
  }

  async stop(): Promise<void> {
    const told = new Promise<Figures>((resolve) => this.#child.once('message', resolve))
    this.#child.send('stop')
    this.figures = await told
  }

  close(): void {
    this.#child.disconnect()
  }
}

if (process.argv[2] === 'idle' && process.send !== undefined) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  const beyond = (ns: number): number => Math.max(0, ns / 1e6 - RESOLUTION_MS)
  process.on('message', (word) => {
    if (word === 'start') delays.enable()
    else {
      delays.disable()
      process.send?.({ p99: beyond(delays.percentile(99)), max: beyond(delays.max) })
    }
  })
  process.send('ready')
}
