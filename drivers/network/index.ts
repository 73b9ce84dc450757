// Checks from the bench PC whether a device would reach what it needs; bounded in time, shared by all bays.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BayId, Clock, Finding, NetworkCheck } from '../../agent/ports.ts'
import { type Asked, addressFindings, ageFinding, notChecked, uplinkFinding } from './grade.ts'
import { type NetworkAddress, reach } from './reach.ts'
import { defaultRoutes4, defaultRoutes6 } from './uplink.ts'

export type { NetworkAddress } from './reach.ts'

/** One address may take so long, and all of them together; ms of real time. */
const ONE_MS = 5000
const ALL_MS = 20_000
const PARALLEL = 8
/** A good answer serves all bays that start within a minute; a bad one is asked again sooner, for it is being mended. */
const GOOD_AGE_MS = 60_000
const BAD_AGE_MS = 10_000

export interface NetworkOptions {
  readonly clock: Clock
  /** `addresses` of station-config/network/addresses.yaml. */
  readonly addresses: readonly NetworkAddress[]
  /** Bays whose config switches the check off. */
  readonly off: ReadonlySet<BayId>
  readonly procRoot?: string
  readonly sysRoot?: string
  /** DNS servers in place of the PC's own, `address:port`. */
  readonly dnsServers?: readonly string[]
  readonly oneMs?: number
  readonly allMs?: number
}

interface Result {
  readonly asked: number
  readonly findings: readonly Finding[]
}

class Network implements NetworkCheck {
  readonly #options: NetworkOptions
  #last: Result | null = null
  #running: Promise<Result> | null = null

  constructor(options: NetworkOptions) {
    this.#options = options
  }

  async check(bay: BayId, signal: AbortSignal): Promise<readonly Finding[]> {
    if (this.#options.off.has(bay)) return [notChecked('The config of this bay switches it off.')]
    if (signal.aborted) return [notChecked('The check was broken off.')]
    const { clock } = this.#options
    const last = this.#last
    if (last !== null) {
      const isBad = last.findings.some((finding) => finding.grade === 'hold')
      const age = (clock.mono() - last.asked) / clock.rate
      if (age < (isBad ? BAD_AGE_MS : GOOD_AGE_MS)) return [...last.findings, ageFinding(age)]
    }
    return this.#shared(signal)
  }

  /** The check that runs now, or a new one; who breaks off leaves it to the other bays that wait. */
  async #shared(signal: AbortSignal): Promise<readonly Finding[]> {
    this.#running ??= this.#run().finally(() => {
      this.#running = null
    })
    const running = this.#running
    return new Promise((resolve) => {
      const leave = () => resolve([notChecked('The check was broken off.')])
      signal.addEventListener('abort', leave, { once: true })
      void running.then(({ findings }) => {
        signal.removeEventListener('abort', leave)
        resolve(findings)
      })
    })
  }

  async #run(): Promise<Result> {
    const asked = this.#options.clock.mono()
    const uplink = uplinkFinding(await this.#uplinks())
    // Without a way out nothing can answer: it is said once.
    const findings =
      uplink.grade === 'hold' ? [uplink] : [uplink, ...addressFindings(await this.#askAll())]
    this.#last = { asked, findings }
    return this.#last
  }

  async #uplinks(): Promise<ReadonlyMap<string, boolean | null>> {
    const { procRoot = '/proc', sysRoot = '/sys' } = this.#options
    const text = (path: string) => readFile(path, 'latin1').catch(() => '')
    const [four, six] = await Promise.all([
      text(join(procRoot, 'net/route')),
      text(join(procRoot, 'net/ipv6_route')),
    ])
    const names = new Set([...defaultRoutes4(four), ...defaultRoutes6(six)])
    const carriers = [...names].map(async (name) => {
      const carrier = (await text(join(sysRoot, 'class/net', name, 'carrier'))).trim()
      return [name, carrier === '1' ? true : carrier === '0' ? false : null] as const
    })
    return new Map(await Promise.all(carriers))
  }

  /** Asks every address that can be asked, PARALLEL at a time; ends within ALL_MS. */
  async #askAll(): Promise<readonly Asked[]> {
    const { clock, addresses, allMs = ALL_MS } = this.#options
    const waiting = addresses.filter(({ check }) => check !== 'none')
    const answers = new Map<NetworkAddress, Asked>()
    const over = new AbortController()
    const cancel = clock.after(allMs * clock.rate, () => over.abort())
    const next = waiting.values()
    const lane = async () => {
      // The lanes share one iterator: each address is asked once.
      for (const address of next) {
        answers.set(address, await this.#ask(address, over.signal))
        // So many without one answer: the network is dead, and the rest would only take time.
        const isDead = [...answers.values()].every(({ reached }) => reached.is !== 'reached')
        if (isDead && answers.size >= PARALLEL) return
      }
    }
    await Promise.all(Array.from({ length: PARALLEL }, lane))
    cancel()
    return waiting.flatMap((address) => answers.get(address) ?? [])
  }

  async #ask(address: NetworkAddress, over: AbortSignal): Promise<Asked> {
    const { clock, oneMs = ONE_MS, dnsServers = null } = this.#options
    const stop = new AbortController()
    const cancel = clock.after(oneMs * clock.rate, () => stop.abort())
    const signal = AbortSignal.any([stop.signal, over])
    const reached = await reach(address, dnsServers, signal)
    cancel()
    return { address, reached }
  }
}

/** The network check of a station; it never rejects, and starts nothing before it is asked. */
export const openNetworkCheck = (options: NetworkOptions): NetworkCheck => new Network(options)
