// The error codes of the red page as data: what each means, who must act, what the station does and how the run ends.
// Rows after facts/autopilot §5.3; network and bench causes end as `error`, registration, reuse, licence and TPM as `failed`.

export type CodeAction = 'retry' | 'close' | 'ignore'
/** `by-tpm`: after the last Retry `failed` if the TPM verdict is NO-GO, else `error`. */
export type CodeVerdict = 'failed' | 'error' | 'by-tpm'

export interface RedCode {
  /** `0x` and eight upper-case digits. */
  readonly code: string
  readonly meaning: string
  readonly who: 'bench' | 'remote IT' | 'OEM or service' | 'image owner' | 'nobody'
  readonly action: CodeAction
  readonly verdict: CodeVerdict
  /** Waits before each Retry, ms; the run closes when they are used up. */
  readonly retryMs: readonly number[]
  readonly hint: string
}

const MIN = 60_000
const close = (
  code: string,
  verdict: 'failed' | 'error',
  who: RedCode['who'],
  meaning: string,
  hint: string,
): RedCode => ({ code, meaning, who, action: 'close', verdict, retryMs: [], hint })
const retry = (
  code: string,
  verdict: CodeVerdict,
  retryMs: readonly number[],
  who: RedCode['who'],
  meaning: string,
  hint: string,
): RedCode => ({ code, meaning, who, action: 'retry', verdict, retryMs, hint })

export const RED_CODES: readonly RedCode[] = [
  retry(
    '0x800705B4',
    'by-tpm',
    [2 * MIN],
    'bench',
    'Time-out, often of the TPM step',
    'Check clock and the TPM addresses of the bay network',
  ),
  retry(
    '0x81039001',
    'by-tpm',
    [2 * MIN, 15 * MIN],
    'bench',
    'TPM attestation: retries used up, often a service outage',
    'See whether other bays show it too: then wait for the service',
  ),
  close(
    '0x81039023',
    'failed',
    'image owner',
    'TPM attestation bug of Windows 11 21H2',
    'Update the image (May 2022 update KB5013943 or later)',
  ),
  close(
    '0x81039024',
    'failed',
    'OEM or service',
    'The TPM firmware is known to be vulnerable',
    'Update the TPM firmware, then clear the TPM',
  ),
  {
    code: '0x81039025',
    meaning: 'Framework error of the diagnostics page',
    who: 'nobody',
    action: 'ignore',
    verdict: 'error',
    retryMs: [],
    hint: 'Read the code before it',
  },
  close(
    '0x80070490',
    'failed',
    'OEM or service',
    'AMD firmware TPM cannot attest, or an item was not found',
    'Update the firmware of the device',
  ),
  close(
    '0x801C03EA',
    'failed',
    'OEM or service',
    'Attestation failed, no device token',
    'Check the TPM mode and firmware, and that only one profile is assigned',
  ),
  close(
    '0x801C0003',
    'failed',
    'remote IT',
    'TPM ticket refused, or the user may not join',
    'Check TPM firmware and the join settings',
  ),
  close(
    '0x801C03F3',
    'failed',
    'remote IT',
    'The Entra object of the device was deleted',
    'Register the device again',
  ),
  retry(
    '0x80190190',
    'error',
    [2 * MIN],
    'bench',
    'HTTP 400 from the EK or AIK service',
    'Check that nothing inspects TLS to the TPM addresses',
  ),
  retry(
    '0x80190194',
    'error',
    [2 * MIN],
    'bench',
    'HTTP 404 from the EK or AIK service',
    'Check the TPM addresses; if they answer, the EK certificate is missing',
  ),
  retry(
    '0x800C0003',
    'error',
    [2 * MIN],
    'bench',
    'No internet at the configuration page',
    'Check the uplink of the bay network',
  ),
  close(
    '0x80180014',
    'failed',
    'remote IT',
    'Reuse of the device is not unblocked, or enrolment is blocked',
    'Delete the Intune record or unblock the device',
  ),
  close(
    '0x80180018',
    'failed',
    'remote IT',
    'Licence missing or device limit reached',
    'Assign a licence or raise the limit',
  ),
  close(
    '0x80180005',
    'failed',
    'remote IT',
    'No profile assigned, or pre-provisioning not allowed',
    'Assign a profile that allows pre-provisioning',
  ),
  close(
    '0x8018000A',
    'failed',
    'remote IT',
    'The device is already enrolled',
    'Delete its Intune record',
  ),
  close(
    '0x80180022',
    'failed',
    'image owner',
    'Home edition',
    'Install an edition that Autopilot takes',
  ),
  close(
    '0x80180003',
    'failed',
    'remote IT',
    'Not authorised to enrol',
    'Check the enrolment permissions',
  ),
  close('0x80180020', 'failed', 'remote IT', 'MDM user scope is none', 'Set the MDM user scope'),
  close(
    '0x80180026',
    'failed',
    'remote IT',
    'Two management agents',
    'Remove the other management agent from the assignment',
  ),
  close(
    '0x8018002B',
    'failed',
    'remote IT',
    'The user name is not routable',
    'Mend the user principal name',
  ),
  close(
    '0xC1036501',
    'failed',
    'remote IT',
    'Several MDMs in the tenant',
    'Leave one MDM in the tenant',
  ),
  close(
    '0x80070774',
    'failed',
    'remote IT',
    'Domain controller not found, or another domain (hybrid join)',
    'Check the domain join profile and the connector',
  ),
  close(
    '0x80004005',
    'failed',
    'image owner',
    'Hybrid join time-out',
    'Update the image (fixed in 26200.6725, 26100.6584, 22631.6276)',
  ),
  close(
    '0x800706FD',
    'failed',
    'remote IT',
    'A policy needs a domain controller (hybrid join)',
    'Remove that policy, or give the bench sight of a domain controller',
  ),
  close(
    '0x87D1041C',
    'failed',
    'remote IT',
    'An app was installed and not detected',
    'Let the app owner mend the detection rule',
  ),
  close(
    '0x8007064C',
    'failed',
    'image owner',
    'Old enrolment certificate in a cloned image',
    'Install the device anew',
  ),
]

export const RED_CODE_MAP: ReadonlyMap<string, RedCode> = new Map(
  RED_CODES.map((row) => [row.code, row]),
)

/**
 * The code in a text as shown on the page: case, a missing or doubled `0x` do not matter; of several the last one that
 * is not to be ignored. Null when there is none (facts/autopilot §5.3, §0 `0x0x81039001`).
 */
export function codeIn(text: string): string | null {
  const found = [...text.matchAll(/(?:0x)*([0-9a-f]{8})(?![0-9a-f])/gi)].map(
    (hit) => `0x${(hit[1] ?? '').toUpperCase()}`,
  )
  return found.findLast((code) => RED_CODE_MAP.get(code)?.action !== 'ignore') ?? null
}
