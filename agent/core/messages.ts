// What the station says over MQTT, as pure renderings of committed facts (contracts: MQTT).
import type { Digest } from './digest.ts'
import { type InstantMs, iso } from './ids.ts'
import type { ResealAnswer } from './reseal-answer.ts'
import type { BayView } from './view.ts'

/** What every message carries besides its own fields; consumers keep `station + epoch + seq` as the key of a row. */
export interface Stamp {
  readonly station: string
  readonly epoch: string
  /** The outbox row's own number, or the highest committed one when a retained message was rendered. */
  readonly seq: number
  /** When it was committed or rendered, in the time of the bench. */
  readonly at: InstantMs
  /** How many bench ms pass in one real ms; null where the bench runs on real time. */
  readonly rate: number | null
}

export const SCHEMAS = {
  status: 'reseal/status/1',
  bay: 'reseal/bay/1',
  record: 'reseal/record-message/1',
  event: 'reseal/event/1',
  alarm: 'reseal/alarm/1',
  throughput: 'reseal/throughput/1',
  digest: 'reseal/digest/1',
  answer: 'reseal/answer/1',
  error: 'reseal/error/1',
} as const
export type MessageSchema = (typeof SCHEMAS)[keyof typeof SCHEMAS]

export type Body = Readonly<Record<string, unknown>>
export type Message = Body & { readonly schema: MessageSchema }

/** A field of the body never shadows one of the envelope. */
function message(schema: MessageSchema, stamp: Stamp, body: Body): Message {
  const { station, epoch, seq, rate } = stamp
  const at = iso(stamp.at)
  const envelope = { schema, station, epoch, seq, at }
  const clock = rate === null ? {} : { clock: { now: at, rate } }
  return { ...envelope, ...clock, ...body, ...envelope }
}

export type StationState = 'online' | 'offline' | 'stopped'

/** Retained on `/status`; the will says `offline`, a clean stop `stopped`. */
export function statusMessage(
  stamp: Stamp,
  state: StationState,
  version: string,
  bays: readonly string[],
): Message {
  return message(SCHEMAS.status, stamp, { state, version, bays })
}

/** Retained on `/bays/<bay>`. Names of users are left out: they stand on the page of the board only. */
export function bayMessage(stamp: Stamp, view: BayView): Message {
  const { prompt, progress } = view
  return message(SCHEMAS.bay, stamp, {
    bay: view.bay,
    state: view.state,
    step: view.step,
    signal: view.signal,
    word: view.word,
    line: view.line,
    since: iso(view.since),
    input: view.input,
    ...(view.serial === null ? {} : { serial: view.serial }),
    ...(view.run === null ? {} : { run: view.run }),
    ...(view.deadline === null ? {} : { deadline: iso(view.deadline) }),
    ...(prompt === null
      ? {}
      : {
          prompt: {
            id: prompt.id,
            verb: prompt.verb,
            line: prompt.line,
            expected: prompt.expected,
            answers: prompt.choices.map(({ answer, label }) => ({ answer, label })),
            since: iso(prompt.since),
            loud: prompt.loud,
            scan: prompt.scan,
          },
        }),
    ...(progress === null
      ? {}
      : {
          progress: {
            share: progress.share,
            startedAt: iso(progress.startedAt),
            longer: progress.longer,
            runs: progress.n,
          },
          // Half of the runs end by then; 9 of 10 by the late one.
          eta: iso(progress.startedAt + progress.p50Ms),
          etaLate: iso(progress.startedAt + progress.p90Ms),
        }),
    ...(view.code === null ? {} : { code: view.code }),
    ...(view.grade === null ? {} : { grade: view.grade }),
    ...(view.fault === null ? {} : { fault: view.fault }),
    ...(view.afterRun === undefined ? {} : { afterRun: view.afterRun }),
    ...(view.tpm === undefined ? {} : { tpm: view.tpm }),
    ...(view.preCheck === undefined ? {} : { preCheck: view.preCheck }),
    ...(view.undoUntil === null ? {} : { undoUntil: iso(view.undoUntil) }),
  })
}

const ROWS: readonly (readonly [start: string, schema: MessageSchema])[] = [
  ['records/', SCHEMAS.record],
  ['events', SCHEMAS.event],
  ['alarms', SCHEMAS.alarm],
]

/** A row of the outbox, as it was committed; `topic` is the one below the prefix. */
export function rowMessage(stamp: Stamp, topic: string, body: Body): Message {
  const schema = ROWS.find(([start]) => topic.startsWith(start))?.[1] ?? SCHEMAS.event
  return message(schema, stamp, body)
}

/** Retained on `/throughput`. */
export const throughputMessage = (stamp: Stamp, figures: Body): Message =>
  message(SCHEMAS.throughput, stamp, figures)

/** Retained on `/digest`: the last day that is over. */
export const digestMessage = (stamp: Stamp, digest: Digest): Message =>
  message(SCHEMAS.digest, stamp, { ...digest })

/** The answer to `/query/reseal`; `correlation` comes back as it was sent in a 3.1.1 request. */
export function answerMessage(
  stamp: Stamp,
  answer: ResealAnswer,
  correlation: string | null,
): Message {
  const echo = correlation === null ? {} : { correlation }
  return message(SCHEMAS.answer, stamp, { ...answer, ...echo })
}

/** The answer to a request that cannot be served. */
export function errorMessage(
  stamp: Stamp,
  error: { readonly code: string; readonly detail: string; readonly hint: string },
  correlation: string | null,
): Message {
  const echo = correlation === null ? {} : { correlation }
  return message(SCHEMAS.error, stamp, { error, ...echo })
}
