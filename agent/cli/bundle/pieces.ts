// What a diagnostics bundle is made of: each piece is asked for by itself, and one that fails says so in its place.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { arch, cpus, freemem, version as kernel, release, totalmem, uptime } from 'node:os'
import type { StationConfig } from '../../../station-config/loader.ts'
import { openReader } from '../../ledger/reader.ts'
import { checkParts } from '../doctor-parts.ts'
import type { CliIo } from '../io.ts'
import { askStation, type StationDoor } from '../station-http.ts'

export interface Piece {
  readonly name: string
  readonly text: () => Promise<string>
}

export interface BundleNeeds {
  readonly io: CliIo
  readonly version: string
  readonly config: StationConfig
  readonly configFile: string | null
  readonly data: string
  readonly door: StationDoor
}

/** The last closed runs; a shift of a busy bench. */
const RUNS_MAX = 200
/** Lines of the service's log. */
const LOG_LINES = 5000
const TOOL_MS = 10_000
const TOOL_BYTES = 16 * 1024 * 1024
/** As configured on most benches; what else a part needs stands in doctor's output. */
const SERVICE = 'reseal'

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** What a program prints; rejects with its own words when it fails. */
const tool = (name: string, ...args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(name, args, { timeout: TOOL_MS, maxBuffer: TOOL_BYTES }, (error, out, err) => {
      if (error === null) resolve(out)
      else reject(new Error(`${name}: ${err.trim() || error.message}`))
    })
  })

async function lastRuns({ data, io }: BundleNeeds): Promise<string> {
  const reader = await openReader(data, { mode: 'in-process', clock: io.clock })
  try {
    const runs = await reader.runs({ max: RUNS_MAX })
    return runs.map(({ record, chain }) => `${JSON.stringify({ record, chain })}\n`).join('')
  } finally {
    await reader.close()
  }
}

async function totals({ data, io }: BundleNeeds): Promise<string> {
  const reader = await openReader(data, { mode: 'in-process', clock: io.clock })
  try {
    return json(await reader.totals())
  } finally {
    await reader.close()
  }
}

async function doctor({ io, config, data }: BundleNeeds): Promise<string> {
  const parts = []
  for await (const part of checkParts(io, config, data)) parts.push(part)
  return json(parts)
}

const machine = ({ io, version }: BundleNeeds): string =>
  json({
    at: new Date(io.clock.now()).toISOString(),
    reseal: version,
    node: process.versions,
    kernel: kernel(),
    release: release(),
    arch: arch(),
    cores: cpus().length,
    memory: { total: totalmem(), free: freemem() },
    uptimeSeconds: Math.round(uptime()),
  })

/** The pieces in the order in which a person would read them. */
export function piecesOf(needs: BundleNeeds): readonly Piece[] {
  const { configFile, io, door } = needs
  const station = (path: string) => async () => json(await askStation(io, door, path))
  return [
    { name: 'machine.json', text: async () => machine(needs) },
    { name: 'os-release', text: () => readFile('/etc/os-release', 'utf8') },
    ...(configFile === null
      ? []
      : [{ name: 'station.yaml', text: () => readFile(configFile, 'utf8') }]),
    { name: 'doctor.json', text: () => doctor(needs) },
    { name: 'station.json', text: station('/api/v1/station') },
    { name: 'bays.json', text: station('/api/v1/bays') },
    { name: 'ledger.json', text: () => totals(needs) },
    { name: 'runs.ndjson', text: () => lastRuns(needs) },
    { name: 'links.txt', text: () => tool('ip', '-o', 'link') },
    { name: 'time.txt', text: () => tool('timedatectl', 'show') },
    {
      name: 'log.ndjson',
      text: () =>
        tool('journalctl', '-u', SERVICE, '-n', String(LOG_LINES), '-o', 'cat', '--no-pager'),
    },
  ]
}
