// Says when `ip monitor` itself printed a line about an interface, from a process that shares no event loop with us.
import { spawn } from 'node:child_process'
import { hrtime } from 'node:process'
import { Lines, parseMonitorLine } from '../../drivers/link/monitor-lines.ts'

const [, , iface = ''] = process.argv
const child = spawn('ip', ['-o', 'monitor', 'link'], { stdio: ['ignore', 'pipe', 'inherit'] })
const lines = new Lines()
child.stdout.setEncoding('latin1')
child.stdout.on('data', (chunk: string) => {
  const at = Number(hrtime.bigint()) / 1e6
  for (const line of lines.take(chunk)) {
    const said = parseMonitorLine(line)
    if (said?.kind === 'link' && said.names.includes(iface)) process.send?.({ at, line })
  }
})
child.once('spawn', () => process.send?.({ ready: true }))
process.once('disconnect', () => {
  child.kill()
  process.exit(0)
})
