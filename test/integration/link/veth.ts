// Pairs of virtual network cards in the kernel, whose far ends are the cable to pull; root only.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { sweepDead, testId } from '../../fakes/netns.ts'

/** Runs `ip` with the words of `command`; throws with what it says when it fails. */
export function ip(command: string): string {
  try {
    return execFileSync('ip', command.split(' '), { encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw new Error(`ip ${command} needs iproute2 and root (or CAP_NET_ADMIN): ${said}`, {
      cause: error,
    })
  }
}

/** A pair made for one test; the near end is the port of a bay. */
export class Veth {
  readonly near: string
  readonly far: string

  constructor() {
    sweepDead()
    const name = testId()
    this.near = `rsn${name}`
    this.far = `rsf${name}`
    this.create()
  }

  /** Both ends are there, the near one is switched on, the cable is out. */
  create(): void {
    ip(`link add ${this.near} type veth peer name ${this.far}`)
    ip(`link set ${this.near} up`)
  }

  up(): void {
    ip(`link set ${this.far} up`)
  }

  down(): void {
    ip(`link set ${this.far} down`)
  }

  remove(): void {
    ip(`link del ${this.near}`)
  }

  /** Does nothing when it is already gone. */
  close(): void {
    try {
      this.remove()
    } catch {
      // A test removed it.
    }
  }

  /** What the kernel has counted. */
  get downs(): number {
    return Number(readFileSync(`/sys/class/net/${this.near}/carrier_down_count`, 'latin1'))
  }
}
