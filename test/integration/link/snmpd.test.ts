// The snmp driver on Debian's own snmpd: what a foreign agent says of a card, of its restart, and of a key that is wrong.
import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { bayId } from '../../../agent/core/ids.ts'
import { Watched } from '../../contracts/link.contract.ts'
import { until } from '../../fakes/pty.ts'
import { type Side, side, V2C, V3 } from './switch-bench.ts'
import { Veth } from './veth.ts'

const folder = mkdtempSync(join(tmpdir(), 'reseal-snmpd-'))
const sides: Side[] = []
const watches: Watched[] = []
let port = 0
let daemon: ChildProcess
let card: Veth

const CONF = `rocommunity bench 127.0.0.1
createUser reseal SHA-256 a-long-auth-key AES a-long-priv-key
rouser reseal priv
`

function start(): void {
  const env = { ...process.env, SNMPCONFPATH: folder, SNMP_PERSISTENT_DIR: join(folder, 'keys') }
  daemon = spawn('snmpd', ['-f', '-r', '-Lo', `udp:127.0.0.1:${port}`], { env, stdio: 'ignore' })
}

async function stop(): Promise<void> {
  const ended = once(daemon, 'exit')
  daemon.kill()
  await ended
}

function watch(login: typeof V2C, name: string): { one: Side; watched: Watched } {
  const one = side(port, { login, pollMs: 400, timeoutMs: 800 })
  sides.push(one)
  const health = one.health as Parameters<(typeof one.health)['concat']>[0] & unknown[]
  const source = one.family.open({
    switchId: 'sw1',
    port: name,
    bay: bayId('1'),
    reportHealth: (row) => health.push(row),
  })
  const watched = new Watched(source)
  watches.push(watched)
  return { one, watched }
}

beforeAll(async () => {
  const free = createSocket('udp4').bind(0, '127.0.0.1')
  await once(free, 'listening')
  port = free.address().port
  await new Promise<void>((resolve) => free.close(resolve))
  writeFileSync(join(folder, 'snmpd.conf'), CONF)
  mkdirSync(join(folder, 'keys'))
  card = new Veth()
  card.up()
  start()
})
afterEach(async () => {
  for (const watched of watches.splice(0)) await watched.stop()
})
afterAll(async () => {
  await stop()
  card.close()
  rmSync(folder, { recursive: true, force: true })
})

it.each([
  ['v2c', V2C],
  ['v3', V3],
])('a card by %s is up, with its speed', async (_, login) => {
  const { watched } = watch(login, card.near)
  await watched.until('up', () => watched.words.at(-1) === 'up', 15_000)
  expect(watched.reports.findLast((one) => one.kind === 'link')).toMatchObject({ link: 'up' })
})

it.each([
  ['a wrong auth key', { ...V3, auth: { protocol: 'sha256', key: 'another-auth-key' } } as const],
  ['an unknown user', { ...V3, user: 'nobody' }],
])('%s is refused, not silent', async (_, login) => {
  const { one, watched } = watch(login, card.near)
  await watched.until('gone', () => watched.words.at(-1) === 'gone', 10_000)
  expect(one.health.at(-1)).toMatchObject({ ok: false, code: 'STATION_SWITCH_REFUSED' })
})

it('its restart is named and no drop of the link', async () => {
  const { one, watched } = watch(V3, card.near)
  await watched.until('up', () => watched.words.at(-1) === 'up', 15_000)
  const before = watched.words.length
  // Its count must have grown beyond what a restart begins with: this is its own time, nothing tells it sooner.
  await new Promise((resolve) => setTimeout(resolve, 2000))
  await stop()
  start()
  await until('the note', () => one.notes.some((note) => note.includes('restarted')), 15_000)
  const words = watched.words.slice(before).filter((word) => word !== 'gone' && word !== 'back')
  // It may have been silent for a moment; what it says then is up again, never down.
  expect(words.filter((word) => word === 'down')).toEqual([])
})
