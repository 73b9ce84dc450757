// The benchmarks: one table, each figure beside that of bare means in the same run. `npm run bench -- [--json] [names]`.
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import process from 'node:process'
import { aliveBytes } from '../test/fakes/garbage.ts'
import { attest } from './bench/attest.ts'
import { bulk } from './bench/bulk.ts'
import { busy } from './bench/busy.ts'
import { commits } from './bench/commits.ts'
import { crowd } from './bench/crowd.ts'
import { lamp } from './bench/lamp.ts'
import { linkEdge } from './bench/link-edge.ts'
import { month } from './bench/month.ts'
import { outbox } from './bench/outbox.ts'
import { paint } from './bench/paint.ts'
import type { Row } from './bench/row.ts'
import { start } from './bench/start.ts'
import { steps } from './bench/steps.ts'
import { figure, tableOf } from './bench/table.ts'
import { taps } from './bench/taps.ts'

const BENCHES: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  start,
  steps,
  commits,
  outbox,
  link: linkEdge,
  lamp,
  taps,
  busy,
  attest,
  bulk,
  month,
  paint,
  crowd,
}

/** Waiting programs of the last minute: above the number of cores the figures say more about the neighbours. */
const load = (): number => Number(readFileSync('/proc/loadavg', 'latin1').split(' ')[0])

const args = process.argv.slice(2)
const isJson = args.includes('--json')
const names = args.filter((arg) => arg !== '--json')
const unknown = names.filter((name) => !(name in BENCHES))
if (unknown.length > 0) {
  process.stderr.write(
    `bench: no ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}\n`,
  )
  process.exit(2)
}

const cores = cpus().length
const before = load()
const rows: Row[] = []
const broken: { readonly bench: string; readonly why: string }[] = []
for (const [name, bench] of Object.entries(BENCHES)) {
  if (names.length > 0 && !names.includes(name)) continue
  process.stderr.write(`bench: ${name} (load ${figure(load())})\n`)
  // What the benchmark before left behind would be cleared up in the middle of this one.
  await aliveBytes()
  try {
    rows.push(...(await bench()))
  } catch (error) {
    broken.push({ bench: name, why: error instanceof Error ? error.message : String(error) })
  }
}

const machine = { cores, node: process.version, loadBefore: before, loadAfter: load() }
if (isJson) process.stdout.write(`${JSON.stringify({ ...machine, rows, broken }, null, 2)}\n`)
else {
  const lines = [
    `${cores} cores, Node ${process.version}, load ${figure(before)} before and ${figure(machine.loadAfter)} after`,
    ...(before > cores / 2 ? ['The machine was busy before it began: figures are too low.'] : []),
    '',
    ...tableOf(rows),
    '',
    ...rows.map(({ name, note }) => `${name}: ${note}`),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}
for (const { bench, why } of broken) process.stderr.write(`bench: ${bench} broke: ${why}\n`)
// A goal that is missed is a line to read; only what could not be measured is an error.
process.exit(broken.length === 0 ? 0 : 1)
