// The one answer to "is this device resealed, with what proof", for command line, MQTT and HTTP alike.
import type { Grade, Source, Verdict } from './evidence.ts'
import { type InstantMs, iso } from './ids.ts'
import type { RecordBody } from './record.ts'
import {
  advice,
  alarmWords,
  earlierReseal,
  notResealed,
  resealed,
  sentences,
} from './reseal-words.ts'

/** What the ledger knows of one serial number; the shape of `DeviceHistory` in agent/ports.ts. */
export interface AnswerHistory {
  readonly runs: readonly {
    readonly seq: number
    readonly record: RecordBody
    readonly chain: AnswerChain
  }[]
  /** Runs before these, whose records were not read. */
  readonly earlier?: readonly Attempt[]
  readonly annotations: readonly {
    readonly kind: string
    readonly at: string
    readonly body: Readonly<Record<string, unknown>>
  }[]
  readonly open: { readonly bay: string; readonly phase: string; readonly run: string } | null
}

interface AnswerChain {
  readonly entry: {
    readonly seq: number
    readonly kind: string
    readonly digest: string
    readonly prev: string
  }
  readonly head: string
}

/** One closed run of the device, as a line. */
export interface Attempt {
  readonly run: string
  readonly bay: string
  readonly verdict: Verdict
  /** UTC, ISO 8601. */
  readonly endedAt: string
}

/** What the question named when it was no serial number. */
export interface FoundBy {
  readonly by: 'ztdId' | 'mac'
  readonly value: string
  /** Other serial numbers with the same one, newest first: a dock's MAC, a mainboard that moved. */
  readonly others: readonly string[]
}

export interface AnswerAlarm {
  /** UTC, ISO 8601. */
  readonly at: string
  readonly code: string
  readonly detail: string
}

/** Times are UTC, ISO 8601. Fields of a run belong to the newest closed one, or to the open one. */
export interface ResealAnswer {
  readonly serial: string
  /** Of the newest run; `not-seen` says nothing about the device, only that this station never had it. */
  readonly answer: 'resealed' | 'not-resealed' | 'open' | 'not-seen'
  /** One or two sentences for a person. */
  readonly words: string
  readonly verdict?: Verdict
  readonly grade?: Grade
  /** What the success page proved and what not. */
  readonly proves?: string
  readonly run?: string
  readonly bay?: string
  /** Name of the phase of the open run. */
  readonly phase?: string
  readonly endedAt?: string
  readonly workOrder?: string
  readonly device?: {
    readonly manufacturer?: string
    readonly model?: string
    readonly mac?: string
    readonly ztdId?: string
  }
  /** The serial number was found by something else. */
  readonly found?: FoundBy
  /** Another system agreed later; it never changes the grade. */
  readonly confirmed?: { readonly at: string; readonly source: string }
  /** The last scan at the packing table after the newest run was closed. */
  readonly packedOut?: { readonly at: string; readonly go: boolean; readonly why: string }
  readonly error?: { readonly code: string; readonly action: string }
  readonly handOverAfter?: string
  readonly useBefore?: string
  /** Alarms after the newest run was closed, oldest first. */
  readonly alarms: readonly AnswerAlarm[]
  /** Closed runs of this serial number at this station. */
  readonly attempts: number
  /** These runs, newest first. */
  readonly runs: readonly Attempt[]
  readonly evidence: readonly {
    readonly kind: string
    readonly source: Source
    readonly at: string
    readonly ref: string
  }[]
  readonly chain?: AnswerChain
  /** Exit code of `reseal status`: 0 resealed; 1 not, or not seen; 4 open, or a person must look first. */
  readonly exit: 0 | 1 | 4
}

type Run = AnswerHistory['runs'][number]

/**
 * The reseal status of the device with this serial number. `now` (UTC ms) decides what is said about hand-over and use
 * before. It never says `resealed` for a device whose newest run says otherwise.
 */
export function resealAnswer(serial: string, history: AnswerHistory, now: InstantMs): ResealAnswer {
  const runs = history.runs.toSorted((a, b) => a.seq - b.seq)
  const last = runs.at(-1)
  const tries = [...runs.map(({ record }) => attemptOf(record)).toReversed(), ...earlierOf(history)]
  const attempts = tries.length
  const counted = { attempts, runs: tries }
  if (history.open !== null) return { serial, ...openAnswer(history.open, last), ...counted }
  if (last === undefined) {
    const words = 'Not seen at this station. That says nothing about the device.'
    return { serial, answer: 'not-seen', words, alarms: [], ...counted, evidence: [], exit: 1 }
  }
  const alarms = alarmsAfter(last.record, history.annotations)
  const later = laterOf(last.record, history.annotations)
  const closed = { ...fieldsOf(last), ...later, alarms, ...counted }
  if (last.record.verdict !== 'resealed') {
    const words = [notResealed(last.record), earlierReseal(tries.slice(1)), alarmWords(alarms)]
    return { serial, answer: 'not-resealed', words: sentences(words), ...closed, exit: 1 }
  }
  const words = sentences([
    resealed(last.record),
    alarmWords(alarms),
    advice(last.record, alarms, now),
  ])
  // After an alarm a script must not hand the device over: that is a hold, a person must look.
  return { serial, answer: 'resealed', words, ...closed, exit: alarms.length > 0 ? 4 : 0 }
}

function openAnswer(
  open: NonNullable<AnswerHistory['open']>,
  last: Run | undefined,
): Omit<ResealAnswer, 'serial' | 'attempts' | 'runs'> {
  const held = open.phase === 'hold'
  const here = held
    ? `On hold in bay ${open.bay}: a person must decide.`
    : `A run is open in bay ${open.bay} (${open.phase}).`
  const before = last === undefined ? '' : `The run before ended ${last.record.verdict}.`
  return {
    answer: 'open',
    words: sentences([here, before]),
    run: open.run,
    bay: open.bay,
    phase: open.phase,
    alarms: [],
    evidence: [],
    exit: 4,
  }
}

const attemptOf = ({ run, bay, verdict, endedAt }: RecordBody): Attempt => ({
  run,
  bay,
  verdict,
  endedAt,
})

const earlierOf = ({ earlier = [] }: AnswerHistory) =>
  earlier.toSorted((a, b) => Date.parse(b.endedAt) - Date.parse(a.endedAt))

/** What of a device is shown besides its serial number. */
function deviceOf({ device }: RecordBody) {
  const { manufacturer, model, mac, ztdId } = device
  return {
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(model === undefined ? {} : { model }),
    ...(mac === undefined ? {} : { mac }),
    ...(ztdId === undefined ? {} : { ztdId }),
  }
}

/** Confirmation and packing since the run ended, the last of each. */
function laterOf(record: RecordBody, annotations: AnswerHistory['annotations']) {
  const since = annotations.filter(({ at }) => Date.parse(at) >= Date.parse(record.endedAt))
  const confirmed = since.findLast(({ kind }) => kind === CONFIRMED)
  const packed = since.findLast(({ kind }) => kind === PACK_OUT)
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return {
    ...(confirmed === undefined
      ? {}
      : { confirmed: { at: confirmed.at, source: text(confirmed.body['source']) } }),
    ...(packed === undefined
      ? {}
      : {
          packedOut: {
            at: packed.at,
            go: packed.body['go'] === true,
            why: text(packed.body['why']),
          },
        }),
  }
}

function fieldsOf({ record, chain }: Run) {
  return {
    device: deviceOf(record),
    ...(record.workOrder === undefined ? {} : { workOrder: record.workOrder }),
    verdict: record.verdict,
    ...(record.grade === undefined ? {} : { grade: record.grade }),
    ...(record.proves === undefined ? {} : { proves: record.proves }),
    run: record.run,
    bay: record.bay,
    endedAt: record.endedAt,
    ...(record.error === undefined ? {} : { error: record.error }),
    ...(record.handOverAfter === undefined ? {} : { handOverAfter: record.handOverAfter }),
    ...(record.useBefore === undefined ? {} : { useBefore: record.useBefore }),
    evidence: record.evidence.map(({ kind, source, at, ref }) => ({
      kind,
      source,
      at: iso(at),
      ref,
    })),
    chain,
  }
}

/** Kinds of annotations: another system agreed with the reseal; a scan at the packing table. */
export const CONFIRMED = 'confirmed'
export const PACK_OUT = 'pack-out'

/** The kind of an annotation that is an alarm: the word itself, or the alarm's code. */
const isAlarm = (kind: string) => kind === 'alarm' || /^[A-Z]+_[A-Z_]+$/.test(kind)

/** What was written to the device's history as an alarm since the run ended. */
function alarmsAfter(
  record: RecordBody,
  annotations: AnswerHistory['annotations'],
): readonly AnswerAlarm[] {
  const text = (value: unknown, otherwise: string) =>
    typeof value === 'string' ? value : otherwise
  return annotations
    .filter(({ kind, at }) => isAlarm(kind) && Date.parse(at) >= Date.parse(record.endedAt))
    .map(({ kind, at, body }) => ({
      at,
      code: text(body['code'], kind),
      detail: text(body['detail'], ''),
    }))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
}
