// From a fault to a line on standard error and an exit code, the same for every command.
import type { Problem } from '../../station-config/problem.ts'
import { FAULTS, type FaultCode, faultLine, isStationError } from '../fault.ts'
import type { CliIo, ExitCode } from './io.ts'

/** Faults that are an answer, not a breakdown. */
const ANSWERS: Readonly<Partial<Record<FaultCode, ExitCode>>> = {
  STATION_CHAIN_BROKEN: 1,
  STATION_PHOTO_LOST: 1,
  STATION_LEDGER_CORRUPT: 1,
}

/** Wrong usage is 2; what is not there, or does not answer, is 3 (contracts: exit codes). */
export function exitCodeOf(error: unknown): ExitCode {
  if (!isStationError(error)) return 3
  return ANSWERS[error.code] ?? (FAULTS[error.code].who === 'usage' ? 2 : 3)
}

/** Says an error that ended a command and sets the exit code. */
export function fail(io: CliIo, error: unknown): void {
  io.say(faultLine(error))
  io.exit(exitCodeOf(error))
}

const ended = (text: string) => (/[.?!]$/.test(text) ? text : `${text}.`)

/** `reseal: CODE: file:line: path = value: what is wrong. hint` */
export function problemLine(problem: Problem): string {
  const { code, file, line, path, value, message, hint } = problem
  const place = line === null ? file : `${file}:${line}`
  const what = [place, path === '' ? value : `${path}${value === '' ? '' : ` = ${value}`}`, message]
  return `reseal: ${code}: ${what.filter((part) => part !== '').join(': ')}. ${ended(hint)}`
}

/** Says every problem of a file and sets the exit code. */
export function failAll(io: CliIo, problems: readonly Problem[]): void {
  for (const problem of problems) io.say(problemLine(problem))
  io.exit(2)
}
