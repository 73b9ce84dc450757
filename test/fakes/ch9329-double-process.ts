// The double in a process of its own, for measuring times that the agent's event loop must not share.
import { execFileSync } from 'node:child_process'
import { Ch9329Double } from './ch9329-double.ts'

// The measuring side goes first, socat too, or its own lateness would be booked on the agent. Only root may say so.
if (process.getuid?.() === 0) execFileSync('chrt', ['-r', '-a', '-p', '1', `${process.pid}`])
/** Started with an IPC channel: sends `{path}`, answers any message with `{reports}` and ends when it is disconnected. */
const double = await Ch9329Double.start({ speedFreshMs: Number.POSITIVE_INFINITY })
process.send?.({ path: double.path })
process.on('message', () => process.send?.({ reports: double.reports }))
process.on('disconnect', async () => {
  await double.close()
  process.exit()
})
