// The command line's side of the process: streams, the terminal, signals. Only main.ts makes one.
import { createInterface } from 'node:readline/promises'
import { systemClock } from '../../drivers/host/clock.ts'
import { randomIds } from '../../drivers/host/ids.ts'
import { supervisorOf } from '../../drivers/host/supervisor.ts'
import type { CliIo, ExitCode } from './io.ts'

type Streams = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'env' | 'pid'>

export interface ProcessIo extends CliIo {
  /** What the program should end with. */
  code(): ExitCode
}

/** Prints to the streams of a process; `signal` ends waiting commands, `onReload` takes what SIGHUP shall do. */
export function processIo(
  process: Streams,
  signal: AbortSignal,
  onReload?: CliIo['onReload'],
): ProcessIo {
  const { stdin, stdout, stderr, env, pid } = process
  const clock = systemClock()
  let code: ExitCode = 0
  const gone = new AbortController()
  // A reader that went away (`| head`) is no error: there is just nothing more to say.
  stdout.on('error', () => gone.abort())
  stderr.on('error', () => gone.abort())
  const ends = AbortSignal.any([signal, gone.signal])
  const ask = async (question: string) => {
    const terminal = createInterface({ input: stdin, output: stderr })
    try {
      return await terminal.question(question, { signal: ends })
    } catch {
      return ''
    } finally {
      terminal.close()
    }
  }
  return {
    write: (text) =>
      new Promise((resolve) => {
        if (gone.signal.aborted) return resolve()
        stdout.write(text, () => resolve())
      }),
    say(line) {
      stderr.write(`${line}\n`)
    },
    isTerminal: stdout.isTTY === true,
    ask: stdin.isTTY === true && stderr.isTTY === true ? ask : null,
    clock,
    supervisor: supervisorOf(env, pid, clock),
    ids: randomIds(),
    signal: ends,
    ...(onReload === undefined ? {} : { onReload }),
    exit(next) {
      code = next
    },
    code: () => code,
  }
}
