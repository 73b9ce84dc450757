// Asks the DNS servers of a bay's network themselves: the device has no hosts file of ours either.
import { Resolver } from 'node:dns/promises'
import { BlockList, isIP, isIPv6 } from 'node:net'
import type { Binding } from './address.ts'

/** Each DNS server is asked twice, the second time with a doubled wait: about 3 s for one that is silent. */
const DNS_MS = 1000
const DNS_TRIES = 2
/** A server on the PC itself (systemd-resolved) cannot be asked from an outer address. */
const LOCAL = /^(?:127\.|\[?::1)/

/** Addresses that no public host has: RFC 1918, 6598 and 4193, this host, loopback, link-local, multicast. */
const PRIVATE = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 4],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv6')

export const isPrivate = (address: string): boolean =>
  PRIVATE.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')

function resolverOf({ four, six, dns }: Binding): Resolver {
  const resolver = new Resolver({ timeout: DNS_MS, tries: DNS_TRIES })
  if (dns !== null) resolver.setServers(dns)
  const isOutside = !resolver.getServers().some((server) => LOCAL.test(server))
  if (four !== null && isOutside) resolver.setLocalAddress(four, six ?? undefined)
  return resolver
}

/**
 * One IPv4 address of `host`, or an IPv6 one where there is no other.
 * @throws the resolver's error when it has none
 */
export async function addressOf(
  host: string,
  binding: Binding,
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted()
  if (isIP(host) !== 0) return host
  const resolver = resolverOf(binding)
  const cancel = () => resolver.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    // Both at once: a server that is silent for one kind mostly is for the other.
    const six = resolver.resolve6(host).catch(() => [])
    const four = resolver.resolve4(host)
    const found = await four.catch(async (error: unknown) => {
      const others = await six
      if (others.length === 0) throw error
      return others
    })
    const first = found[0]
    if (first === undefined) throw new Error('no address')
    return first
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** Hosts asked at most, should a domain name many. */
const CONTROLLERS_MAX = 10

/**
 * Domain controllers of an Active Directory domain, the one to be asked first in front (RFC 2782; Microsoft's DC locator
 * asks for the same name).
 * @throws the resolver's error when it names none
 */
export async function controllersOf(
  domain: string,
  binding: Binding,
  signal: AbortSignal,
): Promise<readonly string[]> {
  signal.throwIfAborted()
  const resolver = resolverOf(binding)
  const cancel = () => resolver.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    const found = await resolver.resolveSrv(`_ldap._tcp.dc._msdcs.${domain}`)
    return found
      .toSorted((a, b) => a.priority - b.priority || b.weight - a.weight)
      .map(({ name }) => name)
      .slice(0, CONTROLLERS_MAX)
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** Domains that a `resolv.conf` names, at most two. */
export const searchDomains = (text: string): readonly string[] =>
  [...text.matchAll(/^(?:search|domain)\s+(.+)$/gm)]
    .flatMap(([, list = '']) => list.trim().split(/\s+/))
    .filter((domain) => /^[a-z0-9.-]{1,200}$/i.test(domain) && domain !== '.')
    .slice(0, 2)

/** What the network's DNS answers for `wpad`, the name under which Windows looks for a proxy by itself. */
export async function wpadOf(
  domains: readonly string[],
  binding: Binding,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = [...domains.map((domain) => `wpad.${domain}`), 'wpad']
  const found = names.map(async (name) => {
    const at = await addressOf(name, binding, signal).catch(() => null)
    return at === null ? [] : [`${name} = ${at}`]
  })
  return (await Promise.all(found)).flat().slice(0, 1)
}
