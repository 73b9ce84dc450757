// Checks from each bay's network whether a device would reach what it needs; bounded in time, shared by all bays on it.
import type { BayId, Clock, Finding, NetworkCheck } from '../../agent/ports.ts'
import type { Controller, NetworkAddress, NetworkPlace, Round, RoundPlan } from './address.ts'
import { waysOut } from './binding.ts'
import { roundApart } from './child.ts'
import { controllerFinding } from './controller.ts'
import { ageFinding, gradeRound, notChecked } from './grade.ts'
import { runRound } from './round.ts'
import { type Kept, Rounds } from './rounds.ts'

export type { NetworkAddress, NetworkPlace } from './address.ts'
export { waysOut } from './binding.ts'
export { serveRound } from './child.ts'

/** One address may take so long, and all of them together; ms of real time. */
const ONE_MS = 5000
const ALL_MS = 20_000
const PARALLEL = 8

/** One bay's network as its config names it. */
export interface BayNetwork {
  readonly place: NetworkPlace
  /** Hosts that only warn here. */
  readonly accept: readonly string[]
}

export interface NetworkOptions {
  readonly clock: Clock
  /** `addresses` of station-config/network/addresses.yaml. */
  readonly addresses: readonly NetworkAddress[]
  /** A bay that is not in it is not checked. */
  readonly bays: ReadonlyMap<BayId, BayNetwork>
  /** File whose process calls `serveRound` and asks there; null: this process asks, from its own namespace. */
  readonly helper: string | null
  /** Ends what runs when the station closes. */
  readonly signal: AbortSignal
  /** A finding for each address; else only for those in trouble. */
  readonly every?: boolean
  /** Public roots, PEM, in place of those that come with Node. */
  readonly roots?: readonly string[]
  readonly procRoot?: string
  readonly sysRoot?: string
  readonly resolvConf?: string
  readonly oneMs?: number
  readonly allMs?: number
}

class Network implements NetworkCheck {
  readonly #options: NetworkOptions
  readonly #rounds: Rounds<NetworkPlace>
  readonly #controllers: Rounds<{ readonly place: NetworkPlace; readonly controller: Controller }>

  constructor(options: NetworkOptions) {
    this.#options = options
    this.#rounds = new Rounds(options.clock, async (place) => {
      const round = await this.#ask(place)
      const findings = gradeRound(round, { tpmVendor: null, accept: [], every: false })
      return { round, isBad: findings.some(({ grade }) => grade === 'hold') }
    })
    this.#controllers = new Rounds(options.clock, async ({ place, controller }) => {
      const round = await this.#ask(place, controller)
      return { round, isBad: controllerFinding(controller, round).grade !== 'ok' }
    })
  }

  async check(
    bay: BayId,
    signal: AbortSignal,
    tpmVendor: string | null = null,
    controller: Controller | null = null,
  ): Promise<readonly Finding[]> {
    const [network, domain] = await Promise.all([
      this.#addresses(bay, signal, tpmVendor),
      controller === null ? [] : this.#controller(bay, controller, signal),
    ])
    return [...network, ...domain]
  }

  /** One question of an order, kept like a round: all bays of that order share the answer. */
  async #controller(
    bay: BayId,
    controller: Controller,
    signal: AbortSignal,
  ): Promise<readonly Finding[]> {
    const network = this.#options.bays.get(bay)
    if (network === undefined || signal.aborted) return []
    const none = { obstacle: null, uplinks: [], asked: [], wpad: [] }
    if (controller.host === null && controller.domain === null)
      return [controllerFinding(controller, none)]
    const place = await this.#placeOf(network.place)
    const key = JSON.stringify([place, controller])
    const kept =
      this.#controllers.young(key)?.kept ??
      (await unlessLeft(this.#controllers.next(key, { place, controller }), signal))
    return kept === null ? [] : [controllerFinding(controller, kept.round)]
  }

  async #addresses(
    bay: BayId,
    signal: AbortSignal,
    tpmVendor: string | null,
  ): Promise<readonly Finding[]> {
    const network = this.#options.bays.get(bay)
    if (network === undefined) return [notChecked('The config of this bay switches it off.')]
    if (signal.aborted) return [notChecked('The check was broken off.')]
    const { every = false } = this.#options
    const demand = { tpmVendor, accept: network.accept, every }
    const place = await this.#placeOf(network.place)
    const key = JSON.stringify(place)
    const young = this.#rounds.young(key)
    if (young !== null) return [...gradeRound(young.kept.round, demand), ageFinding(young.ageMs)]
    const kept = await unlessLeft(this.#rounds.next(key, place), signal)
    return kept === null
      ? [notChecked('The check was broken off.')]
      : gradeRound(kept.round, demand)
  }

  /** A bay's card stands for the bench's network only where the way out leads through it. */
  async #placeOf(place: NetworkPlace): Promise<NetworkPlace> {
    if (place.from !== 'link') return place
    const { procRoot = '/proc' } = this.#options
    const isOut = (await waysOut(procRoot)).includes(place.name)
    return isOut ? { ...place, from: 'interface' } : { from: 'host', dns: place.dns }
  }

  #ask(place: NetworkPlace, controller?: Controller): Promise<Round> {
    const { clock, helper, signal, roots = null } = this.#options
    const addresses = controller === undefined ? this.#options.addresses : []
    const { oneMs = ONE_MS, allMs = ALL_MS } = this.#options
    const { procRoot = '/proc', sysRoot = '/sys' } = this.#options
    const { resolvConf = '/etc/resolv.conf' } = this.#options
    const limits = { oneMs, allMs, parallel: PARALLEL }
    const wish = controller === undefined ? {} : { controller }
    const where = { procRoot, sysRoot, resolvConf }
    const plan: RoundPlan = { place, addresses, ...wish, roots, ...limits, ...where }
    return helper === null
      ? runRound(plan, clock, signal)
      : roundApart(plan, { helper, clock }, signal)
  }
}

/** Null when `signal` aborts first: who breaks off leaves the round to the other bays that wait. */
function unlessLeft(running: Promise<Kept>, signal: AbortSignal): Promise<Kept | null> {
  return new Promise((resolve) => {
    const leave = () => resolve(null)
    if (signal.aborted) return leave()
    signal.addEventListener('abort', leave, { once: true })
    void running.then((kept) => {
      signal.removeEventListener('abort', leave)
      resolve(kept)
    })
  })
}

/** The network check of a station; it never rejects, and starts nothing before it is asked. */
export const openNetworkCheck = (options: NetworkOptions): NetworkCheck => new Network(options)
