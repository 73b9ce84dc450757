// One thing that is wrong in a file, as data: a loader names all of them at once and throws nothing.

/** Codes of agent/fault.ts that a file can earn. */
export type ProblemCode =
  | 'CONFIG_UNREADABLE'
  | 'CONFIG_INVALID'
  | 'KEY_SCRIPT_UNSAFE'
  | 'KEY_SCRIPT_INVALID'
  | 'ORDERS_INVALID'
  | 'FILE_UNREADABLE'
  | 'STATION_DRIVER_UNKNOWN'

export interface Problem {
  readonly code: ProblemCode
  readonly file: string
  /** Line in the file, from 1; null when the fault is about the file as a whole. */
  readonly line: number | null
  /** Where in the document: `bays[0].link`; empty for the document itself. */
  readonly path: string
  /** The value that was found, shortened; empty when there is none. */
  readonly value: string
  /** What is wrong, without a full stop. */
  readonly message: string
  /** What to do: one sentence. */
  readonly hint: string
}

/** A file with thousands of bad lines is named by its first ones; the last entry says how many were left out. */
export const PROBLEMS_MAX = 200

/** `bays[0].link` of `['bays', 0, 'link']`. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')

/** As they stand in the file, whatever the order in which they were found. */
export const inOrder = (problems: readonly Problem[]): readonly Problem[] =>
  problems.toSorted((a, b) => (a.line ?? LAST) - (b.line ?? LAST))
const LAST = Number.MAX_SAFE_INTEGER

/** User and password inside an address. */
const URL_SECRET = /(:\/\/)[^\s/@"]+@/g

/** A value as it is shown in a message: JSON, at most 60 characters, no secret of an address. */
export function shown(value: unknown): string {
  if (value === undefined) return ''
  let text: string
  try {
    text = JSON.stringify(value) ?? String(value)
  } catch {
    text = String(value)
  }
  text = text.replace(URL_SECRET, '$1***@')
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** `file:line: path = value: message`, for one line of a list. */
export function problemText(problem: Problem): string {
  const place = problem.line === null ? problem.file : `${problem.file}:${problem.line}`
  const at = problem.path === '' ? '' : ` ${problem.path}`
  const value = problem.value === '' ? '' : ` = ${problem.value}`
  return `${place}:${at}${value}: ${problem.message}`.replace('::', ':')
}

/** At most PROBLEMS_MAX of them; a last entry counts the rest. */
export function capped(problems: readonly Problem[]): readonly Problem[] {
  const first = problems[0]
  if (first === undefined || problems.length <= PROBLEMS_MAX) return problems
  const rest = problems.length - PROBLEMS_MAX
  return [
    ...problems.slice(0, PROBLEMS_MAX),
    {
      code: first.code,
      file: first.file,
      line: null,
      path: '',
      value: '',
      message: `${rest} more problems are not shown`,
      hint: 'Mend the ones above first.',
    },
  ]
}
