// Cuts the power of a running station at random moments, and holds its ledger against everything that it had told.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Bed } from './bed.ts'
import { type Chance, CutDisk } from './disk.ts'
import { POWER_PROGRAM } from './guest-path.ts'
import type { Line, Machine } from './machine.ts'
import type { Report } from './report.ts'

/** One machine's life: it boots, checks, starts the station and is cut; a busy host gets more. */
const LIFE_MS = 15 * 60_000
/** The cut is due so long after the first message at most. */
const CUT_WITHIN_MS = 15_000
/** When it is due, it comes this soon after the next message at most: that is when a station writes. */
const STRIKE_WITHIN_MS = 60
/** The control line is appended without a flush: a cut that never loses one is no power cut. */
const CONTROL_MIN = 10

/** What the station had told over MQTT before a cut, and the check must find again. */
interface Told {
  readonly seqs: Set<number>
  readonly runs: Set<string>
  head: string | null
  /** Lines of the control file since the last check, which nobody flushed. */
  unflushed: number
}

export interface Cuts {
  readonly cuts: number
  readonly messages: number
  readonly runs: number
  /** Cuts after which lines that were never flushed were gone. */
  readonly controlLost: number
  readonly writesLost: number
}

/** A repeatable chance: xorshift32 (Marsaglia 2003). */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0 || 1
  return () => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 2 ** 32
  }
}

/** Runs so many cuts on one disk; each failure goes to the report. */
export async function powerCuts(
  bed: Bed,
  report: Report,
  cuts: number,
  chance: Chance,
): Promise<Cuts> {
  const folder = join(bed.folder, 'power')
  mkdirSync(folder)
  const disk = new CutDisk(folder)
  const told: Told = { seqs: new Set(), runs: new Set(), head: null, unflushed: 0 }
  let controlLost = 0
  let writesLost = 0
  for (let n = 0; n <= cuts; n++) {
    const isLast = n === cuts
    const name = isLast ? `the ledger after power cut ${n}` : `power cut ${n + 1} of ${cuts}`
    const from = performance.now()
    const devices = disk.plug()
    const program = [POWER_PROGRAM, isLast ? 'check' : 'run', `${Math.floor(chance() * 1e6)}`]
    await using machine = await bed.start(program, { devices, lifeMs: LIFE_MS })
    const moment = { dueMs: chance() * CUT_WITHIN_MS, strikeMs: chance() * STRIKE_WITHIN_MS }
    const life = await live(machine, told, isLast ? null : moment, (text) => report.note(text))
    if (life.why !== null) {
      report.fail(name, life.why, machine.console())
      break
    }
    if (life.controlLost > 0) controlLost++
    if (isLast) {
      report.pass(name, performance.now() - from)
      break
    }
    await machine.close()
    const { unflushed, lost } = disk.lose(chance)
    writesLost += lost
    report.pass(name, performance.now() - from)
    report.note(
      `${told.seqs.size} messages and ${told.runs.size} records told; ${lost} of ${unflushed} unflushed writes lost`,
    )
  }
  return { cuts, messages: told.seqs.size, runs: told.runs.size, controlLost, writesLost }
}

/**
 * Holds the cuts against their own control. Only a long series can tell: the kernel may write a line back by itself, and
 * a cut may come before the first one.
 */
export function judgeControl({ cuts, controlLost }: Cuts, report: Report): void {
  if (cuts < CONTROL_MIN) return
  const name = `lines that nobody flushed are lost, as a real cut loses them: after ${controlLost} cuts`
  if (controlLost > 0) report.pass(name, 0)
  else report.fail(name, `none of ${cuts} cuts lost a line`, '')
}

/** The sum in one line. */
export const cutsText = ({ cuts, messages, runs, writesLost }: Cuts): string =>
  `${cuts} power cuts of a running station: chain whole, ${messages} messages and ${runs} records that were told are ` +
  `there; ${writesLost} unflushed writes were lost or torn`

/** When the power goes. */
interface Moment {
  readonly dueMs: number
  readonly strikeMs: number
}

interface Life {
  readonly why: string | null
  readonly controlLost: number
}

/** Follows one machine until its power is cut, or until it has checked. */
async function live(
  machine: Machine,
  told: Told,
  moment: Moment | null,
  say: (text: string) => void,
): Promise<Life> {
  let cut: NodeJS.Timeout | null = null
  let first: number | null = null
  let controlLost = 0
  let isChecked = false
  try {
    for await (const line of machine.lines()) {
      if (line.say === 'broke') return { why: String(line['why']), controlLost }
      if (line.say === 'note') say(String(line['text']))
      if (line.say === 'ask') machine.tell({ id: line['id'], ...toldAs(told) })
      if (line.say === 'checked') {
        isChecked = true
        const { troubles } = line
        if (Array.isArray(troubles) && troubles.length > 0)
          return { why: troubles.join('\n'), controlLost }
        controlLost = told.unflushed - Number(line['control'])
        told.unflushed = 0
        if (moment === null) return { why: null, controlLost }
      }
      if (line.say === 'unflushed') told.unflushed++
      if (line.say === 'told') {
        take(line, told)
        if (moment !== null) first ??= performance.now()
        const isDue = moment !== null && performance.now() - (first ?? 0) >= moment.dueMs
        if (isDue) cut ??= setTimeout(() => machine.cut(), moment.strikeMs)
      }
    }
  } finally {
    if (cut !== null) clearTimeout(cut)
  }
  if (isChecked && cut !== null && !machine.isLate) return { why: null, controlLost }
  return { why: 'The machine ended before its power was cut.', controlLost }
}

function take(line: Line, told: Told): void {
  told.seqs.add(Number(line['seq']))
  if (typeof line['run'] === 'string') told.runs.add(line['run'])
  if (typeof line['head'] === 'string') told.head = line['head']
}

const toldAs = ({ seqs, runs, head }: Told) => ({ seqs: [...seqs], runs: [...runs], head })
