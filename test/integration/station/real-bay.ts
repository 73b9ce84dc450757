// A whole station as a process on real parts: a veth link, a CH9329 double, a scanner on a terminal, Mosquitto, answers over HTTP.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BayView } from '../../../agent/core/view.ts'
import { Ch9329Double } from '../../fakes/ch9329-double.ts'
import { type PtyPair, ptyPair } from '../../fakes/pty.ts'
import { Veth } from '../link/veth.ts'
import { Consumer } from '../publish/parts/consumer.ts'
import { freePort, Mosquitto } from '../publish/parts/mosquitto.ts'

/** Waits for a condition that is asked over HTTP: gently, or the asking itself would load the bench. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  ms = 10_000,
): Promise<void> {
  const end = performance.now() + ms
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

const ROOT = join(import.meta.dirname, '../../..')
export const SERIAL = '5CG12345AB'
const LWIN = 0xe3

/** Without a byte for so long, nothing is on its way any more between a dead agent and the chip. */
const WIRE_QUIET_MS = 100

/** Limits of a bench in a hurry: the order of things is what is tested, not patience. */
const LIMITS = {
  steadyMs: 200,
  removedMs: 1500,
  summonEveryMs: 800,
  landingLoadMs: 200,
  offProofHoldMs: 1200,
  offProofStartMs: 6000,
  closeAnswerMs: 400,
  echoAgainMs: 500,
  restartGraceMs: 20_000,
  keyboardSilentMs: 1500,
  keyboardLostMs: 60_000,
  preCheckAgainMs: 1000,
}

export interface RealBayOptions {
  /** Where the ledger is; a fresh folder unless a test fills a disk of its own. */
  readonly dataDir?: string
  /** The bay's `network:`; without it the network is not checked. */
  readonly network?: object
}

/** A config as a person writes it. */
export interface RealConfig extends Readonly<Record<string, unknown>> {
  readonly web: { readonly port: number }
  readonly bays: readonly Readonly<Record<string, unknown>>[]
}

export class RealBay {
  readonly link = new Veth()
  readonly folder = mkdtempSync(join(tmpdir(), 'reseal-real-'))
  readonly dataDir: string
  chip!: Ch9329Double
  scanner!: PtyPair
  broker!: Mosquitto
  #port = 0
  #config: RealConfig | null = null
  #agent: ChildProcess | null = null
  #said = ''

  private constructor(options: RealBayOptions) {
    this.dataDir = options.dataDir ?? join(this.folder, 'data')
  }

  static async open(options: RealBayOptions = {}): Promise<RealBay> {
    const bay = new RealBay(options)
    bay.chip = await Ch9329Double.start({ enumerated: false, powered: true })
    bay.scanner = await ptyPair(() => undefined)
    bay.broker = await Mosquitto.start()
    bay.#port = await freePort()
    const config: RealConfig = {
      site: 'hall',
      station: 'bench-1',
      web: { port: bay.#port },
      mqtt: { url: `mqtt://127.0.0.1:${bay.broker.port}` },
      limits: LIMITS,
      bays: [
        {
          bay: '01',
          link: `nic:${bay.link.near}`,
          keyboard: `ch9329:${bay.chip.path}`,
          adapter: 'bench',
          summonPlace: 'first-page',
          ...(options.network === undefined
            ? { networkCheck: false }
            : { networkCheck: true, network: options.network }),
        },
      ],
      scanners: [{ scanner: `serial:${bay.scanner.path}`, bay: '01' }],
    }
    bay.write(config)
    return bay
  }

  /** The config as it stands in the file. */
  get config(): RealConfig {
    if (this.#config === null) throw new Error('no config was written')
    return this.#config
  }

  write(config: RealConfig): void {
    this.#config = config
    // JSON is YAML.
    writeFileSync(join(this.folder, 'bench.yaml'), JSON.stringify(config))
  }

  /** The agent shall read its config anew. */
  hangUp(): void {
    this.#agent?.kill('SIGHUP')
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Starts the agent and waits until its board answers. */
  async start(): Promise<void> {
    const agent = spawn(
      process.execPath,
      [
        join(ROOT, 'agent/main.ts'),
        'run',
        '--config',
        join(this.folder, 'bench.yaml'),
        '--data',
        this.dataDir,
      ],
      { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    this.#agent = agent
    const take = (bytes: Buffer) => {
      this.#said = `${this.#said}${bytes}`.slice(-20_000)
    }
    agent.stdout.on('data', take)
    agent.stderr.on('data', take)
    await until(
      'the board answers',
      async () => {
        if (agent.exitCode !== null)
          throw new Error(`the agent ended with ${agent.exitCode}: ${this.#said}`)
        return fetch(`${this.url}/livez`).then(
          (answer) => answer.ok,
          () => false,
        )
      },
      20_000,
    )
  }

  /** What the agent wrote last, for a failing test. */
  get said(): string {
    return this.#said
  }

  /** Resolves when the agent is dead and what it wrote last has come through the wire: that is no report of the next one. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
    let heard = -1
    while (heard !== this.chip.frames.length) {
      heard = this.chip.frames.length
      await new Promise((resolve) => setTimeout(resolve, WIRE_QUIET_MS))
    }
  }

  /** A clean stop; answers how long it took, ms. */
  async stop(): Promise<number> {
    const from = performance.now()
    await this.#end('SIGTERM')
    return performance.now() - from
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const agent = this.#agent
    this.#agent = null
    if (agent === null || agent.exitCode !== null || agent.signalCode !== null) return
    await new Promise<void>((resolve) => {
      agent.once('exit', () => resolve())
      agent.kill(signal)
    })
  }

  async view(): Promise<BayView> {
    const answer = await fetch(`${this.url}/api/v1/bays/01`)
    return (await answer.json()) as BayView
  }

  /** Waits until the bay is in one of the states. */
  async state(names: readonly string[], ms = 20_000): Promise<BayView> {
    let seen = ''
    await until(
      `state ${names.join(' or ')}, last ${seen}`,
      async () => {
        seen = (await this.view().catch(() => null))?.state ?? 'none'
        return names.includes(seen)
      },
      ms,
    ).catch((error: unknown) => {
      throw new Error(
        `waited for ${names.join(' or ')}, bay is ${seen}; agent: ${this.#said.slice(-3000)}`,
        { cause: error },
      )
    })
    return this.view()
  }

  async act(
    action: string,
    body: Readonly<Record<string, unknown>> = {},
  ): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
    const answer = await fetch(`${this.url}/api/v1/bays/01/actions/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ by: 'test', ...body }),
    })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }

  /** Answers the question that is open in a state. */
  async answer(state: string, answer: string, text?: string): Promise<void> {
    const view = await this.state([state])
    await until('a question is open', async () => (await this.view()).prompt !== null)
    const prompt = (await this.view()).prompt?.id ?? view.prompt?.id
    const taken = await this.act('answer', {
      prompt,
      answer,
      ...(text === undefined ? {} : { text }),
    })
    if (taken.status !== 200) throw new Error(`${answer} in ${state}: ${JSON.stringify(taken)}`)
  }

  scan(text: string): void {
    this.scanner.write(`${text}\r`)
  }

  /** The device is plugged in and switched on. */
  plugIn(): void {
    this.link.up()
    this.chip.set({ enumerated: true, driverAlive: true })
  }

  /** The device shuts down: the link falls, the keyboard is gone. */
  switchOff(): void {
    this.link.down()
    this.chip.set({ enumerated: false })
  }

  /** Full taps of the left Windows key that reached the device. */
  get windowsTaps(): number {
    return this.chip.taps(LWIN)
  }

  get enters(): number {
    return this.chip.taps(0x28)
  }

  /** A separate MQTT client that keeps every record by its key. */
  listen(): Promise<Consumer> {
    return Consumer.open(this.broker.url)
  }

  /** Runs a command of `reseal` on this bay's data. */
  cli(...args: string[]): Promise<{ readonly code: number; readonly out: string }> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [join(ROOT, 'agent/main.ts'), ...args],
        { cwd: this.folder },
        (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : Number(error.code), out: stdout + stderr })
        },
      )
    })
  }

  async close(): Promise<void> {
    await this.kill()
    await this.broker?.stop()
    await this.chip?.close()
    await this.scanner?.close()
    this.link.close()
    if (existsSync(this.folder)) rmSync(this.folder, { recursive: true, force: true })
  }
}
