// What a bench really takes in: the journal of a virtual run, as inputs, states and rows that can be played again.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { Fact, Input } from '../../agent/core/facts.ts'
import { type BayId, bayId, type RunId } from '../../agent/core/ids.ts'
import type { Rules } from '../../agent/core/rules.ts'
import { type BayState, freshBay } from '../../agent/core/state.ts'
import { writeState } from '../../agent/core/state-text.ts'
import { step } from '../../agent/core/step.ts'
import { ledgerFile } from '../../agent/ledger/database.ts'
import { silentLog } from '../../agent/log.ts'
import type { Entry } from '../../agent/ports.ts'
import { rulesOf } from '../../agent/station/rules.ts'
import { runStepped } from '../../agent/station/stepped-run.ts'
import { mixed } from '../../agent/station/virtual-world.ts'
import { VIRTUAL_START } from '../../drivers/virtual/stepped-clock.ts'
import { virtualConfig } from '../../station-config/loader.ts'

export interface BayTape {
  readonly bay: BayId
  readonly rules: Rules
  readonly first: BayState
  readonly inputs: readonly Input[]
  /** The text of the state that the bench ended with. */
  readonly last: string
}
export interface Tape {
  readonly bays: readonly BayTape[]
  readonly inputs: number
  readonly records: number
}

const BAYS = 16
const DEVICES = 160
const SEED = 7

interface JournalRow {
  readonly bay: string
  readonly input: number
  readonly at: number
  readonly uid: string
  readonly fact: string
}

/** Runs a virtual bench with faults to its end and reads its journal. */
export async function record(): Promise<Tape> {
  const dataDir = mkdtempSync(join(tmpdir(), 'reseal-bench-tape-'))
  try {
    const config = mixed(virtualConfig(BAYS))
    const run = await runStepped({
      config,
      dataDir,
      seed: SEED,
      devices: DEVICES,
      faults: true,
      days: null,
      log: silentLog,
      version: '0.0.0',
      durable: false,
    })
    await run.close()
    const rules = rulesOf(config, 1)
    const db = new Sqlite(ledgerFile(dataDir), { readonly: true })
    try {
      const rows = db
        .prepare('SELECT bay, input, at, uid, fact FROM inputs ORDER BY seq')
        .all() as JournalRow[]
      const ends = db.prepare('SELECT bay, state FROM bays').all() as {
        bay: string
        state: string
      }[]
      const records = db.prepare('SELECT count(*) AS n FROM records').get() as { n: number }
      const bays = config.bays.map((bay): BayTape => {
        const id = bayId(bay.bay)
        const inputs = rows.filter((row) => row.bay === bay.bay).map(inputOf)
        return {
          bay: id,
          rules: rules(bay),
          // The clock of the simulation starts at a fixed date, and so does the first state.
          first: freshBay(id, VIRTUAL_START),
          inputs,
          last: ends.find((one) => one.bay === bay.bay)?.state ?? '',
        }
      })
      return { bays, inputs: rows.length, records: records.n }
    } finally {
      db.close()
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const inputOf = ({ input, at, uid, fact }: JournalRow): Input => ({
  input,
  at,
  uid: uid as RunId,
  fact: JSON.parse(fact) as Fact,
})

/** Plays a bay's tape again; its last state. */
export function replay(tape: BayTape): BayState {
  let state = tape.first
  for (const input of tape.inputs) state = step(tape.rules, state, input).state
  return state
}

/** @throws Error when a replay does not end in the recorded state: it would measure something else */
export function checkReplay(tape: BayTape): void {
  const state = replay(tape)
  if (writeState(state) !== tape.last)
    throw new Error(`the replay of bay ${tape.bay} went another way`)
}

/** The steps of a bay as the bench commits them. */
export function entriesOf(tape: BayTape): readonly Entry[] {
  let state = tape.first
  return tape.inputs.map((input) => {
    const before = state
    const output = step(tape.rules, before, input)
    state = output.state
    return {
      bay: tape.bay,
      input,
      state: writeState(state),
      phase: state.phase.at,
      run: state.run?.run ?? before.run?.run ?? null,
      serial: state.run?.serial ?? before.run?.serial ?? null,
      effects: output.effects,
      record: output.record,
      transition: output.transition,
      alarms: output.alarms,
    }
  })
}

/** As many entries as wanted, the mix over and over, dealt to so many bays; each is new to the ledger. */
export function stretched(mix: readonly Entry[], count: number, bays: number): readonly Entry[] {
  return Array.from({ length: count }, (_, at) => {
    const entry = mix[at % mix.length]
    if (entry === undefined) throw new Error('an empty mix cannot be stretched')
    const input = { ...entry.input, input: at + 1, uid: `uid-${at}` }
    return { ...entry, bay: bayId(`bay-${at % bays}`), input }
  })
}
