// Turns a round into findings: one cause is one finding, so that a pulled uplink is not thirty lines.
import type { Finding } from '../../agent/ports.ts'
import type { Asked, Round } from './address.ts'
import { clockFindings } from './clock-finding.ts'
import { type Failed, failedOf, troubleFindings } from './troubles.ts'

/** What differs between bays of one network. */
export interface Demand {
  /** A line for each address, also for those that answered: for a person who asks. */
  readonly every: boolean
  /** TCG id of the TPM's vendor, when a probe saw it. */
  readonly tpmVendor: string | null
  /** Hosts that this bench is known to do without, or whose issuer a person has looked at: they only warn. */
  readonly accept: readonly string[]
}

const finding = (id: string, grade: Finding['grade'], value: string, hint = ''): Finding => ({
  id,
  grade,
  value,
  hint,
})

export const notChecked = (why: string): Finding => finding('network', 'warn', 'not checked', why)

/** How old a result is that serves a second time. */
export const ageFinding = (ms: number): Finding =>
  finding('network.age', 'ok', `${Math.round(ms / 1000)} s`)

/** The addresses of one vendor are required of its TPM only; while it is not known none is, and all are reported. */
function wanted(asked: readonly Asked[], vendor: string | null) {
  const isFor = ({ address }: Asked) => vendor !== null && address.tpm?.includes(vendor) === true
  const isListed = asked.some(isFor)
  const kept = asked.filter((one) => !isListed || one.address.tpm === undefined || isFor(one))
  const of = kept.filter(({ address }) => address.tpm !== undefined)
  const answer = of.filter(({ reached }) => reached.is === 'reached').length
  const who = isListed
    ? `${vendor}`
    : vendor === null
      ? 'vendor not seen'
      : `${vendor} is not listed`
  const tpm =
    of.length === 0
      ? []
      : [finding('network.tpm', 'ok', `${who}: ${answer} of ${of.length} answer`)]
  return { kept, tpm, isListed }
}

function proxyFindings({ asked, wpad }: Round): readonly Finding[] {
  const via = asked.flatMap(({ reached }) =>
    reached.is === 'reached' && reached.via !== undefined ? [`answers come ${reached.via}`] : [],
  )
  const signs = [...wpad, ...via]
  const hint =
    'Devices in the out-of-box pages may take this proxy: it must ask for no sign-in and pass TLS unchanged.'
  return signs.length === 0 ? [] : [finding('network.proxy', 'warn', signs.join(', '), hint)]
}

function summary(kept: readonly Asked[], failed: readonly Failed[]): readonly Finding[] {
  const dns = finding('network.dns', 'ok', 'names resolve')
  if (failed.length < kept.length)
    return [
      dns,
      finding('network.addresses', 'ok', `${kept.length - failed.length} of ${kept.length} answer`),
    ]
  return failed.every(({ is }) => is === 'dns') ? [] : [dns]
}

/** Nothing answered, for want of names or of a way: one finding in place of one a host. */
function dead(kept: readonly Asked[], failed: readonly Failed[]): Finding | null {
  if (failed.length < kept.length) return null
  const [first] = failed
  if (failed.every(({ is }) => is === 'dns')) {
    const hint = 'No name resolves: check the DNS servers of the bay network.'
    return finding('network.dns', 'hold', `no name resolves: ${first?.why}`, hint)
  }
  if (!failed.every(({ is }) => is === 'blocked' || is === 'dns')) return null
  const reason = failed.find(({ is }) => is === 'blocked')?.why
  const hint = 'Nothing answers: check gateway, firewall and proxy of the bay network.'
  return finding('network.addresses', 'hold', `nothing answers: ${reason}`, hint)
}

/** Who answered, one by one. */
const answers = (kept: readonly Asked[]): readonly Finding[] =>
  kept.flatMap(({ address, reached }) => {
    if (reached.is !== 'reached') return []
    const { issuer } = reached
    const value =
      issuer === undefined ? `answers over ${address.check}` : `certificate by ${issuer}`
    return [finding(`network.at.${address.host}`, 'ok', value)]
  })

/** Findings of a round for one bay; a finding never closes a run, it holds it or stands in the record. */
export function gradeRound(round: Round, { tpmVendor, accept, every }: Demand): readonly Finding[] {
  const { obstacle, uplinks } = round
  if (obstacle !== null)
    return [finding(`network.${obstacle.id}`, 'hold', obstacle.value, obstacle.hint)]
  const way = finding('network.uplink', 'ok', uplinks.join(', '))
  if (round.asked.length === 0)
    return [way, finding('network.addresses', 'warn', 'no address was asked')]
  const { kept, tpm, isListed } = wanted(round.asked, tpmVendor)
  const failed = failedOf(kept)
  const all = dead(kept, failed)
  const gradeOf = ({ address, is }: Failed): Finding['grade'] => {
    const isNeeded = address.need === 'required' && (address.tpm === undefined || isListed)
    return isNeeded && is !== 'issuer' && !accept.includes(address.host) ? 'hold' : 'warn'
  }
  return [
    way,
    ...summary(kept, failed),
    ...(all === null ? [] : [all]),
    ...(every ? answers(kept) : []),
    ...(all === null ? troubleFindings(failed, gradeOf, every) : []),
    ...clockFindings(kept),
    ...proxyFindings(round),
    ...(all === null ? tpm : []),
  ]
}
