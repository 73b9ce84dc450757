// Runs a child in the launcher's place: same terminal, same signals, same end.
import { spawn } from 'node:child_process'

/** @typedef {{ code: number | null, signal: NodeJS.Signals | null }} End */
/** @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv }} Place */

const PARENT_CHECK_MS = 250
const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'])

/**
 * On a terminal the kernel sends Ctrl-C to the child as well; forwarding would make it two.
 * @param {NodeJS.Signals} signal
 */
function kernelSendsItToo(signal) {
  const onTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY)
  return onTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT')
}

/**
 * npx and npm start us through a shell that keeps signals to itself, or may themselves be ended: then
 * nobody holds this program any more, and a station that nobody can stop would hold its keyboards.
 * Only below npm: a start by hand may well outlive its shell.
 * @param {() => void} orphaned
 */
function watchNpm(orphaned) {
  if (process.env['npm_command'] === undefined) return () => {}
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    orphaned()
  }, PARENT_CHECK_MS)
  return () => clearInterval(watch)
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<End & { asked: NodeJS.Signals | null }>} `asked`: the signal that the launcher got meanwhile
 */
function follow(child) {
  return new Promise((resolve, reject) => {
    /** @type {NodeJS.Signals | null} */
    let asked = null
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => {
      asked = signal
      if (!kernelSendsItToo(signal)) child.kill(signal)
    }
    const unwatch = watchNpm(() => {
      asked = 'SIGTERM'
      child.kill('SIGTERM')
    })
    const letGo = () => {
      unwatch()
      for (const signal of FORWARDED) process.off(signal, forward)
    }
    for (const signal of FORWARDED) process.on(signal, forward)
    child.on('error', (error) => {
      letGo()
      reject(error)
    })
    child.on('close', (code, signal) => {
      letGo()
      resolve({ code, signal, asked })
    })
  })
}

/**
 * Runs a program on the launcher's own terminal.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Place} place
 * @returns {Promise<End>}
 */
export async function run(command, args, place) {
  const { code, signal } = await follow(spawn(command, args, { ...place, stdio: 'inherit' }))
  return { code, signal }
}

/**
 * Runs a tool whose output matters only if it fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Place} place
 */
export async function runQuietly(command, args, place) {
  const child = spawn(command, args, { ...place, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text) => {
      output += text
    })
  }
  const end = await follow(child).catch((error) => {
    output += `${command}: ${error.message}\n`
    return { code: 127, signal: null, asked: null }
  })
  return { ...end, output }
}

/**
 * Ends this process the way its child ended, so that a shell or systemd sees no difference.
 * @param {End} end
 */
export function endLike({ code, signal }) {
  if (signal === null) process.exitCode = code ?? 1
  else process.kill(process.pid, signal)
}
