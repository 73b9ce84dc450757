// The checks before a device is touched: the bay's network and the station itself; findings only, the flow decides.
import type { Finding, PreCheck, TpmCheck } from '../core/facts.ts'
import type { BayId } from '../core/ids.ts'
import { controllerOf, type Order } from '../core/order.ts'
import { isStationError } from '../fault.ts'
import type { Clock, HostFacts, NetworkCheck } from '../ports.ts'

interface Checks {
  readonly clock: Clock
  readonly network: NetworkCheck
  readonly host: HostFacts
}

/** The row that names who made the TPM (agent/core/tpm: `INTC Intel, "..."`, `AMD, "..."`). */
const VENDOR_ROW = 'tpm-physical'

/** TCG id of the TPM's vendor among the checks of a run, or null while no probe has seen it. */
export function tpmVendorOf(checks: readonly TpmCheck[]): string | null {
  const value = checks.find(({ id }) => id === VENDOR_ROW)?.value ?? ''
  return /^[A-Z0-9]{2,4}(?=[ ,])/.exec(value)?.[0] ?? null
}

/**
 * All findings, at once; a check that fails is a finding itself. `probe` is what an attestation has to say that runs
 * meanwhile; it may name the TPM's maker, so `tpmVendor` is asked again when it is over.
 */
export async function preCheckOf(
  bay: BayId,
  checks: Checks,
  signal: AbortSignal,
  tpmVendor: () => string | null = () => null,
  probe: Promise<readonly Finding[]> = Promise.resolve([]),
  order: Order | null = null,
): Promise<PreCheck> {
  const first = tpmVendor()
  const ask = (vendor: string | null) =>
    guarded('network', checks.network.check(bay, signal, vendor, controllerOf(order)))
  const [early, host, attested] = await Promise.all([
    ask(first),
    guarded('host', checks.host.findings()),
    guarded('attestation', probe),
  ])
  // What was asked is still young: the same answers are judged anew, for the TPM that was seen meanwhile.
  const vendor = tpmVendor()
  const network = vendor === first || signal.aborted ? early : await ask(vendor)
  return { at: checks.clock.now(), findings: [...network, ...host, ...attested] }
}

/** A check that could not be made holds the bay: nobody knows whether its network is fit. */
async function guarded(id: string, work: Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await work
  } catch (error) {
    const hint = isStationError(error) ? error.hint : 'Run `reseal doctor`.'
    return [
      {
        id,
        grade: 'hold',
        value: error instanceof Error ? error.message.slice(0, 200) : 'failed',
        hint,
      },
    ]
  }
}
