// A real software TPM for a test: its own state, its own ports, stopped and removed with the test.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface SwtpmOptions {
  /** Made by swtpm_setup before, or by an earlier process; else a new TPM in a folder of its own. */
  readonly state?: string
  /** swtpm sends TPM2_Startup itself, as firmware would; true unless it is said otherwise. */
  readonly isStarted?: boolean
  /** Listens on this UNIX socket instead of a port; tpm2-tools cannot reach it then. */
  readonly socket?: string
}

/** swtpm serves one connection at a time: close the own transport before a tool is run. */
export interface Swtpm extends AsyncDisposable {
  readonly port: number
  readonly url: string
  readonly state: string
  /** Runs one of tpm2-tools in the state folder and returns what it printed. */
  tool(name: string, ...args: string[]): Promise<string>
  /** Kills the process and starts it with the same state: power off and on. */
  restart(): Promise<void>
  /** Stops or continues the process, as a TPM that does not answer for a while. */
  freeze(isFrozen: boolean): void
  stop(): Promise<void>
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** Two ports in a row below the kernel's own range: tpm2-tools want the control channel behind the data. */
async function portPair(): Promise<number> {
  for (let tries = 0; tries < 200; tries += 1) {
    const port = 12_000 + 2 * Math.floor(Math.random() * 9000)
    if ((await isFree(port)) && (await isFree(port + 1))) return port
  }
  throw new Error('no two free ports in a row')
}

async function answers(target: { host: string; port: number }): Promise<boolean> {
  const socket = connect(target)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** Looks without connecting: the data port serves one connection, and closing it may reset the TPM. State 0A is LISTEN. */
function isListening(port: number): boolean {
  const place = `:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`
  return readFileSync('/proc/net/tcp', 'latin1').includes(place)
}

/** swtpm opens its control channel before the data port, on a busy machine noticeably so. */
async function listening(child: ChildProcess, port: number, dataPort?: number): Promise<boolean> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (child.exitCode !== null || child.signalCode !== null) return false
    const hasData = dataPort === undefined || isListening(dataPort)
    if (hasData && (await answers({ host: '127.0.0.1', port }))) return true
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  child.kill('SIGKILL')
  return false
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGCONT')
  child.kill('SIGKILL')
  await ended
}

/** Starts swtpm and returns when it listens. */
export async function startSwtpm(options: SwtpmOptions = {}): Promise<Swtpm> {
  const state = options.state ?? mkdtempSync(join(tmpdir(), 'reseal-swtpm-'))
  const start = async (port: number) => {
    const server =
      options.socket === undefined
        ? `type=tcp,port=${port},bindaddr=127.0.0.1`
        : `type=unixio,path=${options.socket}`
    const flags = options.isStarted === false ? 'not-need-init' : 'not-need-init,startup-clear'
    const control = `type=tcp,port=${port + 1},bindaddr=127.0.0.1`
    const args = ['socket', '--tpm2', '--tpmstate', `dir=${state}`, '--server', server]
    const child = spawn('swtpm', [...args, '--ctrl', control, '--flags', flags], {
      stdio: 'ignore',
    })
    await once(child, 'spawn')
    const dataPort = options.socket === undefined ? port : undefined
    return (await listening(child, port + 1, dataPort)) ? child : null
  }
  let port = 0
  let child: ChildProcess | null = null
  // Another process may take the port between the look and the start.
  for (let tries = 0; tries < 5 && child === null; tries += 1) {
    port = await portPair()
    child = await start(port)
  }
  if (child === null) throw new Error('swtpm did not start: apt-get install swtpm')
  let running = child
  const swtpm: Swtpm = {
    port,
    url: options.socket === undefined ? `tcp://127.0.0.1:${port}` : `unix:${options.socket}`,
    state,
    tool: async (name, ...args) => {
      const env = { ...process.env, TPM2TOOLS_TCTI: `swtpm:host=127.0.0.1,port=${port}` }
      const { stdout } = await run(name, args, { cwd: state, env, timeout: 60_000 })
      return stdout
    },
    restart: async () => {
      await end(running)
      const again = await start(port)
      if (again === null) throw new Error('swtpm did not start again')
      running = again
    },
    freeze: (isFrozen) => void running.kill(isFrozen ? 'SIGSTOP' : 'SIGCONT'),
    stop: async () => {
      await end(running)
      if (options.state === undefined) rmSync(state, { recursive: true, force: true })
    },
    [Symbol.asyncDispose]: () => swtpm.stop(),
  }
  return swtpm
}
