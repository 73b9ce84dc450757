// A device of its own on the bench's network: a network namespace behind a pair of cards; root only.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { ip } from '../link/veth.ts'

let made = 0

/** A network of eight addresses of TEST-NET-1 (RFC 5737) that no other test has taken. */
function freeBase(): number {
  const taken = ip('-4 -o addr')
  for (let tries = 0; tries < 100; tries += 1) {
    const base = Math.floor(Math.random() * 31) * 8
    if (!taken.includes(` 192.0.2.${base + 1}/`)) return base
  }
  throw new Error('no free network for a test')
}

export interface Ran {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** The station is `host`, the device `guest`; both end with the test. */
export class DeviceNetwork {
  readonly host: string
  readonly guest: string
  /** Another address in the device's namespace: another device, as far as the station can tell. */
  readonly stranger: string
  /** The station's end of the cable. */
  readonly card: string
  readonly #name: string
  readonly #running = new Set<ChildProcess>()

  constructor() {
    made += 1
    const id = `${(process.pid % 46_656).toString(36)}q${made.toString(36)}`
    const base = freeBase()
    this.host = `192.0.2.${base + 1}`
    this.guest = `192.0.2.${base + 2}`
    this.stranger = `192.0.2.${base + 3}`
    this.#name = `rsp${id}`
    ip(`netns add ${this.#name}`)
    this.card = `rsa${id}`
    ip(`link add rsa${id} type veth peer name rsb${id} netns ${this.#name}`)
    ip(`addr add ${this.host}/29 dev rsa${id}`)
    ip(`link set rsa${id} up`)
    ip(`-n ${this.#name} addr add ${this.guest}/29 dev rsb${id}`)
    ip(`-n ${this.#name} addr add ${this.stranger}/29 dev rsb${id}`)
    ip(`-n ${this.#name} link set rsb${id} up`)
    ip(`-n ${this.#name} link set lo up`)
  }

  /** Runs a command on the device; `input` goes to its standard input. */
  async run(command: readonly string[], input = '', timeoutMs = 60_000): Promise<Ran> {
    const child = spawn('ip', ['netns', 'exec', this.#name, ...command], {
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: timeoutMs,
    })
    this.#running.add(child)
    let out = ''
    let err = ''
    child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString('latin1')))
    child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString('latin1')))
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    const [status] = (await once(child, 'close')) as [number | null]
    this.#running.delete(child)
    return { status, out, err }
  }

  close(): void {
    for (const child of this.#running) child.kill('SIGKILL')
    // With the namespace goes its card, and with that the other end.
    execFileSync('ip', ['netns', 'del', this.#name])
  }
}
