// Renders a bay's committed state as the one picture that board, MQTT, lamp and command line share.
import { stepName } from './flow/steps.ts'
import type { InstantMs } from './ids.ts'
import { REMOTE } from './order-progress.ts'
import { promptOf } from './prompts.ts'
import type { Estimate, Rules } from './rules.ts'
import { loudest, SIGNAL_TABLE, type Signal } from './signals.ts'
import type { BayState, LastRun } from './state.ts'
import { tpmViewOf } from './tpm/tpm-view.ts'
import type { BayView, Progress, Prompt } from './view.ts'

/** Live health laid over the state's signal (architecture: engine rule 13). */
export interface Overlay {
  readonly code: string
  readonly hint: string
}

/** The earliest armed limit: the one timer of the bay. */
export function deadlineOf(state: BayState): InstantMs | null {
  let earliest: number | null = null
  for (const at of Object.values(state.limits))
    if (earliest === null || at < earliest) earliest = at
  return earliest
}

/** The signal of the state alone, before health is laid over it. */
export function signalOf(state: BayState): Signal {
  const { phase, prompt, last } = state
  const signals: Signal[] = [state.testUntil === null ? 'empty' : 'test']
  if (prompt?.loud === true) signals.push('you')
  switch (phase.at) {
    case 'empty':
      break
    case 'settling':
      signals.push('waiting')
      break
    case 'restarting':
    case 'retry-wait':
      signals.push('waiting')
      break
    case 'precheck':
      signals.push(phase.held.length > 0 ? 'waiting' : 'working')
      break
    case 'done':
      signals.push('done')
      break
    case 'closed':
      signals.push(closedSignal(last, state))
      break
    case 'alarm':
      signals.push('alarm')
      break
    case 'out':
      signals.push('closed')
      break
    case 'faulted':
      signals.push('station')
      break
    case 'hold':
      signals.push(phase.stop ? 'alarm' : 'hold')
      break
    case 'keyless':
      signals.push(phase.shown ? 'station' : 'waiting')
      break
    case 'present':
    case 'back':
      break
    default:
      signals.push('working')
  }
  return loudest(signals)
}

/** Runs that closed without `resealed` (shared signals page, below the table). */
function closedSignal(last: LastRun | null, state: BayState): Signal {
  switch (last?.verdict) {
    case 'failed':
      return 'failed'
    case 'timeout':
      return 'hold'
    case 'error':
      return 'station'
    case 'aborted':
    case 'interrupted':
      return state.wire.link === 'up' || state.keyboard.enumerated === true ? 'you' : 'empty'
    default:
      return 'empty'
  }
}

/** The view of a bay. `now` is only used for what is longer than usual. */
export function renderView(
  state: BayState,
  rules: Rules,
  estimate: Estimate,
  overlay: Overlay | null,
  now: InstantMs,
): BayView {
  const prompt = promptOf(state, rules)
  const own = signalOf(state)
  const signal = overlay === null ? own : loudest([own, 'station'])
  const progress = progressOf(state, estimate, now)
  return {
    bay: state.bay,
    state: state.phase.at,
    signal,
    word: wordOf(signal, prompt, state),
    line:
      overlay !== null && signal === 'station'
        ? overlay.hint
        : lineOf(state, rules, prompt, progress),
    step: stepName(state.phase),
    serial: state.run?.serial ?? state.last?.serial ?? null,
    run: state.run?.run ?? state.last?.run ?? null,
    since: state.since,
    deadline: deadlineOf(state),
    prompt,
    progress,
    code: codeOf(state),
    grade: state.last?.grade ?? null,
    fault: overlay,
    undoUntil: state.phase.at === 'closing' ? (state.limits.close ?? null) : null,
    ...tpmOf(state),
    ...preCheckOf(state),
    input: state.input,
    at: state.at,
  }
}

function codeOf({ phase, run, last }: BayState): string | null {
  if (phase.at === 'faulted') return phase.fault
  return run?.lastCode ?? last?.code ?? null
}

function tpmOf({ run, last }: BayState): Pick<BayView, 'tpm'> {
  const tpm = run === null ? last?.tpm : (tpmViewOf(run) ?? undefined)
  return tpm === undefined ? {} : { tpm }
}

/** A network has some forty findings at worst. */
const FINDINGS_MAX = 40

function preCheckOf({ run, phase }: BayState): Pick<BayView, 'preCheck'> {
  const held = phase.at === 'precheck' ? phase.held : []
  const findings = held.length > 0 ? held : (run?.preCheck?.findings ?? [])
  const bad = findings.filter(({ grade }) => grade !== 'ok').slice(0, FINDINGS_MAX)
  return bad.length === 0 ? {} : { preCheck: bad }
}

function wordOf(signal: Signal, prompt: Prompt | null, state: BayState): string {
  if (signal === 'you') return prompt?.verb ?? 'Take out'
  if (signal === 'failed') return 'Failed'
  if (signal === 'alarm' && state.phase.at === 'alarm') return 'Stop'
  return SIGNAL_TABLE[signal].word
}

const LINES: Readonly<Record<string, string>> = {
  empty: 'plug a device in',
  settling: 'link settling',
  out: 'by a person',
  precheck: 'checks the network',
  echo: 'finds the keyboard',
  summon: 'summons the options',
  moving: 'moves to the entry',
  entering: 'opens the page',
  landing: 'page loads',
  refreshing: 'refreshes the page',
  reviewing: 'compares the names',
  selecting: 'checks the selection',
  accepting: 'starts',
  restarting: 'restarts',
  succeeding: 'green',
  resealing: 'presses Reseal',
  offproof: 'watches it go off',
  failing: 'red page',
  'retry-wait': 'waits for Retry',
  'retry-confirm': 'moves to Retry',
  retrying: 'presses Retry',
  resetting: 'being reset',
  locate: 'looks where it stands',
  closing: 'closes in seconds',
}

function lineOf(
  state: BayState,
  rules: Rules,
  prompt: Prompt | null,
  progress: Progress | null,
): string {
  const { phase, last } = state
  if (prompt?.loud === true) return prompt.line
  switch (phase.at) {
    case 'provisioning':
      return progress?.longer === true ? 'longer than usual' : (phase.activity ?? 'provisioning')
    case 'precheck':
      return phase.held.length > 0 ? (phase.held[0]?.hint ?? 'network') : 'checks the network'
    case 'keyless':
      return phase.shown ? `keyboard ${state.keyboard.health}` : 'waits for the keyboard'
    case 'done':
      return `resealed, ${last?.grade ?? ''}`
    case 'closed':
      return closedLine(last, rules)
    case 'faulted':
      return 'Out of service by the station: fetch the owner of the bench'
    case 'closing':
      return `closes as ${phase.closing.verdict}`
    default:
      return LINES[phase.at] ?? phase.at
  }
}

/** What the operator does now and who acts next; the code stands beside it, in the small print. */
function closedLine(last: LastRun | null, { codes, faults }: Rules): string {
  const code = last?.code ?? ''
  const row = codes.get(code)
  switch (last?.verdict) {
    case 'failed':
      if (row !== undefined) return `Red shelf: ${row.who}`
      return REMOTE.has(code) ? 'Red shelf: remote IT' : 'Red shelf'
    case 'error':
      if (row !== undefined) return row.hint
      return code === 'STATION_NETWORK'
        ? 'Mend the network of the bay, then try again'
        : (faults?.get(code)?.hint ?? 'The bench was the cause: fetch its owner')
    case 'timeout':
      return 'took too long: look at it'
    default:
      return `${last?.verdict ?? 'closed'}: take out`
  }
}

/** Share of the expected time of the long wait, with its spread; null in all other states. */
function progressOf(state: BayState, estimate: Estimate, now: InstantMs): Progress | null {
  const from = state.run?.provisionFrom ?? null
  if (from === null || (state.phase.at !== 'provisioning' && state.phase.at !== 'restarting'))
    return null
  const spent = Math.max(0, now - from)
  return {
    share: Math.min(0.99, spent / estimate.p50Ms),
    startedAt: from,
    p50Ms: estimate.p50Ms,
    p90Ms: estimate.p90Ms,
    n: estimate.n,
    longer: spent > estimate.p90Ms,
  }
}
