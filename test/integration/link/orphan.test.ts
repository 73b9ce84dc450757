// An agent that is killed takes its `ip monitor` along, on a bench where the kernel has nothing to say to wake it up.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { eventually, stateOf } from './monitors.ts'

const ROOT = join(import.meta.dirname, '../../..')
/** A process that does nothing but watch one card; it tells the pid of its monitor. */
const AGENT = `
  import { systemClock } from '${ROOT}/drivers/host/clock.ts'
  import { keepMonitor } from '${ROOT}/drivers/link/monitor.ts'
  const never = new AbortController().signal
  await keepMonitor({
    command: 'ip',
    clock: systemClock(),
    onStart: (pid) => console.log(pid),
    onLine: () => undefined,
    onEnd: (why) => console.log(why),
  }, never)
`

it('the monitor of a killed agent is gone, though no link and no neighbour ever changes', async () => {
  // A network of its own: what other tests do to theirs would end the orphan too, and prove nothing.
  const agent = spawn(
    'unshare',
    ['--net', process.execPath, '--input-type=module', '--eval', AGENT],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let pid = 0
  try {
    createInterface(agent.stdout).on('line', (line) => {
      pid = Number(line)
    })
    await eventually('the monitor', () => pid > 0)
    expect(stateOf(pid)).not.toBeNull()
    agent.kill('SIGKILL')
    await eventually('the end of its monitor', () => ['Z', null].includes(stateOf(pid)))
  } finally {
    agent.kill('SIGKILL')
    if (pid > 0 && ![null, 'Z'].includes(stateOf(pid))) process.kill(pid, 'SIGKILL')
  }
})
