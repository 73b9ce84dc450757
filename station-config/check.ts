// Turns what zod finds into problems that a bench owner can act on: path, value, line, and the word that was meant.
import { type core, z } from 'zod'
import { nearest } from './near.ts'
import { capped, inOrder, type Problem, type ProblemCode, pathText, shown } from './problem.ts'
import { readText } from './read-file.ts'
import { readYaml, type YamlDocument } from './yaml.ts'

/** Hints of a document: for keys that people write although they may not, by their lower-case name. */
export type KeyHints = Readonly<Record<string, string>>

interface JsonShape {
  readonly properties?: Readonly<Record<string, JsonShape>>
  readonly items?: JsonShape
  readonly anyOf?: readonly JsonShape[]
  readonly enum?: readonly unknown[]
}

/** Keys that a schema knows at a path, over all branches of a choice. */
function keysAt(shape: JsonShape, path: readonly PropertyKey[]): readonly string[] {
  const [first, ...rest] = path
  const branches = shape.anyOf ?? [shape]
  return branches.flatMap((branch) => {
    if (first === undefined) return Object.keys(branch.properties ?? {})
    const next = typeof first === 'number' ? branch.items : branch.properties?.[String(first)]
    return next === undefined ? [] : keysAt(next, rest)
  })
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, key)
        ? (at as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  )

const list = (words: readonly unknown[]) => words.map(String).join(', ')

const KIND: Readonly<Record<string, string>> = {
  object: 'a block of keys',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

/** The JSON schema of what a person writes (before defaults). */
export const jsonSchemaOf = (schema: z.ZodType): Record<string, unknown> =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>

/** Keys whose values are never shown, known here or not; files that hold a secret may be named. */
const SECRET = /^(?!.*file$).*(?:pass|secret|token|credential|^key$)/i

interface Words {
  readonly message: string
  readonly hint: string
}

function rangeWords(issue: core.$ZodIssueTooSmall | core.$ZodIssueTooBig): Words {
  const isSmall = issue.code === 'too_small'
  const limit = isSmall ? issue.minimum : issue.maximum
  const many =
    issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' entries' : ''
  return {
    message: isSmall ? 'it is too small or too short' : 'it is too large or too long',
    hint: `${isSmall ? 'At least' : 'At most'} ${String(limit)}${many}.`,
  }
}

function wordsOf(issue: core.$ZodIssue, value: unknown): Words {
  switch (issue.code) {
    case 'invalid_type': {
      const wanted = KIND[issue.expected] ?? issue.expected
      if (value === undefined)
        return { message: 'it is missing', hint: `Add it: ${wanted} belongs here.` }
      return { message: `${wanted} belongs here`, hint: `Write ${wanted}.` }
    }
    case 'invalid_value': {
      const meant = typeof value === 'string' ? nearest(value, issue.values.map(String)) : null
      const missing = value === undefined
      const isQuoted = typeof value === 'string' && issue.values.includes(Number(value))
      if (isQuoted) return { message: 'a number belongs here', hint: 'Write it without quotes.' }
      return {
        message: missing ? 'it is missing' : 'it is none of the words that are known here',
        hint: meant === null ? `One of: ${list(issue.values)}.` : `Did you mean ${meant}?`,
      }
    }
    case 'too_small':
    case 'too_big':
      return rangeWords(issue)
    case 'custom': {
      const hint: unknown = issue.params?.['hint']
      return { message: issue.message, hint: typeof hint === 'string' ? hint : 'Correct it.' }
    }
    case 'invalid_format':
      return { message: issue.message, hint: 'Correct it.' }
    default:
      return { message: issue.message, hint: 'Correct it.' }
  }
}

/** A check of ours may name a code of its own. */
function ownCode(issue: core.$ZodIssue): ProblemCode | null {
  const own: unknown = issue.code === 'custom' ? issue.params?.['code'] : null
  return own === 'STATION_DRIVER_UNKNOWN' || own === 'KEY_SCRIPT_UNSAFE' ? own : null
}

/** Of a choice the branch that came nearest: the one whose complaints lie deepest, or a plain sentence. */
function flat(issue: core.$ZodIssue): readonly core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const words = issue.errors.map((branch) => (branch.length === 1 ? branch[0] : undefined))
  const values = words.flatMap((one) => (one?.code === 'invalid_value' ? one.values : []))
  const isChoice = words.every((one) => one?.code === 'invalid_value' && one.path.length === 0)
  if (isChoice) return [{ ...issue, code: 'invalid_value', values } as core.$ZodIssue]
  const branches = issue.errors.filter(
    (branch) => !branch.some((one) => one.code === 'invalid_type' && one.path.length === 0),
  )
  const best = branches[0] ?? issue.errors[0] ?? []
  return best
    .map((one) => ({ ...one, path: [...issue.path, ...one.path] }) as core.$ZodIssue)
    .flatMap(flat)
}

export interface Checked<T> {
  readonly value: T | null
  readonly problems: readonly Problem[]
}

export interface CheckOptions {
  readonly file: string
  readonly code: ProblemCode
  readonly lineOf: YamlDocument['lineOf']
  readonly hints?: KeyHints
}

/** Holds a plain value against a schema; every fault at once. */
export function check<T>(schema: z.ZodType<T>, value: unknown, options: CheckOptions): Checked<T> {
  const { file, code, lineOf, hints = {} } = options
  const result = schema.safeParse(value, { reportInput: false })
  if (result.success) return { value: result.data, problems: [] }
  const shape = jsonSchemaOf(schema) as JsonShape
  const problems = result.error.issues.flatMap(flat).flatMap((issue): readonly Problem[] => {
    const at = (path: readonly PropertyKey[], words: Words): Problem => {
      const found = valueAt(value, path)
      const isSecret = SECRET.test(String(path.at(-1)))
      const text = isSecret ? '***' : shown(found)
      const place = { file, line: lineOf(path), path: pathText(path), value: text }
      return { code: ownCode(issue) ?? code, ...place, ...words }
    }
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => {
        const known = keysAt(shape, issue.path)
        const meant = nearest(key, known)
        const own = hints[key.toLowerCase()]
        const hint = own ?? (meant ? `Did you mean ${meant}?` : `Known here: ${list(known)}.`)
        return at([...issue.path, key], { message: 'this key is not known here', hint })
      })
    return [at(issue.path, wordsOf(issue, valueAt(value, issue.path)))]
  })
  return { value: null, problems: capped(inOrder(problems)) }
}

/** Reads a YAML file with a bound and holds it against a schema; `raw` is what stands in it. */
export function readChecked<T>(
  schema: z.ZodType<T>,
  file: string,
  options: {
    readonly maxBytes: number
    readonly code: ProblemCode
    readonly unreadable: ProblemCode
    readonly hints?: KeyHints
  },
): Checked<T> & Pick<YamlDocument, 'lineOf'> & { readonly raw: unknown } {
  const read = readText(file, options.maxBytes)
  const bare = { file, line: null, path: '', value: '' }
  if (!('text' in read)) {
    const problem = { code: options.unreadable, ...bare, message: read.message, hint: read.hint }
    return { value: null, raw: undefined, lineOf: () => null, problems: [problem] }
  }
  const document = readYaml(read.text)
  const { mistakes, lineOf } = document
  if (mistakes.length > 0) {
    const problems = mistakes.map((one) => ({ code: options.code, ...bare, ...one }))
    return { value: null, raw: undefined, lineOf, problems: capped(problems) }
  }
  const { value } = document
  return { ...check(schema, value, { ...options, file, lineOf }), raw: value, lineOf }
}
