// Finds how a round leaves the PC: by its way out, or bound to one card's address when the kernel follows that.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { Binding, Obstacle, RoundPlan } from './address.ts'
import { defaultRoutes4, defaultRoutes6 } from './uplink.ts'

export interface Way {
  readonly binding: Binding
  readonly uplinks: readonly string[]
  readonly obstacle: Obstacle | null
}

const IP_MS = 2000
const IP_BYTES = 64 * 1024
/** An address that is nowhere (RFC 5737): the kernel is asked for its choice, nothing is sent. */
const ANYWHERE = '192.0.2.1'

const text = (path: string) => readFile(path, 'latin1').catch(() => '')

/** The interfaces with a default route. */
export async function waysOut(procRoot: string): Promise<readonly string[]> {
  const [four, six] = await Promise.all([
    text(join(procRoot, 'net/route')),
    text(join(procRoot, 'net/ipv6_route')),
  ])
  return [...new Set([...defaultRoutes4(four), ...defaultRoutes6(six)])]
}

/** Null when it does not tell, as a card that is switched off. */
async function carrierOf(sysRoot: string, name: string): Promise<boolean | null> {
  const carrier = (await text(join(sysRoot, 'class/net', name, 'carrier'))).trim()
  return carrier === '1' ? true : carrier === '0' ? false : null
}

/** The interface that the kernel would send by from `address`; null when it has no way. */
const leavesBy = (address: string): Promise<string | null> =>
  new Promise((resolve) => {
    const options = { timeout: IP_MS, maxBuffer: IP_BYTES, encoding: 'latin1' as const }
    execFile('ip', ['-o', 'route', 'get', ANYWHERE, 'from', address], options, (_error, stdout) =>
      resolve(/ dev (\S+)/.exec(stdout)?.[1] ?? null),
    )
  })

const obstacle = (id: Obstacle['id'], value: string, hint: string): Obstacle => ({
  id,
  value,
  hint,
})

async function byInterface(name: string, plan: RoundPlan): Promise<Way> {
  const { dns } = plan.place
  const none = { four: null, six: null, dns }
  const stopped = (id: Obstacle['id'], value: string, hint: string): Way => ({
    binding: none,
    uplinks: [],
    obstacle: obstacle(id, value, hint),
  })
  const own = networkInterfaces()[name]?.filter(({ internal }) => !internal) ?? []
  const four = own.find(({ family }) => family === 'IPv4')?.address ?? null
  const six = own.find(({ family, scopeid }) => family === 'IPv6' && scopeid === 0)?.address ?? null
  if ((await carrierOf(plan.sysRoot, name)) === false)
    return stopped('uplink', `no link on ${name}`, 'Plug in the cable of the bay network.')
  if (four === null) {
    const hint = `Give ${name} an IPv4 address in the bay network, or name a namespace.`
    return stopped('interface', `${name} has no IPv4 address`, hint)
  }
  const by = await leavesBy(four)
  if (by !== name) {
    const hint = `Packets from ${four} must leave by ${name}: ip rule add from ${four} table 100; ip route add default via GATEWAY dev ${name} table 100.`
    return stopped('path', `from ${four} the way leads by ${by ?? 'nothing'}, not ${name}`, hint)
  }
  return { binding: { four, six, dns }, uplinks: [name], obstacle: null }
}

/** The way by which the addresses of `plan` are asked, in the namespace of this process. */
export async function wayOf(plan: RoundPlan): Promise<Way> {
  const { place, procRoot, sysRoot } = plan
  if (place.from === 'interface') return byInterface(place.name, plan)
  const uplinks = await waysOut(procRoot)
  const way = { binding: { four: null, six: null, dns: place.dns }, uplinks }
  const cause = (value: string, hint: string): Way => ({
    ...way,
    obstacle: obstacle('uplink', value, hint),
  })
  if (uplinks.length === 0)
    return cause(
      'no default route',
      'Connect the uplink of this network and check its address (`ip route`).',
    )
  const carriers = await Promise.all(uplinks.map((name) => carrierOf(sysRoot, name)))
  return carriers.every((has) => has === false)
    ? cause(`no link on ${uplinks.join(', ')}`, 'Plug in the uplink cable.')
    : { ...way, obstacle: null }
}
