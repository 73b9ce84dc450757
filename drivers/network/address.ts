// What is asked, from where, and what came back; plain data, so that a round may run in a process of another namespace.

/** One address of the list; the same shape as station-config/network/addresses.yaml. */
export type NetworkAddress = {
  readonly host: string
  readonly port: number
  readonly need: 'required' | 'optional'
  readonly for: string
  /** TPM vendors (TCG ids) that need it; another vendor's device does not. */
  readonly tpm?: readonly string[] | undefined
  /** Organisations that are documented to issue this host's certificate; without it any public root will do. */
  readonly issuers?: readonly string[] | undefined
} & (
  | { readonly check: 'tcp' | 'tls' | 'ntp' | 'none' }
  | { readonly check: 'http'; readonly path: string; readonly body: string }
)

/**
 * Where a bay's network is asked from. `link`: by the bay's own card if the way out leads through it, else like `host`.
 * `dns`: servers in place of those of the PC or namespace, `address` or `address:port`.
 */
export type NetworkPlace = (
  | { readonly from: 'host' }
  | { readonly from: 'link' | 'interface' | 'netns'; readonly name: string }
) & { readonly dns: readonly string[] | null }

/** Clock of the other side against ours, ms; plus: it is ahead. */
interface Told {
  readonly offsetMs?: number
  /** A proxy named itself in the answer. */
  readonly via?: string
  /** Who issued the certificate that was shown. */
  readonly issuer?: string
}

/** What went wrong at one host; each kind is a finding of its own. */
export const TROUBLES = [
  /** The sign-in page of a network answered. */
  'portal',
  /** A proxy wants a sign-in. */
  'proxy',
  /** The right name under an issuer that no public root knows. */
  'intercepted',
  /** The name leads to another server. */
  'dns-wrong',
  /** The name does not exist or is not answered. */
  'dns',
  /** No connection. */
  'blocked',
  /** A connection, and then no whole answer in time. */
  'slow',
  /** A connection that was cut, or an answer that is none. */
  'broken',
  /** The certificate is not valid at this time. */
  'expired',
  /** A public root, or a documented name without one, and not the issuer that was expected. */
  'issuer',
] as const
export type Trouble = (typeof TROUBLES)[number]

export type Reached =
  | ({ readonly is: 'reached' } & Told)
  | { readonly is: Trouble; readonly why: string }

export interface Asked {
  readonly address: NetworkAddress
  readonly reached: Reached
}

/** Why nothing could be asked at all, or null. */
export interface Obstacle {
  readonly id: 'interface' | 'uplink' | 'path' | 'namespace' | 'process'
  readonly value: string
  readonly hint: string
}

/** A domain controller that an order names, or the domain that knows its own. */
export interface Controller {
  readonly host: string | null
  readonly domain: string | null
}
export interface ControllerAsked {
  /** Ports of each that answer, and why others do not. */
  readonly hosts: readonly {
    readonly host: string
    readonly open: readonly number[]
    readonly why: string
  }[]
  /** Why there is no host at all. */
  readonly why: string
}

/** One round over all addresses from one network. */
export interface Round {
  readonly obstacle: Obstacle | null
  /** Interfaces that lead out. */
  readonly uplinks: readonly string[]
  readonly asked: readonly Asked[]
  /** Addresses of a proxy that the network's DNS offers by the name wpad. */
  readonly wpad: readonly string[]
  /** Only in a round that asks for one. */
  readonly controller?: ControllerAsked
}

export interface RoundPlan {
  readonly place: NetworkPlace
  readonly addresses: readonly NetworkAddress[]
  /** Asked for in place of addresses: a question of one order, not of the network. */
  readonly controller?: Controller
  /** Public roots, PEM, in place of Node's own. */
  readonly roots: readonly string[] | null
  /** Limits in real ms: one address, and all together. */
  readonly oneMs: number
  readonly allMs: number
  /** Connections at a time. */
  readonly parallel: number
  readonly procRoot: string
  readonly sysRoot: string
  readonly resolvConf: string
}

/** How a connection is bound: its own address, per family, and whom it asks for names. */
export interface Binding {
  readonly four: string | null
  readonly six: string | null
  readonly dns: readonly string[] | null
}
