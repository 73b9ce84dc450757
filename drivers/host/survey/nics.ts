// The network cards of this PC and which of them cannot be a bay: the uplink, bridges' ports, radio.
import type { DeviceTree } from './tree.ts'

export interface NicSeen {
  readonly name: string
  readonly mac: string | null
  readonly driver: string | null
  /** True for a card in a slot or on USB, false for what exists in software alone. */
  readonly isCard: boolean
  readonly isRadio: boolean
  /** A default route leaves by it, directly or through the bridge that it is a port of. */
  readonly isUplink: boolean
  /** The bridge or bond that it is a port of. */
  readonly master: string | null
  readonly isAdminUp: boolean
  /** null: switched off, or not told. */
  readonly carrier: boolean | null
  /** Mb/s; null without a link. */
  readonly speed: number | null
  /** Ups and downs of the link since the card came. */
  readonly carrierChanges: number
}

const NET = 'sys/class/net'
/** IFF_UP (linux/if.h). */
const UP = 0x1
/** ARPHRD_ETHER (linux/if_arp.h). */
const ETHERNET = '1'

/** Every Ethernet interface, sorted by name; the loopback is none. */
export function nicsOf(tree: DeviceTree): readonly NicSeen[] {
  const uplinks = uplinksOf(tree)
  return tree
    .names(NET)
    .filter((name) => tree.text(`${NET}/${name}/type`) === ETHERNET)
    .map((name) => nicOf(tree, name, uplinks))
}

function nicOf(tree: DeviceTree, name: string, uplinks: ReadonlySet<string>): NicSeen {
  const value = (file: string) => tree.text(`${NET}/${name}/${file}`)
  const master = tree.real(`${NET}/${name}/master`)?.split('/').at(-1) ?? null
  const flags = Number(value('flags') ?? 0)
  const carrier = value('carrier')
  const speed = Number(value('speed') ?? 0)
  const driver = tree.real(`${NET}/${name}/device/driver`)?.split('/').at(-1) ?? null
  return {
    name,
    mac: value('address'),
    driver,
    isCard: tree.real(`${NET}/${name}/device`) !== null,
    isRadio: tree.names(`${NET}/${name}`).some((one) => one === 'wireless' || one === 'phy80211'),
    isUplink: uplinks.has(name) || (master !== null && uplinks.has(master)),
    master,
    isAdminUp: (flags & UP) !== 0,
    carrier: carrier === null ? null : carrier === '1',
    speed: speed > 0 ? speed : null,
    carrierChanges: Number(value('carrier_changes') ?? 0),
  }
}

/** Interfaces by which a default route leaves, of both address families. */
function uplinksOf(tree: DeviceTree): ReadonlySet<string> {
  // IPv4: name, destination, gateway, …, mask at 7, all hexadecimal (proc(5)).
  const four = tree
    .lines('proc/net/route')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, destination, , , , , , mask]) => destination === '00000000' && mask === '00000000')
    .map(([name]) => name)
  // IPv6: destination, prefix length, …, name last; the kernel's own unreachable default is on lo.
  const six = tree
    .lines('proc/net/ipv6_route')
    .map((line) => line.trim().split(/\s+/))
    .filter(([destination, length]) => /^0{32}$/.test(destination ?? '') && length === '00')
    .map((words) => words.at(-1))
  return new Set(
    [...four, ...six].filter((name) => name !== undefined && name !== 'lo') as string[],
  )
}
