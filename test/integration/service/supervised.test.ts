// The station under a service manager: what arrives at a real notification socket, and what does not when it hangs.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLog } from '../../../agent/log.ts'
import { keepFed } from '../../../agent/station/watchdog.ts'
import { scaledClock, systemClock } from '../../../drivers/host/clock.ts'
import { supervisorOf } from '../../../drivers/host/supervisor.ts'
import { until } from '../../fakes/pty.ts'

const ROOT = resolve(import.meta.dirname, '../../..')

let folder = ''
const children: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reseal-notify-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Perl is on every Debian; socat holds on to the descriptor by which the sender learns that it was heard. */
const LISTENER = `
  use Socket;
  socket(S, AF_UNIX, SOCK_DGRAM, 0) && bind(S, sockaddr_un($ARGV[0])) or die $!;
  $| = 1;
  print "listening\\n";
  while (defined recv(S, $text, 4096, 0)) { print "$text\\n" }
`

/** A notification socket as a service manager holds it; what it hears, line by line. */
async function listen(): Promise<{
  readonly socket: string
  readonly heard: () => readonly string[]
}> {
  const socket = join(folder, 'notify')
  const perl = spawn('perl', ['-e', LISTENER, socket])
  children.push(perl)
  let text = ''
  perl.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  const heard = () => text.split('\n').filter((line) => line !== '')
  await until('the socket to be read', () => heard().includes('listening'))
  return { socket, heard }
}

test('a station says ready when it serves, feeds the watchdog, and says goodbye', async () => {
  const { socket, heard } = await listen()
  const port = 20_000 + (process.pid % 20_000)
  const station = spawn(
    process.execPath,
    [
      'agent/main.ts',
      'run',
      '--data',
      join(folder, 'data'),
      '--port',
      String(port),
      '--log',
      'error',
    ],
    {
      cwd: ROOT,
      stdio: 'ignore',
      env: { ...process.env, NOTIFY_SOCKET: socket, WATCHDOG_USEC: '1500000' },
    },
  )
  children.push(station)
  await until('READY=1', () => heard().includes('READY=1'), 30_000)
  const alive = await fetch(`http://127.0.0.1:${port}/livez`)
  expect(alive.ok).toBe(true)
  expect(heard().find((line) => line.startsWith('STATUS='))).toBe(
    `STATUS=board at http://127.0.0.1:${port}`,
  )
  await until(
    'three feeds',
    () => heard().filter((line) => line === 'WATCHDOG=1').length >= 3,
    20_000,
  )
  station.kill('SIGTERM')
  await until('the station to end', () => station.exitCode !== null, 10_000)
  await until('STOPPING=1', () => heard().includes('STOPPING=1'))
  expect(heard().indexOf('STOPPING=1')).toBeGreaterThan(heard().lastIndexOf('WATCHDOG=1'))
})

test('nobody is told when there is no service manager, and a watchdog of another process is not ours', () => {
  const clock = systemClock()
  expect(supervisorOf({}, 7, clock)).toBeNull()
  const env = { NOTIFY_SOCKET: '/run/nobody', WATCHDOG_USEC: '30000000', WATCHDOG_PID: '8' }
  expect(supervisorOf(env, 7, clock)?.watchdogMs).toBeNull()
  expect(supervisorOf({ ...env, WATCHDOG_PID: '7' }, 7, clock)?.watchdogMs).toBe(30_000)
})

test('a socket that nobody reads is told as a reason, not thrown', async () => {
  const nobody = supervisorOf({ NOTIFY_SOCKET: join(folder, 'nobody') }, 7, systemClock())
  expect(await nobody?.tell('READY=1')).toMatch(/No such file/)
})

test('the watchdog starves while the ledger or a bay is silent, and eats again when it answers', async () => {
  const clock = scaledClock(200, 0)
  const life = new AbortController()
  let isSilent = false
  let fed = 0
  const told: string[] = []
  const log = openLog({
    level: 'error',
    pretty: false,
    to: { write: (line: string) => told.push(line) },
  })
  const never = new Promise(() => undefined)
  const pulses = [
    { part: 'bays', answers: () => Promise.resolve() },
    // A fault is an answer: a full disk must not restart the station for ever.
    { part: 'ledger', answers: () => (isSilent ? never : Promise.reject(new Error('disk full'))) },
  ]
  const feed = async () => {
    fed += 1
    return null
  }
  const feeding = keepFed({ clock, log, pulses, watchdogMs: 30_000, feed }, life.signal)
  await until('two feeds', () => fed >= 2)
  isSilent = true
  await until('silence to be named', () => told.length >= 2)
  const before = fed
  await until('silence to be named again', () => told.length >= 4)
  expect(fed).toBe(before)
  expect(told[0]).toContain('"parts":["ledger"]')
  isSilent = false
  await until('the next feed', () => fed > before)
  life.abort()
  await feeding
})
