// Where a webhook may never go: private and own addresses in every disguise, other schemes, and a name that changes its mind.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { isStationError } from '../../agent/fault.ts'
import type { HookTarget } from '../../agent/ports.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { mayAsk, netsOf } from '../../drivers/webhook/addresses.ts'
import { openHookClient, type Resolve } from '../../drivers/webhook/index.ts'

const clock = systemClock()
const NONE = netsOf([])

test.each([
  '127.0.0.1',
  '127.8.9.1',
  '0.0.0.0',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::1',
  'fc00::1',
  'fd12::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:a9fe:a9fe',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  'no address',
  '',
])('%s is not public', (address) => {
  expect(mayAsk(address, NONE)).toBe(false)
})

test.each(['8.8.8.8', '172.32.0.1', '100.63.255.255', '2606:4700::1111'])('%s is', (address) => {
  expect(mayAsk(address, NONE)).toBe(true)
})

test('what the config lists may be asked, and nothing beside it', () => {
  const allow = netsOf(['10.30.0.7', '10.40.0.0/16', 'fd00::/8', 'rubbish', '10.0.0.0/99'])
  expect(mayAsk('10.30.0.7', allow)).toBe(true)
  expect(mayAsk('::ffff:10.30.0.7', allow)).toBe(true)
  expect(mayAsk('10.40.255.1', allow)).toBe(true)
  expect(mayAsk('fd00::5', allow)).toBe(true)
  expect(mayAsk('10.30.0.8', allow)).toBe(false)
  expect(mayAsk('127.0.0.1', allow)).toBe(false)
})

const target = (url: string, more: Partial<HookTarget> = {}): HookTarget => ({
  url,
  allow: [],
  plainLoopback: false,
  ca: null,
  ...more,
})
const codeOf = async (to: HookTarget, resolve?: Resolve): Promise<string> => {
  const client = openHookClient({ clock, ...(resolve === undefined ? {} : { resolve }) })
  try {
    const { status } = await client.post(to, {}, '{}', AbortSignal.timeout(8_000))
    return `HTTP ${status}`
  } catch (error) {
    return isStationError(error) ? error.code : `untyped: ${String(error)}`
  }
}
const REFUSED = 'BACKEND_WEBHOOK_REFUSED'

/** A server that must never be asked, or counts how often it was. */
async function aServer(status = 200, headers: Record<string, string> = {}) {
  let asked = 0
  const server = createServer((_request, answer) => {
    asked += 1
    answer.writeHead(status, headers).end('x'.repeat(200_000))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, asked: () => asked }
}

test('own and private addresses are refused before a connection is made', async () => {
  const { port, asked } = await aServer()
  for (const url of [
    `https://127.0.0.1:${port}/`,
    `https://[::1]:${port}/`,
    `https://[::ffff:127.0.0.1]:${port}/`,
    `https://localhost:${port}/`,
    `https://2130706433:${port}/`,
    `https://0x7f.1:${port}/`,
    `http://127.0.0.1:${port}/`,
    'https://169.254.169.254/latest/meta-data',
    'ftp://example.com/',
    'file:///etc/passwd',
    'https://user:secret@example.com/',
    'nonsense',
  ])
    expect(await codeOf(target(url)), url).toBe(REFUSED)
  expect(asked()).toBe(0)
})

test('plain http goes to this PC alone, whatever else is listed', async () => {
  const { port, asked } = await aServer()
  const plain = { plainLoopback: true, allow: ['0.0.0.0/0', '::/0'] }
  expect(await codeOf(target(`http://127.0.0.1:${port}/`, plain))).toBe('HTTP 200')
  expect(await codeOf(target('http://8.8.8.8/', plain))).toBe(REFUSED)
  expect(await codeOf(target('http://10.0.0.1/', plain))).toBe(REFUSED)
  expect(asked()).toBe(1)
})

test('a name is resolved once and held to that address: a second answer of its server is never asked for', async () => {
  const { port, asked } = await aServer()
  let questions = 0
  const rebinds: Resolve = async () => {
    questions += 1
    return [{ address: questions === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }]
  }
  const plain = { plainLoopback: true }
  expect(await codeOf(target(`http://hook.test:${port}/`, plain), rebinds)).toBe('HTTP 200')
  expect([questions, asked()]).toEqual([1, 1])
  const turns: Resolve = async () => [{ address: '10.0.0.1', family: 4 }]
  expect(await codeOf(target(`https://hook.test:${port}/`), turns)).toBe(REFUSED)
  const nobody: Resolve = async () => []
  expect(await codeOf(target('https://hook.test/'), nobody)).toBe('BACKEND_WEBHOOK_DOWN')
})

test('a redirect is an answer and leads nowhere', async () => {
  const inner = await aServer()
  const outer = await aServer(302, { location: `http://127.0.0.1:${inner.port}/` })
  const to = target(`http://127.0.0.1:${outer.port}/`, { plainLoopback: true })
  expect(await codeOf(to)).toBe('HTTP 302')
  expect(inner.asked()).toBe(0)
})

test('an answer without an end is not read to its end, and a dead port is no untyped error', async () => {
  const { port } = await aServer()
  expect(await codeOf(target(`http://127.0.0.1:${port}/`, { plainLoopback: true }))).toBe(
    'HTTP 200',
  )
  const dead = target('http://127.0.0.1:9/', { plainLoopback: true })
  expect(await codeOf(dead)).toBe('BACKEND_WEBHOOK_DOWN')
})
