// One round: every address of the list, asked from the network of this process, with a limit on time and connections.
import { readFile } from 'node:fs/promises'
import type { SecureContext } from 'node:tls'
import type { Clock } from '../../agent/ports.ts'
import type { Asked, NetworkAddress, Round, RoundPlan, Trouble } from './address.ts'
import { wayOf } from './binding.ts'
import { askController } from './controller.ts'
import { searchDomains, wpadOf } from './names.ts'
import { type Means, reach } from './reach.ts'
import { publicContext } from './secure.ts'

/** Nobody there: more of these and the network is dead, the rest would only take time. */
const DEAD: ReadonlySet<'reached' | Trouble> = new Set(['dns', 'blocked'])

/** Node's own roots take some 10 ms to read: once. */
let bundled: SecureContext | null = null
function contextOf(roots: readonly string[] | null): SecureContext {
  if (roots !== null) return publicContext(roots)
  bundled ??= publicContext(null)
  return bundled
}

async function askAll(plan: RoundPlan, means: Means, stop: AbortSignal): Promise<readonly Asked[]> {
  const { addresses, oneMs, parallel } = plan
  const { clock } = means
  const waiting = addresses.filter(({ check }) => check !== 'none')
  const answers = new Map<NetworkAddress, Asked>()
  const next = waiting.values()
  const lane = async () => {
    // The lanes share one iterator: each address is asked once.
    for (const address of next) {
      if (stop.aborted) return
      const late = new AbortController()
      const cancel = clock.after(oneMs * clock.rate, () => late.abort())
      const reached = await reach(address, means, AbortSignal.any([late.signal, stop]))
      cancel()
      answers.set(address, { address, reached })
      const isDead = [...answers.values()].every((one) => DEAD.has(one.reached.is))
      if (isDead && answers.size >= parallel) return
    }
  }
  await Promise.all(Array.from({ length: parallel }, lane))
  return waiting.flatMap((address) => answers.get(address) ?? [])
}

/** Asks all of `plan` within its time; never rejects. */
export async function runRound(plan: RoundPlan, clock: Clock, signal: AbortSignal): Promise<Round> {
  const { binding, uplinks, obstacle } = await wayOf(plan)
  // Without a way out nothing can answer: it is said once.
  if (obstacle !== null) return { obstacle, uplinks, asked: [], wpad: [] }
  const late = new AbortController()
  const cancel = clock.after(plan.allMs * clock.rate, () => late.abort())
  const stop = AbortSignal.any([late.signal, signal])
  const means: Means = { clock, binding, context: contextOf(plan.roots) }
  if (plan.controller !== undefined) {
    const cancelOne = clock.after(plan.oneMs * clock.rate, () => late.abort())
    const controller = await askController(plan.controller, means, stop)
    cancel()
    cancelOne()
    return { obstacle: null, uplinks, asked: [], wpad: [], controller }
  }
  const domains = searchDomains(await readFile(plan.resolvConf, 'latin1').catch(() => ''))
  const noProxy = new AbortController()
  const cancelProxy = clock.after(plan.oneMs * clock.rate, () => noProxy.abort())
  const [asked, wpad] = await Promise.all([
    askAll(plan, means, stop),
    wpadOf(domains, binding, AbortSignal.any([noProxy.signal, stop])),
  ])
  cancel()
  cancelProxy()
  return { obstacle: null, uplinks, asked, wpad }
}
