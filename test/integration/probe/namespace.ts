// A device of its own on the bench's network: a network namespace behind a pair of cards; root only.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { sweepDead, testId } from '../../fakes/netns.ts'
import { ip } from '../link/veth.ts'

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
  /** The device's end. */
  readonly cardInside: string
  readonly #name: string
  readonly #running = new Set<ChildProcess>()

  constructor() {
    sweepDead()
    const id = testId()
    const network = freeNetwork()
    this.host = `${network}.1`
    this.guest = `${network}.2`
    this.stranger = `${network}.3`
    this.#name = `rsp${id}`
    this.card = `rsa${id}`
    this.cardInside = `rsb${id}`
    ip(`netns add ${this.#name}`)
    try {
      this.#wire()
    } catch (error) {
      this.close()
      throw error
    }
  }

  #wire(): void {
    ip(`link add ${this.card} type veth peer name ${this.cardInside} netns ${this.#name}`)
    ip(`addr add ${this.host}/24 dev ${this.card}`)
    ip(`link set ${this.card} up`)
    this.inside(`addr add ${this.guest}/24 dev ${this.cardInside}`)
    this.inside(`addr add ${this.stranger}/24 dev ${this.cardInside}`)
    this.inside(`link set ${this.cardInside} up`)
    this.inside('link set lo up')
    // The kernel lets packets through a moment after the carrier is there, when it calls the card up.
    const isUp = () =>
      / state UP /.test(ip(`-o link show ${this.card}`)) &&
      / state UP /.test(this.inside(`-o link show ${this.cardInside}`))
    const pause = new Int32Array(new SharedArrayBuffer(4))
    for (let tries = 0; tries < 250 && !isUp(); tries += 1) Atomics.wait(pause, 0, 0, 20)
  }

  /** `ip` in the device's namespace. */
  inside(words: string): string {
    return ip(`-n ${this.#name} ${words}`)
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
