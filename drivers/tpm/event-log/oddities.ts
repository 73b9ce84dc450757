// What firmware writes into its logs other than the profile wants, one row each, and what is done about it.
import { createHash } from 'node:crypto'
import { EVENT, type EventLog, type LogEvent } from './log.ts'

interface Oddity {
  readonly id: string
  /** For a person; behind the words stands how often it was seen. */
  readonly words: string
  /** True: the event extends nothing. */
  readonly isIgnored: boolean
  readonly is: (event: LogEvent) => boolean
}

const NO_PCR = 0xffffffff
const PCRS = 24

/** Events whose digest is the hash of their data (profile 1.06, table 27); of others only the digest counts. */
const HASHED: readonly number[] = [
  EVENT.separator,
  EVENT.action,
  EVENT.efiVariableDriverConfig,
  EVENT.efiAction,
  EVENT.efiVariableAuthority,
  EVENT.tag,
]

/** Is every digest of the event the hash of its data? */
export const isProved = ({ digests, data }: LogEvent): boolean =>
  digests.size > 0 &&
  [...digests].every(
    ([bank, digest]) => Buffer.compare(createHash(bank).update(data).digest(), digest) === 0,
  )

export const ODDITIES: readonly Oddity[] = [
  {
    id: 'no-pcr',
    words: 'events of no PCR (Windows writes them)',
    isIgnored: true,
    is: ({ pcr }) => pcr === NO_PCR,
  },
  {
    id: 'pcr-range',
    words: 'events of a PCR that does not exist',
    isIgnored: true,
    is: ({ pcr }) => pcr !== NO_PCR && pcr >= PCRS,
  },
  {
    id: 'no-digest',
    words: 'events without a digest',
    isIgnored: false,
    is: ({ type, digests }) => type !== EVENT.noAction && digests.size === 0,
  },
  {
    id: 'data-not-hashed',
    words: 'events whose data is not what was measured',
    isIgnored: false,
    is: (event) => HASHED.includes(event.type) && event.digests.size > 0 && !isProved(event),
  },
  {
    id: 'empty-data',
    words: 'measured events without data',
    isIgnored: false,
    is: ({ type, data }) => HASHED.includes(type) && data.length === 0,
  },
]

export const isIgnored = (event: LogEvent): boolean =>
  ODDITIES.some((oddity) => oddity.isIgnored && oddity.is(event))

/** Oddities of a log, in words with their number. */
export function odditiesOf(log: EventLog): readonly string[] {
  return ODDITIES.flatMap((oddity) => {
    const count = log.events.filter(oddity.is).length
    return count === 0 ? [] : [`${count} ${oddity.words}`]
  })
}
