// The sentences of the answer about a device: what happened, what follows, and what not to do before a person has looked.
import type { Verdict } from './evidence.ts'
import type { InstantMs } from './ids.ts'
import type { RecordBody } from './record.ts'
import type { AnswerAlarm, Attempt } from './reseal-answer.ts'

export const sentences = (parts: readonly string[]) => parts.filter((part) => part !== '').join(' ')
/** Minutes are enough for a person; the exact instant stands in its own field. */
const minute = (at: string) => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`

export const resealed = ({ endedAt, grade }: RecordBody) =>
  `Resealed at ${minute(endedAt)}${grade === undefined ? '' : ` (${grade})`}.`

const NOT_RESEALED: Readonly<Record<Exclude<Verdict, 'resealed'>, string>> = {
  failed: 'Failed: the device cannot be provisioned as it stands',
  error: 'Not finished: something at the station or its network failed',
  timeout: 'Not finished: a step took longer than its limit',
  aborted: 'Not finished: a person ended the run',
  interrupted: 'Not finished: the device was removed or lost',
}

export function notResealed({ verdict, endedAt, error }: RecordBody): string {
  if (verdict === 'resealed') return ''
  const why = error === undefined ? '' : ` (${error.code})`
  const todo = error === undefined || error.action === '' ? '' : ` ${ended(error.action)}`
  return `${NOT_RESEALED[verdict]}${why}, at ${minute(endedAt)}.${todo}`
}

const ended = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)

/** `earlier`: newest first. */
export function earlierReseal(earlier: readonly Attempt[]): string {
  const run = earlier.find(({ verdict }) => verdict === 'resealed')
  return run === undefined ? '' : `An earlier run ended resealed at ${minute(run.endedAt)}.`
}

export function alarmWords(alarms: readonly AnswerAlarm[]): string {
  const last = alarms.at(-1)
  if (last === undefined) return ''
  const what =
    last.code === 'OPERATOR_POWERED_ON_AFTER_RESEAL'
      ? 'Switched on again after that'
      : `Alarm ${last.code} after that`
  return `${what}, at ${minute(last.at)}: do not hand it over before a person has looked.`
}

export function advice(record: RecordBody, alarms: readonly AnswerAlarm[], now: InstantMs): string {
  if (alarms.length > 0) return ''
  const { handOverAfter, useBefore } = record
  if (useBefore !== undefined && Date.parse(useBefore) <= now) {
    return `Its use-before date ${useBefore.slice(0, 10)} is past: provision it again.`
  }
  const parts = [
    handOverAfter !== undefined && Date.parse(handOverAfter) > now
      ? `Hand over after ${minute(handOverAfter)}.`
      : '',
    useBefore === undefined ? '' : `Use before ${useBefore.slice(0, 10)}.`,
  ]
  return sentences(parts)
}
