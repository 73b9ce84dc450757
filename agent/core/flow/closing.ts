// How a run ends: the seconds in which an answer can be taken back, the one record, and the bay afterwards.
import type { Grade, Verdict } from '../evidence.ts'
import { iso } from '../ids.ts'
import { readLinkEdges } from '../link-edges.ts'
import type { RecordBody } from '../record.ts'
import type { Estimate } from '../rules.ts'
import type { Closing, Phase, RunState } from '../state.ts'
import { tpmViewOf } from '../tpm/tpm-view.ts'
import type { Step } from './context.ts'
import { watchRemoval } from './idle.ts'
import { lifeOf } from './sense.ts'

/** What a closing may carry beside its verdict. */
export interface CloseWith {
  readonly code?: string
  readonly grade?: Grade
  readonly note?: string
  readonly out?: boolean
}

const closingOf = (c: Step, verdict: Verdict, more: CloseWith): Closing => ({
  verdict,
  grade: more.grade ?? null,
  code: more.code ?? null,
  note: (more.note ?? '').toWellFormed(),
  out: more.out ?? false,
  on: c.input.fact.kind === 'answered' ? c.input.fact.prompt : null,
})

/** A person's word closes the run: waits in a state of its own and can be taken back (architecture: engine rule 11). */
export function closeByWord(c: Step, verdict: Verdict, more: CloseWith = {}): void {
  // An Enter that is on its way may still land, or be cut off: nobody will know.
  if (c.phase.at === 'resealing') c.note({ reseal: { proof: 'unknown', at: c.at } })
  if (c.phase.at === 'retrying') c.note({ retries: c.run.retries + 1 })
  const back: Phase = c.phase.at === 'closing' ? c.phase.back : c.phase
  c.release()
  c.go(
    { at: 'closing', closing: closingOf(c, verdict, more), back },
    `${verdict}: ${more.code ?? more.note ?? 'by a person'}`,
    { close: c.at + c.rules.limits.closeAnswerMs },
  )
}

/** Facts close the run: the record is made with this step. */
export function closeNow(c: Step, verdict: Verdict, more: CloseWith = {}): void {
  finish(c, closingOf(c, verdict, more))
}

/** Makes the one record and leaves the bay closed, done or out of service. */
export function finish(c: Step, closing: Closing): void {
  const from = c.phase.at
  c.release()
  c.go(
    { at: 'closed' },
    `closed ${closing.verdict}${closing.code === null ? '' : ` ${closing.code}`} from ${from}`,
  )
  const { word, reasons } = readLinkEdges(c.s.edges, c.at)
  c.see(`link ${word}`, 'wire', reasons.join(' '))
  const run = c.run
  c.record = recordOf(c, run, closing)
  const tpm = tpmViewOf(run)
  c.s.last = {
    run: run.run,
    serial: run.serial,
    ztdId: run.ztdId,
    mac: run.mac,
    verdict: closing.verdict,
    grade: closing.grade,
    code: closing.code,
    who: whoActs(c, closing),
    endedAt: c.at,
    attempt: run.attempt,
    order: run.order,
    ...(tpm === null ? {} : { tpm }),
  }
  c.s.run = null
  c.s.play = null
  const why = c.why
  c.go(
    closing.out
      ? { at: 'out' }
      : closing.verdict === 'resealed'
        ? { at: 'done', alarmed: false, quiet: lifeOf(c.s) }
        : { at: 'closed' },
    why,
  )
  watchRemoval(c)
}

const whoActs = (c: Step, closing: Closing): string | null =>
  closing.code === null ? null : (c.rules.codes.get(closing.code)?.who ?? null)

/** What must be done, for the record: the code's row, the note, or the sentence of the station's own code. */
function actionOf(c: Step, closing: Closing): string {
  const row = closing.code === null ? undefined : c.rules.codes.get(closing.code)
  if (row) return `${row.who}: ${row.hint}`
  if (closing.note !== '') return closing.note
  const code = closing.code ?? 'OPERATOR_ABORTED'
  return c.rules.faults?.get(code)?.hint ?? 'See the fault code in the documents'
}

/** What green proved and what not, in words (facts/autopilot §0, 8). */
function provesOf(run: RunState, closing: Closing): string {
  const seen =
    run.success?.source === 'screen'
      ? 'A capture saw'
      : run.success?.source === 'probe'
        ? 'The device reported'
        : 'An operator stated'
  return `${seen} the success page of the technician flow, Reseal was pressed (${run.reseal?.proof ?? 'unknown'}), and the device went off (${closing.grade}). The success page proves enrolment; it does not prove that every app is installed, and only where an enrolment status page targets the device does it wait for the required ones.`
}

function plusMonths(at: number, months: number): number {
  const date = new Date(at)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, last))
  return date.getTime()
}

/** The expectation with what came of it: only a success that was seen has an end to hold it against. */
function estimateOf(
  { p50Ms, p90Ms, n }: Estimate,
  { provisionFrom, success }: RunState,
): NonNullable<RecordBody['estimate']> {
  const isOver = provisionFrom !== null && success !== null
  return { p50Ms, p90Ms, n, ...(isOver ? { tookMs: success.at - provisionFrom } : {}) }
}

function recordOf(c: Step, run: RunState, closing: Closing): RecordBody {
  const { limits, traits } = c.rules
  const resealed = closing.verdict === 'resealed'
  return {
    schema: 'reseal/record/1',
    run: run.run,
    site: c.rules.site,
    station: c.rules.station,
    bay: c.s.bay,
    ...(run.operator === null ? {} : { operator: run.operator }),
    ...(run.order === null ? {} : { workOrder: run.order.order }),
    device: {
      serial: run.serial,
      ...(run.mac === null ? {} : { mac: run.mac, adapter: traits.adapter }),
      ...(run.ztdId === null ? {} : { ztdId: run.ztdId }),
      ...(run.manufacturer === null ? {} : { manufacturer: run.manufacturer }),
      ...(run.model === null ? {} : { model: run.model }),
    },
    verdict: closing.verdict,
    ...(closing.grade === null ? {} : { grade: closing.grade }),
    startedAt: iso(run.openedAt),
    endedAt: iso(c.at),
    durations: run.durations,
    operatorWaitMs: run.operatorWaitMs,
    machineWaitMs: run.machineWaitMs,
    attempt: run.attempt,
    retries: run.retries,
    prompts: run.prompts,
    agentRestarts: run.agentRestarts,
    ...(run.estimate === undefined ? {} : { estimate: estimateOf(run.estimate, run) }),
    tpm: {
      station: run.tpm.station,
      windows: run.tpm.windows,
      checks: run.tpm.checks,
      flow: {
        result: run.flow.result,
        ...(run.flow.code === null ? {} : { code: run.flow.code }),
        ...(run.flow.source === null ? {} : { source: run.flow.source }),
      },
    },
    preCheck: run.preCheck,
    keys: run.keys,
    evidence: run.evidence,
    ...(resealed
      ? {
          proves: provesOf(run, closing),
          handOverAfter: iso(c.at + limits.handOverMs),
          useBefore: iso(plusMonths(c.at, limits.useBeforeMonths)),
        }
      : {}),
    ...(resealed
      ? {}
      : { error: { code: closing.code ?? 'OPERATOR_ABORTED', action: actionOf(c, closing) } }),
  }
}
