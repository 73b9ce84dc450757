// Runs the program as a user does: a process of its own, with what it printed and the code it ended with.
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CliIo } from '../../../agent/cli/io.ts'
import { runCli } from '../../../agent/cli/program.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { randomIds } from '../../../drivers/host/ids.ts'

const MAIN = fileURLToPath(new URL('../../../agent/main.ts', import.meta.url))
const LIMIT_MS = 60_000

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Running {
  readonly child: ChildProcess
  readonly said: () => string
  readonly ended: Promise<Ended>
}

/** Starts `reseal`; it is killed after a minute, so that a hang is a failure and no hang. */
export function start(args: readonly string[], cwd: string): Running {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code) => {
      clearTimeout(limit)
      resolve({ code, out, err })
    }),
  )
  return { child, said: () => `${out}${err}`, ended }
}

/** Runs `reseal` to its end in a directory. */
export const reseal = (args: readonly string[], cwd: string): Promise<Ended> =>
  start(args, cwd).ended

/** The same command line in this process, without a terminal: for tables of cases that a start each would make slow. */
export async function inProcess(args: readonly string[]): Promise<Ended> {
  let code = 0
  let out = ''
  let err = ''
  const io: CliIo = {
    async write(text) {
      out += text
    },
    say(line) {
      err += `${line}\n`
    },
    isTerminal: false,
    ask: null,
    clock: systemClock(),
    ids: randomIds(),
    signal: new AbortController().signal,
    exit(next) {
      code = next
    },
  }
  await runCli(args, io, '0.0.0')
  return { code, out, err }
}

/** Every line on standard error has the one form of the contract. */
export const ERROR_LINE = /^reseal: [A-Z][A-Z_]+: [^\n]*\. [A-Z`][^\n]*[.?!]$/

/** A command line on a terminal of its own, by util-linux `script`: what was typed is an answer only when asked. */
export function onTerminal(
  args: readonly string[],
  cwd: string,
  /** Where standard output goes instead of the terminal. */
  outFile?: string,
): Running & { type(text: string): void } {
  const command = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ')
  const words = outFile === undefined ? command : `${command} >'${outFile}'`
  const child = spawn('script', ['-qefc', words, '/dev/null'], {
    cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code) => {
      clearTimeout(limit)
      resolve({ code, out, err: '' })
    }),
  )
  return { child, said: () => out, ended, type: (text) => void child.stdin.write(text) }
}
