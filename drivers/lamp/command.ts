// A lamp that is any program: told each new signal by arguments, environment and JSON; no shell, bounded in time.
import { spawn } from 'node:child_process'
import { StationError } from '../../agent/fault.ts'
import type { BayId, Clock, Lamp, LampReport, Signal } from '../../agent/ports.ts'
import { Channel } from '../io/channel.ts'
import type { LampTables } from './tables.ts'

export interface CommandLampOptions {
  readonly path: string
  readonly bay: BayId
  readonly tables: LampTables
  readonly clock: Clock
}

/** A program that takes longer is killed, ms. */
export const COMMAND_MS = 5000
/** A program that failed is called again for the present signal after this long, ms. */
const AGAIN_MS = 10_000
/** The agent's own environment is not handed on: it may hold secrets. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * Calls `path SIGNAL WORD COLOUR RHYTHM` with RESEAL_BAY, RESEAL_SIGNAL, RESEAL_WORD, RESEAL_COLOUR and RESEAL_RHYTHM, and
 * the same as one JSON object on its standard input. RHYTHM is `on/off` ms, several by commas. One call at a time; of
 * signals that come meanwhile only the last is told. `empty` is told at the end.
 */
export function commandLamp(options: CommandLampOptions): Lamp {
  return new CommandLamp(options)
}

class CommandLamp implements Lamp {
  readonly #o: CommandLampOptions
  readonly #facts: Channel<LampReport>
  readonly #life = new AbortController()
  #health: LampReport | null = null
  #wanted: Signal | null = null
  #told: Signal | null = null
  #running: Promise<void> | null = null

  constructor(options: CommandLampOptions) {
    this.#o = options
    this.#facts = new Channel(() => (this.#health === null ? [] : [this.#health]))
  }

  watch(signal: AbortSignal): AsyncIterable<LampReport> {
    return this.#facts.watch(signal)
  }

  async show(signal: Signal): Promise<void> {
    if (this.#life.signal.aborted) return
    this.#wanted = signal
    this.#running ??= this.#run().finally(() => (this.#running = null))
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#told !== this.#wanted && this.#wanted !== null) {
      const signal = this.#wanted
      try {
        await this.#call(signal)
      } catch (error) {
        this.#tell(error as StationError)
        void this.#again()
        throw error
      }
      this.#told = signal
      this.#tell(null)
    }
  }

  async #again(): Promise<void> {
    await this.#o.clock.sleep(AGAIN_MS, this.#life.signal)
    const { signal } = this.#life
    if (!signal.aborted && this.#wanted !== null) await this.show(this.#wanted).catch(() => null)
  }

  #tell(why: StationError | null): void {
    const code = why?.code ?? null
    if (this.#health !== null && this.#health.code === code) return
    const health = why === null ? 'ok' : 'gone'
    this.#health = { health, code, detail: why?.where ?? '', at: this.#o.clock.now() }
    this.#facts.push(this.#health)
  }

  #call(signal: Signal): Promise<void> {
    const { path, bay, tables, clock } = this.#o
    const { word, colour, rhythm: beats } = tables.signals[signal]
    const rhythm = beats.map(([on, off]) => `${on}/${off}`).join(',')
    const env = {
      PATH,
      RESEAL_BAY: bay,
      RESEAL_SIGNAL: signal,
      RESEAL_WORD: word,
      RESEAL_COLOUR: colour,
      RESEAL_RHYTHM: rhythm,
    }
    return new Promise((resolve, reject) => {
      const child = spawn(path, [signal, word, colour, rhythm], {
        env,
        shell: false,
        stdio: ['pipe', 'ignore', 'ignore'],
      })
      const end = (why: string | null): void => {
        stop()
        if (why === null) resolve()
        else reject(new StationError('STATION_LAMP_GONE', `command:${path}: ${why}`))
      }
      const stop = clock.after(COMMAND_MS, () => {
        child.kill('SIGKILL')
        end(`no end in ${COMMAND_MS / 1000} s`)
      })
      child.on('error', (error) => end(error.message))
      child.on('exit', (code, killed) => end(code === 0 ? null : `ended with ${code ?? killed}`))
      // A program that does not read its input is none the worse.
      child.stdin.on('error', () => undefined)
      child.stdin.end(`${JSON.stringify({ bay, signal, word, colour, rhythm: beats })}\n`)
    })
  }

  async close(): Promise<void> {
    if (this.#life.signal.aborted) return
    const { running } = { running: this.#running }
    this.#life.abort()
    this.#wanted = null
    await running?.catch(() => undefined)
    if (this.#told !== null && this.#told !== 'empty')
      await this.#call('empty').catch(() => undefined)
    this.#facts.close()
  }
}
