// Which addresses a webhook may be sent to: public ones, and whatever the config lists besides.
import { BlockList, isIP } from 'node:net'

/** Networks that are nobody's on the internet (IANA special-purpose registries, RFC 6890), both families. */
const NOT_PUBLIC = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]
const LOOPBACK = ['127.0.0.0/8', '::1/128']

/** Addresses and networks as a list to ask; what is none of both is left out. */
export function netsOf(texts: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of texts) {
    const [address = '', bits] = text.split('/')
    const family = isIP(address)
    if (family === 0) continue
    const type = family === 4 ? 'ipv4' : 'ipv6'
    if (bits === undefined) list.addAddress(address, type)
    else if (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
      list.addSubnet(address, Number(bits), type)
  }
  return list
}

const CLOSED = netsOf(NOT_PUBLIC)
const OWN = netsOf(LOOPBACK)

/** An IPv4 address in IPv6 clothes is held against the rules of IPv4. */
const bare = (address: string): string =>
  /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? unmapped(address) ?? address

/** `::ffff:7f00:1` is 127.0.0.1. */
function unmapped(address: string): string | null {
  const found = /^(?:0*:)*:?ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address)
  if (found === null) return null
  const [high, low] = [Number.parseInt(found[1] ?? '', 16), Number.parseInt(found[2] ?? '', 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

const isIn = (list: BlockList, address: string) =>
  list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')

/** True for an address of this PC itself. */
export const isLoopback = (address: string): boolean => isIn(OWN, bare(address))

/** True when a webhook may go there. @param allow what the config lists besides public addresses */
export function mayAsk(address: string, allow: BlockList): boolean {
  const plain = bare(address)
  if (isIP(plain) === 0) return false
  return isIn(allow, plain) || !isIn(CLOSED, plain)
}
