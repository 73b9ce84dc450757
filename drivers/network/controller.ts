// Asks for a domain controller from the bay's network: a hybrid join may need one while the device is provisioned.
import { isIPv6 } from 'node:net'
import type { Finding } from '../../agent/ports.ts'
import type { Controller, ControllerAsked, Round } from './address.ts'
import { addressOf, controllersOf } from './names.ts'
import { askTcp, type Means } from './reach.ts'

/** Kerberos, LDAP, SMB: what a join by a domain controller uses first. */
const PORTS = { 88: 'Kerberos', 389: 'LDAP', 445: 'SMB' } as const
const WANTED = Object.keys(PORTS).map(Number)
/** A domain may name dozens; one that answers is enough. */
const ASKED_MAX = 3

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)

/** Which of the three ports of one host answer. */
async function hostAsked(host: string, means: Means, signal: AbortSignal) {
  let at: string
  try {
    at = await addressOf(host, means.binding, signal)
  } catch (error) {
    return { host, open: [], why: signal.aborted ? 'no DNS answer in time' : codeOf(error) }
  }
  const local = isIPv6(at) ? means.binding.six : means.binding.four
  const answers = await Promise.all(WANTED.map((port) => askTcp(at, port, local, signal)))
  const open = WANTED.filter((_, index) => answers[index]?.is === 'reached')
  const [first] = answers.flatMap((one) => (one.is === 'reached' ? [] : [one.why]))
  return { host: host === at ? host : `${host} (${at})`, open, why: first ?? '' }
}

/** Never rejects; ends with the signal. Hosts that the order names, else those that the domain's DNS does. */
export async function askController(
  { host, domain }: Controller,
  means: Means,
  signal: AbortSignal,
): Promise<ControllerAsked> {
  let hosts: readonly string[] = host === null ? [] : [host]
  if (host === null && domain !== null) {
    try {
      hosts = await controllersOf(domain, means.binding, signal)
    } catch (error) {
      const why = signal.aborted ? 'no DNS answer in time' : codeOf(error)
      return { hosts: [], why: `_ldap._tcp.dc._msdcs.${domain}: ${why}` }
    }
  }
  const asked = hosts.slice(0, ASKED_MAX).map((one) => hostAsked(one, means, signal))
  return { hosts: await Promise.all(asked), why: '' }
}

const portsText = (ports: readonly number[]) =>
  ports.map((port) => `${PORTS[port as keyof typeof PORTS]} ${port}`).join(', ')

const finding = (grade: Finding['grade'], value: string, hint = ''): Finding => ({
  id: 'network.domain-controller',
  grade,
  value,
  hint,
})

/**
 * One finding; it warns at most. Not every hybrid join needs a controller at the bench (facts/autopilot §0, 10: when an
 * assigned policy has a conflict to resolve, and where the profile does not skip the check), so it is for a person to know.
 */
export function controllerFinding({ host, domain }: Controller, round: Round): Finding {
  if (host === null && domain === null)
    return finding(
      'warn',
      'not asked: the order names none',
      'Write domainController or adDomain into this hybrid order, or know that nobody looked.',
    )
  const name = host ?? domain ?? ''
  const hint = `A hybrid join may need ${name} from the bay's network (errors 0x80070774, 0x800706FD): let ${portsText(WANTED)} through, or ask the customer whether their profile skips it.`
  if (round.obstacle !== null) return finding('warn', `not asked: ${round.obstacle.value}`, hint)
  const { hosts = [], why = '' } = round.controller ?? {}
  const whole = hosts.find(({ open }) => open.length === WANTED.length)
  if (whole !== undefined) return finding('ok', `${whole.host} answers on ${portsText(WANTED)}`)
  const best = hosts.toSorted((a, b) => b.open.length - a.open.length)[0]
  if (best === undefined) return finding('warn', `none found: ${why}`, hint)
  const closed = WANTED.filter((port) => !best.open.includes(port))
  return finding('warn', `${best.host} does not answer on ${portsText(closed)} (${best.why})`, hint)
}
