// The checks at the end of a simulation: every run one record, every record published once by key, the chain whole, bays free.

import type { RecordBody } from '../../../agent/core/record.ts'
import { verifyLedger } from '../../../agent/ledger/verify.ts'
import { judge } from '../../../drivers/virtual/index.ts'
import type { Sim } from './bench-sim.ts'

export interface SimEnd {
  /** Everything that broke a rule; empty when all is well. */
  readonly complaints: readonly string[]
  readonly records: readonly RecordBody[]
  readonly verdicts: Readonly<Record<string, number>>
  /** Head of the chain. */
  readonly head: string
  readonly kills: number
}

/** Runs a simulation to its end, judges it and closes it. */
export async function runToEnd(sim: Sim): Promise<SimEnd> {
  try {
    const why = await sim.run()
    const complaints: string[] = []
    if (why !== 'until') complaints.push(`it is stuck (${why}): ${stateOf(sim)}`)
    if (sim.options.publishes === true) await sim.drain()
    const records: RecordBody[] = []
    let head = ''
    await sim.settle(
      (async () => {
        for await (const { record, chain } of sim.reader.walk({})) {
          records.push(record)
          head = chain.head
        }
      })(),
    )
    complaints.push(...sim.book.complaints)
    complaints.push(...recordComplaints(sim, records))
    if (sim.options.publishes === true) complaints.push(...publishComplaints(sim, records))
    complaints.push(...truthComplaints(sim, records))
    complaints.push(...freeComplaints(sim))
    const heads = sim.consumer
      .under('/records/')
      .map((message) => (message['chain'] as { head: string }).head)
    const verified = await sim.settle(verifyLedger(sim.dir, { heads }))
    if (!verified.ok) complaints.push(`the chain does not hold: ${JSON.stringify(verified)}`)
    const verdicts: Record<string, number> = {}
    for (const { verdict } of records) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1
    return { complaints, records, verdicts, head, kills: sim.book.kills }
  } finally {
    await sim.close()
  }
}

const stateOf = (sim: Sim): string =>
  sim.bays.map((bay) => `${bay} ${sim.bench?.bay(bay)?.state ?? 'no agent'}`).join(', ')

/** Exactly one record for every run, which tells the restarts that it saw. */
function recordComplaints({ book }: Sim, records: readonly RecordBody[]): readonly string[] {
  const complaints: string[] = []
  const seen = new Map<string, number>()
  for (const record of records) {
    seen.set(record.run, (seen.get(record.run) ?? 0) + 1)
    const run = book.runs.get(record.run)
    if (run === undefined) complaints.push(`run ${record.run} was never opened`)
    else if (run.restarts !== record.agentRestarts)
      complaints.push(
        `run ${record.run} saw ${run.restarts} restarts, its record says ${record.agentRestarts}`,
      )
  }
  for (const run of book.runs.keys())
    if (seen.get(run) !== 1) complaints.push(`run ${run} has ${seen.get(run) ?? 0} records`)
  return complaints
}

/** A consumer that keeps keys has each record once, as it stands in the ledger. */
function publishComplaints({ consumer }: Sim, records: readonly RecordBody[]): readonly string[] {
  const complaints = [...consumer.complaints]
  const got = consumer.under('/records/').map((message) => message['record'] as RecordBody)
  for (const record of records) {
    const copies = got.filter(({ run }) => run === record.run)
    if (copies.length !== 1)
      complaints.push(`run ${record.run} was published under ${copies.length} keys`)
    else if (JSON.stringify(copies[0]) !== JSON.stringify(record))
      complaints.push(`run ${record.run} was published otherwise than it was recorded`)
  }
  if (got.length !== records.length)
    complaints.push(`${got.length} records were published, ${records.length} were made`)
  return complaints
}

function truthComplaints({ world }: Sim, records: readonly RecordBody[]): readonly string[] {
  const truths = world.truths()
  const complaints: string[] = []
  for (const { serial, resetsByKeys, unknownNextPressed, strayPresses, story } of truths) {
    const stray = strayPresses.filter(({ by }) => by === 'keyboard')
    if (resetsByKeys > 0) complaints.push(`Reset was pressed on ${serial}: ${story.join(' | ')}`)
    if (unknownNextPressed > 0)
      complaints.push(`an unknown Next was pressed on ${serial}: ${story.join(' | ')}`)
    if (stray.length > 0)
      complaints.push(`keys without a guard on ${serial}: ${JSON.stringify(stray)}`)
  }
  for (const { run, verdict, startedAt, endedAt, device } of records) {
    const judged = judge(truths, {
      serial: device.serial,
      verdict,
      startedAt: Date.parse(startedAt),
      endedAt: Date.parse(endedAt),
    })
    if (judged !== 'wrong') continue
    const story = truths.find(({ serial }) => serial === device.serial)?.story ?? []
    complaints.push(`run ${run} is not ${verdict}: ${story.join(' | ')}`)
  }
  return complaints
}

function freeComplaints({ world, bays, bench }: Sim): readonly string[] {
  const complaints = bays
    .filter((bay) => bench?.bay(bay)?.state !== 'empty')
    .map((bay) => `${bay} is not free: ${bench?.bay(bay)?.state}`)
  const down = world.bench.keysDown()
  return down.length === 0 ? complaints : [...complaints, `keys are down in ${down.join(', ')}`]
}
