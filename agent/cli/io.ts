// What a command may touch of the process: two outputs, a person at a terminal, time, chance, and the exit code.
import type { Clock, Ids, Supervisor } from '../ports.ts'

/** 0 fine · 1 the answer is no · 2 wrong usage or config · 3 hardware or service not there · 4 a person must decide. */
export type ExitCode = 0 | 1 | 2 | 3 | 4

export interface CliIo {
  /** To standard output as it is; resolves when more may be written, so that an export stays small in memory. */
  write(text: string): Promise<void>
  /** One line to standard error. */
  say(line: string): void
  /** True when standard output is a terminal: progress and colours are for people. */
  readonly isTerminal: boolean
  /** Asks on the terminal; null when there is none to ask on. */
  readonly ask: ((question: string) => Promise<string>) | null
  readonly clock: Clock
  readonly ids: Ids
  /** Aborts at SIGINT and SIGTERM, and when nobody reads standard output any more. */
  readonly signal: AbortSignal
  /** The service manager that started this process; null or absent when a person did. */
  readonly supervisor?: Supervisor | null
  /** From now on SIGHUP calls this, in place of ending the program. */
  readonly onReload?: (read: () => void) => void
  /** The code that the program ends with; the last word counts. */
  exit(code: ExitCode): void
}

/** One line to standard output. */
export const print = (io: CliIo, line: string): Promise<void> => io.write(`${line}\n`)

/** The one JSON document of a command with `--json`. */
export const printJson = (io: CliIo, value: unknown): Promise<void> =>
  io.write(`${JSON.stringify(value, null, 2)}\n`)

/** Where a station keeps its data when nobody says: `data` where the program was started. */
export const DEFAULT_DATA = 'data'
