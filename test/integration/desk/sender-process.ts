// A station that closes runs and sends them to a webhook until its test kills it.
import { writeSync } from 'node:fs'
import { keyOf } from '../../../agent/publish/hook-sign.ts'
import { openDesk } from './desk-station.ts'

const [dir = '', port = '', secret = ''] = process.argv.slice(2)
const target = {
  url: `http://127.0.0.1:${port}/`,
  allow: [],
  plainLoopback: true,
  ca: null,
}
const hook = { id: 'erp', target, events: ['record'] as const, key: keyOf(secret) }
const desk = await openDesk({ dir, hooks: [{ ...hook, events: [...hook.events] }] })
while ((await desk.reader.hookCursor('erp')) === null)
  await new Promise((resolve) => setTimeout(resolve, 5))
writeSync(1, 'open\n')
// What stands on a line is committed: it must arrive, whatever happens to this process.
for (;;) writeSync(1, `${(await desk.run('5CG1')).run}\n`)
