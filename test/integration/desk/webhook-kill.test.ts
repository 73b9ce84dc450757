// A station that is killed in the middle of sending: every record that was committed arrives, each under one key.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { keyOf } from '../../../agent/publish/hook-sign.ts'
import { until } from '../publish/parts/wait.ts'
import { openDesk } from './desk-station.ts'
import { Receiver } from './receiver.ts'

const SECRET = 'whsec_c2VjcmV0IG9mIHRoZSBraWxsIHRlc3Q='
const PROGRAM = new URL('./sender-process.ts', import.meta.url).pathname

/** Runs a station until it said `lines` runs, then kill -9. */
async function sendAndKill(dir: string, port: number, lines: number): Promise<string[]> {
  const child = spawn(process.execPath, [PROGRAM, dir, String(port), SECRET], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line)
    if (said.length === lines) child.kill('SIGKILL')
  }
  return said.slice(1)
}

test('kill -9 while it sends: at least once each, nothing under two keys, nothing lost', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'reseal-hook-'))
  const receiver = new Receiver(Buffer.from(keyOf(SECRET)))
  const port = await receiver.listen()
  onTestFinished(async () => {
    await receiver.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const committed: string[] = []
  for (const lines of [5, 30, 60]) committed.push(...(await sendAndKill(dir, port, lines)))
  const target = { url: `http://127.0.0.1:${port}/`, allow: [], plainLoopback: true, ca: null }
  const hook = { id: 'erp', target, events: ['record' as const], key: keyOf(SECRET) }
  const desk = await openDesk({ dir, hooks: [hook] })
  onTestFinished(() => desk.close())
  const runs = () => receiver.got.map(({ body }) => (body.data['record'] as { run: string }).run)
  await until('every committed record', () => {
    const got = new Set(runs())
    return committed.every((run) => got.has(run))
  })
  expect(committed.length).toBeGreaterThan(80)
  expect(receiver.got.every(({ isSigned }) => isSigned)).toBe(true)
  // One key for each record, however often it came.
  const keys = new Map<string, string>()
  for (const [at, { id }] of receiver.got.entries()) {
    const run = runs()[at] ?? ''
    expect(keys.get(run) ?? id).toBe(id)
    keys.set(run, id)
  }
  expect(new Set(keys.values()).size).toBe(keys.size)
})
