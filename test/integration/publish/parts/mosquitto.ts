// A real Mosquitto on a free port of the loopback address, that tests may stop, kill and start again.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './wait.ts'

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const say = (is: boolean) => {
      socket.destroy()
      resolve(is)
    }
    socket.once('connect', () => say(true))
    socket.once('error', () => say(false))
  })

export class Mosquitto {
  readonly port: number
  readonly dir: string
  readonly #conf: string
  #child: ChildProcess | null = null
  #said = ''

  constructor(port: number, dir: string) {
    this.port = port
    this.dir = dir
    this.#conf = join(dir, 'mosquitto.conf')
  }

  /** `lines` replace `allow_anonymous true`; all of them belong to the one listener. */
  static async start(lines: readonly string[] = ['allow_anonymous true']): Promise<Mosquitto> {
    const dir = mkdtempSync(join(tmpdir(), 'reseal-mosquitto-'))
    const broker = new Mosquitto(await freePort(), dir)
    await broker.start(lines)
    return broker
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`
  }

  async start(lines?: readonly string[]): Promise<void> {
    if (lines !== undefined) {
      const root = process.getuid?.() === 0 ? ['user root'] : []
      const text = [...root, `listener ${this.port} 127.0.0.1`, ...lines, '']
      writeFileSync(this.#conf, text.join('\n'))
    }
    const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`
    const env = { ...process.env, PATH: path }
    const child = spawn('mosquitto', ['-c', this.#conf], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    let failure: string | null = null
    const keep = (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString()).slice(-4000)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    child.once('error', (error) => {
      failure = `${error.message}: install it with: apt-get install -y mosquitto`
    })
    child.once('exit', (code) => {
      failure ??= `it ended with ${code}: ${this.#said}`
    })
    await until('Mosquitto to listen', async () => {
      if (failure !== null) throw new Error(`mosquitto: ${failure}`)
      return answers(this.port)
    })
  }

  /** SIGTERM lets it write its database; SIGKILL does not. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#child
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await ended
  }

  async close(): Promise<void> {
    await this.stop('SIGKILL')
    rmSync(this.dir, { recursive: true, force: true })
  }
}
