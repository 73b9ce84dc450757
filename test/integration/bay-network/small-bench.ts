// A bench in network namespaces: the station with the example's own bridge, firewall and DHCP, two devices, and an Internet.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { BayView } from '../../../agent/core/view.ts'
import { sweepDead, testId } from '../../fakes/netns.ts'
import { until } from '../../fakes/pty.ts'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../../..')
const EXAMPLE = join(ROOT, 'station-config/examples/bay-network')
const REACH = fileURLToPath(new URL('./reach.ts', import.meta.url))

/** The range for benchmarks: on no network that this machine may stand in. */
export const STATION = '198.18.20.1'
export const WAY_OUT = '198.18.30.1'
export const INTERNET = '198.18.30.2'
export const FACILITY = '198.18.31.2'
export const INTAKE = 8443
export const BOARD = 8080

type Space = 'station' | 'one' | 'two' | 'net'

export class SmallBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'reseal-bays-'))
  readonly #names: Readonly<Record<Space, string>>
  readonly #children: ChildProcess[] = []
  #dnsmasq: ChildProcess | null = null

  private constructor() {
    sweepDead()
    const id = testId()
    this.#names = { station: `rsb${id}`, one: `rsc${id}`, two: `rsd${id}`, net: `rse${id}` }
  }

  /** Everything but DHCP and the station's program. */
  static async open(): Promise<SmallBench> {
    const bench = new SmallBench()
    try {
      await bench.#build()
    } catch (error) {
      await bench.close()
      throw error
    }
    return bench
  }

  get dataDir(): string {
    return join(this.folder, 'data')
  }

  async #build(): Promise<void> {
    const { station, one, two, net } = this.#names
    for (const name of Object.values(this.#names)) {
      this.#ip('netns', 'add', name)
      this.#ip('-n', name, 'link', 'set', 'lo', 'up')
    }
    const wire = (port: string, far: string, to: string) =>
      this.#ip('-n', station, 'link', 'add', port, 'type', 'veth', 'peer', far, 'netns', to)
    wire('bay01', 'eth0', one)
    wire('bay02', 'eth0', two)
    wire('wan0', 'up0', net)
    this.#ip('-n', station, 'addr', 'add', `${WAY_OUT}/24`, 'dev', 'wan0')
    this.#ip('-n', station, 'link', 'set', 'wan0', 'up')
    this.#ip('-n', station, 'route', 'add', 'default', 'via', INTERNET)
    this.#ip('-n', net, 'addr', 'add', `${INTERNET}/24`, 'dev', 'up0')
    this.#ip('-n', net, 'addr', 'add', `${FACILITY}/32`, 'dev', 'lo')
    this.#ip('-n', net, 'link', 'set', 'up0', 'up')
    // No route back: what is not translated gets no answer, and what a device forges goes nowhere.
    writeFileSync(join(this.folder, 'bench.env'), this.#env())
    writeFileSync(join(this.folder, 'hook'), this.#hook(), { mode: 0o755 })
    writeFileSync(join(this.folder, 'lease'), LEASE_SCRIPT, { mode: 0o755 })
    await this.in('station', join(EXAMPLE, 'bay-network.sh'), 'up')
  }

  #env(): string {
    return [
      'BRIDGE=br-bays',
      'BAY_PORTS="bay01 bay02"',
      'UPLINK=wan0',
      `STATION=${STATION}`,
      'PREFIX=24',
      'NETWORK=198.18.20.0/24',
      'RANGE=198.18.20.50,198.18.20.99',
      'LEASE=10m',
      `INTAKE_PORT=${INTAKE}`,
      `DNS_SERVERS="${INTERNET}"`,
      'FORBIDDEN="198.18.31.0/24"',
      `HOOK=${this.folder}/hook`,
      'HOOK_USER=root',
      `LEASE_FILE=${this.folder}/leases`,
      '',
    ].join('\n')
  }

  /** What the example's hook does, and a line that the test can read. */
  #hook(): string {
    const program = `${process.execPath} ${join(ROOT, 'agent/main.ts')}`
    return `#!/bin/sh
echo "$*" >> ${this.folder}/calls
exec ${program} dhcp-event --data ${this.dataDir} "$@" 2>> ${this.folder}/hook.log
`
  }

  #ip(...words: string[]): void {
    execFileSync('ip', words, { stdio: 'pipe' })
  }

  /** Runs a program in a namespace to its end; what it wrote. */
  async in(space: Space, ...command: string[]): Promise<string> {
    const env = { ...process.env, BAY_NETWORK_ENV: join(this.folder, 'bench.env') }
    const words = ['netns', 'exec', this.#names[space], ...command]
    return (await run('ip', words, { env, timeout: 20_000 })).stdout
  }

  /** Starts a program in a namespace; it ends with the bench. */
  start(space: Space, ...command: string[]): ChildProcess {
    const env = { ...process.env, BAY_NETWORK_ENV: join(this.folder, 'bench.env') }
    const words = ['netns', 'exec', this.#names[space], ...command]
    const child = spawn('ip', words, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#children.push(child)
    return child
  }

  /** Listeners `tcp:<address>:<port>` and echoes `udp:…` in a namespace, there when it resolves. */
  async listen(space: Space, ...places: string[]): Promise<void> {
    const child = this.start(space, process.execPath, REACH, 'listen', ...places)
    let said = ''
    child.stdout?.on('data', (bytes: Buffer) => {
      said += bytes
    })
    await until(`listeners in ${space}`, () => said.includes('listening'), 20_000)
  }

  /** What a device reaches: `true`, or the word that came back, or false, by place. */
  async reach(space: Space, ...places: string[]): Promise<Record<string, string | false>> {
    const out = await this.in(space, process.execPath, REACH, 'reach', ...places)
    return JSON.parse(out) as Record<string, string | false>
  }

  /** The cable of a device is in. */
  plug(space: 'one' | 'two'): void {
    this.#ip('-n', this.#names[space], 'link', 'set', 'eth0', 'up')
  }

  /** Asks for an address as a device does; the address. */
  async lease(space: 'one' | 'two', hostname: string): Promise<string> {
    const script = join(this.folder, 'lease')
    const args = ['-i', 'eth0', '-n', '-q', '-f', '-t', '5', '-T', '1', '-s', script]
    await this.in(space, 'udhcpc', ...args, '-x', `hostname:${hostname}`)
    const out = await this.in(space, 'ip', '-o', '-4', 'addr', 'show', 'dev', 'eth0')
    return / inet ([0-9.]+)\//.exec(out)?.[1] ?? ''
  }

  mac(space: 'one' | 'two'): string {
    const words = ['-n', this.#names[space], '-o', 'link', 'show', 'dev', 'eth0']
    const out = execFileSync('ip', words, { encoding: 'utf8' })
    return /link\/ether (\S+)/.exec(out)?.[1] ?? ''
  }

  async serveDhcp(): Promise<void> {
    const child = this.start('station', join(EXAMPLE, 'bay-network.sh'), 'dnsmasq')
    this.#dnsmasq = child
    let said = ''
    child.stderr?.on('data', (bytes: Buffer) => {
      said += bytes
    })
    await until(`dnsmasq: ${said}`, () => said.includes('DHCP, IP range'), 10_000)
  }

  async stopDhcp(): Promise<void> {
    const child = this.#dnsmasq
    if (child === null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }

  /** What dnsmasq told its hook so far. */
  get calls(): readonly string[] {
    try {
      return readFileSync(join(this.folder, 'calls'), 'utf8').trim().split('\n')
    } catch {
      return []
    }
  }

  /** The station's program on this bench, its local socket there when it resolves. */
  async run(): Promise<void> {
    const config = {
      site: 'hall',
      station: 'bench-1',
      // A careless address on purpose: the firewall must hold all the same.
      web: { host: '0.0.0.0', port: BOARD, tls: 'self-signed' },
      accounts: {},
      mqtt: { embedded: true, port: 0 },
      limits: { steadyMs: 300 },
      probe: { listen: `${STATION}:${INTAKE}` },
      bays: ['01', '02'].map((bay) => ({
        bay,
        link: `nic:bay${bay}`,
        keyboard: 'manual:',
        networkCheck: false,
      })),
    }
    const file = join(this.folder, 'bench.yaml')
    writeFileSync(file, JSON.stringify(config))
    const main = join(ROOT, 'agent/main.ts')
    const words = [main, 'run', '--config', file, '--data', this.dataDir, '--log', 'info']
    const child = this.start('station', process.execPath, ...words)
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => {
        said = `${said}${bytes}`.slice(-4000)
      })
    await until(
      'the station answers at its socket',
      async () => {
        if (child.exitCode !== null) throw new Error(said)
        return this.bays().then(
          () => true,
          () => false,
        )
      },
      40_000,
    )
  }

  /** The bays as the station's own socket tells them: it is a file, so no namespace stands between. */
  bays(): Promise<readonly BayView[]> {
    const socketPath = join(this.dataDir, 'station.sock')
    return new Promise((resolve, reject) => {
      const headers = { host: 'localhost' }
      request({ socketPath, path: '/api/v1/bays', headers }, (answer) => {
        let text = ''
        answer.on('data', (bytes: Buffer) => {
          text += bytes
        })
        answer.on('end', () => resolve((JSON.parse(text) as { bays: BayView[] }).bays))
      })
        .on('error', reject)
        .end()
    })
  }

  async state(bay: string): Promise<string> {
    return (await this.bays()).find((one) => one.bay === bay)?.state ?? 'none'
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#children.map((child) => {
        if (child.exitCode !== null || child.signalCode !== null) return undefined
        const ended = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGTERM')
        const late = setTimeout(() => child.kill('SIGKILL'), 5000)
        return ended.then(() => clearTimeout(late))
      }),
    )
    for (const name of Object.values(this.#names)) {
      try {
        this.#ip('netns', 'del', name)
      } catch {
        // It was never made.
      }
    }
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** What udhcpc does with a lease: nothing outside its namespace, no resolv.conf of the machine. */
const LEASE_SCRIPT = `#!/bin/sh
case "$1" in
  bound | renew)
    ip addr replace "$ip/$mask" dev "$interface"
    ip route replace default via "$router"
    ;;
esac
`
