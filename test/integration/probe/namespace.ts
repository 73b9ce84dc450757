// A device of its own on the bench's network: a network namespace behind a pair of cards; root only.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { ip } from '../link/veth.ts'

let made = 0

/** `198.19.<n>`: a network of the range for tests of networks (RFC 2544) that this machine has no address or route in. */
function freeNetwork(): string {
  const taken = `${ip('-4 -o addr')} ${ip('-4 route')}`
  for (let tries = 0; tries < 100; tries += 1) {
    const network = `198.19.${Math.floor(Math.random() * 256)}`
    if (!taken.includes(` ${network}.`)) return network
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
    const network = freeNetwork()
    this.host = `${network}.1`
    this.guest = `${network}.2`
    this.stranger = `${network}.3`
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
    // The kernel lets packets through a moment after the carrier is there, when it calls the card up.
    const isUp = () =>
      / state UP /.test(ip(`-o link show ${this.card}`)) &&
      / state UP /.test(ip(`-n ${this.#name} -o link show rsb${id}`))
    const pause = new Int32Array(new SharedArrayBuffer(4))
    for (let tries = 0; tries < 250 && !isUp(); tries += 1) Atomics.wait(pause, 0, 0, 20)
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
