// The station whose power is cut: checks its ledger first, then works and tells the host all that it publishes.
import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import process from 'node:process'
import { createInterface } from 'node:readline'
import Database from 'better-sqlite3'
import { connect } from 'mqtt'
import { ledgerFile } from '../../../agent/ledger/database.ts'
import { verifyLedger } from '../../../agent/ledger/verify.ts'
import { host } from './host.ts'

const DISK = '/dev/vda'
const PLACE = '/data'
const DATA = `${PLACE}/station`
const CONTROL = `${PLACE}/control`
const CONTROL_EVERY_MS = 100

const [what = 'run', seed = '1'] = process.argv.slice(2)

/** What the station had told before its power was cut, as the host heard it. */
interface Told {
  readonly seqs: readonly number[]
  readonly runs: readonly string[]
  readonly head: string | null
}

async function check({ seqs, runs, head }: Told): Promise<string[]> {
  if (!existsSync(ledgerFile(DATA)))
    return seqs.length === 0 ? [] : [`the ledger is gone, ${seqs.length} messages were told`]
  const troubles: string[] = []
  const chain = await verifyLedger(DATA, { heads: head === null ? [] : [head] })
  if (!chain.ok) troubles.push(`the chain is broken: ${JSON.stringify(chain)}`)
  const db = new Database(ledgerFile(DATA))
  try {
    const state = db.pragma('integrity_check', { simple: true })
    if (state !== 'ok') troubles.push(`SQLite: ${String(state)}`)
    const row = db.prepare('SELECT 1 FROM outbox WHERE seq = ?')
    const lost = seqs.filter((seq) => row.get(seq) === undefined)
    if (lost.length > 0)
      troubles.push(`told, but not in the ledger: outbox rows ${lost.join(', ')}`)
    const record = db.prepare('SELECT 1 FROM records WHERE run = ?')
    const gone = runs.filter((run) => record.get(run) === undefined)
    if (gone.length > 0) troubles.push(`told, but not in the ledger: runs ${gone.join(', ')}`)
  } finally {
    db.close()
  }
  return troubles
}

/** Lines that were appended without a flush and are there all the same. */
const controlLines = (): number =>
  existsSync(CONTROL) ? readFileSync(CONTROL, 'latin1').split('\n').filter(Boolean).length : 0

function told(topic: string, payload: Buffer): void {
  const message = JSON.parse(payload.toString('utf8'))
  const run = /\/records\/([^/]+)$/.exec(topic)?.[1]
  const head: unknown = message.chain?.head
  host.say('told', { seq: message.seq, ...(run === undefined ? {} : { run, head }) })
}

/** Only rows of the outbox have a number of their own; retained topics carry the highest one. */
const TOPICS = ['events', 'alarms', 'records/+'].map((topic) => `reseal/v1/+/+/${topic}`)

function work(): void {
  const bench = ['--bays', '8', '--speed', '60', '--seed', seed, '--faults']
  const args = ['agent/main.ts', 'demo', ...bench, '--port', '0', '--data', DATA]
  const station = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  station.on('exit', (code) => host.say('broke', { why: `the station ended with ${code}` }))
  createInterface({ input: station.stderr }).on('line', (line) => {
    const url = /MQTT at (mqtt:\S+)/.exec(line)?.[1]
    if (url === undefined) return
    const client = connect(url)
    client.on('message', told)
    client.subscribe(TOPICS, { qos: 1 })
  })
  setInterval(() => {
    appendFileSync(CONTROL, 'x\n')
    host.say('unflushed')
  }, CONTROL_EVERY_MS)
}

try {
  mkdirSync(PLACE, { recursive: true })
  execFileSync('mount', ['-t', 'ext4', DISK, PLACE])
  const answer = await host.ask('told')
  const troubles = await check(answer as unknown as Told)
  host.say('checked', { troubles, control: controlLines() })
  rmSync(CONTROL, { force: true })
  if (what === 'run') work()
} catch (error) {
  host.say('broke', { why: error instanceof Error ? error.stack : String(error) })
}
