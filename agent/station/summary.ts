// How a virtual bench did against what really happened to its devices: counts, wrong verdicts, forbidden presses.
import { type DeviceTruth, judge, type OperatorFigures } from '../../drivers/virtual/index.ts'
import type { BenchControl, LedgerReader } from '../ports.ts'

export interface Summary {
  readonly bays: number
  readonly seed: number
  readonly faults: boolean
  readonly devices: number
  readonly records: number
  /** All devices came and went. */
  readonly isDone: boolean
  readonly verdicts: Readonly<Record<string, number>>
  readonly grades: Readonly<Record<string, number>>
  /** Verdict counts with what the device truly was: `resealed/resealed`, `failed/not provisionable`, ... */
  readonly truth: Readonly<Record<string, number>>
  readonly wrong: readonly WrongVerdict[]
  readonly indistinguishable: readonly WrongVerdict[]
  /** Runs that were seen open and do not have exactly one record. */
  readonly runsWithoutOneRecord: readonly string[]
  readonly resetPressed: number
  readonly unknownNextPressed: number
  readonly keysWithoutGuard: number
  readonly operatorSecondsPerDevice: number
  readonly promptsPerDevice: number
  readonly virtualHours: number
  /** SHA-256 of the last chain entry: the same for the same seed. */
  readonly head: string
}

export interface WrongVerdict {
  readonly run: string
  readonly bay: string
  readonly serial: string | null
  readonly verdict: string
  readonly story: readonly string[]
}

export interface SummaryNeeds {
  readonly options: { readonly bays: number; readonly seed: number; readonly faults: boolean }
  readonly reader: LedgerReader
  readonly truths: readonly DeviceTruth[]
  /** Every run that the bench was seen to open. */
  readonly runs: ReadonlySet<string>
  readonly figures: OperatorFigures
  readonly isDone: boolean
  readonly elapsedMs: number
}

/** Collects the id of every run that a bench opens from now on. */
export function watchRuns(bench: BenchControl): ReadonlySet<string> {
  const runs = new Set<string>()
  bench.subscribe((bay) => {
    const run = bay === null ? null : bench.bay(bay)?.run
    if (run) runs.add(run)
  })
  return runs
}

const round = (value: number): number => Math.round(value * 10) / 10
const count = (counts: Record<string, number>, key: string): void => {
  counts[key] = (counts[key] ?? 0) + 1
}

/** Reads every record and holds it against the truth. */
export async function summaryOf(needs: SummaryNeeds): Promise<Summary> {
  const { truths, figures, options } = needs
  const verdicts: Record<string, number> = {}
  const grades: Record<string, number> = {}
  const truth: Record<string, number> = {}
  const wrong: WrongVerdict[] = []
  const indistinguishable: WrongVerdict[] = []
  const recorded = new Map<string, number>()
  let head = ''
  for await (const { record, chain } of needs.reader.walk({})) {
    head = chain.head
    recorded.set(record.run, (recorded.get(record.run) ?? 0) + 1)
    count(verdicts, record.verdict)
    if (record.grade !== undefined) count(grades, record.grade)
    const { serial } = record.device
    const judged = judge(truths, {
      serial,
      verdict: record.verdict,
      startedAt: Date.parse(record.startedAt),
      endedAt: Date.parse(record.endedAt),
    })
    count(truth, `${record.verdict}/${judged}`)
    const row: WrongVerdict = {
      run: record.run,
      bay: record.bay,
      serial,
      verdict: record.verdict,
      story: truths.find((one) => one.serial === serial)?.story ?? [],
    }
    if (judged === 'wrong') wrong.push(row)
    else if (judged === 'indistinguishable') indistinguishable.push({ ...row, story: [] })
  }
  const runsWithoutOneRecord = [...needs.runs].filter((run) => recorded.get(run) !== 1)
  const sum = (pick: (one: DeviceTruth) => number): number =>
    truths.reduce((all, one) => all + pick(one), 0)
  return {
    ...options,
    devices: truths.length,
    records: [...recorded.values()].reduce((all, one) => all + one, 0),
    isDone: needs.isDone,
    verdicts,
    grades,
    truth,
    wrong,
    indistinguishable,
    runsWithoutOneRecord,
    resetPressed: sum((one) => one.resetsByKeys),
    unknownNextPressed: sum((one) => one.unknownNextPressed),
    // A false word is a guard that lied: its Enter is counted with the indistinguishable cases.
    keysWithoutGuard: sum((one) =>
      one.indistinguishable === 'false-word'
        ? 0
        : one.strayPresses.filter((press) => press.by === 'keyboard').length,
    ),
    operatorSecondsPerDevice: round(figures.secondsPerDevice),
    promptsPerDevice: round(figures.promptsPerDevice),
    virtualHours: round(needs.elapsedMs / 3_600_000),
    head,
  }
}
