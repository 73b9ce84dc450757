// `doctor` beside a station that listens on the hall's network and lets nobody ask without a token: no fault of the station.
import { execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Ch9329Double } from '../../fakes/ch9329-double.ts'
import { sweepDead, testId } from '../../fakes/netns.ts'
import { until } from '../../fakes/pty.ts'

const MAIN = resolve(import.meta.dirname, '../../../agent/main.ts')
/** Not loopback, though it hangs at `lo` of a namespace of its own (RFC 5737). */
const HOST = '198.51.100.7'
const AT = `${HOST}:8443`
const LIMIT_MS = 60_000

interface Line {
  readonly part: string
  readonly grade: string
  readonly code?: string
  readonly detail: string
  readonly hint?: string
}

const dir = mkdtempSync(join(tmpdir(), 'reseal-doctor-door-'))
const space = `rsd${testId()}`
const closers: (() => unknown)[] = []
let fingerprint = ''

function inside(args: readonly string[], options: SpawnOptions = {}) {
  const words = ['netns', 'exec', space, process.execPath, MAIN, ...args]
  const child = spawn('ip', words, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'], ...options })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  const ended = new Promise<number | null>((done) => child.once('close', (code) => done(code)))
  return { child, said: () => said, ended }
}

async function run(...args: readonly string[]): Promise<{ code: number | null; out: string }> {
  const { said, ended } = inside(args, { timeout: LIMIT_MS, killSignal: 'SIGKILL' })
  const code = await ended
  return { code, out: said() }
}

async function doctor(...more: readonly string[]) {
  const { out } = await run('doctor', '--config', 'b.yaml', '--data', 'data', '--json', ...more)
  const { parts } = JSON.parse(out) as { parts: Line[] }
  const of = (name: string) => parts.find(({ part }) => part === name)
  return { board: of('board'), keyboard: of('bay 01 keyboard') }
}

beforeAll(async () => {
  sweepDead()
  execFileSync('ip', ['netns', 'add', space])
  closers.push(() => execFileSync('ip', ['netns', 'del', space]))
  execFileSync('ip', ['-n', space, 'addr', 'add', `${HOST}/32`, 'dev', 'lo'])
  execFileSync('ip', ['-n', space, 'link', 'set', 'lo', 'up'])
  const chip = await Ch9329Double.start({})
  closers.push(() => chip.close())
  writeFileSync(
    join(dir, 'b.yaml'),
    `station: hall
web: { host: ${HOST}, port: 8443, tls: self-signed }
accounts: {}
bays: [{ bay: "01", link: "nic:lo", keyboard: "ch9329:${chip.path}", networkCheck: false }]
`,
  )
  const station = inside(['run', '--config', 'b.yaml', '--data', 'data', '--log', 'error'])
  closers.push(async () => {
    station.child.kill('SIGTERM')
    await station.ended
  })
  await until(
    'the station runs',
    // The address is told first, the certificate in a line of its own after it.
    () => /SHA-256: \S+\s/.test(station.said()) || station.child.exitCode !== null,
    LIMIT_MS,
  )
  fingerprint = /SHA-256: (\S+)/.exec(station.said())?.[1] ?? station.said()
  const add = ['token', 'add', 'doctor', '--role', 'viewer', '--scopes', 'health.read']
  const { out } = await run(...add, '--data', 'data')
  writeFileSync(join(dir, 'token'), /shown once: (\S+)/.exec(out)?.[1] ?? out, { mode: 0o600 })
}, LIMIT_MS * 2)
afterAll(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
  rmSync(dir, { recursive: true, force: true })
})

test('without a token it says that a station runs, and how it would be told more', async () => {
  const { board, keyboard } = await doctor()
  const hint = expect.stringMatching(/reseal token add .*--token-file and --fingerprint/)
  expect(board).toMatchObject({ grade: 'warn', code: 'BACKEND_SIGN_IN', hint })
  expect(board?.detail).toContain(`a station runs at ${AT}`)
  expect(keyboard).toMatchObject({ grade: 'warn', code: 'BACKEND_SIGN_IN', hint })
  expect(keyboard?.detail).toMatch(/is held, by the running station perhaps$/)
})

test('with a token it asks the station, which has its keyboard', async () => {
  const { board, keyboard } = await doctor('--token-file', 'token', '--fingerprint', fingerprint)
  expect(board).toMatchObject({ grade: 'ok', detail: `a station runs at ${AT}` })
  expect(keyboard).toMatchObject({ grade: 'ok' })
  expect(keyboard?.detail).toContain('the running station has it')
})

test('a token is not told to a station that is not trusted; a lost file of it is named', async () => {
  const { board } = await doctor('--token-file', 'token')
  expect(board).toMatchObject({ grade: 'warn', code: 'STATION_CERTIFICATE' })
  expect(board?.hint).toContain('--fingerprint')
  const lost = await doctor('--token-file', 'none', '--fingerprint', fingerprint)
  expect(lost.board).toMatchObject({ grade: 'warn', code: 'FILE_UNREADABLE' })
})
