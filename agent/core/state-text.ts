// A bay's state as the ledger keeps it with every step: the transcript's and the evidence's field names stand in it once.
import type { RunState } from './run-state.ts'
import { type BayState, PHASE_NAMES } from './state.ts'

type Line = Readonly<Record<string, unknown>>
/** A list whose lines all have the same fields, in the same order. */
interface Packed {
  readonly of: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}
type List = readonly Line[] | Packed

/** A state's text. It is written with each step, and a page of the ledger holds it whole up to some 4,000 letters. */
export function writeState(state: BayState): string {
  const { run } = state
  if (run === null) return JSON.stringify(state)
  return JSON.stringify({
    ...state,
    run: { ...run, keys: packed(linesOf(run.keys)), evidence: packed(linesOf(run.evidence)) },
  })
}

/** What a run lacks that was opened before these were kept. */
const NEWER: Partial<RunState> = { summons: 0, sinceEcho: null }

/** The state of a text; undefined when it is none of ours (another version, a damaged file). */
export function readState(text: string): BayState | undefined {
  try {
    const state = JSON.parse(text) as BayState
    if (state.v !== 1 || !PHASE_NAMES.includes(state.phase.at)) return undefined
    if (state.run === null) return state
    const { keys, evidence } = state.run as unknown as Record<'keys' | 'evidence', List>
    const lists = { keys: unpacked(keys), evidence: unpacked(evidence) } as unknown
    return { ...state, run: { ...NEWER, ...state.run, ...(lists as Partial<RunState>) } }
  } catch {
    return undefined
  }
}

const linesOf = (list: readonly object[]): readonly Line[] => list as readonly Line[]

/** Left as it is where lines differ in their fields, or are too few to gain by it. */
function packed(lines: readonly Line[]): List {
  const [first] = lines
  if (first === undefined || lines.length < 3) return lines
  const of = Object.keys(first)
  const isAlike = lines.every((line) => {
    const names = Object.keys(line)
    return names.length === of.length && names.every((name, at) => name === of[at])
  })
  // A field that is there and undefined has no text of its own: it would come back as null.
  if (!isAlike || lines.some((line) => of.some((name) => line[name] === undefined))) return lines
  return { of, rows: lines.map((line) => of.map((name) => line[name])) }
}

function unpacked(list: List): readonly Line[] {
  if (!('of' in list)) return list
  const { of, rows } = list
  return rows.map((row) => Object.fromEntries(of.map((name, at) => [name, row[at]])))
}
