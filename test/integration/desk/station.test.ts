// The whole program with a webhook in its config: records of a virtual bench reach the receiver, and commands see how it stands.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inProcess } from '../cli/reseal.ts'
import { until } from '../publish/parts/wait.ts'
import { Receiver, says, TAKES } from './receiver.ts'

const ROOT = join(import.meta.dirname, '../../..')
const SECRET = 'the secret of the whole station'
const receiver = new Receiver(SECRET)
const dir = mkdtempSync(join(tmpdir(), 'reseal-hooked-'))
let station: ReturnType<typeof spawn>
let url = ''

beforeAll(async () => {
  const port = await receiver.listen()
  writeFileSync(join(dir, 'secret'), `${SECRET}\n`)
  writeFileSync(
    join(dir, 'bench.yaml'),
    `station: hooked
rate: 200
web: { port: 0 }
mqtt: { port: 0 }
bays:
  - { bay: "01", link: "virtual:", keyboard: "virtual:", lamp: "virtual:", screen: "virtual:" }
webhooks:
  - { webhook: erp, url: "http://127.0.0.1:${port}/hook", secretFile: secret, plainLoopback: true }
`,
  )
  const args = ['agent/main.ts', 'run', '--config', join(dir, 'bench.yaml'), '--data', dir]
  station = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  station.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  await until('the address of the board', () => {
    if (station.exitCode !== null) throw new Error(said)
    url = /board at (http:\/\/\S+)/.exec(said)?.[1] ?? ''
    return url !== ''
  })
})
afterAll(async () => {
  station.kill('SIGTERM')
  await new Promise((resolve) => station.once('exit', resolve))
  await receiver.close()
  rmSync(dir, { recursive: true, force: true })
})

test('closed runs of the bench arrive signed, and each is what the station itself answers', async () => {
  await until(
    'a record',
    () => receiver.got.some(({ body }) => body.type === 'reseal.record'),
    100_000,
  )
  expect(receiver.got.every(({ isSigned }) => isSigned)).toBe(true)
  const { data } = receiver.got.find(({ body }) => body.type === 'reseal.record')?.body ?? {}
  const record = data?.['record'] as { run: string; device: { serial: string } }
  const status = await inProcess(['status', record.device.serial, '--url', url, '--json'])
  const answer = JSON.parse(status.out) as { runs: readonly { run: string }[] }
  expect(answer.runs.map(({ run }) => run)).toContain(record.run)
})

test('commands see the webhook, test it, and an order of the bench', async () => {
  const list = await inProcess(['webhooks', 'list', '--url', url])
  expect(list.out).toMatch(
    /^erp\thttp:\/\/127\.0\.0\.1:\d+\/hook\t\d+ delivered\t\d+ waiting\t0 given up\twell\n$/,
  )
  expect(list.code).toBe(0)
  expect(await inProcess(['webhooks', 'test', 'erp', '--url', url])).toMatchObject({
    code: 0,
    out: 'erp took it: HTTP 204\n',
  })
  receiver.mood = says(500)
  expect(await inProcess(['webhooks', 'test', 'erp', '--url', url])).toMatchObject({ code: 1 })
  receiver.mood = TAKES
  expect((await inProcess(['webhooks', 'dead', 'erp', '--url', url])).out).toBe('')
  expect((await inProcess(['webhooks', 'resend', 'erp', '--url', url])).out).toBe(
    '0 messages wait again\n',
  )
  expect((await inProcess(['webhooks', 'test', 'nope', '--url', url])).err).toContain(
    'BACKEND_NOT_FOUND',
  )
  const progress = await inProcess(['orders', 'progress', 'VB-1001', '--url', url])
  expect(progress.out).toMatch(/^VB-1001: \d+ of \? resealed, /)
  expect(progress.code).toBe(1)
})
