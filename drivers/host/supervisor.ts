// Tells the service manager how the station is, by systemd's own program: Node has no datagram sockets of the UNIX kind.
import { spawn } from 'node:child_process'
import type { Clock, Supervisor } from '../../agent/ports.ts'

/** How the service manager reaches this process: the environment of sd_notify(3) and sd_watchdog_enabled(3). */
export interface SupervisorEnv {
  readonly NOTIFY_SOCKET?: string | undefined
  readonly WATCHDOG_USEC?: string | undefined
  readonly WATCHDOG_PID?: string | undefined
}

/** A datagram is handed over in milliseconds; a process that hangs must not pile up. */
const TELL_MS = 5000
/** Of what a failing program says, this much stands in the log. */
const WORDS_MAX = 300

/** The service manager that started this process; null when none did. */
export function supervisorOf(env: SupervisorEnv, pid: number, clock: Clock): Supervisor | null {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: usec, WATCHDOG_PID: watched } = env
  if (socket === undefined || socket === '') return null
  const isOurs = watched === undefined || watched === String(pid)
  const watchdogMs = isOurs && /^[1-9]\d{0,15}$/.test(usec ?? '') ? Number(usec) / 1000 : null
  return { watchdogMs, tell: (...lines) => tell(socket, lines, clock) }
}

function tell(socket: string, lines: readonly string[], clock: Clock): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>()
  const child = spawn('systemd-notify', lines, {
    env: { PATH: '/usr/bin:/bin', NOTIFY_SOCKET: socket },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = `${words}${text}`.slice(0, WORDS_MAX)
  })
  const cancel = clock.after(TELL_MS, () => child.kill('SIGKILL'))
  const end = (why: string | null) => {
    cancel()
    resolve(why)
  }
  child.on('error', (error) => end(error.message))
  child.on('close', (code, signal) => {
    if (code === 0) end(null)
    else end(`systemd-notify: ${words.trim() || signal || `code ${code}`}`)
  })
  return promise
}
