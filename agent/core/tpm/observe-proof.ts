// Finds the case of each row that rests on a proof: attestation key, activation, quote and event log.
import { found, fromSeen } from './found.ts'
import type { TpmSubject } from './judge.ts'
import type { LogSighting, QuoteSighting, Seen, TpmSighting } from './sighting.ts'
import type { Found } from './table.ts'

type ProofRow = 'ak-attributes' | 'activation' | 'quote' | 'event-log' | 'secure-boot'

const ACTIVATION = {
  returned: 'the secret came back',
  'timed-out': 'no answer in time',
  'wrong-secret': 'the TPM does not hold the key of its certificate',
} as const

const QUOTE = {
  malformed: 'no attestation structure',
  magic: 'not made inside a TPM (magic)',
  type: 'no quote (type)',
  nonce: 'an old quote (nonce)',
  signature: 'the signature does not hold',
  selection: 'other PCRs than were asked for',
  'pcr-digest': 'the PCR values are not what was quoted',
} as const

function quoteRow(quote: QuoteSighting): Found<'quote'> {
  if (quote.failed !== null) return found('fails', QUOTE[quote.failed])
  const { bank, resetCount, restartCount } = quote
  return found('holds', `${bank}, reset ${resetCount}, restart ${restartCount}`)
}

function logRow(log: LogSighting): Found<'event-log'> {
  const odd = log.oddities.length === 0 ? '' : `; ${log.oddities.join('; ')}`
  if (log.differing.length > 0) return found('differs', `PCR ${log.differing.join(', ')}${odd}`)
  return found('equal', `${log.events} events, ${log.bank}${odd}`)
}

function bootRow(log: LogSighting, isDemanded: boolean): Found<'secure-boot'> {
  // A log that is not what was measured proves nothing of what it says.
  if (log.differing.length > 0) return { missing: 'the log is not to be trusted' }
  if (log.secureBoot === null) return found('unknown', 'the log does not say')
  const { secureBoot, debug, bootManager, authority } = log
  const by = [bootManager, authority && `by ${authority}`].filter(Boolean).join(' ')
  const value = `Secure Boot ${secureBoot ? 'on' : 'off'}${debug.map((one) => `, ${one}`).join('')}`
  if (secureBoot && debug.length === 0) return found('sound', by === '' ? value : `${value}, ${by}`)
  return found(isDemanded ? 'unsound-demanded' : 'unsound', value)
}

export function observeProof({ tpm, policy }: TpmSubject): { readonly [R in ProofRow]: Found<R> } {
  const none = { absent: 'not attested' } as const
  const seen = <K extends 'ak' | 'activation' | 'quote' | 'log'>(key: K): TpmSighting[K] =>
    tpm === null ? (none as Seen<never>) : tpm[key]
  const isDemanded = policy.demands.includes('secure-boot')
  return {
    'ak-attributes': fromSeen(seen('ak'), ({ kind, faults }) =>
      faults.length === 0 ? found('right', kind) : found('wrong', faults.join(', ')),
    ),
    activation: fromSeen(seen('activation'), (is) => found(is, ACTIVATION[is])),
    quote: fromSeen(seen('quote'), quoteRow),
    'event-log': fromSeen(seen('log'), logRow),
    'secure-boot': fromSeen(seen('log'), (log) => bootRow(log, isDemanded)),
  }
}
