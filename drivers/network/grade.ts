// Turns what answered into findings: one cause is one finding, so that a pulled uplink is not thirty lines.
import type { Finding } from '../../agent/ports.ts'
import type { NetworkAddress, Reached } from './reach.ts'

export interface Asked {
  readonly address: NetworkAddress
  readonly reached: Reached
}

const finding = (id: string, grade: Finding['grade'], value: string, hint = ''): Finding => ({
  id,
  grade,
  value,
  hint,
})

export const notChecked = (why: string): Finding => finding('network', 'warn', 'not checked', why)

/** `carrier`: each interface with a default route, and whether it has a link (null: it does not tell). */
export function uplinkFinding(carrier: ReadonlyMap<string, boolean | null>): Finding {
  const names = [...carrier.keys()].join(', ')
  if (carrier.size === 0) {
    const hint = 'Connect the uplink of the bench PC and check its address (`ip route`).'
    return finding('network.uplink', 'hold', 'no default route', hint)
  }
  const isDead = [...carrier.values()].every((has) => has === false)
  if (isDead) {
    return finding('network.uplink', 'hold', `no link on ${names}`, 'Plug in the uplink cable.')
  }
  return finding('network.uplink', 'ok', names)
}

function missed({ address, reached }: Asked): Finding {
  const { host, port } = address
  const reason = reached.is === 'reached' ? '' : reached.why
  const value = `${reached.is === 'no name' ? 'no DNS answer' : 'no answer'}: ${reason}`
  const hint = `Let ${host}:${port} through the firewall; it is needed for ${address.for}.`
  return finding(`network.at.${host}`, address.need === 'required' ? 'hold' : 'warn', value, hint)
}

/** Findings about DNS and addresses, in the order of the list. */
export function addressFindings(asked: readonly Asked[]): Finding[] {
  if (asked.length === 0) return [finding('network.addresses', 'warn', 'the list is empty')]
  const all = (is: Reached['is']) => asked.every(({ reached }) => reached.is === is)
  const failed = asked.filter(({ reached }) => reached.is !== 'reached')
  const [first] = failed
  const reason = first === undefined || first.reached.is === 'reached' ? '' : first.reached.why
  if (all('no name')) {
    const hint = 'Check the DNS servers of the bench network.'
    return [finding('network.dns', 'hold', `no name resolves: ${reason}`, hint)]
  }
  const dns = finding('network.dns', 'ok', 'names resolve')
  if (failed.length === asked.length) {
    const hint = 'Check gateway, firewall and proxy of the bench network.'
    return [dns, finding('network.addresses', 'hold', `nothing answers: ${reason}`, hint)]
  }
  const value = `${asked.length - failed.length} of ${asked.length} answer`
  return [dns, finding('network.addresses', 'ok', value), ...failed.map(missed)]
}

/** How old a result is that serves a second time. */
export const ageFinding = (ms: number): Finding =>
  finding('network.age', 'ok', `${Math.round(ms / 1000)} s`)
