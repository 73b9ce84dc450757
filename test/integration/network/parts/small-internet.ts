// A bay's network and the Internet behind it, in two network namespaces of this test alone; root only.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { sweepDead, testId } from '../../../fakes/netns.ts'
import { makeCertificates } from './certificates.ts'
import type { Manners } from './servers-process.ts'

const SERVERS = fileURLToPath(new URL('./servers-process.ts', import.meta.url))
/** Of the range for tests of networks (RFC 2544): no private addresses, and nobody's in fact. */
export const DNS = '198.18.100.1'
const BAY = '198.18.100.2'
export const addressOf = (index: number): string => `198.18.113.${10 + index}`
/** A server with a certificate for another name. */
export const OTHER = '198.18.113.200'

function run(...words: readonly string[]): string {
  const [program = '', ...args] = words
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    throw new Error(`${words.join(' ')} needs root, iproute2: ${String(error)}`, { cause: error })
  }
}

const GOOD: Manners = {
  tls: {},
  allTls: 'good',
  http: 'good',
  ntpMs: 0,
  dateMs: 0,
  closed: [],
}

export class SmallInternet {
  readonly #id = testId()
  readonly bay = `rsb${this.#id}`
  readonly #world = `rsw${this.#id}`
  readonly folder = mkdtempSync(join(tmpdir(), 'reseal-inet-'))
  readonly hosts: readonly string[]
  /** The root that issued the good certificates, PEM. */
  readonly root: string
  #dns: ChildProcess | null = null
  #servers: ChildProcess | null = null
  #answers!: AsyncIterator<string>

  private constructor(hosts: readonly string[]) {
    this.hosts = hosts
    this.root = makeCertificates(this.folder, hosts)
  }

  /** Each host has an address of its own, `addressOf(index)`. */
  static async open(hosts: readonly string[]): Promise<SmallInternet> {
    sweepDead()
    const net = new SmallInternet(hosts)
    try {
      await net.#start()
    } catch (error) {
      await net.close()
      throw error
    }
    return net
  }

  async #start(): Promise<void> {
    this.#wire()
    this.#servers = spawn(
      'ip',
      ['netns', 'exec', this.#world, process.execPath, SERVERS, this.folder],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    )
    const { stdout } = this.#servers
    if (stdout === null) throw new Error('the servers have no output')
    const lines: Interface = createInterface({ input: stdout })
    this.#answers = lines[Symbol.asyncIterator]()
    await this.#answers.next()
    await this.names({})
  }

  #wire(): void {
    const { bay } = this
    const world = this.#world
    run('ip', 'netns', 'add', world)
    run('ip', 'netns', 'add', bay)
    run('ip', '-n', world, 'link', 'set', 'lo', 'up')
    run('ip', '-n', bay, 'link', 'set', 'lo', 'up')
    this.addUplink('up0', 'in0', DNS, BAY)
    run('ip', '-n', bay, 'route', 'add', 'default', 'via', DNS)
    for (const index of this.hosts.keys()) this.hostUp(index)
    run('ip', '-n', world, 'addr', 'add', `${OTHER}/32`, 'dev', 'lo')
  }

  /** A further cable between the bay's network and the world, with an address at each end. */
  addUplink(name: string, far: string, farAddress: string, address: string): void {
    const { bay } = this
    run('ip', '-n', bay, 'link', 'add', name, 'type', 'veth', 'peer', far, 'netns', this.#world)
    run('ip', '-n', this.#world, 'addr', 'add', `${farAddress}/24`, 'dev', far)
    run('ip', '-n', this.#world, 'link', 'set', far, 'up')
    run('ip', '-n', bay, 'addr', 'add', `${address}/24`, 'dev', name)
    run('ip', '-n', bay, 'link', 'set', name, 'up')
    // The kernel says so a moment later; until then the card counts as one without an address.
    for (let tries = 0; !this.ip(`-o link show ${name}`).includes('state UP'); tries += 1)
      if (tries > 500) throw new Error(`${name} does not come up`)
  }

  /** `ip` in the bay's network. */
  ip(words: string): string {
    return run('ip', '-n', this.bay, ...words.split(' '))
  }

  pull(): void {
    run('ip', '-n', this.#world, 'link', 'set', 'in0', 'down')
  }

  plug(): void {
    run('ip', '-n', this.#world, 'link', 'set', 'in0', 'up')
  }

  /** Behind a firewall that drops: packets to it are answered by nobody. */
  hostDown(index: number): void {
    run('ip', '-n', this.#world, 'addr', 'del', `${addressOf(index)}/32`, 'dev', 'lo')
  }

  hostUp(index: number): void {
    run('ip', '-n', this.#world, 'addr', 'add', `${addressOf(index)}/32`, 'dev', 'lo')
  }

  /** Starts dnsmasq anew: `changes` over the true names; null means that there is no such name. */
  async names(
    changes: Readonly<Record<string, string | null>>,
    rules: readonly string[] = [],
  ): Promise<void> {
    await this.stopDns()
    const truth = Object.fromEntries(this.hosts.map((host, index) => [host, addressOf(index)]))
    const all = Object.entries({ ...truth, ...changes })
    const lines = all.flatMap(([name, at]) => (at === null ? [] : [`${at} ${name}`]))
    const file = join(this.folder, 'hosts')
    writeFileSync(file, `${lines.join('\n')}\n`)
    const args = [
      ...['netns', 'exec', this.#world, 'dnsmasq', '--keep-in-foreground', '--log-facility=-'],
      ...['--conf-file=/dev/null', '--no-resolv', '--no-hosts', `--addn-hosts=${file}`],
      ...['--user=root', '--pid-file=', '--local=/test/', '--local=/wpad/', ...rules],
    ]
    const dns = spawn('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#dns = dns
    const { stderr } = dns
    if (stderr === null) throw new Error('dnsmasq has no output')
    await new Promise<void>((resolve, reject) => {
      let said = ''
      stderr.on('data', (text: Buffer) => {
        said += text.toString()
        // It listens before it reads its hosts, and says so when it has.
        if (said.includes('addresses') || said.includes('names')) resolve()
      })
      dns.once('error', reject)
      dns.once('exit', (code) => reject(new Error(`dnsmasq ended with ${code}: ${said}`)))
    })
  }

  async stopDns(): Promise<void> {
    const dns = this.#dns
    this.#dns = null
    if (dns === null) return
    await new Promise<void>((resolve) => {
      dns.removeAllListeners('exit')
      dns.once('exit', () => resolve())
      dns.kill('SIGKILL')
    })
  }

  /** Tells the servers how to behave; the answer is from which addresses somebody called since the last word. */
  async behave(changes: Partial<Manners> = {}): Promise<readonly string[]> {
    this.#servers?.stdin?.write(`${JSON.stringify({ ...GOOD, ...changes })}\n`)
    const { value } = await this.#answers.next()
    return JSON.parse(value ?? '[]') as string[]
  }

  async close(): Promise<void> {
    await this.stopDns()
    const servers = this.#servers
    if (servers !== null && servers.exitCode === null)
      await new Promise<void>((resolve) => {
        servers.once('exit', () => resolve())
        servers.kill('SIGKILL')
      })
    const there = run('ip', 'netns', 'list')
    for (const name of [this.bay, this.#world])
      if (there.includes(name)) run('ip', 'netns', 'del', name)
    rmSync(this.folder, { recursive: true, force: true })
  }
}
