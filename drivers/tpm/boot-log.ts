// The measured boot log of a device: replayed while its TPM computes, then held against what the TPM quoted.
import type { PcrValues } from 'tpm2-ts'
import { isStationError } from '../../agent/fault.ts'
import type { LogSighting, Seen } from '../../agent/ports.ts'
import { readLog } from './event-log/log.ts'
import { storyOf } from './event-log/story.ts'
import type { Meanwhile } from './meanwhile.ts'
import type { Bank } from './quote.ts'

export const NO_LOG = { absent: 'no boot log on this path' } as const

/** What the log tells, once it is asked; null when it is missing, undefined when this path has none. */
export type Told = (() => (quoted: PcrValues) => LogSighting) | null | undefined

/** Plans the reading and replaying. */
export function tellLog(
  meanwhile: Meanwhile,
  eventLog: Uint8Array | null | undefined,
  bank: Bank | null,
): Told {
  if (eventLog == null || bank === null) return eventLog === undefined ? undefined : null
  return meanwhile.plan('ActivateCredential', () => storyOf(readLog(eventLog), bank.name))
}

/** The boot log against what was quoted. */
export function bootLog(told: Told, quoted: PcrValues): Seen<LogSighting> {
  if (told === undefined) return NO_LOG
  if (told === null) return { missing: 'the boot log is missing' }
  try {
    return { seen: told()(quoted) }
  } catch (error) {
    if (isStationError(error)) return { missing: error.where }
    throw error
  }
}
