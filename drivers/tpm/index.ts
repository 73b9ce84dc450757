// The TPM driver's face: opens a TPM by its address, attests it, and reads the roots that a station trusts.
import { isTpmFault, type OpenTransport, transportFromUrl } from 'tpm2-ts'
import { StationError } from '../../agent/fault.ts'

export { type AttestOptions, attestTpm, STEPS, type Step } from './attest.ts'
export { LOG_MAX } from './event-log/log.ts'
export {
  certificatePem,
  NO_ROOTS,
  type RootsRead,
  readCertificates,
  readRoots,
  type StoredCertificate,
  type TrustStore,
} from './roots.ts'
export { getFrom, vendorFetch } from './vendor-fetch.ts'
export type { OpenTransport }

/**
 * The transport of `tcp://host:port`, `unix:/path`, `device:/dev/tpmrm0` or `mssim://host:port`; nothing is opened yet.
 * @throws StationError USAGE_COMMAND for another address
 */
export function openTpm(url: string): OpenTransport {
  try {
    return transportFromUrl(url)
  } catch (error) {
    if (!isTpmFault(error, 'TPM_USAGE')) throw error
    const known = 'tcp://host:port, unix:/path or device:/dev/tpmrm0'
    throw new StationError('USAGE_COMMAND', `${url} is no address of a TPM: ${known}`, {
      cause: error,
    })
  }
}
