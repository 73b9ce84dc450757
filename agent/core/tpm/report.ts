// Compares the three TPM lines of closed runs, per vendor and firmware, and asks which check was followed by a red screen.
import type { TpmVerdict } from '../facts.ts'
import type { RecordBody } from '../record.ts'
import { type Compared, compare } from './report-claim.ts'
import { sideOf, wordsOf } from './words.ts'

/** Kinds of TPM and of checks that one report tells apart; a facility has some tens. What is beyond is one row. */
const GROUPS_MAX = 300
const CHECKS_MAX = 100
const CODES_MAX = 30

type FlowResult = RecordBody['tpm']['flow']['result']
type Tally<K extends string> = { [P in K]: number }

/** Runs of one kind of TPM. */
export interface ReportGroup {
  /** TCG id; `unknown` where nothing told it. */
  readonly vendor: string
  readonly firmware: string
  readonly runs: number
  /** How many runs each line had with each word. */
  readonly station: Readonly<Tally<TpmVerdict>>
  readonly windows: Readonly<Tally<TpmVerdict>>
  readonly flow: Readonly<Tally<FlowResult>>
  /** Codes of the failed ones. */
  readonly codes: Readonly<Record<string, number>>
}

/** Runs whose flow told its answer, with a check against them and with the same check good. */
export interface ReportCheck extends Compared {
  readonly id: string
  readonly side: 'station' | 'windows'
  readonly words: string
  /** Runs with this check against them, also those that never reached the flow. */
  readonly runs: number
}

export interface TpmReport {
  readonly runs: number
  /** Runs in which Microsoft's service answered: passed or failed. */
  readonly told: number
  readonly groups: readonly ReportGroup[]
  readonly checks: readonly ReportCheck[]
}

interface OpenGroup {
  vendor: string
  firmware: string
  runs: number
  station: Tally<TpmVerdict>
  windows: Tally<TpmVerdict>
  flow: Tally<FlowResult>
  codes: Map<string, number>
}
interface OpenCheck {
  runs: number
  bad: { told: number; failed: number }
  good: { told: number; failed: number }
}

const verdicts = (): Tally<TpmVerdict> => ({ GO: 0, HOLD: 0, 'NO-GO': 0, 'not-seen': 0 })
const OTHERS = 'others'

/** `IFX 7.85.4555.0` at the begin of the row `firmware`, also where Windows alone told it. */
function makerOf(tpm: RecordBody['tpm']): { vendor: string; firmware: string } {
  const value = tpm.checks.find(({ id }) => id === 'firmware')?.value ?? ''
  const [, vendor = 'unknown', firmware = 'unknown'] =
    /^([A-Z0-9]{2,8}) (\d{1,6}(?:\.\d{1,6}){1,3})(?=$|[ :])/.exec(value) ?? []
  return { vendor, firmware }
}

const add = <K>(counts: Map<K, number>, key: K) => counts.set(key, (counts.get(key) ?? 0) + 1)

/** Takes closed runs one by one; its memory is that of its rows, however many runs come. */
export class TpmReportBook {
  readonly #groups = new Map<string, OpenGroup>()
  readonly #checks = new Map<string, OpenCheck>()
  #runs = 0
  #told = 0

  add({ tpm }: Pick<RecordBody, 'tpm'>): void {
    const { result, code } = tpm.flow
    this.#runs += 1
    const isTold = result !== 'not-reached'
    if (isTold) this.#told += 1
    const group = this.#groupOf(tpm)
    group.runs += 1
    group.station[tpm.station] += 1
    group.windows[tpm.windows] += 1
    group.flow[result] += 1
    if (result === 'failed' && code !== undefined) {
      const name = group.codes.has(code) || group.codes.size < CODES_MAX ? code : OTHERS
      add(group.codes, name)
    }
    for (const { id, verdict } of tpm.checks) {
      if (verdict === 'not-seen') continue
      const check = this.#checkOf(id)
      if (check === null) continue
      if (verdict !== 'GO') check.runs += 1
      if (!isTold) continue
      const side = verdict === 'GO' ? check.good : check.bad
      side.told += 1
      if (result === 'failed') side.failed += 1
    }
  }

  #groupOf(tpm: RecordBody['tpm']): OpenGroup {
    const maker = makerOf(tpm)
    const isFull = this.#groups.size >= GROUPS_MAX
    const own = `${maker.vendor} ${maker.firmware}`
    const key = isFull && !this.#groups.has(own) ? OTHERS : own
    const found = this.#groups.get(key)
    if (found !== undefined) return found
    const group: OpenGroup = {
      ...(key === OTHERS ? { vendor: OTHERS, firmware: OTHERS } : maker),
      runs: 0,
      station: verdicts(),
      windows: verdicts(),
      flow: { passed: 0, failed: 0, 'not-reached': 0 },
      codes: new Map(),
    }
    this.#groups.set(key, group)
    return group
  }

  #checkOf(id: string): OpenCheck | null {
    const found = this.#checks.get(id)
    if (found !== undefined || this.#checks.size >= CHECKS_MAX) return found ?? null
    const check = { runs: 0, bad: { told: 0, failed: 0 }, good: { told: 0, failed: 0 } }
    this.#checks.set(id, check)
    return check
  }

  /** What was taken so far: the largest groups first, the checks that foretell first. */
  report(): TpmReport {
    const groups = [...this.#groups.values()]
      .map((group) => ({ ...group, codes: Object.fromEntries([...group.codes].sort()) }))
      .sort((a, b) => b.runs - a.runs || text(a).localeCompare(text(b)))
    const checks = [...this.#checks]
      .filter(([, { runs }]) => runs > 0)
      .map(([id, { runs, bad, good }]) => ({
        id,
        side: sideOf(id),
        words: wordsOf(id),
        runs,
        ...compare(bad, good),
      }))
      .sort((a, b) => rank(a) - rank(b) || b.runs - a.runs || a.id.localeCompare(b.id))
    return { runs: this.#runs, told: this.#told, groups, checks }
  }
}

const text = ({ vendor, firmware }: { vendor: string; firmware: string }) => `${vendor} ${firmware}`
const rank = ({ claim }: ReportCheck) => ['foretells', 'no-difference', 'too-few'].indexOf(claim)
