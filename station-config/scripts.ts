// Reads the key scripts. Nothing unsafe gets past here: the rules are the core's own.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Burst, KeyScript } from '../agent/core/key-script.ts'
import { type Checked, check, readChecked } from './check.ts'
import { ENTRY_NAMES_FILE } from './entry-names.ts'
import { capped, type Problem } from './problem.ts'
import { BURST_MAX_MS, type RawScript, SCRIPT_HINTS, scriptSchema } from './script-schema.ts'
import { readYaml } from './yaml.ts'

/** Where the scripts of this version stand. */
export const SCRIPTS_DIR = fileURLToPath(new URL('./key-scripts', import.meta.url))

const FILE_MAX = 64 * 1024
const FILES_MAX = 200

const lengthMs = (one: Burst) =>
  one.taps.reduce((sum, { times, holdMs, gapMs }) => sum + times * (holdMs + gapMs), 0)

/** Faults that only the whole script shows. */
function whole(one: KeyScript): readonly { path: PropertyKey[]; message: string; hint: string }[] {
  const names = one.bursts.map(({ name }) => name)
  return one.bursts.flatMap((part, index) => {
    const faults = []
    if (names.indexOf(part.name) !== index)
      faults.push({
        path: ['bursts', index, 'name'],
        message: 'two bursts have this name',
        hint: 'Give each burst of a script its own name.',
      })
    if (lengthMs(part) > BURST_MAX_MS)
      faults.push({
        path: ['bursts', index],
        message: `the burst takes ${lengthMs(part)} ms`,
        hint: `At most ${BURST_MAX_MS} ms; split it.`,
      })
    return faults
  })
}

/** The safety rules: `unsafeOf` of agent/core/key-script.ts, handed in because this room has only its types. */
export type SafetyRules = (script: KeyScript) => readonly string[]

function judged(
  file: string,
  checked: Checked<RawScript> & { lineOf(path: readonly PropertyKey[]): number | null },
  rules: SafetyRules,
): Checked<KeyScript> {
  if (checked.value === null) return { value: null, problems: checked.problems.map(reworded) }
  // The checks above proved each word; the schema says string only to be able to name the rule.
  const value = checked.value as KeyScript
  const problems: Problem[] = whole(value).map(({ path, message, hint }) => ({
    code: 'KEY_SCRIPT_INVALID',
    file,
    line: checked.lineOf(path),
    path: path.join('.'),
    value: '',
    message,
    hint,
  }))
  for (const message of rules(value)) {
    const name = /"(.+?)"/.exec(message)?.[1]
    const index = value.bursts.findIndex((one) => one.name === name)
    problems.push({
      code: 'KEY_SCRIPT_UNSAFE',
      file,
      line: checked.lineOf(index < 0 ? [] : ['bursts', index]),
      path: index < 0 ? '' : `bursts[${index}]`,
      value: '',
      message,
      hint: 'Mend the burst; station-config/README.md has the rules.',
    })
  }
  return { value: problems.length === 0 ? value : null, problems }
}

/** Ctrl and Alt are no typing mistakes: with Space they are the keys of the retail demo. */
const reworded = (problem: Problem): Problem =>
  /\.(?:ctrl|alt)$/i.test(problem.path) ? { ...problem, code: 'KEY_SCRIPT_UNSAFE' } : problem

/** One script of a text, for tests and editors. */
export function parseScript(source: string, file: string, rules: SafetyRules): Checked<KeyScript> {
  const { value, mistakes, lineOf } = readYaml(source)
  const code = 'KEY_SCRIPT_INVALID'
  if (mistakes.length > 0)
    return {
      value: null,
      problems: mistakes.map((one) => ({ code, file, path: '', value: '', ...one })),
    }
  const checked = check(scriptSchema, value, { file, code, lineOf, hints: SCRIPT_HINTS })
  return judged(file, { ...checked, lineOf }, rules)
}

const isYaml = (name: string) => /\.ya?ml$/.test(name)

/**
 * Every key script of a directory, or every reason why not: with one bad script none is loaded. Two scripts for one
 * place and Windows generation are refused, because the flow could not choose.
 */
export function loadScripts(dir: string, rules: SafetyRules): Checked<readonly KeyScript[]> {
  const named = filesOf(dir)
  if ('problem' in named) return { value: null, problems: [named.problem] }
  const scripts: KeyScript[] = []
  const problems: Problem[] = []
  const taken = new Map<string, string>()
  for (const name of named.files.filter((one) => one !== ENTRY_NAMES_FILE)) {
    const file = join(dir, name)
    const limits = {
      maxBytes: FILE_MAX,
      unreadable: 'FILE_UNREADABLE',
      hints: SCRIPT_HINTS,
    } as const
    const read = readChecked(scriptSchema, file, { ...limits, code: 'KEY_SCRIPT_INVALID' })
    const one = judged(file, read, rules)
    problems.push(...one.problems)
    if (one.value === null) continue
    const same = [`${one.value.place} ${one.value.windows}`, `id ${one.value.id}`]
    const other = same.map((what) => taken.get(what)).find((found) => found !== undefined)
    if (other !== undefined)
      problems.push({
        code: 'KEY_SCRIPT_INVALID',
        file,
        line: null,
        path: 'place',
        value: same[0] ?? '',
        message: `${other} has the same id, or the same place and Windows generation`,
        hint: 'Keep one of the two.',
      })
    for (const what of same) taken.set(what, name)
    scripts.push(one.value)
  }
  return problems.length === 0
    ? { value: scripts, problems }
    : { value: null, problems: capped(problems) }
}

function filesOf(dir: string): { files: readonly string[] } | { problem: Problem } {
  const bare = { file: dir, line: null, path: '', value: '' }
  try {
    const files = readdirSync(dir).filter(isYaml).sort()
    if (files.length > 0 && files.length <= FILES_MAX) return { files }
    const message = files.length === 0 ? 'it holds no key script' : 'it holds too many files'
    const hint = 'Name the directory that holds the key scripts.'
    return { problem: { code: 'FILE_UNREADABLE', ...bare, message, hint } }
  } catch {
    const message = 'the directory cannot be read'
    return { problem: { code: 'FILE_UNREADABLE', ...bare, message, hint: 'Check the path.' } }
  }
}
