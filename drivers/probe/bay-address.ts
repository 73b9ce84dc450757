// Finds the bay in whose own network an address is: where each bay has a card of the PC for itself, the wire says which it is.
import { execFile } from 'node:child_process'
import { readdir, readlink } from 'node:fs/promises'
import { BlockList, isIP, isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { basename, join } from 'node:path'
import type { BayId } from '../../agent/ports.ts'

/** A bay whose link is a card of this PC; all of them, or a shared network would not be seen. */
export interface BayCard {
  readonly bay: BayId
  readonly card: string
  /** The config lets a probe in here without a code. */
  readonly isOpen: boolean
}

/** A bay, or why it is none. */
export type BayAt = { readonly bay: BayId } | { readonly refused: string }

const IP_MS = 2000
const IP_BYTES = 64 * 1024
/** Of the neighbour table (ip-neighbour(8)): nobody answered there. */
const DEAD = new Set(['FAILED', 'INCOMPLETE', 'NONE', 'NOARP'])

interface Route {
  readonly dev?: string
  readonly type?: string
  readonly gateway?: string
  readonly via?: unknown
}
interface Neighbour {
  readonly dev?: string
  readonly lladdr?: string
  readonly state?: readonly string[]
}

const no = (refused: string): BayAt => ({ refused })

/** What `ip -j` answers; an empty list when it answers nothing. */
function ip<T>(...words: readonly string[]): Promise<readonly T[]> {
  return new Promise((resolve) => {
    const options = { timeout: IP_MS, maxBuffer: IP_BYTES, encoding: 'utf8' as const }
    execFile('ip', ['-j', ...words], options, (_error, stdout) => {
      try {
        const rows: unknown = JSON.parse(stdout)
        resolve(Array.isArray(rows) ? (rows as readonly T[]) : [])
      } catch {
        resolve([])
      }
    })
  })
}

/** The card itself, or the bridge that it is a port of with all ports of that. */
async function holderOf(card: string, sysRoot: string) {
  const home = join(sysRoot, 'class/net', card)
  const master = await readlink(join(home, 'master')).then(basename, () => null)
  if (master === null) return { name: card, ports: [card] }
  const ports = await readdir(join(sysRoot, 'class/net', master, 'brif')).catch(() => [])
  return { name: master, ports }
}

/** Cards of this PC whose network an address is in; more than one leaves open which wire it is on. */
function cardsAround(address: string): readonly string[] {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  return Object.entries(networkInterfaces()).flatMap(([name, own]) => {
    const isAround = own?.some(({ cidr }) => {
      const [net = '', bits = ''] = (cidr ?? '').split('/')
      if (isIPv6(net) !== (family === 'ipv6') || isIP(net) === 0) return false
      const list = new BlockList()
      list.addSubnet(net, Number(bits), family)
      return list.check(address, family)
    })
    return isAround === true ? [name] : []
  })
}

/**
 * The bay whose own network `address` is in. Call it for the far end of a connection that stands: TCP's handshake has
 * then shown that answers to the address leave by that bay's card and come back, so a device at another bay cannot have
 * borrowed it. Never rejects; anything doubtful is refused, and the device's code is typed.
 */
export async function bayAtAddress(
  address: string,
  bays: readonly BayCard[],
  sysRoot = '/sys',
): Promise<BayAt> {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIP(plain) === 0 || plain.includes('%')) return no('an address of one link alone')
  const [route] = await ip<Route>('route', 'get', plain)
  const { dev, type, gateway, via } = route ?? {}
  if (dev === undefined) return no('no way leads there')
  if (type !== undefined && type !== 'unicast') return no(`${plain} is no device's address`)
  if (gateway !== undefined || via !== undefined) return no(`${plain} is behind a router`)
  const around = cardsAround(plain)
  if (around.length !== 1 || around[0] !== dev)
    return no(`${plain} is in the network of ${around.join(' and ') || 'no card'}`)
  const holders = await Promise.all(
    bays.map(async (bay) => ({ ...bay, holder: await holderOf(bay.card, sysRoot) })),
  )
  const here = holders.filter(({ holder }) => holder.name === dev)
  const [only, another] = here
  if (only === undefined) return no(`${dev} is no bay's card`)
  if (another !== undefined) return no(`bays ${here.map(({ bay }) => bay).join(', ')} share ${dev}`)
  if (only.holder.ports.some((port) => port !== only.card)) return no(`${dev} has other ports`)
  if (!only.isOpen) return no(`bay ${only.bay} wants a code`)
  const seen = (await ip<Neighbour>('neigh', 'show', 'to', plain)).filter(
    ({ lladdr, state = [] }) => lladdr !== undefined && !state.some((one) => DEAD.has(one)),
  )
  if (seen.length === 0) return no(`${plain} is no neighbour`)
  return seen.every((one) => one.dev === dev)
    ? { bay: only.bay }
    : no(`${plain} is seen on more than one card`)
}
